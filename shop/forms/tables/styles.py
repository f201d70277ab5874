"""What the numbers of a workbook look like, and the texts that its cells share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shop.forms.tables.file_kinds import FileRefused
from shop.forms.tables.package import Attributes, Package, walk

_MOST_TEXT = 16 * 1024 * 1024
_DAYS_BUILT_IN = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NO_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LAST_DAY = 2_958_465


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles that show a number as a day, and from when days are counted."""

    date_styles: frozenset[int]
    from_1904: bool = False

    def day(self, serial: float) -> date | None:
        """Return the day of a serial number; `None` where no calendar has it.

        Before March 1900 spreadsheets count a day that never was (ECMA-376 part 1, 18.17.4.1).
        """
        whole = int(serial)
        if self.from_1904:
            return date(1904, 1, 1) + timedelta(whole) if 0 <= whole <= _LAST_DAY - 1462 else None
        return serial_day(whole) if 61 <= whole <= _LAST_DAY else None


def serial_day(serial: int) -> date:
    """Return the day that spreadsheets keep as this number.

    >>> serial_day(46331)
    datetime.date(2026, 11, 5)
    """
    return date(1899, 12, 30) + timedelta(serial)


def read_styles(package: Package) -> frozenset[int]:
    """Return the numbers of the cell styles that show a day."""
    if not package.has("xl/styles.xml"):
        return frozenset()
    own: dict[int, bool] = {}
    formats: list[int] = []
    inside = [False]

    def start(tag: str, given: Attributes) -> None:
        if tag == "numFmt":
            own[_number(given, "numFmtId")] = _shows_a_day(given.get("formatCode", ""))
        elif tag == "cellXfs":
            inside[0] = True
        elif tag == "xf" and inside[0]:
            formats.append(_number(given, "numFmtId"))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside[0] = False

    walk(package, "xl/styles.xml", start=start, end=end)
    return frozenset(
        style
        for style, shown_as in enumerate(formats)
        if own.get(shown_as, shown_as in _DAYS_BUILT_IN)
    )


def _shows_a_day(code: str) -> bool:
    """Return whether a number format has days, months or years in it.

    >>> _shows_a_day("dd/mm/yyyy"), _shows_a_day('#,##0 "đồng"'), _shows_a_day("General")
    (True, False, False)
    """
    bare = _NO_DATE.sub("", code).lower()
    return "general" not in bare and re.search("[dy]|m{2}", bare) is not None


def _number(given: Mapping[str, str], name: str) -> int:
    written = given.get(name, "0")
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise FileRefused("file_damaged")
    return int(written)


def read_shared_texts(package: Package) -> list[str]:
    """Return the texts that cells name by number; signs for reading aloud are left out."""
    if not package.has("xl/sharedStrings.xml"):
        return []
    texts: list[str] = []
    parts: list[str] = []
    state = {"reads": False, "aloud": False, "length": 0}

    def start(tag: str, _given: Attributes) -> None:
        if tag == "si":
            parts.clear()
        elif tag == "rPh":
            state["aloud"] = True
        elif tag == "t":
            state["reads"] = not state["aloud"]

    def text(said: str) -> None:
        if state["reads"]:
            parts.append(said)
            state["length"] += len(said)
            if state["length"] > _MOST_TEXT:
                raise FileRefused("file_too_much_inside")

    def end(tag: str) -> None:
        if tag == "t":
            state["reads"] = False
        elif tag == "rPh":
            state["aloud"] = False
        elif tag == "si":
            texts.append(unescaped("".join(parts)))

    walk(package, "xl/sharedStrings.xml", start=start, end=end, text=text)
    return texts


def unescaped(text: str) -> str:
    """Return `text` with the characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19).

    >>> unescaped("Giá_x000D_"), unescaped("_x005F_x0041_")
    ('Giá\\r', '_x0041_')
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
