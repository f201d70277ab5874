"""What it costs to bring goods somewhere: rows of place and weight, the most specific place wins.

Pure reckoning, so that page, checkout and order say one fee. A row is kept as JSON on its way of
delivery: `{"places": [codes], "names": [words], "up_to_g": 2000, "fee_vnd": 25000,
"further_kg_vnd": 5000}`; no code means everywhere, no `up_to_g` any weight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Table = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is to be brought, and where to as far as is known; `weight_g` in grams."""

    weight_g: int
    is_chilled: bool = False
    province_code: str | None = None
    commune_code: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """The fee in đồng, and the code of what is in the way: `obstacle` empty means nothing is.

    `is_least` says that the place is not known and another may cost more.
    """

    fee_vnd: int
    obstacle: str = ""
    is_least: bool = False


def price(table: Table, shipment: Shipment) -> Price:
    """Return the fee of the rows for the commune, else the province, else everywhere.

    Obstacles: `delivery_does_not_reach` without a row for the place, `delivery_too_heavy` above
    the last step of the rows for it.
    """
    for code in (shipment.commune_code, shipment.province_code, ""):
        rows = _rows_for(table, code) if code is not None else []
        if rows:
            return _by_weight(rows, shipment.weight_g)
    return Price(0, "delivery_does_not_reach")


def least(table: Table, weight_g: int) -> Price:
    """Return the lowest fee for `weight_g` at any place of the table, while none is known."""
    fees = [found.fee_vnd for found in _everywhere(table, weight_g) if not found.obstacle]
    return Price(min(fees), is_least=True) if fees else Price(0, "delivery_too_heavy")


def most(table: Table, weight_g: int) -> int | None:
    """Return the highest fee in đồng for `weight_g` at any place; `None` if no place takes it."""
    fees = [found.fee_vnd for found in _everywhere(table, weight_g) if not found.obstacle]
    return max(fees, default=None)


def reached(table: Table) -> list[str] | None:
    """Return the names of the places it reaches, each once; `None` where a row is for all."""
    if any(not row["places"] for row in table):
        return None
    return list(dict.fromkeys(name for row in table for name in row["names"]))


def bounds(table: Table) -> tuple[int, int]:
    """Return the lowest and the highest fee that stand in the table, in đồng."""
    fees = [row["fee_vnd"] for row in table]
    return min(fees), max(fees)


def further(table: Table) -> int | None:
    """Return the highest fee in đồng for each further started kilogram, if there is one."""
    return max((row.get("further_kg_vnd") or 0 for row in table), default=0) or None


def _everywhere(table: Table, weight_g: int) -> Iterator[Price]:
    codes = {code for row in table for code in row["places"] or [""]}
    return (_by_weight(_rows_for(table, code), weight_g) for code in sorted(codes))


def _rows_for(table: Table, code: str) -> list[Row]:
    """Return the rows for one place, lightest first; an empty code means everywhere else."""
    rows = [row for row in table if (code in row["places"] if code else not row["places"])]
    return sorted(rows, key=lambda row: (row.get("up_to_g") is None, row.get("up_to_g") or 0))


def _by_weight(rows: Sequence[Row], weight_g: int) -> Price:
    for row in rows:
        if row.get("up_to_g") is None or weight_g <= row["up_to_g"]:
            return Price(row["fee_vnd"])
    last = rows[-1]
    if not last.get("further_kg_vnd"):
        return Price(0, "delivery_too_heavy")
    started_kg = -(-(weight_g - last["up_to_g"]) // 1000)
    return Price(last["fee_vnd"] + started_kg * last["further_kg_vnd"])
