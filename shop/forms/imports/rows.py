"""The rows of a file as fields: the sheet that is meant, its header, what has to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from shop.forms.imports import ticks
from shop.forms.imports.codes_as_days import refuse_days
from shop.forms.imports.columns import Header, find_header
from shop.forms.imports.kinds import CODES, COLUMNS, NEEDED, ImportKind
from shop.forms.imports.old_letters import in_unicode
from shop.forms.imports.other_rows import without_others
from shop.forms.imports.row_fields import RowFields
from shop.forms.imports.ticks import Tick
from shop.forms.tables import MOST_ROWS, FileRefused, Row, Sheet, read_sheets


@dataclass(frozen=True, slots=True)
class FileRows:
    """What a file says, before anybody knows what is new in it."""

    header: Header
    rows: list[RowFields]
    ticks: list[Tick]
    notes: list[str]
    sheet: str
    sheets: Sequence[str]
    encoding: str

    def copy(self) -> "FileRows":
        """Return the rows as they were read, to be judged once more."""
        return replace(self, rows=[fields.copy() for fields in self.rows])


def read_rows(content: bytes, kind: ImportKind, *, sheet: str = "") -> FileRows:
    """Return the rows of `content` under their columns.

    Of several sheets the one with a header is meant, or the one named `sheet`. Raises
    `FileRefused`: as `read_sheets` does, and `sheet_unclear` and `sheet_hidden` (with `names`),
    `sheet_missing`, `header_missing`, `columns_missing`, `columns_twice`, `no_rows`,
    `file_too_many_rows`.
    """
    readable = [in_unicode(one) for one in read_sheets(content)]
    chosen, header = _choose([one for one, _found in readable], kind, sheet)
    conversions = next(found for one, found in readable if one is chosen)
    _refuse_missing(header, kind)
    labels = {column.key: column.label for column in COLUMNS[kind]}
    below = [row for row in chosen.rows if row.number > header.row]
    own, sums, told = without_others(below, header)
    rows = [RowFields(row, header, labels) for row in own if _says_something(row, header)]
    if not rows:
        raise FileRefused("no_rows")
    if len(rows) > MOST_ROWS:
        raise FileRefused("file_too_many_rows", most=MOST_ROWS)
    refuse_days(rows, CODES[kind])
    asked = ticks.of_letters(conversions)
    if header.unknown:
        asked.append(ticks.make_tick("columns_unknown", columns=", ".join(header.unknown)))
    others = [one.name for one, _found in readable if one is not chosen]
    return FileRows(
        header,
        rows,
        [*asked, *sums, *ticks.of_rows(kind, rows)],
        _notes(chosen, header, others) + told,
        chosen.name,
        [one.name for one, _found in readable],
        chosen.encoding,
    )


def _choose(sheets: Sequence[Sheet], kind: ImportKind, name: str) -> tuple[Sheet, Header]:
    names = [one.name for one in sheets]
    listed = ", ".join(f"“{one}”" for one in names)
    if name and name not in names:
        raise FileRefused("sheet_missing", sheet=name, sheets=listed)
    seen = [one for one in sheets if (one.name == name if name else not one.is_hidden)]
    found = [(one, header) for one in seen if (header := find_header(one, COLUMNS[kind]))]
    if len(found) > 1:
        meant = [one.name for one, _header in found]
        quoted = ", ".join(f"“{one}”" for one in meant)
        raise FileRefused("sheet_unclear", sheets=quoted, names=meant)
    hidden = [one.name for one in sheets if one.is_hidden and find_header(one, COLUMNS[kind])]
    if not found and not name and hidden:
        listed = ", ".join(f"“{one}”" for one in hidden)
        raise FileRefused("sheet_hidden", sheets=listed, names=hidden)
    if not found:
        columns = COLUMNS[kind][:4]
        raise FileRefused("header_missing", expected=", ".join(str(one.label) for one in columns))
    return found[0]


def _refuse_missing(header: Header, kind: ImportKind) -> None:
    labels = {column.key: str(column.label) for column in COLUMNS[kind]}
    missing = [
        f" {_('hoặc')} ".join(labels[name] for name in group)
        for group in NEEDED[kind]
        if not any(name in header.places for name in group)
    ]
    if missing:
        present = ", ".join([*header.typed.values(), *header.unknown])
        raise FileRefused("columns_missing", missing=", ".join(missing), present=present)


def _says_something(row: Row, header: Header) -> bool:
    cells = [row.cell(place) for place in header.places.values()]
    return any(not cell.is_empty and not cell.is_merged for cell in cells)


def _notes(sheet: Sheet, header: Header, others: Sequence[str]) -> list[str]:
    found = []
    if others:
        found.append(ticks.note("sheet", sheet=sheet.name, others=", ".join(others)))
    if header.titles:
        found.append(ticks.note("titles", count=header.titles))
    if sheet.encoding not in {"", "utf-8"}:
        found.append(ticks.note("encoding", encoding=sheet.encoding))
    return found + [ticks.note(code) for code in sheet.notes]
