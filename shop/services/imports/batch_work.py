"""Batches from a file: drawing up what is new before anybody is kept waiting, then storing it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shop.forms.imports.batch_rows import BatchRow
from shop.models.batches import Batch
from shop.models.catalog import Pack, Product, Seller
from shop.models.imports import ImportAct
from shop.models.inventory import Place
from shop.queries import inventory as stock
from shop.services import batches, opening_stock
from shop.services.batches import Opening
from shop.services.imports.plan import Doing, Done
from shop.services.imports.product_work import changed_values
from shop.services.opening_stock import DrawnUp


@dataclass(slots=True)
class Lot:
    """The rows of one lot, there already or new."""

    lot: str
    batch: Batch | None
    product: Product
    rows: dict[int, tuple[BatchRow, Pack | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be written down about one lot; `first` is the number of its first row."""

    lot: Lot
    first: int
    made_on: date
    expires_on: date | None
    note: str
    outputs: Sequence[tuple[Pack, int]]

    @property
    def values(self) -> dict[str, Any]:
        """Return what `batch_values` says afterwards."""
        expires_on = self.expires_on.isoformat() if self.expires_on else None
        return {"made_on": self.made_on.isoformat(), "expires_on": expires_on, "note": self.note}

    def identity(self, place: Place) -> object:
        """Return all that the rows of a new batch are drawn up from."""
        product, days = self.lot.product, (self.made_on, self.expires_on, self.note)
        packed = [(pack.id, pack.gtin, pack.sku, pack.mass_g, n) for pack, n in self.outputs]
        made_of = (product.id, product.name, product.shelf_life_days)
        return (self.lot.lot, made_of, days, tuple(packed), place.id)


def batch_values(batch: Batch) -> dict[str, Any]:
    """Return what an import can say about a batch, as it stands now, as text."""
    return {
        "made_on": batch.made_on.isoformat() if batch.made_on else None,
        "expires_on": batch.expires_on.isoformat() if batch.expires_on else None,
        "note": batch.note,
    }


class BatchWork:
    """Opens what is new, corrects the days of what differs, and packs what was counted."""

    def __init__(self, seller: Seller, entries: Sequence[Entry]) -> None:
        self._seller, self._entries = seller, entries
        self._drawn: dict[object, DrawnUp] = {}

    def draw_up(self, doing: Doing) -> None:
        """Draw up the rows of new batches; nothing is written."""
        place = stock.main_place(doing.session, self._seller.id)
        for entry in self._entries:
            if entry.lot.batch is None:
                self._drawn[entry.identity(place)] = self._draw(entry, None, place, doing)

    def take_over(self, other: object) -> None:
        """Use what the same work drew up before, for what is still to be the same."""
        if isinstance(other, BatchWork):
            self._drawn = other._drawn

    def __call__(self, doing: Doing) -> list[Done]:
        """Write everything down."""
        place = stock.main_place(doing.session, self._seller.id)
        done: list[Done] = []
        written: list[DrawnUp] = []
        for entry in self._entries:
            standing = entry.lot.batch
            known = None if standing else self._drawn.get(entry.identity(place))
            if standing:
                done += _dated(entry, standing, doing)
            drawn = known or self._draw(entry, standing, place, doing)
            written.append(drawn)
            done += _told(entry, drawn)
        opening_stock.store(doing.session, self._seller, written, actor=doing.actor, now=doing.now)
        return done

    def _draw(self, entry: Entry, standing: Batch | None, place: Place, doing: Doing) -> DrawnUp:
        by: dict[str, Any] = {"actor": doing.actor, "now": doing.now}
        if standing is None:
            opening = Opening(
                entry.lot.product, entry.lot.lot, entry.made_on, entry.expires_on, entry.note,
                doing.entry(entry.lot.lot),
            )  # fmt: skip
            drawn = opening_stock.open_new(doing.session, self._seller, opening, **by)
        else:
            drawn = DrawnUp(standing, is_new=False)
        if entry.outputs:
            opening_stock.put_in_stock(
                doing.session, drawn, entry.outputs, place=place, document=doing.document, **by
            )
        return drawn


def _told(entry: Entry, drawn: DrawnUp) -> list[Done]:
    batch, done = drawn.batch, list[Done]()
    if drawn.is_new:
        after = batch_values(batch)
        done.append(Done(entry.first, ImportAct.CREATED, batch, batch.lot, after=after))
    if entry.outputs:
        packed = {pack.sku: units for pack, units in entry.outputs}
        done.append(Done(entry.first, ImportAct.STOCKED, batch, batch.lot, after=packed))
    return done


def _dated(entry: Entry, batch: Batch, doing: Doing) -> list[Done]:
    before = batch_values(batch)
    if before == entry.values:
        return []
    batches.change_dates(
        doing.session, batch, made_on=entry.made_on, expires_on=entry.expires_on,
        note=entry.note, actor=doing.actor, now=doing.now,
    )  # fmt: skip
    return changed_values(entry.first, batch, batch.lot, before, batch_values(batch))
