"""The columns of an import, found by what stands above them, in any order and any spelling."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from shop.forms.tables import Cell, FileRefused, Row, Sheet
from shop.forms.tables.cells import column_letter
from shop.search.folding import fold

_LOOKED_AT = 20
_LEAST_FOUND = 2
_BRACKETS = re.compile(r"[\(\[\{](.*?)[\)\]\}]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: our name for it, what pages call it, and the names under which it comes.

    `names` are without marks, spaces and signs. `units` says what a unit beside the name means,
    so that a number alone is understood.
    """

    key: str
    label: Any
    names: tuple[str, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    meaning: Any = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands in one sheet."""

    row: int
    places: Mapping[str, int]
    typed: Mapping[str, str]
    """What stands above each column, as it is written there."""
    units: Mapping[str, str]
    unknown: Sequence[str]
    titles: int
    """Rows above the header."""
    width: int | None
    """How many columns a row of a CSV may have: more than that is a torn text."""

    def typed_name(self, name: str) -> str:
        """Return what the file calls the column; our own name where it has none."""
        return self.typed.get(name, name)


def plain_name(text: str) -> str:
    """Return the letters and digits of a column's name.

    >>> plain_name(" Giá bán * "), plain_name("khoi_luong_g")
    ('giaban', 'khoiluongg')
    """
    return re.sub(r"[^a-z0-9]", "", fold(text))


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header | None:
    """Return the header of `sheet`: the row with the most names we know; `None` without one.

    Raises `FileRefused` `columns_twice` where two columns say the same.
    """
    best, most = None, 0
    for place, row in enumerate(sheet.rows[:_LOOKED_AT]):
        found = sum(recognise(cell.text, columns) is not None for cell in row.cells)
        if found > most:
            best, most = place, found
    if best is None or most < min(_LEAST_FOUND, len(sheet.rows[best].cells)):
        return None
    return _header(sheet, best, columns)


def recognise(text: str, columns: Sequence[Column]) -> tuple[Column, str] | None:
    """Return the column that `text` names, and the unit beside the name, if it names one.

    >>> price = Column("price", "giá", ("gia", "giaban"), units={"dong": "đồng"})
    >>> recognise("Giá bán (đồng)", [price])[1], recognise("ton", [price])
    ('đồng', None)
    """
    bare = plain_name(_BRACKETS.sub(" ", text))
    beside = plain_name(" ".join(_BRACKETS.findall(text)))
    for column in columns:
        if bare in column.names:
            return column, column.units.get(beside, "")
    for column in columns:
        for written, unit in column.units.items():
            if bare.endswith(written) and bare.removesuffix(written) in column.names:
                return column, unit
    return None


def _second_line(sheet: Sheet, place: int, columns: Sequence[Column]) -> Row | None:
    """Return the row below the names where it goes on with them, as units in a row of their own.

    Then it has no figures outside brackets, and stands under measures or under nothing.
    """
    row, below = sheet.rows[place], sheet.rows[place + 1 : place + 2]
    if not below or below[0].number != row.number + 1 or not _is_free(below[0].cell(0)):
        return None
    filled = [number for number, cell in enumerate(below[0].cells) if not _is_free(cell)]
    for number in filled:
        known = recognise(row.cell(number).text, columns)
        if known is not None and not known[0].units:
            return None
        if any(sign.isdigit() for sign in _BRACKETS.sub(" ", below[0].cell(number).text)):
            return None
    return below[0] if filled else None


def _is_free(cell: Cell) -> bool:
    return cell.is_empty or cell.is_merged


def _name(row: Row, second: Row | None, number: int) -> str:
    """Return what stands above a column, with what the second line adds in brackets."""
    text = " ".join(row.cell(number).text.split())
    added = " ".join(second.cell(number).text.split()) if second is not None else ""
    if not text or not added:
        return text or added
    return f"{text} ({added.strip('()[]{} ')})"


def _header(sheet: Sheet, place: int, columns: Sequence[Column]) -> Header:
    row, second = sheet.rows[place], _second_line(sheet, place, columns)
    places: dict[str, int] = {}
    typed: dict[str, str] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    is_csv, below = bool(sheet.encoding), sheet.rows[place + (2 if second else 1) :]
    wide = [row, second or row] if is_csv else sheet.rows[place:]
    for number in range(max(len(one.cells) for one in wide)):
        text = _name(row, second, number)
        known = recognise(text, columns) if text else None
        if known is None:
            if text or any(not one.cell(number).is_empty for one in below):
                unknown.append(text[:40] or str(_("cột %(letter)s", letter=column_letter(number))))
            continue
        column, unit = known
        if column.key in places:
            twice = f"{typed[column.key]}, {text}"
            raise FileRefused("columns_twice", columns=twice)
        places[column.key], typed[column.key] = number, text
        if unit:
            units[column.key] = unit
    width = max(len(one.cells) for one in wide) if is_csv else None
    return Header((second or row).number, places, typed, units, unknown, titles=place, width=width)
