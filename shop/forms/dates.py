"""Dates as people write them, day first; also what `<input type=date>` sends."""

import re
from calendar import monthrange
from datetime import date, timedelta

from shop.forms.characters import plain
from shop.forms.spoken_days import in_written_words, said_day
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
_LONGEST = 60
_MONTH_LAST = re.compile(r"(\d{4}) ?[/.-] ?(\d{1,2})")


def read_date(text: str, *, today: date, earliest: date = EARLIEST, latest: date = LATEST) -> date:
    """Return the date in `text`: `05/11/2026`, `5-11-26`, `2026-11-05`, `hôm nay`.

    The day comes before the month; a year of two digits is 20xx. Without a year the nearest such
    day within the bounds is proposed, never taken. Raises `ValueRefused`:
    `date_empty`, `date_unreadable`, `date_year_missing` and `date_month_first` (with
    `proposed_on`), `date_not_come` for `25/12` in November where only days gone by are meant
    (with `day_on` and, if the bounds allow it, that of last year as `proposed_on`), those of
    `spoken_days.said_day`, `date_day_missing` (with `first_on`, the first of that month),
    `date_invalid` (with `month`, `year` and the `days` it has), `date_month_invalid`,
    `date_too_early`, `date_too_late`, and `date_in_past` or `date_in_future` where the bound is
    `today`.
    """
    typed = plain(text)
    if not typed:
        raise ValueRefused("date_empty")
    day = _said_or_written(typed, text, today, (earliest, latest))
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


def _said_or_written(typed: str, text: str, today: date, bounds: tuple[date, date]) -> date:
    try:
        return _written(typed, text, today, bounds)
    except ValueRefused as refused:
        if refused.code != "date_unreadable" or len(typed) > _LONGEST:
            raise
        day = said_day(typed, today=today, text=text)
        if day is not None:
            return day
        said, is_beginning = in_written_words(typed, today=today)
        if said == typed:
            raise
        if is_beginning:
            raise _of_either_calendar(said, text, today, bounds) from None
        return _written(said, text, today, bounds)


def _of_either_calendar(
    said: str, text: str, today: date, bounds: tuple[date, date]
) -> ValueRefused:
    """Return the question about `mùng 5 tháng 11`, which may be of the moon's calendar."""
    try:
        proposed: object = _written(said, text, today, bounds)
    except ValueRefused as refused:
        proposed = refused.values.get("proposed_on")
        if proposed is None:
            return refused
    return ValueRefused("date_beginning", typed=text, proposed_on=proposed)


def _written(typed: str, text: str, today: date, bounds: tuple[date, date]) -> date:
    if written := _DAY_FIRST.fullmatch(typed):
        day, _, month, year = written.groups()
    elif written := _YEAR_FIRST.fullmatch(typed):
        year, _, month, day = written.groups()
    elif written := _IN_WORDS.fullmatch(typed):
        day, month, year = written.groups()
    elif written := _NO_YEAR.fullmatch(typed):
        (day, month), year = written.groups(), None
    elif _MONTH_FIRST.fullmatch(typed) or _MONTH_LAST.fullmatch(typed):
        raise ValueRefused("date_day_missing", typed=text, first_on=read_month(text))
    else:
        raise ValueRefused("date_unreadable", typed=text)
    if year is None:
        raise _without_year(int(month), int(day), text, today, bounds)
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    if int(month) > 12 >= int(day) > 0 and full_year:
        proposed = _real_day(full_year, int(day), int(month), text)
        raise ValueRefused("date_month_first", typed=text, proposed_on=proposed)
    return _real_day(full_year, int(month), int(day), text)


def _without_year(
    month: int, day: int, text: str, today: date, bounds: tuple[date, date]
) -> ValueRefused:
    """Return the question that asks for the year; for a day soon to come whether it is over."""
    proposed = _nearest(month, day, text, today, bounds)
    if bounds[1] == today and _is_real(today.year, month, day):
        coming = date(today.year, month, day)
        if timedelta(0) < coming - today < today - proposed:
            past = {"proposed_on": proposed} if proposed >= bounds[0] else {}
            code = "date_not_come" if past else "date_not_come_too_old"
            values = {"day_on": coming, "earliest_on": bounds[0], **past}
            return ValueRefused(code, typed=text, **values)
    return ValueRefused("date_year_missing", typed=text, proposed_on=proposed)


def _nearest(month: int, day: int, text: str, today: date, bounds: tuple[date, date]) -> date:
    """Return the day of this year, the last or the next that is within bounds and nearest."""
    if not (month == 2 and day == 29):
        _real_day(today.year, month, day, text)
    years = [year for year in range(today.year - 8, today.year + 9) if _is_real(year, month, day)]
    days = [date(year, month, day) for year in years]
    if not days:
        return _real_day(today.year, month, day, text)
    past = [one for one in days if one <= bounds[1]]
    within = [one for one in past if bounds[0] <= one]
    return min(within or past or days, key=lambda one: (abs((one - today).days), one > today))


def _is_real(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _real_day(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12:
        raise ValueRefused("date_month_invalid", typed=text)
    if year == 0 or day == 0:
        raise ValueRefused("date_unreadable", typed=text)
    days = monthrange(year, month)[1]
    if day > days:
        raise ValueRefused("date_invalid", typed=text, month=month, year=year, days=days)
    return date(year, month, day)
