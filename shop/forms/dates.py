"""Dates as people write them, day first; also what `<input type=date>` sends."""

import re
from calendar import monthrange
from datetime import date, timedelta

from shop.forms.characters import plain
from shop.forms.values import ValueRefused

EARLIEST = date(1900, 1, 1)
LATEST = date(2099, 12, 31)

_DAY_FIRST = re.compile(r"(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{1,2})")
_IN_WORDS = re.compile(
    r"(?:ngày |ngay )?(\d{1,2}) (?:tháng|thang) (\d{1,2})(?: (?:năm|nam) (\d{4}))?"
)
_NO_YEAR = re.compile(r"(\d{1,2}) ?[/.-] ?(\d{1,2})")
_MONTH_FIRST = re.compile(r"(\d{1,2}) ?[/.-] ?(\d{4})")
_MONTH_LAST = re.compile(r"(\d{4}) ?[/.-] ?(\d{1,2})")
_NAMED_DAYS = {
    "hôm kia": -2, "hom kia": -2, "hôm qua": -1, "hom qua": -1,
    "hôm nay": 0, "hom nay": 0, "nay": 0, "ngày mai": 1, "ngay mai": 1, "mai": 1,
}  # fmt: skip


def read_date(text: str, *, today: date, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """Return the date in `text`: `05/11/2026`, `5-11-26`, `2026-11-05`, `hôm nay`.

    The day comes before the month; a year of two digits is 20xx. Raises `ValueRefused`:
    `date_empty`, `date_unreadable`, `date_year_missing` (with `proposed_on`), `date_invalid`
    (with `month`, `year` and the `days` it has), `date_month_invalid`, `date_too_early`,
    `date_too_late`, and `date_in_past` or `date_in_future` where the bound is `today`.
    """
    typed = plain(text)
    if not typed:
        raise ValueRefused("date_empty")
    named = _NAMED_DAYS.get(typed)
    day = today + timedelta(days=named) if named is not None else _written(typed, text, today)
    if day < earliest:
        code = "date_in_past" if earliest == today else "date_too_early"
        raise ValueRefused(code, earliest_on=earliest)
    if day > latest:
        code = "date_in_future" if latest == today else "date_too_late"
        raise ValueRefused(code, latest_on=latest)
    return day


def read_month(text: str) -> date:
    """Return the first day of the month in `text`: `11/2026` or `2026-11`.

    Raises `ValueRefused`: `month_unreadable`, `date_month_invalid`.
    """
    typed = plain(text)
    if written := _MONTH_FIRST.fullmatch(typed):
        month, year = written.groups()
    elif written := _MONTH_LAST.fullmatch(typed):
        year, month = written.groups()
    else:
        raise ValueRefused("month_unreadable", typed=text)
    if not EARLIEST.year <= int(year) <= LATEST.year:
        raise ValueRefused("month_unreadable", typed=text)
    return _real_day(int(year), int(month), 1, text)


def check_expiry(made_on: date, expires_on: date) -> date:
    """Return `expires_on`, or raise `expiry_before_production` if it lies before `made_on`."""
    if expires_on < made_on:
        raise ValueRefused("expiry_before_production", made_on=made_on, expires_on=expires_on)
    return expires_on


def _written(typed: str, text: str, today: date) -> date:
    if written := _DAY_FIRST.fullmatch(typed):
        day, _, month, year = written.groups()
    elif written := _YEAR_FIRST.fullmatch(typed):
        year, _, month, day = written.groups()
    elif written := _IN_WORDS.fullmatch(typed):
        day, month, year = written.groups()
    elif written := _NO_YEAR.fullmatch(typed):
        (day, month), year = written.groups(), None
    else:
        raise ValueRefused("date_unreadable", typed=text)
    if year is None:
        proposed = _real_day(today.year, int(month), int(day), text)
        raise ValueRefused("date_year_missing", typed=text, proposed_on=proposed)
    return _real_day(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day), text)


def _real_day(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12:
        raise ValueRefused("date_month_invalid", typed=text)
    if year == 0 or day == 0:
        raise ValueRefused("date_unreadable", typed=text)
    days = monthrange(year, month)[1]
    if day > days:
        raise ValueRefused("date_invalid", typed=text, month=month, year=year, days=days)
    return date(year, month, day)
