"""A client that calls nobody: for tests of what uses this library."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from integrations.http import Reply

if TYPE_CHECKING:
    import requests

__all__ = ["Asked", "Prepared", "RecordingClient"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as it was made: `json` is what was sent as JSON, `options` all that came along."""

    method: str
    url: str
    json: Any = None
    options: dict[str, Any] = field(default_factory=dict)


Prepared = Reply | Exception | Callable[[Asked], Reply]
"""What a call comes to: an answer, an error to raise, or what makes the answer of the call."""


class RecordingClient:
    """Give it as `client`: calls come to what was prepared, in that order, and stand in `calls`.

    An `OSError`, such as those of `requests`, stands for a fault of the connection. A call more
    than were prepared is an `AssertionError`: the test expected fewer.

    >>> client = RecordingClient(Reply(503), Reply(200, b"{}"))
    >>> [client.request("POST", "https://api.example").status_code for _ in range(2)]
    [503, 200]
    >>> client.calls[0].url
    'https://api.example'
    """

    def __init__(self, *prepared: Prepared) -> None:
        self._prepared = list(prepared)
        self.calls: list[Asked] = []

    def request(self, method: str, url: str, *args: Any, **options: Any) -> "requests.Response":
        """Note the call and return what was prepared for it, or raise that."""
        asked = Asked(method, url, options.get("json"), options)
        self.calls.append(asked)
        if not self._prepared:
            raise AssertionError(f"no answer was prepared for call {len(self.calls)}")
        prepared = self._prepared.pop(0)
        if isinstance(prepared, Exception):
            raise prepared
        return _response(prepared if isinstance(prepared, Reply) else prepared(asked), url)


def _response(reply: Reply, url: str) -> "requests.Response":
    import requests

    response = requests.Response()
    response.status_code, response.url, response.raw = reply.status, url, BytesIO(reply.body)
    response.headers["Content-Type"] = reply.content_type
    return response
