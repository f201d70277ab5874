"""Addresses that somebody sent: taken apart without a fall, and led to only if they are ours."""

import re
from urllib.parse import SplitResult, urlsplit

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
