"""Money as people write it, read into whole đồng: `50k`, `50.000đ`, `1tr2`, `1.250.000`.

Đồng have no fractions. What could be two amounts is refused with both, never guessed.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from shop.forms.characters import plain
from shop.forms.numbers import whole_number
from shop.forms.values import ValueRefused, refuse_excel_damage

HIGHEST_VND = 1_000_000_000

_Noun = Literal["price", "amount"]
_THOUSAND = r"k|nghìn|nghin|ngàn|ngan"
_MILLION = r"triệu|trieu|tr"
_BILLION = r"tỷ|tỉ|ty|ti"
_PER = re.compile(r"(?P<price>.*\S)(?: ?/ ?| (?:mỗi|moi|một|mot|1) )(?P<per>[^\W\d_]+)")
_OF_ONE_PACK = frozenset(
    re.findall(
        r"\w+",
        "gói goi hộp hop túi tui bịch bich chai lọ lo hũ hủ hu cây cay quả qua trái trai bó bo "
        "khay thùng thung bao lon vỉ vi cái cai con",
    )
)
_OF_A_MEASURE = {
    **dict.fromkeys(("kg", "ký", "kí", "ky", "ki", "cân", "can", "kilo"), (1_000, "g")),
    **dict.fromkeys(("lạng", "lang"), (100, "g")),
    **dict.fromkeys(("yến", "yen"), (10_000, "g")),
    "tạ": (100_000, "g"), "tấn": (1_000_000, "g"), "lít": (1_000, "ml"), "lit": (1_000, "ml"),
}  # fmt: skip
_CURRENCY = re.compile(r"^(?:vnđ|vnd|₫|đ) ?|(?<=[\w.]) ?(?:đồng|dong|vnđ|vnd|đ|₫|d)\.?$")
_NO_CENTS = re.compile(r"([1-9]\d{0,2}(?:([. ,])\d{3})(?:\2\d{3})*)(?!\2)[.,]0{1,2}")
_DECIMAL = re.compile(r"(\d+)[.,](\d{1,2})")
_IN_UNITS = re.compile(
    rf"(?P<head>nửa|nua|\d+(?:[.,]\d+)?) ?(?P<unit>{_THOUSAND}|{_MILLION}|{_BILLION})"
    rf"(?: ?(?P<tail>rưỡi|ruoi|\d[\d. ]*(?:{_THOUSAND}|{_MILLION})?))?"
)
_TAIL_IN_UNITS = re.compile(rf"(?P<head>\d{{1,3}}) ?(?P<unit>{_THOUSAND}|{_MILLION})")


def read_price(text: str, *, minimum: int = 1, maximum: int = HIGHEST_VND) -> int:
    """Return the price in `text` in whole đồng, at least `minimum` and at most `maximum`.

    Raises `ValueRefused`: `price_empty`, `price_unreadable`, `price_ambiguous` (with `high_vnd`
    and `low_vnd`), `price_not_positive`, `price_too_low` (with `proposed_vnd`, a thousand times
    what was typed), `price_too_high`, `number_mangled_by_excel`, and `price_per_measure` for
    `90k/kg` (with `price_vnd` of the measure `per`, which holds `base` of `unit`).
    """
    return _read(text, "price", minimum, maximum)


def read_amount(text: str, *, minimum: int = 1, maximum: int = HIGHEST_VND) -> int:
    """Return the amount of money in `text` in whole đồng; `minimum=0` allows nothing at all.

    Raises `ValueRefused` as `read_price` does, with `amount` in place of `price` in the codes,
    and `amount_negative` where nothing is allowed but a minus is not.
    """
    return _read(text, "amount", minimum, maximum)


def _read(text: str, noun: _Noun, minimum: int, maximum: int) -> int:
    typed = plain(text)
    if not typed:
        raise ValueRefused(f"{noun}_empty")
    refuse_excel_damage(typed, shown=text)
    if typed.startswith("-") and any(character.isdigit() for character in typed):
        raise ValueRefused(f"{noun}_not_positive" if minimum > 0 else "amount_negative")
    if noun == "price":
        typed = _of_one(typed, text, minimum, maximum)
    vnd = _vnd(_CURRENCY.sub("", typed).strip(), noun, text)
    if vnd == 0 < minimum:
        raise ValueRefused(f"{noun}_not_positive")
    if vnd < minimum:
        raise ValueRefused(
            f"{noun}_too_low", typed_vnd=vnd, minimum_vnd=minimum, proposed_vnd=vnd * 1000
        )
    if vnd > maximum:
        raise ValueRefused(f"{noun}_too_high", maximum_vnd=maximum)
    return vnd


def _of_one(typed: str, text: str, minimum: int, maximum: int) -> str:
    """Return a price without what it is of: `90.000đ/gói`. A price by weight is refused."""
    found = _PER.fullmatch(typed) if len(typed) <= 80 else None
    if found is None or found["per"] not in {*_OF_ONE_PACK, *_OF_A_MEASURE}:
        return typed
    if found["per"] in _OF_ONE_PACK:
        return found["price"]
    vnd = with_thousand(lambda: _read(found["price"], "price", minimum, maximum))
    base, unit = _OF_A_MEASURE[found["per"]]
    values = {"price_vnd": vnd, "per": f"một {found['per']}", "base": base, "unit": unit}
    raise ValueRefused("price_per_measure", typed=text, **values)


def with_thousand(read: Callable[[], int]) -> int:
    """Return the price that `read` gives, with the thousand that people leave out of a low one.

    Only for a price that is asked about in any case, as that of a kilogram is.
    """
    try:
        return read()
    except ValueRefused as refused:
        meant = refused.values.get("proposed_vnd")
        if refused.code != "price_too_low" or not isinstance(meant, int):
            raise
        return meant


def _vnd(typed: str, noun: _Noun, text: str) -> int:
    without_cents = _NO_CENTS.fullmatch(typed)
    whole = whole_number(without_cents[1] if without_cents else typed)
    if whole is not None:
        return whole
    if decimal := _DECIMAL.fullmatch(typed):
        _refuse_decimal(decimal[1], decimal[2], noun, text)
    spoken = _IN_UNITS.fullmatch(typed) if len(typed) <= 40 else None
    if spoken is None:
        raise ValueRefused(f"{noun}_unreadable", typed=text)
    return _spoken_vnd(spoken, noun, text)


def _refuse_decimal(whole: str, decimals: str, noun: _Noun, text: str) -> None:
    """Refuse `50,5`: it may be 50.500 written short, or 50 đồng and a slip."""
    low = whole_number(whole)
    if not low:
        raise ValueRefused(f"{noun}_unreadable", typed=text)
    high = low * 1000 + int(decimals.ljust(3, "0"))
    raise ValueRefused(f"{noun}_ambiguous", typed=text, high_vnd=high, low_vnd=low)


def _spoken_vnd(spoken: re.Match[str], noun: _Noun, text: str) -> int:
    """Return the value of `50k`, `2 triệu`, `1,5tr` or, with a tail, `1tr2`."""
    scale, tail = _scale(spoken["unit"]), spoken["tail"]
    whole, _, decimals = spoken["head"].replace(",", ".").partition(".")
    if whole in ("nửa", "nua"):
        head = Fraction(scale, 2)
    elif len(decimals) == 3:
        low = int(Fraction(f"{whole}.{decimals}") * scale)
        high = int(whole + decimals) * scale
        raise ValueRefused(f"{noun}_ambiguous", typed=text, high_vnd=high, low_vnd=low)
    else:
        head = Fraction(f"{whole}.{decimals or 0}") * scale
    if tail is None:
        added: int | None = 0
    elif decimals or not whole.isdigit():
        added = None
    else:
        added = _tail_vnd(tail, scale, int(head), noun, text)
    if added is None or head.denominator != 1:
        raise ValueRefused(f"{noun}_unreadable", typed=text)
    return int(head) + added


def _tail_vnd(tail: str, scale: int, head: int, noun: _Noun, text: str) -> int | None:
    """Return what follows the unit: `1tr2` adds tenths, `1tr250` thousandths, `1tr50k` đồng.

    Two digits are refused: `1tr25` is 1.250.000 to one person and 1.025.000 to another.
    """
    if tail in ("rưỡi", "ruoi"):
        return scale // 2
    if tail.isdigit() and len(tail) == 2:
        high, low = head + int(tail) * scale // 100, head + int(tail) * scale // 1000
        raise ValueRefused(f"{noun}_ambiguous", typed=text, high_vnd=high, low_vnd=low)
    if tail.isdigit() and len(tail) in (1, 3):
        return int(tail) * scale // (10 if len(tail) == 1 else 1000)
    if in_units := _TAIL_IN_UNITS.fullmatch(tail):
        added: int | None = int(in_units["head"]) * _scale(in_units["unit"])
    else:
        added = whole_number(tail)
    return added if added is not None and added < scale else None


def _scale(unit: str) -> int:
    if re.fullmatch(_THOUSAND, unit):
        return 1_000
    return 1_000_000 if re.fullmatch(_MILLION, unit) else 1_000_000_000
