"""Numbers said in words, turned into figures: what an elder writes, or a phone's keyboard hears.

Only the words below a thousand become figures; `nghìn`, `triệu`, `cân`, `lạng` stay for the
readers of money and weights, which know them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.forms.characters import plain
from shop.search.folding import fold

_ONES = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
_FIGURES = {str(figure): figure for figure in range(1, 10)}
_AFTER_TENS = _ONES | {"lam": 5, "nham": 5, "tu": 4}
_SHORT_AFTER_TENS = {"lam", "nham", "mot", "tu"}
_TENS = {"muoi", "chuc"}
_NOT_AFTER_PAIR = {"muoi", "chuc", "tram", "linh", "le", "lam", "nham", "tu"}
_TENS_SHORT = {"ham": 20, "bam": 30}
_SMALL = {"linh", "le"}
_HALF = "ruoi"
_IDIOM = ("nam", "bay")
"""`năm bảy cân` is some five to seven."""
_AFTER_BARE_HUNDRED = {"nghin", "ngan", "gam", "gram", "g", "cay", "can", "kg", "ky", "ki"}


@dataclass(frozen=True, slots=True)
class Hundred:
    """What one digit after a hundred counts for: `trăm hai` is 120 to one person, 102 to others.

    `None` leaves such a number as it was said.
    """

    worth: int | None = None


LEFT, TENS, ONES = Hundred(), Hundred(10), Hundred(1)


def in_figures(text: str, hundred: Hundred = LEFT) -> str:
    """Return `text` with the numbers said in words written in figures, all else unchanged.

    What follows no rule of counting stays as it is and is refused by the reader that comes next.

    >>> in_figures("chín mươi nghìn"), in_figures("hai mươi tám cân"), in_figures("gói 200 g")
    ('90 nghìn', '28 cân', 'gói 200 g')
    >>> in_figures("một trăm linh năm nghìn"), in_figures("hai lăm cân"), in_figures("chục cân")
    ('105 nghìn', '25 cân', '10 cân')
    >>> in_figures("9 chục nghìn"), in_figures("trăm rưỡi"), in_figures("trăm hai", TENS)
    ('90 nghìn', '150', '120')
    >>> in_figures("hăm lăm ngàn"), in_figures("hăm mốt"), in_figures("chục rưỡi")
    ('25 ngàn', '21', '15')
    >>> in_figures("hai tám cân"), in_figures("hai ba cân")
    ('28 cân', '2 3 cân')
    """
    words = plain(text).split(" ")
    folded = [fold(word) for word in words]
    figures: list[str] = []
    position = 0
    while position < len(words):
        value, used = _number(folded[position:], hundred)
        figures.append(str(value) if used else words[position])
        position += used or 1
    return " ".join(figures)


def is_range(first: str, second: str) -> bool:
    """Return whether two digits in a row, without their marks, name a range.

    >>> is_range("ba", "bon"), is_range("nam", "bay"), is_range("hai", "tam")
    (True, True, False)
    """
    if first not in _ONES or second not in _ONES:
        return False
    return _ONES[second] == _ONES[first] + 1 or (first, second) == _IDIOM


def _number(words: Sequence[str], hundred: Hundred) -> tuple[int, int]:
    """Return the number that `words` begin with, and how many of them say it: 0 for none."""
    first, second = words[0], _at(words, 1)
    counted = _ONES | _FIGURES
    if first in counted and second == "tram":
        return _hundreds(counted[first], words[2:], 2, hundred)
    if first == "tram" and second in _AFTER_BARE_HUNDRED:
        return 100, 1
    if first == "tram" and (second in {_HALF, *_SMALL} or second in _AFTER_TENS | _FIGURES):
        return _hundreds(1, words[1:], 1, hundred)
    if first in _FIGURES and second in _TENS:
        ones = _AFTER_TENS.get(_at(words, 2)) if second == "muoi" else None
        return _FIGURES[first] * 10 + (ones or 0), 2 if ones is None else 3
    tens, used = _tens(words)
    if used:
        return tens, used
    return (_ONES[first], 1) if first in _ONES else (0, 0)


def _hundreds(count: int, after: Sequence[str], used: int, hundred: Hundred) -> tuple[int, int]:
    """Return hundreds with what follows them; nothing for a digit alone that is to be left."""
    rest, more = _after_hundred(after)
    alone = _AFTER_TENS | _FIGURES
    if not more and _at(after, 0) in alone:
        if hundred.worth is None:
            return 0, 0
        rest, more = alone[after[0]] * hundred.worth, 1
    return count * 100 + rest, used + more


def _after_hundred(words: Sequence[str]) -> tuple[int, int]:
    if not words:
        return 0, 0
    if words[0] == _HALF:
        return 50, 1
    if words[0] in _SMALL and _at(words, 1) in _AFTER_TENS:
        return _AFTER_TENS[words[1]], 2
    if words[0] in _FIGURES and _at(words, 1) in _TENS:
        return _FIGURES[words[0]] * 10, 2
    return _tens(words)


def _tens(words: Sequence[str]) -> tuple[int, int]:
    first, second = words[0], _at(words, 1)
    if first == "chuc":
        return (15, 2) if second == _HALF else (10, 1)
    if first in _TENS_SHORT and second in _AFTER_TENS:
        return _TENS_SHORT[first] + _AFTER_TENS[second], 2
    if first == "muoi":
        return (10 + _AFTER_TENS[second], 2) if second in _AFTER_TENS else (10, 1)
    return _from_one(words) if first in _ONES else (0, 0)


def _from_one(words: Sequence[str]) -> tuple[int, int]:
    first, second, third = words[0], _at(words, 1), _at(words, 2)
    if second in _TENS:
        tens = _ONES[first] * 10
        has_ones = second == "muoi" and third in _AFTER_TENS
        return (tens + _AFTER_TENS[third], 3) if has_ones else (tens, 2)
    if second in _SHORT_AFTER_TENS and _ONES[first] > 1:
        return _ONES[first] * 10 + _AFTER_TENS[second], 2
    if _is_pair(first, second) and third not in _ONES | _FIGURES and third not in _NOT_AFTER_PAIR:
        return _ONES[first] * 10 + _ONES[second], 2
    return 0, 0


def _is_pair(first: str, second: str) -> bool:
    """Return whether two digits are the tens and the ones of one number, `hai tám`, and no range.

    `một hai` and `ba bốn` are ranges, and `một tám` is 18 to one person and 1.8 to another.
    """
    is_number = _ONES.get(first, 0) > 1 and _ONES.get(second, 0) > 0
    return is_number and not is_range(first, second)


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if place < len(words) else ""
