"""Messages in and out: what a provider's server sent us, what we answer, what we ask it.

`requests` bounds each read, not the whole: an answer that drips outlasts any time-out of its own.
`Caller` adds a deadline for the whole call and a cap on the size of the answer. `requests` is
loaded by the first call: who only reads notices never needs it.
"""

import logging
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from integrations.errors import Unreachable

if TYPE_CHECKING:
    import requests

__all__ = ["Answer", "Caller", "HttpClient", "InboundRequest", "Limits", "Reply", "new_call_id"]

log = logging.getLogger("integrations")

_KEPT_HEADERS = ("content-type", "user-agent", "x-request-id")


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """A request exactly as a provider's server, or a browser it sends, made it.

    `query` is the raw text behind `?`, `body` the raw bytes; names in `headers` are lower case.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sender: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the query, decoded once, in their order, empty ones too."""
        return parse_qsl(self.query, keep_blank_values=True, errors="replace")

    def as_json(self) -> dict[str, Any]:
        """Return what a table keeps of it; `from_json` makes the same request again.

        Of the headers only those that help to read it stay: no cookie, no authorisation.
        """
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": {
                name: self.headers[name] for name in _KEPT_HEADERS if name in self.headers
            },
            "body": self.body.decode("latin-1"),
            "sender": self.sender,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "InboundRequest":
        """Return the request that `as_json` described."""
        return cls(
            method=kept["method"],
            path=kept["path"],
            query=kept["query"],
            headers=dict(kept["headers"]),
            body=kept["body"].encode("latin-1"),
            sender=kept["sender"],
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider's server is to be answered."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider's server answered; names in `headers` are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient(Protocol):
    """Anything that asks as `requests.Session` does."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> "requests.Response":
        """Send one request and return its response, the body unread when `stream` is set."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one call may take, in seconds, and how many bytes its answer may have."""

    connect: float = 5
    read: float = 20
    total: float = 30
    size: int = 256 * 1024
    tries: int = 3
    pause: float = 0.5


def new_call_id() -> str:
    """Return a new correlation id: 32 hexadecimal digits."""
    return uuid.uuid4().hex


class Caller:
    """Makes calls to one provider within limits, and writes down each without its contents."""

    def __init__(
        self,
        provider: str,
        *,
        client: HttpClient | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._provider = provider
        self._client = client
        self._limits = limits or Limits()
        self._sleep = sleep

    def read(self, method: str, url: str, *, call_id: str, **options: Any) -> Answer:
        """Make a call that changes nothing there; it is tried again after a fault.

        Raises `Unreachable` when every try failed.
        """
        for turn in range(1, self._limits.tries):
            try:
                return self.once(method, url, call_id=call_id, **options)
            except Unreachable:
                wait = self._limits.pause * 2 ** (turn - 1)
                self._sleep(wait * random.uniform(0.5, 1))
        return self.once(method, url, call_id=call_id, **options)

    def once(self, method: str, url: str, *, call_id: str, **options: Any) -> Answer:
        """Make a call once.

        Raises `Unreachable` when no whole answer came in time, or a server's fault (5xx) did;
        `unclear` says that the call may have had its effect nevertheless.
        """
        began = time.monotonic()
        outcome = "failed"
        try:
            answer = self._within_deadline(method, url, call_id, options)
            outcome = str(answer.status)
        finally:
            log.info(
                "call",
                extra={
                    "provider": self._provider,
                    "host": urlsplit(url).hostname,
                    "call_id": call_id,
                    "outcome": outcome,
                    "seconds": round(time.monotonic() - began, 3),
                },
            )
        if answer.status >= 500:
            raise self._unreachable(f"answered {answer.status}", call_id, unclear=True)
        return answer

    def _within_deadline(
        self, method: str, url: str, call_id: str, options: dict[str, Any]
    ) -> Answer:
        """Let a thread of its own ask, and stop waiting for it at the deadline."""
        import requests

        if self._client is None:
            self._client = requests.Session()
        asking = _Asking(self._client, method, url, options, self._limits)
        asking.start()
        asking.join(self._limits.total)
        if asking.is_alive():
            asking.give_up()
            raise self._unreachable("no whole answer in time", call_id, unclear=True)
        if isinstance(asking.fault, requests.RequestException):
            unclear = not isinstance(asking.fault, requests.ConnectTimeout)
            name = type(asking.fault).__name__
            raise self._unreachable(name, call_id, unclear=unclear) from asking.fault
        if asking.fault is not None:
            raise asking.fault
        if asking.answer is None:
            raise self._unreachable("the answer is too long", call_id, unclear=True)
        return asking.answer

    def _unreachable(self, detail: str, call_id: str, *, unclear: bool) -> Unreachable:
        return Unreachable(detail, provider=self._provider, request_id=call_id, unclear=unclear)


class _Asking(threading.Thread):
    """One request and the reading of its answer; neither an endless nor a huge one keeps it."""

    def __init__(
        self, client: HttpClient, method: str, url: str, options: dict[str, Any], limits: Limits
    ) -> None:
        super().__init__(daemon=True)
        self._client, self._method, self._url = client, method, url
        self._options, self._limits = options, limits
        self._given_up = threading.Event()
        self.answer: Answer | None = None
        self.fault: Exception | None = None

    def give_up(self) -> None:
        """Stop reading at the next piece that comes."""
        self._given_up.set()

    def run(self) -> None:
        try:
            response = self._client.request(
                self._method,
                self._url,
                timeout=(self._limits.connect, self._limits.read),
                allow_redirects=False,
                stream=True,
                **self._options,
            )
            with response:
                self._read(response)
        except Exception as fault:  # raised again by the thread that waits for the answer
            self.fault = fault

    def _read(self, response: "requests.Response") -> None:
        pieces, size = [], 0
        for piece in response.iter_content(1024):
            size += len(piece)
            if size > self._limits.size or self._given_up.is_set():
                return
            pieces.append(piece)
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.answer = Answer(response.status_code, headers, b"".join(pieces))
