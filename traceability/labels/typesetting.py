"""Fitting Vietnamese text into the small space of a label: line breaks, and sizes in points."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from traceability.labels import fonts

__all__ = ["BOLD", "LEADING", "REGULAR", "Line", "fit", "load_fonts", "width"]

REGULAR = "SourceSansPro"
BOLD = "SourceSansPro-Bold"

LEADING = 1.14
"""Height of a line as a multiple of its size: room for a mark above a capital letter."""

_SMALLEST_SHARE = 0.6  # a text is made this much smaller before words are broken or left out
_STEP = 0.25
_BLANKS = re.compile("[ \t\r\n]+")  # not the no-break space, which may hold "200 g" together


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in one font; `size` in points."""

    text: str
    font: str
    size: float

    @property
    def height(self) -> float:
        """The room it takes from top to bottom, in points."""
        return self.size * LEADING

    def scaled(self, share: float) -> "Line":
        """Return the same line in smaller type."""
        return Line(self.text, self.font, self.size * share)


@cache
def load_fonts() -> None:
    """Make the two fonts known to ReportLab, once in a process."""
    registerFont(TTFont(REGULAR, fonts.REGULAR))
    registerFont(TTFont(BOLD, fonts.BOLD))


def width(text: str, font: str, size: float) -> float:
    """Return how wide `text` runs, in points."""
    return float(stringWidth(text, font, size))


def fit(text: str, font: str, size: float, *, room: float, lines: int = 1) -> list[Line]:
    """Set `text` in at most `lines` lines no wider than `room`, as near to `size` as possible.

    Smaller type comes before a broken word, and a broken word before a text cut short with "…".
    An empty text takes no line.
    """
    words = _BLANKS.split(unicodedata.normalize("NFC", text).strip())
    if words == [""]:
        return []
    for smaller in _sizes(size):
        rows = _wrap(words, font, smaller, room)
        if len(rows) <= lines and all(width(row, font, smaller) <= room for row in rows):
            return [Line(row, font, smaller) for row in _balance(rows, font, smaller)]
    smallest = size * _SMALLEST_SHARE
    pieces = [piece for word in words for piece in _break(word, font, smallest, room)]
    rows = _wrap(pieces, font, smallest, room)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], _cut(rows[lines - 1], font, smallest, room)]
    return [Line(row, font, smallest) for row in rows]


def _sizes(size: float) -> Iterator[float]:
    smaller = size
    while smaller >= size * _SMALLEST_SHARE:
        yield smaller
        smaller -= _STEP


def _wrap(words: list[str], font: str, size: float, room: float) -> list[str]:
    rows = [words[0]]
    for word in words[1:]:
        longer = f"{rows[-1]} {word}"
        if width(longer, font, size) <= room:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _break(word: str, font: str, size: float, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, font, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _balance(rows: list[str], font: str, size: float) -> list[str]:
    """Break the same number of lines more evenly: "Chè xanh" / "La Bằng", no lone last word."""
    words = " ".join(rows).split(" ")
    best = rows
    while True:
        narrower = max(width(row, font, size) for row in best) - 0.01
        rows = _wrap(words, font, size, narrower)
        if len(rows) > len(best) or max(width(row, font, size) for row in rows) > narrower:
            return best
        best = rows


def _cut(text: str, font: str, size: float, room: float) -> str:
    """Leave out words, or letters of a lone word, until "…" fits behind them."""
    kept = text
    while kept and width(kept + "…", font, size) > room:
        kept = kept.rpartition(" ")[0] or kept[:-1]
    return kept + "…"
