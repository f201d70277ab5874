"""What a pack may be counted in, and how much one of each weighs: to tell each from all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in a pack: grams (or millilitres) of the lightest and of the heaviest."""

    name: str
    least: float
    most: float
    is_container: bool = False


_FRUIT = Piece("quả", 1, 8_000)
_THING = Piece("cái", 1, 3_000)
_ROWS: tuple[tuple[str, Piece], ...] = (
    ("túi lọc|tui loc|tép lọc", Piece("túi lọc", 1, 6)),
    ("trứng|trung|hột vịt|hot vit|hột gà", Piece("trứng", 20, 120)),
    ("quả trứng|qua trung|trái trứng", Piece("quả trứng", 20, 120)),
    ("quả|qua|trái|trai", _FRUIT),
    ("cái|cai|chiếc|chiec|miếng|mieng|bánh|banh|ổ|tấm|cặp", _THING),
    ("viên|vien", Piece("viên", 0.2, 300)),
    ("hạt|hột", Piece("hạt", 0.05, 50)),
    ("lá|la", Piece("lá", 0.5, 200)),
    ("củ", Piece("củ", 2, 3_000)),
    ("con", Piece("con", 1, 10_000)),
    ("bó|nải|chùm", Piece("bó", 20, 5_000)),
    ("cây|cay", Piece("cây", 5, 5_000)),
    ("gói|goi|túi|tui|bịch|bich|thanh", Piece("gói", 1, 2_000, True)),
    ("hộp|hop|hũ|hủ|lọ|lo|hu|chén", Piece("hộp", 15, 2_000, True)),
    ("chai|lon", Piece("chai", 50, 5_000, True)),
)
PIECES = {word: piece for words, piece in _ROWS for word in words.split("|")}
"""What each word counts."""


def pieces_pattern() -> str:
    """Return the words of pieces for a pattern, the longest first."""
    return "|".join(sorted(PIECES, key=len, reverse=True))


def piece_called(said: str) -> bool:
    """Return whether `said` begins with a piece: `trứng gà 600 g`."""
    words = said.split(" ")
    return any(" ".join(words[:length]) in PIECES for length in (1, 2))
