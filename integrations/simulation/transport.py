"""A `requests` session whose calls go to a WSGI application in this process."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

__all__ = ["session_to"]


class _ToApplication(BaseAdapter):
    def __init__(self, application: WSGIApplication) -> None:
        super().__init__()
        self._application = application

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Return what the application answers; what breaks off there breaks off here."""
        parts = urlsplit(request.url or "")
        body = request.body or b""
        builder = EnvironBuilder(
            method=request.method or "GET",
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            headers=list(request.headers.items()),
            data=body.encode() if isinstance(body, str) else body,
        )
        pieces, status, headers = run_wsgi_app(
            self._application, builder.get_environ(), buffered=True
        )
        whole = b"".join(pieces)
        if len(whole) < int(headers.get("Content-Length", 0)):
            raise requests.ConnectionError("the answer broke off", request=request)
        response = requests.Response()
        response.status_code = int(status.split()[0])
        response.headers.update(dict(headers))
        response.raw = HTTPResponse(BytesIO(whole), preload_content=False)
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        """Nothing is open."""


def session_to(application: Any, address: str) -> requests.Session:
    """Return a session in which everything under `address` is answered by `application`."""
    session = requests.Session()
    session.mount(address, _ToApplication(application))
    return session
