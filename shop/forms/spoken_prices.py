"""Prices in the words of the market, of the north, the centre and the south.

A reading may be sure or doubtful. What is doubtful is refused with what it probably means, so
that one tap says yes; what two people would hear in two ways is refused with both.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial

from shop.forms.money import read_price, with_thousand
from shop.forms.spoken_numbers import LEFT, ONES, TENS, Hundred, in_figures
from shop.forms.spoken_per import Per, split_per
from shop.forms.spoken_words import LONGEST, Rough, rough, words_of
from shop.forms.values import ValueRefused

CHEAPEST_VND = 1000

_SLANG = {
    **dict.fromkeys(("xị", "xi"), (100_000, True)),
    **dict.fromkeys(("củ", "cu"), (1_000_000, True)),
    **dict.fromkeys(("tỏi", "toi"), (1_000_000_000, True)),
    **dict.fromkeys(("lít", "lit", "lốp", "lop"), (100_000, False)),
    **dict.fromkeys(("chai",), (1_000_000, False)),
    **dict.fromkeys(("cành", "canh", "lúa", "lua", "cá", "ca"), (1_000, False)),
}
"""What a word of the street is worth in đồng, and whether it means nothing else in a price."""
_SLANG_SAID = re.compile(
    rf"(?:(?P<count>\d{{1,3}}(?:[.,]\d)?|nửa|nua) ?)?(?P<word>{'|'.join(_SLANG)})"
    r"(?: ?(?:(?P<half>rưỡi|ruoi)|(?P<tail>\d)))?"
)
_FOREIGN = re.compile(r"[$€]|\b(?:usd|đô|đô la|do la|dola|đôla|tệ|baht|bath|kíp|kip|euro|yên)\b")
_THOUSAND_SHORT = re.compile(r"(?<=\d) ?(?:ng|n|kđ)\b\.?")
_BARE_SCALE = re.compile(r"(?=(?:triệu|trieu|tr|nghìn|nghin|ngàn|ngan|tỷ|tỉ)\b)")
_ODD_AFTER_SCALE = re.compile(r"(?<=[^\W\d_]) (?:linh|lẻ|le) (?=\d)")
_TENS_AND_HALF = re.compile(r"(?P<tens>[2-9]0) (?:rưỡi|ruoi)(?: (?:nghìn|nghin|ngàn|ngan|k))?")
_DIGIT_AFTER_UNIT = {"tư": "4", "tu": "4", "lăm": "5", "lam": "5", "nhăm": "5", "mốt": "1"}
_LAST_WORD = re.compile(r"(?<=[^\W\d_]) (tư|tu|lăm|lam|nhăm|mốt)$")
_UNIT_AT_END = re.compile(r"(?:(?<=\d)|(?<= ))(?P<unit>[^\W\d_]+)$")


def read_spoken_price(text: str, *, minimum: int = CHEAPEST_VND) -> int:
    """Return the price in `text` in đồng: `90k`, `chín mươi nghìn`, `khoảng 90 ngàn`, `2 xị`.

    Refusals as in `forms.money.read_price`. Besides: `price_ambiguous` for `một trăm hai` and
    `bảy chục rưỡi`, `price_too_low` for what lacks its thousand, `price_slang` (with
    `proposed_vnd`), `price_range` (with `high_vnd`, `low_vnd`), `price_rough`, `price_foreign`,
    and `price_per_count` for `100k 3 bó` (with `price_vnd`, `count`, `per`, `is_group`).
    """
    read = partial(read_price, minimum=minimum)
    try:
        return read(text)
    except ValueRefused as refused:
        if refused.code != "price_unreadable" or len(text) > LONGEST:
            raise
        return _said(text, read, refused, minimum)


def read_price_asking(text: str, *, minimum: int = CHEAPEST_VND) -> int:
    """Return the price in `text` as it is typed; one in words is asked about once.

    Refusals as in `read_spoken_price`, and `price_said` with the price as `proposed_vnd`.
    """
    vnd = read_spoken_price(text, minimum=minimum)
    if is_said(text):
        raise ValueRefused("price_said", typed=text, proposed_vnd=vnd)
    return vnd


def is_said(text: str) -> bool:
    """Return whether a price is in words that `forms.money.read_price` does not know."""
    try:
        read_price(text)
    except ValueRefused as refused:
        return refused.code == "price_unreadable"
    return False


def _said(text: str, read: Callable[[str], int], refused: ValueRefused, minimum: int) -> int:
    words = words_of(text)
    said = " ".join(words)
    if _FOREIGN.search(said):
        raise ValueRefused("price_foreign", typed=text) from None
    if not words or (found := rough(words)) is None:
        per = split_per(words) if words else None
        return _of(per, text, minimum) if per else _amount(said, text, read, refused, minimum)
    raise _of_rough(found, text, minimum) from None


def _of_rough(found: Rough, text: str, minimum: int) -> ValueRefused:
    """Return the question about a range or a rough figure, with what can be read of it."""
    unit = _UNIT_AT_END.search(found.second)
    low = _maybe(f"{found.first} {unit['unit']}" if unit else found.first, minimum)
    if low is None or not unit:
        low = _maybe(found.first, minimum) or low
    high = _maybe(found.second, minimum)
    if low is not None and high is not None and low < high:
        return ValueRefused("price_range", typed=text, low_vnd=low, high_vnd=high)
    if low is not None and not found.second:
        return ValueRefused("price_rough", typed=text, proposed_vnd=low)
    return ValueRefused("price_rough", typed=text)


def _maybe(said: str, minimum: int) -> int | None:
    """Return the price that `said` means or seems to, or `None`."""
    if not said.strip():
        return None
    try:
        return read_spoken_price(said, minimum=minimum)
    except ValueRefused as refused:
        proposed = refused.values.get("proposed_vnd")
        return proposed if isinstance(proposed, int) else None


def _of(per: Per, text: str, minimum: int) -> int:
    """Return a price of one thing; refuse that of several, or of a measure, with its price."""
    read = partial(read_spoken_price, per.price, minimum=minimum)
    vnd = read() if per.count == 1 and not per.base else with_thousand(read)
    values: dict[str, object] = {"typed": text, "price_vnd": vnd, "per": per.named}
    if per.base:
        raise ValueRefused("price_per_measure", **values, base=per.base, unit=per.unit)
    if per.count == 1:
        return vnd
    raise ValueRefused("price_per_count", **values, count=per.count, is_group=per.is_group)


def _amount(
    said: str, text: str, read: Callable[[str], int], refused: ValueRefused, minimum: int
) -> int:
    figures = in_figures(said)
    if slang := _SLANG_SAID.fullmatch(figures):
        return _of_slang(slang, text, read)
    if tens := _TENS_AND_HALF.fullmatch(figures):
        high, low = (int(tens["tens"]) * 1000 + more for more in (5_000, 500))
        raise ValueRefused("price_ambiguous", typed=text, high_vnd=high, low_vnd=low)
    readings = [_in_typed_words(said, hundred) for hundred in (LEFT, TENS, ONES)]
    high_vnd, low_vnd = (_at_least(one, minimum) for one in readings[1:])
    if high_vnd != low_vnd and high_vnd is not None and low_vnd is not None:
        values = {"high_vnd": high_vnd, "low_vnd": low_vnd}
        raise ValueRefused("price_ambiguous", typed=text, **values) from None
    try:
        return read(readings[0])
    except ValueRefused as again:
        raise (refused if again.code == refused.code else again) from None


def _of_slang(slang: re.Match[str], text: str, read: Callable[[str], int]) -> int:
    worth, is_sure = _SLANG[slang["word"]]
    count = slang["count"] or "1"
    whole = Fraction(1, 2) if count in ("nửa", "nua") else Fraction(count.replace(",", "."))
    if slang["half"]:
        whole += Fraction(1, 2)
    whole += Fraction(int(slang["tail"] or 0), 10)
    vnd = read(str(int(whole * worth)))
    if is_sure:
        return vnd
    raise ValueRefused("price_slang", typed=text, proposed_vnd=vnd)


def _in_typed_words(said: str, hundred: Hundred) -> str:
    """Return a price as `forms.money.read_price` knows it: figures and their scale."""
    figures = _ODD_AFTER_SCALE.sub(" ", in_figures(said, hundred))
    figures = _LAST_WORD.sub(lambda found: f" {_DIGIT_AFTER_UNIT[found[1]]}", figures)
    figures = f"1 {figures}" if _BARE_SCALE.match(figures) else figures
    return _THOUSAND_SHORT.sub(" nghìn", figures)


def _at_least(said: str, minimum: int) -> int | None:
    """Return a price with the thousand that people leave out; `None` for what is no price."""
    try:
        vnd = read_price(said)
    except ValueRefused:
        return None
    return vnd if vnd >= minimum else vnd * 1000
