"""What stands under the last row of an office's list: the day, who signs, and their names."""

import re
from collections.abc import Sequence

from shop.forms.imports.columns import Header
from shop.forms.tables import Cell, Row
from shop.search.folding import fold

_DAY = r"(?:.{0,60}[,.] ?)?ngay [\d.… _]*thang [\d.… _]*nam [\d.… _]*"
_TITLE = (
    r"(?:(?:t\.?m\.?|thay mat|dai dien|xac nhan cua) ?)?(?:nguoi (?:lap(?: (?:bieu|phieu|bang"
    r"|danh sach))?|kiem tra|kiem ke|duyet|giao|nhan|ban|mua)|lap bieu|(?:pho )?giam doc"
    r"|ke toan(?: truong)?|(?:pho )?chu (?:nhiem|tich)|thu (?:kho|quy|truong don vi)"
    r"|truong (?:ban|thon|xom)|ban (?:quan tri|giam doc|kiem soat)|hoi dong quan tri|hdqt|ubnd"
    r"|uy ban nhan dan|hop tac xa|htx)"
    r"(?: (?:htx|hop tac xa|hdqt|hoi dong quan tri|ban quan tri|ubnd|xa|don vi)\b.*)?"
)
_SIGNING = r"\(?(?:da )?ky\b.*(?:ten|dau)\b.*|\(.*\b(?:ky|dong dau|ghi ro ho)\b.*\)|dong dau"
_LINE = re.compile(rf"(?:{_DAY}|{_TITLE}|{_SIGNING})[ .:;,_…-]*")
_NAMES = ("full_name", "name")


def closing_rows(rows: Sequence[Row], header: Header) -> tuple[list[int], list[int]]:
    """Return the numbers of rows that close a list, and of those at its end that only may.

    The first say so themselves: a day, an office, `(Ký tên)`. The others are names below such a
    line, or rows at the end with a name alone where every row before has more.
    """
    start = len(rows)
    while start and (_is_line(rows[start - 1]) or _is_words(rows[start - 1])):
        start -= 1
    lines = [place for place in range(start, len(rows)) if _is_line(rows[place])]
    first = lines[0] if lines else len(rows)
    widest = max((len(_filled(rows[place])) for place in lines), default=0)
    for place in range(first, len(rows)):
        if place not in lines and len(_filled(rows[place])) > widest:
            first = next((line for line in lines if line > place), len(rows))
    while first and _is_name_alone(rows[first - 1], header):
        first -= 1
    if any(len(_filled(row)) < 2 for row in rows[:first]) or not first:
        first = next((line for line in lines if line >= first), len(rows))
    said = [row.number for row in rows[first:] if _is_line(row)]
    return said, [row.number for row in rows[first:] if row.number not in said]


def _filled(row: Row) -> list[Cell]:
    return [cell for cell in row.cells if not cell.is_empty and not cell.is_merged]


def _is_line(row: Row) -> bool:
    texts = [fold(" ".join(cell.text.split())) for cell in _filled(row)]
    return bool(texts) and all(len(text) < 200 and _LINE.fullmatch(text) for text in texts)


def _is_words(row: Row) -> bool:
    signs = "".join(cell.text for cell in _filled(row))
    return not row.is_cut_short and not any(sign.isdigit() for sign in signs)


def _is_name_alone(row: Row, header: Header) -> bool:
    places = [header.places[name] for name in _NAMES if name in header.places]
    has_name = any(not row.cell(place).is_empty for place in places)
    return has_name and len(_filled(row)) == 1 and not row.is_cut_short
