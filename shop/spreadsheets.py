"""Tables for spreadsheets: CSV that Excel reads in Vietnamese, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from shop.clock import VIETNAM

Cell = str | int | date | datetime | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60


def neutral(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula (`commerce.md` 2.3.9).

    >>> neutral("=1+1"), neutral("Chè 200 g")
    ("'=1+1", 'Chè 200 g')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV with the byte order mark by which Excel knows UTF-8; days first in dates."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([neutral(column) for column in columns])
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _written(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return neutral(cell) if isinstance(cell, str) else "" if cell is None else cell


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet; times are those of Việt Nam, amounts are numbers."""
    # loaded when asked for: the web process is smaller without it
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    lines: list[list[Cell]] = [[_kept(cell) for cell in row] for row in rows]
    for number, column in enumerate(columns):
        widest = max([len(column), *(len(str(line[number] or "")) for line in lines)])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(widest + 2, _WIDEST)
    lines.insert(0, [neutral(column) for column in columns])
    for place, line in enumerate(lines):
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet)
            cell.value = value
            cell.number_format = _format(value)
            cell.font = Font(bold=place == 0)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _kept(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.astimezone(VIETNAM).replace(tzinfo=None)
    return neutral(cell) if isinstance(cell, str) else cell


def _format(value: Cell) -> str:
    if isinstance(value, datetime):
        return "dd/mm/yyyy hh:mm"
    if isinstance(value, date):
        return "dd/mm/yyyy"
    return "#,##0" if isinstance(value, int) else "General"
