"""Which letters the bytes of a text file mean: Unicode first, then the old ways (R13)."""

import codecs
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from shop.forms.legacy_text import count_syllables, from_tcvn3, from_viscii, from_vni
from shop.forms.tables.file_kinds import FileRefused

LEGACY = ("tcvn3", "vni", "viscii")
"""Fonts in the place of an encoding: what they wrote must be shown before it is believed."""

_ENOUGH = 0.6
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and how its letters were written."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded:
    """Return the text in `content` in NFC.

    Bytes that are not Unicode are read in each old way; the one that makes the most Vietnamese
    syllables is believed if most words with accents become syllables. Lines that are damaged in
    a Unicode file keep U+FFFD in the place of what was lost. Raises `FileRefused`
    `file_encoding_unknown`.
    """
    for beginning, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(beginning):
            text = content[len(beginning) :].decode(encoding, "replace")
            return Decoded(unicodedata.normalize("NFC", text), encoding[:6].rstrip("-"))
    if (wide := _without_mark(content)) is not None:
        return Decoded(unicodedata.normalize("NFC", wide), "utf-16")
    try:
        return Decoded(unicodedata.normalize("NFC", content.decode()), "utf-8")
    except UnicodeDecodeError:
        if _is_mostly_utf8(content):
            text = content.decode("utf-8", "replace")
            return Decoded(unicodedata.normalize("NFC", text), "utf-8")
    return _in_an_old_way(content)


def _without_mark(content: bytes) -> str | None:
    """Return the text of UTF-16 without a mark: every second byte of plain letters is NUL."""
    beginning = content[:4096]
    if len(beginning) < 4 or beginning.count(0) * 3 < len(beginning):
        return None
    encoding = "utf-16-le" if beginning[1::2].count(0) > beginning[::2].count(0) else "utf-16-be"
    return content.decode(encoding, "replace")


def _is_mostly_utf8(content: bytes) -> bool:
    """Return whether few characters of many are damaged, as in a file that was cut or pasted."""
    text = content[:_SAMPLE].decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = sum(not character.isascii() for character in text) - damaged
    return whole > 4 * damaged


def _in_an_old_way(content: bytes) -> Decoded:
    best, most = None, (-1.0, 0)
    for encoding, read in _WAYS.items():
        good, words = count_syllables(read(content[:_SAMPLE]))
        share = good / words if words else 1.0
        if (share, good) > most:
            best, most = encoding, (share, good)
    if best is None or most[0] < _ENOUGH:
        raise FileRefused("file_encoding_unknown")
    return Decoded(_WAYS[best](content), best)


def _windows_1258(content: bytes) -> str:
    return unicodedata.normalize("NFC", content.decode("cp1258", "replace"))


def _windows_1252(content: bytes) -> str:
    return unicodedata.normalize("NFC", content.decode("cp1252", "replace"))


_WAYS: dict[str, Callable[[bytes], str]] = {
    "cp1258": _windows_1258,
    "cp1252": _windows_1252,
    "tcvn3": lambda content: from_tcvn3(content.decode("latin-1")),
    "vni": lambda content: from_vni(content.decode("cp1252", "replace")),
    "viscii": lambda content: from_viscii(content.decode("latin-1")),
}
"""The ways in the order of belief where two do equally well."""
