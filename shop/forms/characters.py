"""The characters behind a typed text: which cannot be seen, which do harm, which mean the same."""

import re
import unicodedata

# Code points with the Unicode property Default_Ignorable_Code_Point, and the annotation marks.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def without_invisible(text: str) -> str:
    """Return `text` in NFC without zero-width, bidirectional and other invisible characters."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def has_control(text: str) -> bool:
    """Return whether `text` holds control characters or halves of characters.

    Neither can be seen, and databases refuse some of them.
    """
    return _CONTROL.search(text) is not None


def plain(text: str) -> str:
    """Return `text` ready for reading a number or date from it.

    Lower case, in NFC, with ASCII digits, one kind of dash, single spaces and nothing invisible.
    """
    narrow = without_invisible(text).translate(_FULL_WIDTH).translate(_DASHES)
    digits = (_ascii_digit(character) for character in narrow)
    return " ".join("".join(digits).lower().split())


def _ascii_digit(character: str) -> str:
    if character.isascii() or unicodedata.category(character) != "Nd":
        return character
    return str(unicodedata.decimal(character))
