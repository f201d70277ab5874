"""Years of birth as lists of people have them; a short one is asked about, never guessed."""

import re
from datetime import date

from shop.forms.characters import plain
from shop.forms.dates import read_date, read_month
from shop.forms.tables.styles import serial_day
from shop.forms.values import ValueRefused, refuse_excel_damage

YOUNGEST, OLDEST = 15, 110
"""Years: nobody younger or older is written down as a member."""

_AGES = range(16, 106)
"""How old somebody may be whose year is proposed: no two centuries fit."""
_FOUR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TWO_AT_THE_END = re.compile(r"(?:.*\D)?(\d{2})")
_AS_A_NUMBER = re.compile(r"(\d)[., ](\d{3})|(\d{4})[.,]0+")
_SERIAL = re.compile(r"\d{4,5}(?:[.,]\d+)?")


def read_birth_year(text: str, *, today: date) -> int:
    """Return the year in `text`: `1958`, or the year of `05/11/1958` or `11/1958`.

    Raises `ValueRefused`: `year_unsure` with the year that `58`, `5/11/58`, `1.958` or `sinh
    1958` seem to mean as `proposed`, `year_implausible`, `year_unreadable`,
    `number_mangled_by_excel`.
    """
    refuse_excel_damage(text)
    typed = plain(text)
    year = _written(typed, today)
    if year is not None and YOUNGEST <= today.year - year <= OLDEST:
        return year
    proposed = _proposed(typed, today)
    if proposed is not None:
        raise ValueRefused("year_unsure", typed=text, proposed=proposed)
    if year is not None:
        raise ValueRefused("year_implausible", typed=text, youngest=YOUNGEST, oldest=OLDEST)
    raise ValueRefused("year_unreadable", typed=text)


def _written(typed: str, today: date) -> int | None:
    """Return the year that stands there in four digits, alone or in a day or a month."""
    if re.fullmatch(r"\d{4}", typed):
        return int(typed)
    if len(_FOUR.findall(typed)) != 1:
        return None
    try:
        return read_date(typed, today=today).year
    except ValueRefused as refused:
        return read_month(typed).year if refused.code == "date_day_missing" else None


def _proposed(typed: str, today: date) -> int | None:
    """Return the one year of a grown person that `typed` can mean."""
    found: list[int] = []
    if as_number := _AS_A_NUMBER.fullmatch(typed):
        found = [int("".join(part for part in as_number.groups() if part))]
    elif fours := _FOUR.findall(typed):
        year = int(fours[0])
        found = [year - 100 if year > today.year else year] if len(fours) == 1 else []
    elif short := _TWO_AT_THE_END.fullmatch(typed):
        found = [1900 + int(short[1]), 2000 + int(short[1])]
    elif _SERIAL.fullmatch(typed):
        found = [serial_day(int(re.split("[.,]", typed)[0])).year]
    fits = [year for year in found if today.year - year in _AGES]
    return fits[0] if len(fits) == 1 else None
