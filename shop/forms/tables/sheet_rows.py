"""The rows of one sheet of a workbook, told by its XML element by element."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from shop.forms.tables.cells import EMPTY, ROWS_BESIDE, Cell, CellKind, Row
from shop.forms.tables.delimited import LONGEST_CELL, MOST_COLUMNS
from shop.forms.tables.file_kinds import FileRefused
from shop.forms.tables.package import Attributes, Enough
from shop.forms.tables.styles import Styles, unescaped

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_MOST_ELEMENTS = 8_000_000
_MOST_MERGES = 20_000
_DIGITS_KEPT = 15
"""Spreadsheets keep fifteen digits of a number; what they show of more is made up."""


@dataclass(slots=True)
class SheetReader:
    """Gathers the rows of a sheet in which something stands."""

    texts: list[str]
    styles: Styles
    most_rows: int
    is_hidden: bool = False
    notes: list[str] = field(default_factory=list)
    _rows: list[Row] = field(default_factory=list)
    _merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    _cells: dict[int, Cell] = field(default_factory=dict)
    _row: int = 0
    _is_row_hidden: bool = False
    _column: int = -1
    _given: Attributes = field(default_factory=dict)
    _parts: list[str] = field(default_factory=list)
    _has_formula: bool = False
    _reading: str = ""
    _elements: int = 0

    def start(self, tag: str, given: Attributes) -> None:
        """Take the beginning of an element."""
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise FileRefused("file_too_much_inside")
        if tag == "row":
            self._row = _row_number(given.get("r"), self._row + 1)
            self._is_row_hidden = given.get("hidden", "0") in {"1", "true"}
            self._cells, self._column = {}, -1
        elif tag == "c":
            self._column = _column_number(given.get("r"), self._column + 1)
            self._given, self._parts, self._has_formula = given, [], False
        elif tag == "f":
            self._has_formula = True
        elif tag in {"v", "t"}:
            self._reading = tag
        elif tag == "rPh":
            self._reading = ""
        elif tag == "mergeCell":
            self._merge(given.get("ref", ""))

    def text(self, said: str) -> None:
        """Take letters."""
        if self._reading:
            self._parts.append(said)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in {"v", "t"}:
            self._reading = ""
        elif tag == "c":
            cell = self._cell()
            if not cell.is_empty and self._column <= MOST_COLUMNS:
                self._cells[self._column] = cell
        elif tag == "row" and self._cells:
            self._keep()

    def finished(self) -> list[Row]:
        """Return the rows, with what lies under merged cells marked."""
        for first_row, first, last_row, last in self._merges:
            for place, row in enumerate(self._rows):
                if first_row < row.number <= last_row:
                    self._rows[place] = _covered(row, first, last)
        return [row for row in self._rows if not row.is_empty]

    def _keep(self) -> None:
        if len(self._rows) == self.most_rows + ROWS_BESIDE:
            if self.is_hidden:
                raise Enough
            raise FileRefused("file_too_many_rows", most=self.most_rows)
        width = max(self._cells) + 1
        cells = tuple(self._cells.get(column, EMPTY) for column in range(width))
        self._rows.append(Row(self._row, cells, is_hidden=self._is_row_hidden))

    def _cell(self) -> Cell:
        text, kind = "".join(self._parts), self._given.get("t", "n")
        if self._has_formula and not text:
            return Cell(kind=CellKind.FORMULA, is_computed=True)
        if self._has_formula and "formulas" not in self.notes:
            self.notes.append("formulas")
        if kind == "n":
            return self._number(text.strip())
        if kind == "e":
            return Cell(text, CellKind.ERROR)
        return Cell(self._said(kind, text)[: LONGEST_CELL + 1], is_computed=self._has_formula)

    def _said(self, kind: str, text: str) -> str:
        if kind == "s":
            return self._shared(text)
        if kind == "b":
            return "có" if text.strip() == "1" else "không"
        return text.partition("T")[0] if kind == "d" else unescaped(text)

    def _shared(self, text: str) -> str:
        if not text.strip():
            return ""
        if not re.fullmatch("[0-9]{1,7}", text.strip()) or int(text) >= len(self.texts):
            raise FileRefused("file_damaged")
        return self.texts[int(text)]

    def _number(self, text: str) -> Cell:
        """Return a number as people write it here, or the day that it stands for."""
        if not text:
            return EMPTY
        try:
            value = Decimal(text)
        except InvalidOperation as error:
            raise FileRefused("file_damaged") from error
        if not value.is_finite() or abs(value.adjusted()) > 400:
            raise FileRefused("file_damaged")
        style = self._given.get("s", "0")
        if style.isdecimal() and len(style) < 8 and int(style) in self.styles.date_styles:
            day = self.styles.day(float(value))
            if day is not None:
                return Cell(f"{day:%d/%m/%Y}", CellKind.DATE, day=day)
        return Cell(written(value), CellKind.NUMBER, is_computed=self._has_formula)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
        if None in corners or len(self._merges) >= _MOST_MERGES:
            raise FileRefused("file_damaged")
        (left, top), (right, bottom) = (
            (_column(corner[1]), int(corner[2])) for corner in corners if corner
        )
        if bottom > top:
            self._merges.append((top, left, bottom, right))


def written(value: Decimal) -> str:
    """Return a number of a spreadsheet as people write it here, without the noise of binary.

    What has more digits than a spreadsheet keeps comes out in powers of ten: it is damaged.

    >>> written(Decimal("90000")), written(Decimal("0.30000000000000004")), written(Decimal("5E1"))
    ('90000', '0,3', '50')
    >>> written(Decimal("1234567890123456"))
    '1,23456789012346E+15'
    """
    rounded = Decimal(f"{value:.{_DIGITS_KEPT - 1}E}")
    if rounded.adjusted() >= _DIGITS_KEPT or rounded.adjusted() < -_DIGITS_KEPT:
        digits = f"{rounded.normalize():E}"
        return digits.replace(".", ",")
    plain = f"{rounded:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",")


def _covered(row: Row, first: int, last: int) -> Row:
    """Return `row` with its empty cells from `first` to `last` marked as drawn over."""
    cells = [row.cell(column) for column in range(max(len(row.cells), min(last, 50) + 1))]
    for column in range(first, min(last + 1, len(cells))):
        if cells[column].is_empty:
            cells[column] = Cell(is_merged=True)
    return Row(row.number, tuple(cells), is_hidden=row.is_hidden)


def _row_number(written: str | None, following: int) -> int:
    if written is None:
        return following
    if not re.fullmatch("[1-9][0-9]{0,6}", written):
        raise FileRefused("file_damaged")
    return int(written)


def _column_number(reference: str | None, following: int) -> int:
    if reference is None:
        return following
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise FileRefused("file_damaged")
    return _column(found[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
