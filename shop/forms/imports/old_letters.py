"""Cells whose letters were drawn by an old font: what they say, and that somebody must look."""

from dataclasses import dataclass

from shop.forms.legacy_text import recognise
from shop.forms.tables import Cell, Row, Sheet
from shop.forms.tables.encodings import LEGACY


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was read in an old way: `before` as it stands there, `after` as it is meant."""

    encoding: str
    before: str
    after: str


def in_unicode(sheet: Sheet) -> tuple[Sheet, list[Conversion]]:
    """Return `sheet` with its old letters read, and what was read so.

    A workbook keeps the letters of an old font as they are, cell by cell; a CSV was read as a
    whole before, and its first words with accents are shown.
    """
    found: list[Conversion] = []
    rows = [_row(row, found) for row in sheet.rows]
    if sheet.encoding in LEGACY and not found:
        texts = (cell.text for row in rows for cell in row.cells if not cell.text.isascii())
        found.append(Conversion(sheet.encoding, "", next(texts, "")))
    return Sheet(sheet.name, rows, sheet.encoding, sheet.is_hidden, sheet.notes), found


def _row(row: Row, found: list[Conversion]) -> Row:
    cells = tuple(_cell(cell, found) for cell in row.cells)
    return Row(row.number, cells, row.is_hidden, row.is_cut_short)


def _cell(cell: Cell, found: list[Conversion]) -> Cell:
    if cell.text.isascii() or (legacy := recognise(cell.text)) is None:
        return cell
    found.append(Conversion(legacy.encoding, cell.text, legacy.text))
    return Cell(legacy.text, cell.kind, cell.day, cell.is_merged, cell.is_computed)
