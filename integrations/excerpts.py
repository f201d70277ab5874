"""A short part of an answer that may be shown: what went wrong, and nothing about anybody."""

import html
import json
import re
from collections.abc import Iterable

__all__ = ["MOST", "excerpt"]

MOST = 200
"""Letters of an excerpt."""

_READ = 4_096
_HIDDEN = "…"
_TELLING = re.compile("[a-z_]{0,16}(code|message|status|error|title|detail|reason)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_MASKED = re.compile(
    r"[^\s@<>\"']+@[^\s@<>\"']+"  # an address of mail
    r"|\+?\d(?:[ .\-/]?\d){5,}"  # a telephone, an account, a card, a moment
    r"|[\w+/=\-%]{16,}"  # a signature, a token, a secret
)


def excerpt(body: bytes, hidden: Iterable[str] = ()) -> str:
    """Return at most `MOST` letters of an answer's body, without what could be somebody's.

    Of JSON the fields that name a code or say what happened, of a web page its title, else the
    beginning of the text. Long numbers, long words, addresses of mail and every text of `hidden`
    (secrets, in whatever case) are masked.

    >>> excerpt(b"<html><title>404 Not Found</title><p>0912345678</p></html>")
    '404 Not Found'
    """
    text = body[:_READ].decode("utf-8", "replace")
    masked = _telling(text, [re.compile(re.escape(one), re.I) for one in hidden if one])
    plain = "".join(letter if letter.isprintable() else " " for letter in masked)
    said = " ".join(plain.split())
    return said if len(said) <= MOST else f"{said[: MOST - 1]}{_HIDDEN}"


def _telling(text: str, hidden: list[re.Pattern[str]]) -> str:
    if text.lstrip("\ufeff\x00 \t\r\n").startswith("<"):
        title = _TITLE.search(text)
        return _masked(html.unescape(_TAG.sub(" ", title[1])), hidden) if title else "HTML"
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        is_cut = text.lstrip()[:1] in {"{", "["}
        return "JSON" if is_cut else _masked(_whole_words(text), hidden)
    if not isinstance(fields, dict):
        return type(fields).__name__
    return ", ".join(
        f"{name}={_masked(str(value), hidden)}"
        for name, value in fields.items()
        if _TELLING.fullmatch(name) and isinstance(value, str | int)
    )


def _masked(text: str, hidden: list[re.Pattern[str]]) -> str:
    for secret in hidden:
        text = secret.sub(_HIDDEN, text)
    return _MASKED.sub(_HIDDEN, text)


def _whole_words(text: str) -> str:
    """Return a text without its last word where it was cut: half a secret is not recognised."""
    return text.rsplit(maxsplit=1)[0] if len(text) >= _READ and " " in text else text
