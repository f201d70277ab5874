"""Numbers as they are written in Việt Nam: a dot groups thousands, a comma begins decimals."""

import re
from fractions import Fraction

from shop.forms.characters import plain
from shop.forms.values import ValueRefused, refuse_excel_damage

_LONGEST = 40
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([. ,])\d{3})(?:\1\d{3})*")
_WHOLE_AND_COMMA = re.compile(r"(\d+|[1-9]\d{0,2}(?:[. ]\d{3})+),(\d+)")
_WHOLE_AND_DOT = re.compile(r"(\d+|[1-9]\d{0,2}(?:,\d{3})+)\.(\d+)")


def whole_number(text: str) -> int | None:
    """Return the number in `text`, or `None` if it is not plain digits or groups of three.

    >>> whole_number("1250000"), whole_number("1.250.000"), whole_number("1,5")
    (1250000, 1250000, None)
    """
    if len(text) > _LONGEST:
        return None
    if re.fullmatch(r"\d+", text, re.ASCII):
        return int(text)
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    return None


def decimal_number(text: str) -> Fraction | None:
    """Return the number in `text` by the Vietnamese convention, or `None` if it is not one.

    A comma begins decimals. A dot before exactly three digits groups thousands; before any other
    number of digits, or after a lone zero, it begins decimals as on a calculator.

    >>> decimal_number("12,5"), decimal_number("1.000"), decimal_number("1.5")
    (Fraction(25, 2), Fraction(1000, 1), Fraction(3, 2))
    """
    if len(text) > _LONGEST:
        return None
    grouped_by_comma = re.fullmatch(r"\d+,\d{3}", text)
    if not grouped_by_comma and (whole := whole_number(text)) is not None:
        return Fraction(whole)
    if written := _WHOLE_AND_COMMA.fullmatch(text) or _WHOLE_AND_DOT.fullmatch(text):
        whole_part, decimals = re.sub(r"\D", "", written[1]), written[2]
        return Fraction(f"{whole_part}.{decimals}")
    return None


def read_count(text: str, *, minimum: int = 0, maximum: int = 1_000_000) -> int:
    """Return the whole number of pieces in `text`, between `minimum` and `maximum`.

    Raises `ValueRefused`: `count_empty`, `count_unreadable`, `count_not_whole`, `count_too_low`,
    `count_too_high`, `number_mangled_by_excel`.
    """
    typed = plain(text)
    if not typed:
        raise ValueRefused("count_empty")
    refuse_excel_damage(typed, shown=text)
    if typed.startswith("-") and whole_number(typed[1:].strip()) is not None:
        raise ValueRefused("count_too_low", minimum=minimum)
    count = whole_number(typed)
    if count is None:
        kind = "count_unreadable" if decimal_number(typed) is None else "count_not_whole"
        raise ValueRefused(kind, typed=text)
    if count < minimum:
        raise ValueRefused("count_too_low", minimum=minimum)
    if count > maximum:
        raise ValueRefused("count_too_high", maximum=maximum)
    return count
