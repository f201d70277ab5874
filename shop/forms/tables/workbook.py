"""An XLSX workbook: its sheets in order, what is hidden, and the rows of each."""

import posixpath
from dataclasses import dataclass, field

from shop.forms.tables.cells import Sheet
from shop.forms.tables.file_kinds import FileRefused
from shop.forms.tables.package import Attributes, Package, walk
from shop.forms.tables.sheet_rows import SheetReader
from shop.forms.tables.styles import Styles, read_shared_texts, read_styles

MOST_SHEETS = 60


@dataclass(slots=True)
class _Contents:
    """What the workbook part says: name, relation and state of each sheet."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    counts_from_1904: bool = False

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "workbookPr":
            self.counts_from_1904 = given.get("date1904", "0") in {"1", "true"}
        elif tag == "sheet":
            is_hidden = given.get("state", "visible") != "visible"
            self.sheets.append((given.get("name", ""), given.get("id", ""), is_hidden))


def read_workbook(content: bytes, *, most_rows: int) -> list[Sheet]:
    """Return the sheets of a workbook with the rows in which something stands.

    Formulas give the result that was saved with them, days stay days whatever their looks.
    Raises `FileRefused`: `file_damaged`, `file_too_much_inside`, `file_too_many_rows`.
    """
    package = Package(content)
    contents, places = _Contents(), _relations(package, "xl/workbook.xml")
    walk(package, "xl/workbook.xml", start=contents.start)
    if not contents.sheets or len(contents.sheets) > MOST_SHEETS:
        raise FileRefused("file_too_much_inside" if contents.sheets else "file_damaged")
    styles = Styles(date_styles=read_styles(package), from_1904=contents.counts_from_1904)
    texts = read_shared_texts(package)
    sheets = []
    for name, relation, is_hidden in contents.sheets:
        place = places.get(relation)
        if place is None or not package.has(place):
            raise FileRefused("file_damaged")
        if "worksheets/" not in place.lower():
            continue
        reader = SheetReader(texts, styles, most_rows=most_rows, is_hidden=is_hidden)
        walk(package, place, start=reader.start, end=reader.end, text=reader.text)
        sheets.append(Sheet(name, reader.finished(), is_hidden=is_hidden, notes=reader.notes))
    return sheets


def _relations(package: Package, part: str) -> dict[str, str]:
    """Return the part that each relation of `part` leads to."""
    folder, name = posixpath.split(part)
    found: dict[str, str] = {}

    def start(tag: str, given: Attributes) -> None:
        if tag == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "").replace("\\", "/")
            place = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            found[given.get("Id", "")] = posixpath.normpath(place)

    walk(package, f"{folder}/_rels/{name}.rels", start=start)
    return found
