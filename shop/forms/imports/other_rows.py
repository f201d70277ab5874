"""Rows below a header that say nothing of their own: sums, column numbers, who signs below."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from shop.forms.imports import ticks
from shop.forms.imports.closing_rows import closing_rows
from shop.forms.imports.columns import Header, plain_name
from shop.forms.imports.ticks import Tick
from shop.forms.tables import Cell, Row

_SUM = re.compile(
    r"(?:tổng(?: cộng| số| kết)|tong (?:cong|so)|(?:grand |sub ?)?total)\b.*"
    r"|(?:tổng|cộng|tong|cong|sum)\s*(?:[:=(\d].*)?",
    re.IGNORECASE,
)
_NUMBER_OF_COLUMN = re.compile(r"\(?(?:\d{1,2}|[A-H])\)?\.?(?: ?=.*)?")


def without_others(rows: Sequence[Row], header: Header) -> tuple[list[Row], list[Tick], list[str]]:
    """Return the rows that say something of their own, what to ask and what to tell about others.

    A sum is asked about, as a name may look like one, and so are names at the end that may be
    those of who signs; the others are only told.
    """
    left = list(rows)
    found: dict[str, list[int]] = {}
    for code, is_such in _KINDS.items():
        found[code] = [row.number for row in left if is_such(row, header)]
        left = [row for row in left if row.number not in found[code]]
    found["closing"], found["names_below"] = closing_rows(left, header)
    left = [row for row in left if row.number not in found["closing"] + found["names_below"]]
    asked = [
        ticks.make_tick(code, rows=found[code])
        for code in ("total_rows", "names_below")
        if found[code]
    ]
    told = [
        ticks.note(code, rows=ticks.listed(found[code]))
        for code in ("header_again", "numbering", "closing")
        if found[code]
    ]
    return left, asked, told


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row.cells if not cell.is_empty and not cell.is_merged]


def _is_sum(row: Row, _header: Header) -> bool:
    cells = _filled(row)
    return bool(cells) and _SUM.fullmatch(" ".join(cells[0].text.split())) is not None


def _is_header_again(row: Row, header: Header) -> bool:
    same = [
        plain_name(row.cell(place).text) == plain_name(header.typed[name])
        for name, place in header.places.items()
        if not row.cell(place).is_empty
    ]
    return len(same) > 1 and all(same)


def _is_numbering(row: Row, header: Header) -> bool:
    """Return whether the row right below the header counts the columns: `A`, `B`, `(1)`, `(2)`."""
    if row.number != header.row + 1:
        return False
    texts = [cell.text.strip() for cell in _filled(row)]
    if len(texts) < 2 or not all(_NUMBER_OF_COLUMN.fullmatch(text) for text in texts):
        return False
    counted = [int(said[0]) for text in texts if (said := re.findall(r"\d+", text))]
    return all(after == before + 1 for before, after in pairwise(counted))


_KINDS: dict[str, Callable[[Row, Header], bool]] = {
    "total_rows": _is_sum,
    "header_again": _is_header_again,
    "numbering": _is_numbering,
}
