"""Values that stand in files and not in forms: codes, barcodes, years, days of a spreadsheet."""

import re
from datetime import date
from unicodedata import normalize

from shop.forms.characters import plain, without_invisible
from shop.forms.dates import read_date
from shop.forms.tables.styles import serial_day
from shop.forms.values import ValueRefused, refuse_excel_damage
from shop.search.folding import fold
from traceability import gtin as gtins
from traceability.errors import TraceabilityError

LONGEST_CODE = 40
_CODE = re.compile(r"[\w][\w ./+-]*")
_SERIAL = re.compile(r"[1-9]\d{4}(?:[.,]\d+)?")
EARLIEST_SERIAL, LATEST_SERIAL = 36526, 73050
"""Numbers that a spreadsheet keeps for 01/01/2000 and 31/12/2099."""


def read_code(text: str) -> str:
    """Return a code (of a pack, a member, a plot) as it is written, without invisible characters.

    Wide letters and digits are plain ones.

    Raises `ValueRefused`: `code_unreadable`, `code_too_long`, `number_mangled_by_excel`.
    """
    refuse_excel_damage(text)
    code = " ".join(normalize("NFKC", without_invisible(text)).split())
    if len(code) > LONGEST_CODE:
        raise ValueRefused("code_too_long", longest=LONGEST_CODE)
    if not _CODE.fullmatch(code):
        raise ValueRefused("code_unreadable", typed=text)
    return code


def read_gtin(text: str) -> str:
    """Return the barcode in `text` as 14 digits.

    Raises `ValueRefused`: `gtin_wrong`, `number_mangled_by_excel`.
    """
    refuse_excel_damage(without_invisible(text))
    try:
        return gtins.validate(re.sub("[ .-]", "", plain(text)))
    except TraceabilityError as error:
        raise ValueRefused("gtin_wrong", typed=text) from error


def read_day(
    text: str, *, today: date, earliest: date = date(2000, 1, 1), latest: date | None = None
) -> date:
    """Return the day in `text`, also as `20-Nov-26` or with a time behind it.

    Refusals as in `read_date`. A number such as `46331` is what a spreadsheet keeps for a day:
    `date_is_serial`; eight digits in a row, and `hôm qua` as nobody knows when it was written, are
    `date_unsure`; both have `proposed_on`.
    """
    refuse_excel_damage(text)
    typed = _TIME.sub("", plain(text).removeprefix("ngày "))
    if _SERIAL.fullmatch(typed):
        serial = int(re.split("[.,]", typed)[0])
        if EARLIEST_SERIAL <= serial <= LATEST_SERIAL:
            raise ValueRefused("date_is_serial", typed=text, proposed_on=serial_day(serial))
    if (proposed := _without_signs(typed)) is not None:
        raise ValueRefused("date_unsure", typed=text, proposed_on=proposed)
    bounds = {"latest": latest} if latest is not None else {}
    said = _month_as_number(typed)
    day = read_date(
        text if said == plain(text) else said, today=today, earliest=earliest, **bounds
    )
    if not any(sign.isdigit() for sign in said):
        raise ValueRefused("date_unsure", typed=text, proposed_on=day)
    return day


_TIME = re.compile(r"[ t]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:am|pm|sa|ch))?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = re.compile(
    r"(?P<day>\d{1,2})[ /.-]+(?:thg ?(?P<number>\d{1,2})|(?P<name>[a-z]{3})[a-z]*)\.?"
    r"(?:[ /.,-]+(?P<year>\d{4}|\d{2}))?"
)
_NAMED_MONTH_FIRST = re.compile(
    r"(?P<name>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2}),? (?P<year>\d{4})(?P<number>)"
)


def _month_as_number(typed: str) -> str:
    """Return `20-nov-26`, `20 thg 11 2026` or `nov 20, 2026` with its month as a number."""
    written = _NAMED_MONTH.fullmatch(typed) or _NAMED_MONTH_FIRST.fullmatch(typed)
    if written is None or (written["name"] and written["name"] not in _MONTHS):
        return typed
    month = written["number"] or str(_MONTHS.index(written["name"]) + 1)
    return "/".join(part for part in (written["day"], month, written["year"]) if part)


def _without_signs(typed: str) -> date | None:
    """Return the day that `20112026` or `20261120` seems to be."""
    if not re.fullmatch(r"\d{8}", typed):
        return None
    for day, month, year in (
        (typed[:2], typed[2:4], typed[4:]),
        (typed[6:], typed[4:6], typed[:4]),
    ):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 2000 <= found.year < 2100:
            return found
    return None


_GENDERS = {
    "nam": "nam", "male": "nam", "m": "nam", "ong": "nam", "anh": "nam", "chu": "nam",
    "nu": "nữ", "female": "nữ", "f": "nữ", "ba": "nữ", "chi": "nữ", "co": "nữ",
}  # fmt: skip


def read_gender(text: str) -> str:
    """Return `nam` or `nữ`; raise `ValueRefused` `gender_unreadable`."""
    found = _GENDERS.get(fold(text).strip(" ."))
    if found is None:
        raise ValueRefused("gender_unreadable", typed=text)
    return found
