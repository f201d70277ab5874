"""Languages: Vietnamese at the plain address, English under `/en`."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import current_app, has_request_context, request

LANGUAGES = ("vi", "en")

_IN_PATHS = "/:@!$&'()*+,;=~"
"""What may stand in a path as it is besides letters, digits and `-._` (RFC 3986, 3.3)."""

WSGIApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class LanguagePrefix:
    """Take `/en` off the path, so that routes are written once and links keep the language."""

    def __init__(self, app: WSGIApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if path == "/en" or path.startswith("/en/"):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/en"
            environ["PATH_INFO"] = path[3:] or "/"
        return self._app(environ, start_response)


def current_locale() -> str:
    """Return the language of this request: `vi` or `en`."""
    if has_request_context() and request.script_root.endswith("/en"):
        return "en"
    return "vi"


def address_in(lang: str, address: str) -> str:
    """Return an address of ours, made in this request, as it stands in the language `lang`."""
    root = request.script_root.removesuffix("/en")
    prefix = "/en" if lang == "en" else ""
    return f"{root}{prefix}{address.removeprefix(request.script_root)}"


def other_language_address() -> str:
    """Return the address of this page in the other language."""
    typed = quote(request.query_string, safe=_IN_PATHS + "?%")
    query = f"?{typed}" if typed else ""
    root, path = request.script_root.removesuffix("/en"), quote(request.path, safe=_IN_PATHS)
    if current_locale() == "en":
        return f"{root}{path}{query}"
    return f"{root}/en{path}{query}"


def whole_address(address: str) -> str:
    """Return an address of ours with the scheme and the host that buyers type."""
    base_url: str = current_app.extensions["dacsan_settings"].base_url
    return base_url + address


def in_every_language(canonical: str) -> list[tuple[str, str]]:
    """Return each language with the address of a page in it; `canonical` is whole, in any.

    Who reads neither language is led to the one the page was written in.
    """
    base_url: str = current_app.extensions["dacsan_settings"].base_url
    path = canonical.removeprefix(base_url)
    plain = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    vietnamese, english = base_url + (plain or "/"), f"{base_url}/en{plain or '/'}"
    return [("vi", vietnamese), ("en", english), ("x-default", vietnamese)]
