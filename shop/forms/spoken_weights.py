"""Weights in the words of the market, and what is said instead of a weight: pieces, litres, sacks.

A weight that two people would hear in two ways is refused; so is a rough one, with the weight it
seems to mean.
"""

import re
from collections.abc import Callable
from functools import partial

from shop.forms.spoken_numbers import LEFT, ONES, TENS, Hundred, in_figures
from shop.forms.spoken_words import LONGEST, Rough, cleaned, rough, words_of
from shop.forms.values import ValueRefused
from shop.forms.weights import read_volume, read_weight

_BARE_UNIT = re.compile(
    r"(?=(?:cân|can|kí|ký|ki|ky|kg(?= )|lạng|lang|yến|yen|tạ|tấn|xị|lít|lit)\b)"
)
_DIGIT_AFTER_UNIT = {
    "mốt": "1", "tư": "4", "tu": "4", "lăm": "5", "lam": "5", "nhăm": "5", "nham": "5",
}  # fmt: skip
_LAST_WORD = re.compile(r"(?<=[^\W\d_]) (mốt|tư|tu|lăm|lam|nhăm|nham)$")
_UNIT_AT_END = re.compile(r"(?:(?<=\d)|(?<= ))(?P<unit>[^\W\d_]+)$")
_SACKS = (
    r"bao|bịch|bich|bọc|sọt|thúng|thung|thùng|rổ|giỏ|gio|gánh|ganh|két|ket|túi|tui|gói|goi|hộp|hop|"
    r"khay|can|xô|thau|tải|tai|chai|lọ|hũ|hủ|lon|bó"
)
_PIECES = (
    r"cái|cai|quả|qua|trái|trai|con|củ|cây|cay|chiếc|chiec|bánh|banh|trứng|trung|vỉ|nải|nai|buồng|"
    r"chùm|viên|miếng|ổ|lá|hạt|cặp|đôi"
)
_TIMES = re.compile(
    rf"(?P<count>\d{{1,4}}) ?(?:(?P<sack>{_SACKS}) ?)?"
    r"(?P<each>x|mỗi|moi|nhân|nhan|mỗi (?:bao|thùng|sọt|túi|gói|can)) ?(?P<one>\d.*|nửa .*)"
)
_EACH_OR_ALL = re.compile(rf"(?P<count>\d{{1,4}}) ?(?P<sack>{_SACKS}) (?P<one>\d.*|nửa .*)")
_COUNTED = re.compile(rf"(?P<count>\d[\d.]*) ?(?P<word>{_SACKS}|{_PIECES})\b ?(?P<content>.*)")
_MOST_COUNTED = 100_000
_STATE = re.compile(r"(?<=\w) (?P<state>tươi|tuoi|khô|kho|ướt|uot)$")
_GOODS = re.compile(
    r"(?P<unit>(?:\d|\b)(?:cân|can|kí|ký|ki|ky|kg|lạng|lang|yến|yen|tạ|tấn)) "
    r"(?:rau|chè|che|búp|bup|thịt|thit|cá)(?= (?:tươi|tuoi|khô|kho|ướt|uot)$)"
)
"""What was weighed, between the weight and how it was then."""


def read_spoken_weight(text: str, *, unit: str | None = "kg", minimum: int = 1) -> int:
    """Return the weight in `text` in grams: `12kg5`, `3 yến`, `hai mươi tám ký`, `2 bao x 50 kg`.

    Refusals as in `forms.weights.read_weight`; `một trăm hai cân` is `weight_of_either`
    (with `high_g`, `low_g`). Besides:
    `weight_range` (with `high_g`, `low_g`), `weight_rough` (with `proposed_g` if there is one),
    `weight_each_or_all` for `2 bao 50 kg` (with `high_g`, `low_g`), `weight_in_litres` (with
    `said_ml`) and `weight_counted` (with `count`, `word`) for what was not weighed.
    """
    read = partial(read_weight, unit=unit, minimum=minimum)
    try:
        return read(text)
    except ValueRefused as refused:
        if refused.code != "weight_unreadable" or len(text) > LONGEST:
            raise
        return _said(text, read, refused)


def state_said(text: str) -> str:
    """Return how the goods were when they were weighed, where that was said with the weight.

    >>> state_said("28 cân rau tươi"), state_said("28 kg")
    ('tươi', '')
    """
    found = _STATE.search(cleaned(text))
    return found["state"] if found else ""


def measure_said(text: str) -> str:
    """Return a weight or a volume with its words in figures, as the readers of measures want.

    >>> measure_said("nửa lít"), measure_said("cân rưỡi"), measure_said("một ký tư")
    ('nửa lít', '1 cân rưỡi', '1 ký 4')
    """
    return _figures(cleaned(text), LEFT)


def _said(text: str, read: Callable[[str], int], refused: ValueRefused) -> int:
    words = words_of(text)
    if words and (found := rough(words)) is not None:
        raise _of_rough(found, text, read) from None
    said = _STATE.sub("", _GOODS.sub(r"\g<unit>", " ".join(words)))
    readings = [_figures(said, hundred) for hundred in (LEFT, TENS, ONES)]
    if readings[1] != readings[2]:
        raise _of_both(readings[1], readings[2], text, read) from None
    try:
        return read(readings[0])
    except ValueRefused as again:
        if again.code != refused.code:
            raise again from None
    return _otherwise(readings[0], text, read, refused)


def _of_both(high: str, low: str, text: str, read: Callable[[str], int]) -> ValueRefused:
    """Return the question about `một trăm hai cân`: 120 kg to one person, 102 to another."""
    high_g, low_g = _maybe(high, read), _maybe(low, read)
    if high_g is None or low_g is None:
        return ValueRefused("weight_ambiguous", typed=text)
    return ValueRefused("weight_of_either", typed=text, high_g=high_g, low_g=low_g)


def _of_rough(found: Rough, text: str, read: Callable[[str], int]) -> ValueRefused:
    unit = _UNIT_AT_END.search(found.second)
    low = _maybe(f"{found.first} {unit['unit']}" if unit else found.first, read)
    high = _maybe(found.second, read) if found.second else None
    if low is not None and high is not None and low < high:
        return ValueRefused("weight_range", typed=text, low_g=low, high_g=high)
    if low is not None and not found.second:
        return ValueRefused("weight_rough", typed=text, proposed_g=low)
    return ValueRefused("weight_rough", typed=text)


def _maybe(said: str, read: Callable[[str], int]) -> int | None:
    try:
        return read(_figures(cleaned(said), LEFT))
    except ValueRefused:
        return None


def _otherwise(figures: str, text: str, read: Callable[[str], int], refused: ValueRefused) -> int:
    """Return what several sacks weigh together, or refuse what is no weight for what it is."""
    if times := _TIMES.fullmatch(figures):
        one = _maybe(times["one"], read)
        if one is not None and int(times["count"]) * one <= _MOST_COUNTED * 1000:
            return read(f"{int(times['count']) * one} g")
    if both := _EACH_OR_ALL.fullmatch(figures):
        one, count = _maybe(both["one"], read), int(both["count"])
        if one is not None and count == 1:
            return one
        if one is not None and 1 < count * one <= _MOST_COUNTED * 1000:
            values = {"high_g": count * one, "low_g": one}
            raise ValueRefused("weight_each_or_all", typed=text, **values)
    millilitres = _volume(figures)
    if millilitres is not None:
        raise ValueRefused("weight_in_litres", typed=text, said_ml=millilitres)
    counted = _COUNTED.fullmatch(figures)
    count_said = counted["count"].replace(".", "") if counted else ""
    if counted and 0 < int(count_said[:9]) <= _MOST_COUNTED:
        if (each_ml := _volume(counted["content"])) is not None:
            said_ml = each_ml * int(count_said[:9])
            raise ValueRefused("weight_in_litres", typed=text, said_ml=said_ml)
        raise ValueRefused(
            "weight_counted", typed=text, count=int(count_said[:9]), word=counted["word"]
        )
    raise refused


def _volume(figures: str) -> int | None:
    try:
        return read_volume(figures, unit=None)
    except ValueRefused:
        return None


def _figures(said: str, hundred: Hundred) -> str:
    figures = in_figures(said, hundred)
    figures = _LAST_WORD.sub(lambda found: f" {_DIGIT_AFTER_UNIT[found[1]]}", figures)
    return f"1 {figures}" if _BARE_UNIT.match(figures) else figures
