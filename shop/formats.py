"""Values as people see them: money, weights, dates, times left, phones, forms of address.

`lang` is `vi` or `en`. Numbers, units and signs never part at a line end (U+00A0). Nothing here
needs a request, so prints, messages and the command line use the same functions.
"""

import re
from datetime import date, datetime

from shop.clock import VIETNAM

_NBSP = "\u00a0"
_FIGURE_AND_UNIT = re.compile(r"(?<=\d) (?=(?:kg|g|ml|lít|l|lạng|tấn|đ)\b|₫|°C)")
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNITS = {
    "vi": {"day": ("ngày", "ngày"), "month": ("tháng", "tháng"), "hour": ("giờ", "giờ"),
           "minute": ("phút", "phút"), "litre": ("lít", "lít"),
           "tonne": ("tấn", "tấn")},
    "en": {"day": ("day", "days"), "month": ("month", "months"), "hour": ("hour", "hours"),
           "minute": ("minute", "minutes"), "litre": ("l", "l"),
           "tonne": ("t", "t")},
}  # fmt: skip


def together(text: str) -> str:
    """Return `text` with each figure and its unit on one line: `gói 200 g` breaks before 200.

    >>> together("gói 200 g: 90.000 ₫")
    'gói 200\\xa0g: 90.000\\xa0₫'
    """
    return _FIGURE_AND_UNIT.sub(_NBSP, text)


def number(value: int, lang: str = "vi") -> str:
    """Return `value` with its thousands grouped: `1.250.000`, in English `1,250,000`."""
    grouped = f"{abs(value):,}"
    return ("−" if value < 0 else "") + (grouped if lang == "en" else grouped.replace(",", "."))


def decimal(value: int, scale: int, lang: str = "vi") -> str:
    """Return the value of `value / scale` with as many decimals as `scale` (1, 10, 100 …) has.

    Zeros at the end are left out: `decimal(12500, 1000)` is `12,5`.
    """
    whole, rest = divmod(abs(value), scale)
    decimals = str(rest).zfill(len(str(scale)) - 1).rstrip("0") if rest else ""
    sign = "−" if value < 0 else ""
    if not decimals:
        return sign + number(whole, lang)
    return sign + number(whole, lang) + ("." if lang == "en" else ",") + decimals


def percent(part: int, whole: int, lang: str = "vi") -> str:
    """Return what share `part` is of `whole`, to a tenth, half up: `0,5 %`."""
    tenths = _half_up(part * 1000, whole)
    return decimal(tenths, 10, lang) + _NBSP + "%"


def money(amount_vnd: int, lang: str = "vi") -> str:
    """Return whole đồng as they are printed: `1.250.000 ₫`."""
    return number(amount_vnd, lang) + _NBSP + "₫"


def unit_price(
    price_vnd: int, *, net_g: int | None = None, net_ml: int | None = None, lang: str = "vi"
) -> str:
    """Return the price to compare packs by, rounded half up to 1 ₫: `45.000 ₫/100 g`.

    Per 100 ml for liquids; per kilogram from 500 g up, per 100 g below. Empty without content.
    """
    if net_ml:
        return f"{money(_half_up(price_vnd * 100, net_ml), lang)}/100{_NBSP}ml"
    if not net_g:
        return ""
    if net_g >= 500:
        return f"{money(_half_up(price_vnd * 1000, net_g), lang)}/kg"
    return f"{money(_half_up(price_vnd * 100, net_g), lang)}/100{_NBSP}g"


def weight(grams: int, lang: str = "vi") -> str:
    """Return `200 g` below a kilogram, `12,5 kg` below a tonne, and `1,25 tấn` from there on.

    Never `1.250 kg`: on the display of a scale that is a kilogram and a quarter.
    """
    if abs(grams) < 1000:
        return f"{number(grams, lang)}{_NBSP}g"
    if abs(grams) < 1_000_000:
        return f"{decimal(grams, 1000, lang)}{_NBSP}kg"
    return f"{decimal(grams, 1_000_000, lang)}{_NBSP}{_unit('tonne', 1, lang)}"


def kilograms(grams: int, lang: str = "vi") -> str:
    """Return the weight in kilograms whatever its size, for columns that are compared."""
    return f"{decimal(grams, 1000, lang)}{_NBSP}kg"


def volume(millilitres: int, lang: str = "vi") -> str:
    """Return `500 ml` below a litre, `1,5 lít` below a cubic metre, then `1,25 m³`."""
    if abs(millilitres) < 1000:
        return f"{number(millilitres, lang)}{_NBSP}ml"
    if abs(millilitres) < 1_000_000:
        return f"{decimal(millilitres, 1000, lang)}{_NBSP}{_unit('litre', 1, lang)}"
    return f"{decimal(millilitres, 1_000_000, lang)}{_NBSP}m³"


def net(quantity: int, unit: str, lang: str = "vi") -> str:
    """Return the net content of a pack, `quantity` being in `unit`, grams or `ml`: `200 g`."""
    return volume(quantity, lang) if unit == "ml" else weight(quantity, lang)


def area(square_metres: int, lang: str = "vi") -> str:
    """Return `360 m²` below a hectare, else hectares: `1,5 ha`."""
    if abs(square_metres) < 10_000:
        return f"{number(square_metres, lang)}{_NBSP}m²"
    return f"{decimal(square_metres, 10_000, lang)}{_NBSP}ha"


def day(value: date, lang: str = "vi") -> str:
    """Return `05/11/2026`; in English, where that could be May, `5 November 2026`."""
    if lang == "en":
        return f"{value.day} {_MONTHS_EN[value.month - 1]} {value.year:04}"
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def short_day(value: date, lang: str = "vi") -> str:
    """Return the day without its year: `23/11`, in English `23 November`."""
    if lang == "en":
        return f"{value.day} {_MONTHS_EN[value.month - 1]}"
    return f"{value.day}/{value.month}"


def month(value: date, lang: str = "vi") -> str:
    """Return the month of `value` inside a sentence: `tháng 11/2026`, `November 2026`."""
    if lang == "en":
        return f"{_MONTHS_EN[value.month - 1]} {value.year:04}"
    return f"tháng {value.month}/{value.year:04}"


def moment(value: datetime, lang: str = "vi") -> str:
    """Return an aware time as in tables, in Việt Nam's time: `14:05 05/11/2026`.

    Raises `ValueError` for a time without a zone.
    """
    local = _local(value)
    return f"{local:%H:%M}{',' if lang == 'en' else ''} {day(local.date(), lang)}"


def clock_time(value: datetime) -> str:
    """Return the time of day in Việt Nam as in sentences: `9:40`."""
    local = _local(value)
    return f"{local.hour}:{local.minute:02}"


def moment_in_words(value: datetime, *, today: date, lang: str = "vi") -> str:
    """Return an aware time inside a sentence: `9:40 ngày 23/11`, with the year if not this one."""
    local = _local(value).date()
    which = short_day(local, lang) if local.year == today.year else day(local, lang)
    return f"{clock_time(value)} {'on' if lang == 'en' else 'ngày'} {which}"


def days_left(until: date, *, today: date, lang: str = "vi") -> str:
    """Return how long is left through the day `until`: `còn 17 tháng`, `còn 3 ngày`.

    In whole months from two months up. The last day is `hôm nay là ngày cuối`, and after it
    `quá 2 ngày`.
    """
    days = (until - today).days
    if days == 0:
        return "today is the last day" if lang == "en" else "hôm nay là ngày cuối"
    if days < 0:
        return _past(_counted(-days, "day", lang), lang)
    months = (until.year - today.year) * 12 + until.month - today.month
    whole_months = months - (until.day < today.day)
    if whole_months < 2:
        return _left(_counted(days, "day", lang), lang)
    return _left(_counted(whole_months, "month", lang), lang)


def time_left(until: datetime, *, now: datetime, lang: str = "vi") -> str:
    """Return how long is left until a moment: `còn 23 giờ`, `còn 5 phút`, `hết giờ`.

    Rounded up in minutes below an hour and down above, so that nobody is promised too much.
    """
    seconds = (until - now).total_seconds()
    if seconds <= 0:
        return "time is up" if lang == "en" else "hết giờ"
    if seconds >= 48 * 3600:
        return _left(_counted(int(seconds // 86_400), "day", lang), lang)
    if seconds >= 3600:
        return _left(_counted(int(seconds // 3600), "hour", lang), lang)
    return _left(_counted(int(-(-seconds // 60)), "minute", lang), lang)


def phone(number_e164: str) -> str:
    """Return an E.164 number as it is read out: `0912 345 678`, `0208 3855 123`.

    A number of another country, or none at all, comes back as it is.
    """
    if not number_e164.startswith("+84"):
        return number_e164
    digits = "0" + number_e164[3:]
    if digits.startswith("02"):
        import phonenumbers

        parsed = phonenumbers.parse(digits, "VN")
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def phone_masked(number_e164: str) -> str:
    """Return the number with its middle hidden: `0912 ••• 678`."""
    groups = phone(number_e164).split(" ")
    if len(groups) < 3:
        return "•" * (len(number_e164) - 3) + number_e164[-3:]
    hidden = ("•" * len(group) for group in groups[1:-1])
    return " ".join([groups[0], *hidden, groups[-1]])


def email_masked(address: str) -> str:
    """Return an e-mail address with all but the first letter of the name hidden: `h•••@a.vn`."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}" if at else ""


def account_masked(account_number: str) -> str:
    """Return a bank account number with all but its last four digits hidden: `••• 0001`."""
    return f"•••{_NBSP}{account_number[-4:]}"


def given_name(full_name: str) -> str:
    """Return the name a person is addressed by, the last word: `Nguyễn Thị Hoa` -> `Hoa`."""
    return full_name.rpartition(" ")[2]


def addressed(title: str, full_name: str) -> str:
    """Return how to speak to a person: `Chị Hoa`; without a title the whole name."""
    return f"{title} {given_name(full_name)}" if title else full_name


def initialed(title: str, full_name: str) -> str:
    """Return a name for strangers to read, as under reviews: `Chị H.`"""
    return f"{title} {given_name(full_name)[:1]}.".strip()


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return value.astimezone(VIETNAM)


def _unit(name: str, count: int, lang: str) -> str:
    one, many = _UNITS["en" if lang == "en" else "vi"][name]
    return one if count == 1 else many


def _counted(count: int, name: str, lang: str) -> str:
    return f"{number(count, lang)}{_NBSP}{_unit(name, count, lang)}"


def _left(amount: str, lang: str) -> str:
    return f"{amount} left" if lang == "en" else f"còn {amount}"


def _past(amount: str, lang: str) -> str:
    return f"{amount} over" if lang == "en" else f"quá {amount}"
