"""What somebody must look at before rows are brought in: nothing of it is guessed away."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shop.forms.imports.codes_as_days import perhaps_days
from shop.forms.imports.kinds import CODES, DAYS, ImportKind
from shop.forms.imports.old_letters import Conversion
from shop.forms.imports.row_fields import RowFields
from shop.forms.legacy_text import BROKEN, NAMES
from shop.forms.tables import CellKind
from shop.messages_imports import NOTES, TICKS

_SWAPPABLE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{2}|\d{4})")
_SHOWN = 12
_QUOTED = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A question with its code; `rows` are those that it is about, none for the whole file."""

    code: str
    sentence: str
    rows: Sequence[int] = field(default_factory=tuple)


def make_tick(code: str, *, rows: Sequence[int] = (), **values: object) -> Tick:
    """Return the question of `code` with its values filled in."""
    filled = {"rows": listed(rows)} | values
    words = code
    if code == "legacy_encoding" and values.get("encoding") == BROKEN:
        words = "letters_broken"
    elif code == "legacy_encoding" and not values.get("before"):
        words = "legacy_file"
    return Tick(code, str(TICKS[words]) % filled, tuple(rows))


def note(code: str, **values: object) -> str:
    """Return the sentence of a note."""
    return str(NOTES[code]) % values


def listed(rows: Sequence[int]) -> str:
    """Return the numbers of the first rows: `2, 5, 9 …`."""
    shown = ", ".join(map(str, rows[:_SHOWN]))
    return f"{shown} …" if len(rows) > _SHOWN else shown


def _quoted(texts: Sequence[str]) -> str:
    """Return the first different texts in quotation marks."""
    different = list(dict.fromkeys(texts))
    shown = ", ".join(f"“{text}”" for text in different[:_QUOTED])
    return f"{shown} …" if len(different) > _QUOTED else shown


def of_letters(conversions: Sequence[Conversion]) -> list[Tick]:
    """Return the question about letters of an old font; none where all was Unicode."""
    if not conversions:
        return []
    first = conversions[0]
    return [
        make_tick(
            "legacy_encoding",
            encoding=NAMES.get(first.encoding, first.encoding),
            before=first.before,
            after=first.after,
        )
    ]


def of_rows(kind: ImportKind, rows: Sequence[RowFields]) -> list[Tick]:
    """Return the questions about hidden rows, codes kept as numbers, and days turned round."""
    found = []
    hidden = [fields.row.number for fields in rows if fields.row.is_hidden]
    if hidden:
        found.append(make_tick("hidden_rows", rows=hidden, count=len(hidden)))
    as_numbers = [fields.row.number for fields in rows if any(map(fields.is_number, CODES[kind]))]
    if as_numbers:
        found.append(make_tick("codes_as_numbers", rows=as_numbers))
    for code, cells in perhaps_days(rows, CODES[kind]).items():
        if cells:
            numbers, typed = zip(*cells, strict=True)
            found.append(make_tick(code, rows=numbers, typed=_quoted(typed)))
    for name in DAYS[kind]:
        found += _of_days(name, rows)
    return found


def _of_days(name: str, rows: Sequence[RowFields]) -> list[Tick]:
    """Ask where a spreadsheet read some days of a column, and could not read others.

    One set to month-first dates takes `05/11` for the 11th of May and leaves `25/11` a text.
    """
    read, left = [], False
    for fields in rows:
        cell = fields.cells.get(name)
        if cell is None or cell.is_empty:
            continue
        if cell.kind is CellKind.DATE and cell.day is not None and cell.day.day <= 12:
            read.append(fields.row.number)
        elif cell.kind is CellKind.TEXT and (said := _SWAPPABLE.fullmatch(cell.text.strip())):
            left = left or int(said[1]) > 12
    if not read or not left:
        return []
    column = rows[0].header.typed_name(name)
    return [make_tick("dates_swapped", rows=read, column=column)]
