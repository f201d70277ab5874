"""Reading stock for the office: what stands where, of which batch, and what keeps it there."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Product
from shop.models.inventory import (
    Allocation,
    Place,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from shop.models.orders import Order, OrderLine
from shop.models.people import Account
from shop.queries.inventory import fit_to_sell
from shop.queries.parts import parts


def batch_packs(session: Session, ids: Iterable[int]) -> dict[int, BatchPack]:
    """Return packs of batches by id, with what they are packs of and whose."""
    found: dict[int, BatchPack] = {}
    for some in parts(ids):
        rows = session.scalars(
            select(BatchPack)
            .where(BatchPack.id.in_(some))
            .options(joinedload(BatchPack.pack))
            .options(joinedload(BatchPack.batch).joinedload(Batch.seller))
        )
        found.update({row.id: row for row in rows})
    return found


def places(session: Session, seller_id: int) -> Sequence[Place]:
    """Return the places of a seller, those that serve the web shop first."""
    return session.scalars(
        select(Place)
        .where(Place.seller_id == seller_id)
        .order_by(Place.sells_online.desc(), Place.id)
    ).all()


def levels(
    session: Session,
    seller_id: int,
    *,
    place_id: int | None = None,
    batch_pack_id: int | None = None,
    with_empty: bool = False,
) -> Sequence[Any]:
    """Return what stands at the places of a seller, by product, the first to expire first.

    Rows have place, batch_pack_id, product, pack, lot, state, expires_on, on_hand, reserved.
    `with_empty` adds batches that stood there once.
    """
    wanted = (
        select(
            Place.id.label("place_id"),
            Place.name.label("place"),
            Place.kind.label("place_kind"),
            BatchPack.id.label("batch_pack_id"),
            BatchPack.withdrawn_at,
            Product.name.label("product"),
            Pack.label.label("pack"),
            Pack.unit,
            Pack.sku,
            Pack.gtin,
            Batch.id.label("batch_id"),
            Batch.lot,
            Batch.state,
            Batch.expires_on,
            StockLevel.on_hand,
            StockLevel.reserved,
        )
        .select_from(StockLevel)
        .join(Place, Place.id == StockLevel.place_id)
        .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .where(Place.seller_id == seller_id)
        .order_by(Product.name, Pack.position, Pack.id)
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.made_on, Batch.lot)
        .order_by(Place.id)
    )
    if place_id is not None:
        wanted = wanted.where(Place.id == place_id)
    if batch_pack_id is not None:
        wanted = wanted.where(BatchPack.id == batch_pack_id)
    if not with_empty:
        wanted = wanted.where(StockLevel.on_hand > 0)
    return session.execute(wanted).all()


def orders_keeping(session: Session, place_id: int, batch_pack_id: int) -> list[str]:
    """Return the codes of the orders that packs of this level are promised to."""
    held = select(Reservation.order_line_id).where(
        Reservation.place_id == place_id,
        Reservation.batch_pack_id == batch_pack_id,
        Reservation.state == ReservationState.HELD,
    )
    given = select(Allocation.order_line_id).where(
        Allocation.place_id == place_id,
        Allocation.batch_pack_id == batch_pack_id,
        Allocation.shipped_at.is_(None),
    )
    return list(
        session.scalars(
            select(Order.code)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .where(OrderLine.id.in_(held) | OrderLine.id.in_(given))
            .distinct()
            .order_by(Order.code)
        )
    )


def is_fit(session: Session, batch_pack_id: int, sell_through: date) -> bool:
    """Return whether packs of a batch may be sold through that day."""
    return (
        session.scalar(
            select(BatchPack.id)
            .join(Batch, Batch.id == BatchPack.batch_id)
            .where(BatchPack.id == batch_pack_id, fit_to_sell(sell_through))
        )
        is not None
    )


def movements(
    session: Session, seller_id: int, *, place_id: int, batch_pack_id: int, limit: int = 100
) -> Sequence[Any]:
    """Return why packs came to and left a level, newest first, with who did it."""
    return session.execute(
        select(
            StockMovement.kind,
            StockMovement.quantity,
            StockMovement.reason,
            StockMovement.moved_at,
            Account.name.label("who"),
            Order.code.label("order_code"),
        )
        .join(Place, Place.id == StockMovement.place_id)
        .outerjoin(Account, Account.id == StockMovement.actor_id)
        .outerjoin(OrderLine, OrderLine.id == StockMovement.order_line_id)
        .outerjoin(Order, Order.id == OrderLine.order_id)
        .where(Place.seller_id == seller_id, StockMovement.place_id == place_id)
        .where(StockMovement.batch_pack_id == batch_pack_id)
        .order_by(StockMovement.id.desc())
        .limit(limit)
    ).all()
