"""Addresses that somebody sent: taken apart without a fall, and led to only if they are ours."""

import re
from urllib.parse import SplitResult, urlsplit

from werkzeug.wrappers import Request

from shop.search.folding import slug

_HARMFUL = re.compile(r"[\x00-\x20\x7f\\]")


def split_address(text: str) -> SplitResult | None:
    """Return the parts of an address somebody sent; `None` for what is none (RFC 3986)."""
    try:
        return urlsplit(text)
    except ValueError:
        return None


def own_path(address: str) -> str:
    """Return `address` if it is a path of this site that a redirection may lead to, else nothing.

    Browsers drop line ends and read a backslash as a slash, so neither may stand in it.
    """
    parts = split_address(address)
    is_path = address.startswith("/") and not address.startswith("//")
    if parts is None or not is_path or _HARMFUL.search(address):
        return ""
    return "" if parts.netloc or parts.scheme else address


def comes_from_own_page(request: Request) -> bool:
    """Return whether a form stood on a page of ours, by what the browser says of it.

    A client that says nothing is no browser with cookies to steal.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source is None:
        return True
    address = split_address(source)
    return address is not None and address.netloc == request.host


def tidied(path: str) -> list[str]:
    """Return the paths that `path` may have been meant for, the nearest first, never itself.

    Slashes too many, capitals, marks (also decomposed) and blanks in names are put right; the
    language stays the first part.

    >>> tidied("//SAN-PHAM/Chè La Bằng/")
    ['/SAN-PHAM/Chè La Bằng', '/san-pham/Chè La Bằng', '/san-pham/che-la-bang']
    """
    parts = [part for part in path.split("/") if part]
    language = ["en"] if parts and parts[0].lower() == "en" else []
    parts = parts[len(language) :]
    lowered = [parts[0].lower(), *parts[1:]] if parts else []
    named = [slug(part) for part in lowered]
    found = ["/" + "/".join([*language, *one]) for one in (parts, lowered, named) if all(one)]
    return [one for one in dict.fromkeys(found) if one != path]
