"""Reading who got goods of a batch: whom to call when it is stopped."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.base import total
from shop.models.batches import BatchPack
from shop.models.inventory import Allocation
from shop.models.orders import Order, OrderLine


def orders_with(session: Session, batch_id: int) -> Sequence[Any]:
    """Return code, buyer, phone, state and number of packs of each order that got this batch."""
    return session.execute(
        select(
            Order.code,
            Order.buyer_name,
            Order.buyer_phone,
            Order.state,
            total(Allocation.quantity).label("packs"),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .where(BatchPack.batch_id == batch_id)
        .group_by(Order.id, Order.code, Order.buyer_name, Order.buyer_phone, Order.state)
        .order_by(Order.id)
    ).all()
