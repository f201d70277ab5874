"""One row as fields of a form: the same readers, faults that say row, column and code."""

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from shop import messages_forms
from shop.forms.base import Fields, Value
from shop.forms.imports.columns import Header
from shop.forms.tables import Cell, CellKind, Row
from shop.forms.values import ValueRefused

_ERROR_IN_CELL = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE
)
_TOO_NARROW = re.compile("#{3,}")
_FORMULA = re.compile(r"[=@＝＠]|[+\-]\s*[A-Za-z.]+\(")
_LOST_IN_WORD = re.compile(r"[^\W\d_][?\xa1-\xb6\xb8-\xbf][^\W\d_]")
_LOST_BESIDE_WORD = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")
_NAMES = {"name", "full_name", "hamlet", "plot_name", "crop", "kind", "label"}
_CODES = {"sku", "lot", "code", "plot"}
_QUOTED = 60


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell; a `field` of `""` is the whole row."""

    row: int
    field: str
    column: str
    label: str
    typed: str
    code: str
    sentence: str

    @property
    def told(self) -> str:
        """Return where it is, what stands there, and what to type instead."""
        said = {"row": self.row, "sentence": self.sentence}
        if not self.field:
            return str(_("Dòng %(row)s: %(sentence)s", **said))
        said["column"] = self.column or self.label
        if not self.typed or self.typed in self.sentence:
            return str(_("Dòng %(row)s, cột %(column)s: %(sentence)s", **said))
        told = _("Dòng %(row)s, cột %(column)s, đang ghi “%(typed)s”: %(sentence)s",
                 typed=self.typed, **said)  # fmt: skip
        return str(told)


class RowFields(Fields):
    """The cells of one row by the names of their columns."""

    def __init__(self, row: Row, header: Header, labels: Mapping[str, Any]) -> None:
        self.row, self.header, self._labels = row, header, labels
        self.cells = {name: row.cell(place) for name, place in header.places.items()}
        super().__init__({name: _own_text(cell) for name, cell in self.cells.items()})
        self.found: list[CellFault] = []
        self.taken_for: dict[str, Any] = {}
        """Cells taken for what they probably mean: somebody must look at it once."""
        self.stands_in: dict[str, str] = {}
        """Values that this row has in the cell of another column."""
        self._refuse_damage()

    def copy(self) -> "RowFields":
        """Return the row as it was read, to be judged without the faults that are found then."""
        made = copy(self)
        made.faults, made.found = dict(self.faults), list(self.found)
        made.taken_for, made.stands_in = dict(self.taken_for), dict(self.stands_in)
        return made

    def has(self, name: str) -> bool:
        """Return whether something stands in the cell."""
        return name in self.cells and not self.cells[name].is_empty

    def read(
        self,
        name: str,
        reader: Callable[..., Value],
        *,
        instead: Mapping[str, object] | None = None,
        **options: object,
    ) -> Value | None:
        """Return what `reader` makes of the cell; nothing where it is empty or has a fault."""
        if not self.has(name) or name in self.faults:
            return None
        try:
            return reader(self.typed(name), **options)
        except ValueRefused as refused:
            own = (instead or {}).get(refused.code)
            self.wrong(name, refused.code, str(own) if own else messages_forms.sentence(refused))
            return None

    def read_or_take(
        self,
        name: str,
        reader: Callable[..., Value],
        taking: Callable[[ValueRefused], Value | None],
        *,
        instead: Mapping[str, object] | None = None,
        **options: object,
    ) -> Value | None:
        """Return what `read` does, or what `taking` makes of a refusal, noted in `taken_for`."""

        def read(text: str, **given: object) -> Value:
            try:
                return reader(text, **given)
            except ValueRefused as refused:
                taken = taking(refused)
                if taken is None:
                    raise
                self.taken_for[name] = taken
                return taken

        return self.read(name, read, instead=instead, **options)

    def note(self, name: str, refused: ValueRefused) -> None:
        """Note a refusal of one cell, or of the row where `name` is empty."""
        self.wrong(name, refused.code, messages_forms.sentence(refused))

    def wrong(self, name: str, code: str, sentence: str) -> None:
        """Note what is wrong with a cell; the first fault found in it stays."""
        if name in self.faults:
            return
        self.refuse(name, sentence)
        self.found.append(
            CellFault(
                row=self.row.number,
                field=name,
                column=self.header.typed.get(name, ""),
                label=str(self._labels.get(name, "")),
                typed=messages_forms.quotable(self.typed(name)[:_QUOTED]),
                code=code,
                sentence=sentence,
            )
        )

    @property
    def in_order(self) -> list[CellFault]:
        """Return the faults as their cells stand in the row; first those of the whole row."""
        places = {"": -1} | dict(self.header.places)
        return sorted(self.found, key=lambda fault: places.get(fault.field, len(self.cells)))

    def is_number(self, name: str) -> bool:
        """Return whether a spreadsheet kept the cell as a number, without zeros before it."""
        return self.has(name) and self.cells[name].kind is CellKind.NUMBER

    def _refuse_damage(self) -> None:
        """Refuse what no reader should see: errors, formulas, cells drawn over, torn rows."""
        for name, cell in self.cells.items():
            if code := _damage(cell, is_name=name in _NAMES, is_word=name in _NAMES | _CODES):
                self.note(name, ValueRefused(code, typed=cell.text))
        if self.row.is_cut_short:
            self.note("", ValueRefused("row_cut_short"))
        elif self.header.width is not None and len(self.row.cells) > self.header.width:
            self.note("", ValueRefused("row_too_wide"))


def _own_text(cell: Cell) -> str:
    """Return the text of a cell without the `'` by which a spreadsheet knows that it is text."""
    return cell.text.strip().removeprefix("'").strip()


def _damage(cell: Cell, *, is_name: bool, is_word: bool) -> str:
    text = cell.text.strip()
    if cell.is_merged:
        return "cell_merged"
    if cell.kind is CellKind.FORMULA:
        return "cell_formula_empty"
    if cell.kind is CellKind.DATE and is_word:
        return "cell_became_date"
    if cell.kind is CellKind.ERROR or _ERROR_IN_CELL.fullmatch(text):
        return "cell_error"
    return _damage_of_text(text, is_name=is_name)


def _damage_of_text(text: str, *, is_name: bool) -> str:
    if _TOO_NARROW.fullmatch(text):
        return "cell_too_narrow"
    if _FORMULA.match(text):
        return "cell_is_formula"
    lost = _LOST_IN_WORD.search(text) and "://" not in text
    if lost or (is_name and _LOST_BESIDE_WORD.search(text)):
        return "text_letters_lost"
    return ""
