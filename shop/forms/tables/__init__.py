"""Tables that people send: bytes of a CSV or XLSX file into rows of cells, or one refusal."""

from shop.forms.tables.cells import Cell, CellKind, Row, Sheet
from shop.forms.tables.delimited import read_delimited
from shop.forms.tables.file_kinds import FileKind, FileRefused, recognise_file
from shop.forms.tables.workbook import read_workbook

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "Cell",
    "CellKind",
    "FileRefused",
    "Row",
    "Sheet",
    "read_sheets",
]

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is read."""

MOST_ROWS = 1000
"""Rows of goods or people in one file: what is written in one short transaction."""


def read_sheets(content: bytes) -> list[Sheet]:
    """Return the sheets of a file with something in them; a CSV is one sheet without a name.

    What it is shows in its bytes, never in its name. Raises `FileRefused` with a code that says
    how to save the file instead: `file_empty`, `file_too_large`, `file_is_...`,
    `file_damaged`, `file_too_much_inside`, `file_too_many_rows`, `file_encoding_unknown`,
    `file_quote_unclosed`.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused("file_too_large", megabytes=MOST_BYTES // 1024 // 1024)
    if recognise_file(content) is FileKind.WORKBOOK:
        sheets = read_workbook(content, most_rows=MOST_ROWS)
    else:
        sheets = [read_delimited(content, most_rows=MOST_ROWS)]
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise FileRefused("file_empty")
    return found
