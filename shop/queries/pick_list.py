"""Reading what is to be picked: by batch, the first to expire first (`commerce.md` 2.3.3)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Product
from shop.models.inventory import Allocation, Place, StockLevel
from shop.models.orders import Order, OrderLine, OrderState
from shop.queries.inventory import fit_to_sell


def to_pick(session: Session, seller_id: int, *, today: date) -> Sequence[Any]:
    """Return the allocations of orders that are confirmed or being packed, batches in FEFO order.

    Rows have allocation_id, quantity, picked_at, order_code, lot, expires_on, product, pack, unit,
    place, batch_pack_id; `is_fit` is 1 when the goods may be sold today.
    """
    return session.execute(
        select(
            Allocation.id.label("allocation_id"),
            Allocation.quantity,
            Allocation.picked_at,
            Order.code.label("order_code"),
            Order.state.label("order_state"),
            Batch.lot,
            Batch.state.label("batch_state"),
            Batch.expires_on,
            Product.name.label("product"),
            Pack.label.label("pack"),
            Pack.unit,
            Place.name.label("place"),
            Place.id.label("place_id"),
            BatchPack.id.label("batch_pack_id"),
            case((fit_to_sell(today), 1), else_=0).label("is_fit"),
        )
        .select_from(Allocation)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .join(Place, Place.id == Allocation.place_id)
        .where(Order.seller_id == seller_id, Allocation.shipped_at.is_(None))
        .where(Order.state.in_([OrderState.CONFIRMED, OrderState.PACKING]))
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.made_on, Batch.lot)
        .order_by(Product.name, Pack.position, Pack.id, Order.placed_at, Allocation.id)
    ).all()


def allocation_of(session: Session, allocation_id: int) -> Any | None:
    """Return an unshipped allocation with its order and batch, for those who pick."""
    return session.execute(
        select(Allocation, Order, OrderLine, Batch)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Allocation.id == allocation_id, Allocation.shipped_at.is_(None))
    ).one_or_none()


def other_batches(
    session: Session, allocation: Allocation, *, seller_id: int, sell_through: date
) -> Sequence[Any]:
    """Return the other levels of the same pack that hold enough, in FEFO order."""
    own = allocation.batch_pack
    return session.execute(
        select(
            StockLevel.place_id,
            StockLevel.batch_pack_id,
            (StockLevel.on_hand - StockLevel.reserved).label("available"),
            Batch.lot,
            Batch.expires_on,
            Place.name.label("place"),
        )
        .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Place, Place.id == StockLevel.place_id)
        .where(BatchPack.pack_id == own.pack_id, Place.seller_id == seller_id, Place.sells_online)
        .where(StockLevel.on_hand - StockLevel.reserved >= allocation.quantity)
        .where(StockLevel.batch_pack_id != own.id, fit_to_sell(sell_through))
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.made_on, Batch.lot)
        .order_by(StockLevel.place_id)
    ).all()
