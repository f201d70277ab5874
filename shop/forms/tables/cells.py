"""One cell of a table as it stands in the file, before anybody reads a value from it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shop.forms.characters import without_invisible

ROWS_BESIDE = 30
"""Rows of titles, names of columns and sums that may stand beside those that count."""


class CellKind(StrEnum):
    """What a spreadsheet says a cell holds; in a CSV everything is text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ERROR = "error"
    FORMULA = "formula"
    """A formula whose result is not in the file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, written as a person here would write it: `1,5`, `05/11/2026`."""

    text: str = ""
    kind: CellKind = CellKind.TEXT
    day: date | None = None
    """The day of a cell that the spreadsheet keeps as a day."""
    is_merged: bool = False
    """Whether the cell lies under another one that was drawn over it."""
    is_computed: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nobody sees anything in the cell."""
        if self.kind is CellKind.FORMULA or self.is_merged:
            return False
        return not without_invisible(self.text).strip()


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is what a spreadsheet shows beside it, from 1."""

    number: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False
    is_cut_short: bool = False
    """Whether the file ends in the middle of this row."""

    @property
    def is_empty(self) -> bool:
        """Return whether no cell of the row has anything in it; merged cells count for nothing."""
        return all(cell.is_empty or cell.is_merged for cell in self.cells)

    def cell(self, column: int) -> Cell:
        """Return the cell in `column`, from 0; an empty one beyond the last."""
        return self.cells[column] if column < len(self.cells) else EMPTY


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that have something in them."""

    name: str
    rows: list[Row]
    encoding: str = ""
    """How the letters of a CSV were written: `utf-8`, `utf-16`, `cp1258`, `tcvn3`, `vni` …"""
    is_hidden: bool = False
    notes: list[str] = field(default_factory=list)
    """Codes of what a reader should know: `formulas`."""


def column_letter(column: int) -> str:
    """Return what a spreadsheet calls the column, from 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
