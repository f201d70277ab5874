"""A table of fees as the office types it: a line for each row, parts between upright strokes.

`Huế, Đà Nẵng | 2 kg | 25k | 5k` means: to either place up to 2 kg for 25.000 ₫, above that
5.000 ₫ for each further started kilogram. Communes carry their province in brackets.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from shop import formats
from shop.forms.base import fault_of
from shop.forms.money import read_amount
from shop.forms.sellers import HIGHEST_FEE_VND
from shop.forms.text import read_text
from shop.forms.values import ValueRefused
from shop.forms.weights import read_weight
from shop.search.folding import fold

HEAVIEST_STEP_G = 1_000_000
MOST_ROWS = 80
LONGEST = 8000

_EVERYWHERE = frozenset(
    ("ca nuoc", "toan quoc", "tat ca", "moi noi", "moi noi khac", "noi khac", "con lai", "all")
)
_ANY_WEIGHT = frozenset(("", "moi can nang", "nang may cung duoc"))
_UP_TO = frozenset(("den", "toi"))
_PER_KG = re.compile(r"\s*/?\s*kg$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A province or commune of today: its code, and its name as the table shows it."""

    code: str
    name: str


FindPlace = Callable[[str], NamedPlace]
"""Returns the place of some words; raises `ValueRefused`: `fee_place_unknown`,
`fee_place_unclear`, both with `typed`."""


def read_fee_table(text: str, *, find_place: FindPlace) -> list[dict[str, Any]]:
    """Return the rows in `text` (see `shop/delivery_fees.py`), none where nothing was typed.

    Raises `ValueRefused`: `fee_rows` with the faults of all rows in words, `fee_rows_many`, and
    what `read_text` refuses.
    """
    lines = [
        (number, line)
        for number, line in enumerate(read_text(text, longest=LONGEST).split("\n"), start=1)
        if line.strip()
    ]
    if len(lines) > MOST_ROWS:
        raise ValueRefused("fee_rows_many", most=MOST_ROWS)
    rows: list[tuple[int, dict[str, Any]]] = []
    faults = []
    for number, line in lines:
        try:
            rows.append((number, read_row(line, find_place)))
        except ValueRefused as refused:
            faults.append(_said(number, str(fault_of(refused))))
    if not faults:
        faults = [_said(number, words) for number, words in _clashes(rows)]
    if faults:
        raise ValueRefused("fee_rows", faults=" ".join(faults))
    return [row for _number, row in rows]


def _said(number: int, words: str) -> str:
    return str(_("Dòng %(number)s: %(fault)s", number=number, fault=words.rstrip(".") + "."))


def read_row(line: str, find_place: FindPlace) -> dict[str, Any]:
    """Return one row of a table.

    Raises `ValueRefused`: `fee_row_parts`, `fee_row_endless` (a fee for each further kilogram
    above any weight), and what places, weights and amounts are refused for.
    """
    parts = [part.strip() for part in line.split("|")]
    if not 3 <= len(parts) <= 4:
        raise ValueRefused("fee_row_parts", typed=line.strip())
    places = _places(parts[0], find_place)
    row: dict[str, Any] = {
        "places": [place.code for place in places],
        "names": [place.name for place in places],
        "fee_vnd": read_amount(parts[2], minimum=0, maximum=HIGHEST_FEE_VND),
    }
    weight = parts[1].strip("-")
    if fold(weight) not in _ANY_WEIGHT:
        first, _blank, rest = weight.partition(" ")
        row["up_to_g"] = read_weight(
            rest if fold(first) in _UP_TO else weight, maximum=HEAVIEST_STEP_G
        )
    further = _PER_KG.sub("", parts[3].removeprefix("+").strip()) if len(parts) > 3 else ""
    if further:
        if "up_to_g" not in row:
            raise ValueRefused("fee_row_endless")
        row["further_kg_vnd"] = read_amount(further, maximum=HIGHEST_FEE_VND)
    return row


def _places(text: str, find_place: FindPlace) -> Sequence[NamedPlace]:
    """Return the places of a row in their order, each once; none of them means everywhere."""
    if fold(" ".join(text.split())) in _EVERYWHERE:
        return []
    names = [part.strip() for part in re.split("[,;]", text) if part.strip()]
    if not names:
        raise ValueRefused("fee_place_unknown", typed=text)
    found = [find_place(name) for name in names]
    return list({place.code: place for place in found}.values())


def _clashes(rows: Sequence[tuple[int, Mapping[str, Any]]]) -> list[tuple[int, str]]:
    """Return the rows that do not go together, each with the words: twice a place and weight,
    something above a row that takes any weight, dearer when lighter."""
    by_place: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for number, row in rows:
        for code in row["places"] or [""]:
            by_place.setdefault(code, []).append((number, row))
    found: dict[int, str] = {}
    for steps in by_place.values():
        steps.sort(key=lambda step: (step[1].get("up_to_g") or HEAVIEST_STEP_G + 1, step[0]))
        for (before, lighter), (after, heavier) in pairwise(steps):
            fault = _clash(before, lighter, heavier)
            if fault:
                found.setdefault(after, fault)
    return sorted(found.items())


def _clash(before: int, lighter: Mapping[str, Any], heavier: Mapping[str, Any]) -> str:
    if lighter.get("up_to_g") == heavier.get("up_to_g"):
        return str(_("Cùng nơi, cùng cân nặng với dòng %(row)s", row=before))
    if heavier["fee_vnd"] < lighter["fee_vnd"]:
        return str(_("Nặng hơn mà rẻ hơn dòng %(row)s", row=before))
    if lighter.get("further_kg_vnd"):
        return str(
            _("Dòng %(row)s đã tính thêm mỗi kg, nên không có dòng nặng hơn nữa", row=before)
        )
    return ""


def fee_table_as_typed(table: Sequence[Mapping[str, Any]] | None) -> str:
    """Return a table as somebody would type it, row by row."""
    return "\n".join(_line(row) for row in table or ())


def _line(row: Mapping[str, Any]) -> str:
    parts = [
        ", ".join(row["names"]) or str(_("Cả nước")),
        formats.weight(row["up_to_g"]).replace("\xa0", " ") if row.get("up_to_g") else "",
        formats.number(row["fee_vnd"]),
    ]
    if row.get("further_kg_vnd"):
        parts.append(formats.number(row["further_kg_vnd"]))
    return " | ".join(parts)
