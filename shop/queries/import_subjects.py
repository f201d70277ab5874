"""Reading what a run of an import made and changed, all of it at once, to take it back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from shop.models.base import Model
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Product
from shop.models.inventory import StockLevel
from shop.models.journal import TraceEvent
from shop.models.people import Member, Plot
from shop.queries import inventory as stock
from shop.queries.parts import parts

_ALONG: Mapping[type[Model], Sequence[ORMOption]] = {
    Product: (selectinload(Product.packs), selectinload(Product.photos)),
    Pack: (joinedload(Pack.product).selectinload(Product.packs),),
    Member: (selectinload(Member.plots),),
    Plot: (joinedload(Plot.member).selectinload(Member.plots),),
    Batch: (
        joinedload(Batch.product),
        selectinload(Batch.packs).joinedload(BatchPack.pack),
        selectinload(Batch.inputs),
        selectinload(Batch.steps),
        selectinload(Batch.notices),
    ),
}
"""What is asked about with each of them."""


def read(session: Session, model: type[Any], ids: Iterable[int]) -> dict[int, Any]:
    """Return the rows of `model` that are still there, as they are now, by id.

    Nobody changes them or points at them anew before this transaction ends.
    """
    found: dict[int, Any] = {}
    for some in parts(ids):
        rows = session.scalars(
            select(model)
            .where(model.id.in_(some))
            .order_by(model.id)
            .options(*_ALONG[model])
            .with_for_update(of=model)
            .execution_options(populate_existing=True)
        )
        found.update({row.id: row for row in rows})
    return found


def pointed_at(session: Session, model: type[Any], ids: Iterable[int]) -> set[int]:
    """Return those of `ids` that rows of any table point at: they cannot be taken out."""
    wanted = list(ids)
    links = [
        link.parent
        for table in Model.metadata.tables.values()
        for link in table.foreign_keys
        if link.column is model.__table__.c.id
    ]
    return {
        identity
        for column in links
        for some in parts(wanted)
        for identity in session.scalars(select(column).where(column.in_(some)).distinct())
    }


def events(session: Session, seller_id: int, entries: Iterable[str]) -> dict[str, TraceEvent]:
    """Return the events of a seller that have these entries, by entry."""
    found: dict[str, TraceEvent] = {}
    for some in parts(entries):
        rows = session.scalars(
            select(TraceEvent)
            .where(TraceEvent.seller_id == seller_id)
            .where(TraceEvent.client_id.in_(some))
        )
        found.update({row.client_id: row for row in rows if row.client_id})
    return found


def levels(session: Session, place_id: int, batch_packs: Iterable[int]) -> dict[int, StockLevel]:
    """Return what stands of each batch pack at a place, locked."""
    return {
        level.batch_pack_id: level
        for some in parts(batch_packs)
        for level in stock.locked_levels(session, some, place_id=place_id)
    }
