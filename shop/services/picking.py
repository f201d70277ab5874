"""Picking: what lies in the box, and giving an order another batch than the first to expire."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import Changed, NotFound, WrongMove
from shop.models.inventory import Allocation, StockLevel
from shop.models.orders import Order, OrderLine, OrderState
from shop.queries import inventory as stock
from shop.services import inventory, order_fulfilment, order_moves, order_payment
from shop.services.actors import Actor, audit
from shop.services.permissions import Action


def tick(
    session: Session,
    allocation_ids: Iterable[int],
    *,
    is_picked: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Note on the pick list that packs lie in the box, or do not after all.

    The first tick starts the packing of a confirmed order. Allocations that are gone meanwhile
    are passed by: their orders were cancelled, shipped or got other batches.
    """
    wanted = sorted(set(allocation_ids))
    order_ids = session.scalars(
        select(OrderLine.order_id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(Allocation.id.in_(wanted))
        .distinct()
        .order_by(OrderLine.order_id)
    ).all()
    for order_id in order_ids:
        order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
        if order.state is OrderState.CONFIRMED and is_picked:
            order_fulfilment.start_packing(session, order.id, actor=actor, now=now)
        if order.state not in order_moves.AT_HOME:
            continue
        for allocation in _unshipped(session, order, wanted):
            allocation.picked_at = now if is_picked else None
    session.flush()


def _unshipped(session: Session, order: Order, allocation_ids: list[int]) -> list[Allocation]:
    return list(
        session.scalars(
            select(Allocation)
            .join(OrderLine, OrderLine.id == Allocation.order_line_id)
            .where(OrderLine.order_id == order.id, Allocation.id.in_(allocation_ids))
            .where(Allocation.shipped_at.is_(None))
            .order_by(Allocation.id)
            .execution_options(populate_existing=True)
        )
    )


def take_other_batch(
    session: Session,
    allocation_id: int,
    *,
    place_id: int,
    batch_pack_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Order:
    """Give packs of another batch of the same pack than the one picked first (`commerce.md` 4.5).

    The change is recorded with its reason. Raises `NotFound` for an allocation that is gone,
    `WrongMove` for an order that has left, `Changed` for a batch that may not be sold (any more),
    `OutOfStock` when fewer packs of it are free.
    """
    order_id = session.scalar(
        select(OrderLine.order_id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(Allocation.id == allocation_id)
    )
    if order_id is None:
        raise NotFound(f"allocation {allocation_id} is gone")
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    if order.state not in order_moves.AT_HOME:
        raise WrongMove(f"{order.code} is {order.state}", state=order.state.value)
    allocation = session.get_one(Allocation, allocation_id, populate_existing=True)
    before = allocation.batch_pack
    level = _free_level(
        session, allocation, order, place_id=place_id, batch_pack_id=batch_pack_id, today=today
    )
    quantity = allocation.quantity
    inventory.exchange(session, allocation, level, now=now)
    audit(
        session,
        actor,
        "batch_overridden",
        order,
        now=now,
        before={"lot": before.batch.lot, "quantity": quantity},
        after={"lot": level.batch_pack.batch.lot, "reason": reason},
    )
    return order


def _free_level(
    session: Session,
    allocation: Allocation,
    order: Order,
    *,
    place_id: int,
    batch_pack_id: int,
    today: date,
) -> StockLevel:
    """Return the level to take from, locked with that of the allocation."""
    stock.locked_levels(session, {allocation.batch_pack_id, batch_pack_id})
    for level in stock.sellable(
        session,
        allocation.batch_pack.pack_id,
        seller_id=order.seller_id,
        sell_through=order_payment.sell_through(order, today),
    ):
        if (level.place_id, level.batch_pack_id) == (place_id, batch_pack_id):
            return level
    raise Changed(f"batch pack {batch_pack_id} may not be sold from place {place_id}")
