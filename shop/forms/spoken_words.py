"""The words that people put around a figure, and those that make it a rough one.

Readers of prices, weights and counts share them. A rough figure is asked about, never rounded.
"""

import re
from dataclasses import dataclass

from shop.forms.characters import plain
from shop.forms.spoken_numbers import is_range
from shop.search.folding import fold

LONGEST = 200

_SPELLINGS = {
    "rưởi": "rưỡi", "rữơi": "rưỡi", "ngìn": "nghìn", "nghình": "nghìn", "ngàng": "ngàn",
    "mưới": "mười", "nữa": "nửa", "kílogam": "kg", "kgs": "kg", "×": "x",
}  # fmt: skip
_BEFORE = frozenset(
    re.findall(
        r"\w+",
        "giá gia bán để lấy tính là thì chắc chỉ được duoc khoảng khoang chừng chung độ tầm cỡ "
        "lối áng ước hết cả tổng tất",
    )
)
_BEFORE_FIGURES = frozenset(("tam", "do", "co", "chi", "ban", "la", "tinh", "lay", "de"))
"""Fillers without their marks: `tam` is `tầm` before a figure, and else the number eight."""
_AFTER = frozenset(
    re.findall(r"\w+", "thôi thoi nhé nhe nha ạ à ha hen nghe vậy đó đấy luôn chẵn tròn bạc")
)
_NEAR = frozenset(
    re.findall(
        r"\w+",
        "gần gan hơn hon trên tren dưới duoi ngót ngot non nhỉnh xấp xỉ xap xêm ngoài ngoai",
    )
)
_SOME = frozenset(re.findall(r"\w+", "mấy may vài vai dăm dam đôi doi"))
_ONES = {word: count for count, word in enumerate(
    ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"), start=1
)}  # fmt: skip
_AFTER_TENS = frozenset(("mốt", "tư", "lăm", "nhăm"))
"""What follows tens alone: `hai mốt` is 21 and no range."""
_NEXT = frozenset(
    re.findall(
        r"\w+",
        "chuc tram nghin ngan trieu can ky ki kg lang yen ta tan lit k cu bao gam g qua trai cai "
        "goi chai bo con ngay hom bua",
    )
)
_BETWEEN = re.compile(
    r"(?P<first>.*\S) ?(?:-|~| đến | den | tới | toi | hoặc | hoac ) ?(?P<second>\S.*)"
)


@dataclass(frozen=True, slots=True)
class Rough:
    """A figure that is none: `gần 100k`. `first` and `second` are the figures in it, or empty."""

    first: str = ""
    second: str = ""


def words_of(text: str) -> list[str]:
    """Return the words of `text` in plain letters, `/` and `x` apart, without fillers.

    >>> words_of("Giá khoảng 90k/gói thôi ạ"), words_of("tam muoi nghin")
    (['90k', '/', 'gói'], ['tam', 'muoi', 'nghin'])
    """
    said = re.sub(r"(?<=[^\W\d_])\.(?= |$)", "", plain(text).replace("/", " / "))
    said = re.sub(r"(?<=\d) / (?=\d)", "/", said)
    words = [_SPELLINGS.get(word, word) for word in said.split()]
    while len(words) > 1 and _is_filler(words[0], words[1]):
        words = words[1:]
    while len(words) > 1 and words[-1] in _AFTER:
        words = words[:-1]
    return words


def cleaned(text: str) -> str:
    """Return the words of `text` as one line; see `words_of`."""
    return " ".join(words_of(text))


def rough(words: list[str]) -> Rough | None:
    """Return what is rough about a figure: a range, `gần`, `vài`, `bảy tám chục`, or nothing."""
    said = " ".join(words)
    if found := _BETWEEN.fullmatch(f" {said} ".replace("  ", " ").strip()):
        first = found["first"].removeprefix("từ ").removeprefix("tu ")
        if _counts(first) and _counts(found["second"]):
            return Rough(first, found["second"])
    if not _SOME.isdisjoint(words):
        return Rough()
    kept = [word for word in words if word not in _NEAR]
    if len(kept) < len(words):
        return Rough(" ".join(kept))
    is_ten = any(word == "mươi" and not _is_one(words, place) for place, word in enumerate(words))
    counted = ["" if word in _AFTER_TENS else fold(word) for word in words]
    is_pair = "chín mười" in said or _two_in_a_row(counted)
    return Rough() if is_ten or is_pair else None


def _is_filler(word: str, after: str) -> bool:
    return word in _BEFORE or (word in _BEFORE_FIGURES and after[:1].isdigit())


def _counts(said: str) -> bool:
    return any(
        word[:1].isdigit() or fold(word) in {*_ONES, "chuc", "tram"} for word in said.split()
    )


def _is_one(words: list[str], place: int) -> bool:
    """Return whether a number of one digit stands before `words[place]`."""
    return place > 0 and (fold(words[place - 1]) in _ONES or words[place - 1].isdigit())


def _two_in_a_row(folded: list[str]) -> bool:
    """Return whether two numbers follow each other before a unit: `bảy tám chục`."""
    return any(
        first in _ONES and second in _ONES and first != second and third in _NEXT
        and (is_range(first, second) or first == "mot" or third in {"chuc", "tram"})
        and "muoi" not in {first, second}
        for first, second, third in zip(folded, folded[1:], folded[2:], strict=False)
    )  # fmt: skip
