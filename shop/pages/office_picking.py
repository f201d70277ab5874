"""The pick list as the page and the paper show it: batches in FEFO order, rows to tick."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.models.orders import Order
from shop.pages import order_words
from shop.queries import pick_list


@dataclass(slots=True)
class Row:
    """Packs of one size of one batch, for one or several orders."""

    title: str
    unit: str
    place: str
    is_picked: bool
    allocation_ids: list[int] = field(default_factory=list)
    quantity: int = 0
    orders: list[tuple[str, int]] = field(default_factory=list)
    """Order codes with how many packs each gets."""

    @property
    def ids(self) -> str:
        """Return the allocations behind the row as a form field holds them."""
        return ",".join(map(str, self.allocation_ids))


@dataclass(frozen=True, slots=True)
class OfBatch:
    """What is to be taken of one batch; `trouble` says why it must stay where it is."""

    lot: str
    expires_on: date | None
    trouble: str
    tone: str
    rows: Sequence[Row]


def pick_page(session: Session, seller_id: int, *, today: date) -> dict[str, Any]:
    """Return what `office/picking/index.html` shows."""
    found = pick_list.to_pick(session, seller_id, today=today)
    batches = [_of_batch(lot, list(rows)) for lot, rows in groupby(found, key=lambda row: row.lot)]
    return {
        "batches": batches,
        "orders": len({row.order_code for row in found}),
        "packs": sum(row.quantity for row in found),
        "picked": sum(row.quantity for row in found if row.picked_at),
        "troubled": [batch for batch in batches if batch.trouble],
    }


def _of_batch(lot: str, found: Sequence[Any]) -> OfBatch:
    first = found[0]
    trouble, tone = "", ""
    if not first.is_fit:
        trouble, tone = order_words.trouble(first.batch_state, is_expired=True)
    return OfBatch(lot, first.expires_on, trouble, tone, list(_rows(found)))


def _rows(found: Iterable[Any]) -> Iterable[Row]:
    rows: dict[tuple[int, int, bool], Row] = {}
    for one in found:
        is_picked = one.picked_at is not None
        key = (one.batch_pack_id, one.place_id, is_picked)
        title = f"{one.product}, {one.pack}"
        row = rows.setdefault(key, Row(title, one.unit, one.place, is_picked))
        row.allocation_ids.append(one.allocation_id)
        row.quantity += one.quantity
        row.orders.append((one.order_code, one.quantity))
    return sorted(rows.values(), key=lambda row: row.is_picked)


def other_choices(rows: Sequence[Any]) -> list[dict[str, str]]:
    """Return the batches that may be taken instead, as the rows of a choice list."""
    return [
        {
            "value": f"{row.place_id}-{row.batch_pack_id}",
            "title": row.lot,
            "note": _note(row),
        }
        for row in rows
    ]


def _note(row: Any) -> str:
    left = _("còn %(count)s ở %(place)s", count=row.available, place=row.place)
    if row.expires_on is None:
        return str(left)
    return f"{order_words.best_before(row.expires_on)}, {left}"


def line_title(order: Order, allocation: Any) -> str:
    """Return the title of the line that `allocation` belongs to."""
    return next(line.title for line in order.lines if line.id == allocation.order_line_id)
