"""Vietnamese text without its marks: for searching, for addresses of pages, for plain ASCII."""

import re
import unicodedata

_D_BAR = str.maketrans("đĐ", "dD")
_TYPOGRAPHY = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...",
        "•": "-", "×": "x", "₫": "d", "²": "2", "³": "3",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return `text` as it is searched: lower case, no marks, `đ` as `d`, single spaces.

    Composed and decomposed input give the same; invisible characters vanish.

    >>> fold("Giò trứng  Nộn Khê"), fold("ĐẶC SẢN")
    ('gio trung non khe', 'dac san')
    """
    lower = unicodedata.normalize("NFC", text).lower()
    return " ".join(_without_marks(lower).split())


def to_ascii(text: str) -> str:
    """Return `text` in ASCII with its case kept and single spaces; what has no twin is dropped.

    >>> to_ascii("Nguyễn  Thị Đào")
    'Nguyen Thi Dao'
    """
    compatible = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY))
    ascii_only = (character for character in _without_marks(compatible) if character.isascii())
    return " ".join("".join(ascii_only).split())


def slug(text: str, *, longest: int = 80) -> str:
    """Return `text` for an address: `Chè La Bằng` -> `che-la-bang`; empty if nothing remains.

    Longer text is cut after a whole word where there is one.
    """
    words = re.findall(r"[a-z0-9]+", to_ascii(text).lower())
    joined = "-".join(words)
    if len(joined) <= longest:
        return joined
    return joined[: longest + 1].rpartition("-")[0] or joined[:longest]


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_D_BAR))
    kept = (mark for mark in decomposed if unicodedata.category(mark) not in {"Mn", "Cf"})
    return unicodedata.normalize("NFC", "".join(kept))
