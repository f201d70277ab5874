"""Codes that a spreadsheet turned into days before it saved them in a CSV, which keeps text alone.

`1-10` becomes `1-Oct` or `01-thg10`, `10-1-26` becomes `10/1/2026`, and a column of days without
their format becomes `46327`.
"""

import re
from collections.abc import Sequence

from shop.forms.imports.readers import EARLIEST_SERIAL, LATEST_SERIAL
from shop.forms.imports.row_fields import RowFields
from shop.forms.tables import CellKind
from shop.forms.values import ValueRefused

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:thg ?(?P<number>\d{{1,2}})|(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}})"
_DAY_AND_MONTH = re.compile(
    rf"(?P<day>\d{{1,2}})[- ]{_MONTH}(?:[- ](?P<year>\d{{4}}|\d{{2}}))?", re.IGNORECASE
)
_MONTH_AND_YEAR = re.compile(rf"{_MONTH}[- ](?P<year>\d{{4}}|\d{{2}})", re.IGNORECASE)
_FIGURES = re.compile(
    r"(?:\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}([/-])\d{1,2}\2\d{1,2})(?: 0?0:00(?::00)?)?"
)
_SERIAL = re.compile(r"\d{5}")


def refuse_days(rows: Sequence[RowFields], names: Sequence[str]) -> None:
    """Note `code_is_day` for each code of a CSV that only a spreadsheet writes so: `1-Oct`.

    In a workbook a text stays as it was typed, and a day says that it is one.
    """
    for fields in rows:
        for name in names:
            typed = _plain(fields, name)
            if typed and (meant := _meant(typed)):
                fields.note(name, ValueRefused("code_is_day", typed=typed, meant=meant))


def perhaps_days(
    rows: Sequence[RowFields], names: Sequence[str]
) -> dict[str, list[tuple[int, str]]]:
    """Return row and text of each code of a CSV that may be a day, by the tick that asks so.

    A lot may well be called `15/10/2026`, and a pack `45000`.
    """
    found: dict[str, list[tuple[int, str]]] = {"codes_as_days": [], "codes_as_serials": []}
    for fields in rows:
        for typed in filter(None, (_plain(fields, name) for name in names)):
            if _FIGURES.fullmatch(typed):
                found["codes_as_days"].append((fields.row.number, typed))
            elif _SERIAL.fullmatch(typed) and EARLIEST_SERIAL <= int(typed) <= LATEST_SERIAL:
                found["codes_as_serials"].append((fields.row.number, typed))
    return found


def _plain(fields: RowFields, name: str) -> str:
    """Return the text of a cell of a CSV; nothing for one of a workbook."""
    cell = fields.cells.get(name)
    if cell is None or fields.header.width is None or cell.kind is not CellKind.TEXT:
        return ""
    return fields.typed(name).strip()


def _meant(typed: str) -> str:
    """Return what was probably typed for `1-Oct`; nothing for what is no day.

    A spreadsheet writes no month in capitals, as `MAY-01` of a machine is.
    """
    found = _DAY_AND_MONTH.fullmatch(typed) or _MONTH_AND_YEAR.fullmatch(typed)
    if found is None or typed.isupper():
        return ""
    month = found["number"] or str(_MONTHS.index(found["name"].lower()) + 1)
    if not 1 <= int(month) <= 12:
        return ""
    said = [found.groupdict().get("day"), month, found["year"]]
    return "-".join(str(int(part)) if len(part) < 3 else part for part in said if part)
