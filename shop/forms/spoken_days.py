"""Days as people say them: `3 hôm trước`, `thứ bảy vừa rồi`, `mùng 5`, `ngày 20 tháng trước`.

The days of the lunar calendar are declined: the books are kept by the other one.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from shop.forms.spoken_numbers import in_figures
from shop.forms.values import ValueRefused

NAMED = {
    "hôm nay": 0, "hom nay": 0, "nay": 0, "bữa nay": 0, "bua nay": 0, "bữa ni": 0, "hôm ni": 0,
    "sáng nay": 0, "sang nay": 0, "trưa nay": 0, "trua nay": 0, "chiều nay": 0, "chieu nay": 0,
    "tối nay": 0, "toi nay": 0, "hồi sáng": 0, "hoi sang": 0, "ban sáng": 0, "hồi nãy": 0,
    "lúc nãy": 0, "vừa xong": 0, "mới đây": 0,
    "hôm qua": -1, "hom qua": -1, "bữa qua": -1, "bua qua": -1, "qua": -1, "ngày hôm qua": -1,
    "sáng qua": -1, "sang qua": -1, "trưa qua": -1, "trua qua": -1, "chiều qua": -1,
    "chieu qua": -1, "tối qua": -1, "toi qua": -1, "đêm qua": -1, "dem qua": -1, "hồi hôm": -1,
    "hôm kia": -2, "kia": -2, "bữa kia": -2, "hôm tê": -2,
    "hôm kìa": -3, "bữa kìa": -3,
    "today": 0, "yesterday": -1,
    "ngày mai": 1, "ngay mai": 1, "mai": 1, "sáng mai": 1, "chiều mai": 1, "mốt": 2,
    "ngày mốt": 2, "ngày kia": 2, "ngày kìa": 3,
}  # fmt: skip
"""Days with a name of their own, counted from today."""

_WITHOUT_MARKS = {"hom kia": -2, "bua kia": -2, "ngay kia": 2}
"""`kia` and `kìa` are a day apart."""
_PART = r"(?:(?:sáng|sang|trưa|trua|chiều|chieu|tối|toi|đêm|dem|hôm|hom|bữa|bua|ngày|ngay) )?"
_DAYS = r"(?:ngày|ngay|hôm|hom|bữa|bua|bửa)"
_AGO = r"(?:trước|truoc|rồi|roi|qua)"
_WEEKDAYS = (
    ("thứ hai|thu hai|thứ 2|thu 2|t2", 0),
    ("thứ ba|thu ba|thứ 3|thu 3|t3", 1),
    ("thứ tư|thu tu|thứ 4|thu 4|t4", 2),
    ("thứ năm|thu nam|thứ 5|thu 5|t5", 3),
    ("thứ sáu|thu sau|thứ 6|thu 6|t6", 4),
    ("thứ bảy|thu bay|thứ bẩy|thứ 7|thu 7|t7", 5),
    ("chủ nhật|chu nhat|chúa nhật|cn", 6),
)
_WEEKDAY = {name: number for names, number in _WEEKDAYS for name in names.split("|")}
_LAST = r"vừa rồi|vua roi|vừa qua|vua qua|mới rồi|moi roi|rồi|roi|qua|hôm rồi"
_WEEK_AGO = r"tuần trước|tuan truoc|tuần rồi|tuan roi|tuần qua|tuan qua"
_OF_WEEK = re.compile(
    rf"{_PART}(?P<name>{'|'.join(sorted(_WEEKDAY, key=len, reverse=True))})"
    rf"(?: (?:(?P<last>{_LAST})|(?P<week>{_WEEK_AGO})|(?P<this>này|nay|tuần này|tuan nay)))?"
)
_LUNAR = re.compile(
    r"\b(?:rằm|ram|âm|am|âm lịch|am lich|al|tết|tet|giêng|gieng|chạp|chap|ba mươi tết|30 tết"
    r"|nhuận|nhuan|ta)\b"
)
_SOLAR = re.compile(r" (?:dương|duong|dương lịch|duong lich|tây|tay|dl)$")
_BEGINNING = re.compile(r"\b(?:mùng|mung|mồng|mong) ")
_BEFORE_DAY = re.compile(r"(?:ngày|ngay|hôm|hom|mùng|mồng|mung|mong) ")
_DAY_ALONE = re.compile(r"(?:ngày |ngay )?(?P<day>\d{1,2})")
_DAY_OF_THIS = re.compile(
    r"(?:ngày |ngay |hôm |hom )?(?P<day>\d{1,2}) (?:tháng|thang) "
    r"(?:(?P<this>này|nay|ni)|(?P<last>trước|truoc|rồi|roi|vừa rồi|qua))"
)
_MONTH_IN_WORDS = re.compile(
    r"(?P<day>.+?) (?:tháng|thang) (?P<month>[^\d/.]+?)(?P<year> (?:năm|nam) \d{4})?"
)
_YEAR_SAID = re.compile(
    r" (?:năm|nam) (?:(?P<this>nay|ni)|(?P<last>ngoái|ngoai|rồi|roi|trước|truoc))$"
)
_VAGUE = re.compile(
    rf"{_PART}(?:(?:mấy|may|vài|vai|dăm|hổm|hôm|hom|bữa|bua|ngày|ngay|tuần|tuan|tháng|thang) ?)+"
    r"(?:trước|truoc|nọ|no|rày|ray|hổm|hom|rồi|roi|kia|qua|nay)?"
    r"|(?:đầu|dau|giữa|giua|cuối|cuoi) (?:tháng|thang|tuần|tuan|năm|nam|vụ|vu).*"
    r"|(?:hôm|bữa|ngày) (?:nào|nao|kia kìa)|(?:lâu|lau|mới|moi|vừa|vua)(?: rồi| roi)?"
)


def said_day(typed: str, *, today: date, text: str) -> date | None:
    """Return the day of a name such as `hôm kia`; `None` for what is not said in words.

    `typed` is the plain text of `text`. Raises `ValueRefused`: `date_said` with the day that
    `thứ bảy vừa rồi` or `ngày 20` seems to be as `proposed_on`, `date_beginning` for `mùng 5`,
    which may be of either calendar (with `proposed_on`), `date_lunar` and `date_vague`.
    """
    if typed in NAMED:
        return today + timedelta(days=NAMED[typed])
    if typed in _WITHOUT_MARKS:
        proposed = today + timedelta(days=_WITHOUT_MARKS[typed])
        raise ValueRefused("date_said", typed=text, proposed_on=proposed)
    if _LUNAR.search(typed):
        raise ValueRefused("date_lunar", typed=text)
    for kind in _KINDS:
        found = kind(typed, today)
        if found is not None:
            code = "date_beginning" if _BEGINNING.search(typed) else "date_said"
            raise ValueRefused(code, typed=text, proposed_on=found)
    if _VAGUE.fullmatch(typed):
        raise ValueRefused("date_vague", typed=text)
    return None


def in_written_words(typed: str, *, today: date) -> tuple[str, bool]:
    """Return a day said in words as it is written, and whether it began with `mùng`.

    >>> in_written_words("ngày hai mươi tháng mười một", today=date(2026, 11, 22))
    ('ngày 20 tháng 11', False)
    >>> in_written_words("mùng năm tháng 11 năm ngoái", today=date(2026, 11, 22))
    ('5 tháng 11 năm 2025', True)
    """
    said = _SOLAR.sub("", typed)
    if found := _YEAR_SAID.search(said):
        year = today.year - (1 if found["last"] else 0)
        said = f"{said[: found.start()]} năm {year}"
    beginning = _BEGINNING.search(said)
    said = _BEGINNING.sub("", said)
    if month := _MONTH_IN_WORDS.fullmatch(said):
        spoken = "4" if month["month"] in {"tư", "tu"} else in_figures(month["month"])
        said = f"{month['day']} tháng {spoken}{month['year'] or ''}"
    head, sign, rest = said.partition(" tháng ")
    if not sign:
        head, sign, rest = said.partition(" thang ")
    is_counted = sign or beginning or re.match(r"(?:ngày|ngay) ", head)
    return (f"{in_figures(head)}{sign}{rest}" if is_counted else said), beginning is not None


def _ago(typed: str, today: date) -> date | None:
    """Return the day of `3 hôm trước`, `cách đây hai ngày`, `một tuần trước`."""
    said = re.sub(r"^(?:cách đây|cach day|cách nay|cach nay) (.*)$", r"\1 trước", typed)
    found = re.fullmatch(rf"(?P<count>.+) (?P<unit>{_DAYS}|tuần|tuan) {_AGO}", said)
    count = in_figures(found["count"]) if found else ""
    if found is None or not re.fullmatch(r"\d{1,3}", count):
        return None
    days = int(count) * (7 if found["unit"] in {"tuần", "tuan"} else 1)
    return today - timedelta(days=days)


def _of_week(typed: str, today: date) -> date | None:
    """Return the last such weekday; with `tuần trước` that of the week before."""
    found = _OF_WEEK.fullmatch(typed)
    if found is None:
        return None
    number = _WEEKDAY[found["name"]]
    monday = today - timedelta(days=today.weekday())
    if found["week"]:
        return monday + timedelta(days=number - 7)
    if found["this"] and ("tuần" in found["this"] or "tuan" in found["this"]):
        return monday + timedelta(days=number)
    back = (today.weekday() - number) % 7
    return today - timedelta(days=back or (7 if found["last"] else 0))


def _of_month(typed: str, today: date) -> date | None:
    """Return the last 20th of `ngày 20`, or that of this month or the last."""
    said = in_figures(typed) if _BEFORE_DAY.match(typed) else typed
    said = _BEGINNING.sub("", _SOLAR.sub("", said))
    if found := _DAY_OF_THIS.fullmatch(said):
        months = 1 if found["last"] else 0
        return _day_before(today, months, int(found["day"]))
    alone = _DAY_ALONE.fullmatch(said)
    if alone is None:
        return None
    day = int(alone["day"])
    return _day_before(today, 0 if day <= today.day else 1, day)


def _day_before(today: date, months: int, day: int) -> date | None:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, day) if 1 <= day <= monthrange(year, month + 1)[1] else None


_KINDS: tuple[Callable[[str, date], date | None], ...] = (_ago, _of_week, _of_month)
