"""Stock: moving it, holding it for an order, giving it to an order, handing it over."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import OutOfStock, WrongMove
from shop.models.batches import Batch, BatchPack
from shop.models.inventory import (
    Allocation,
    MovementKind,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
    StockShortage,
)
from shop.models.journal import TraceEvent
from shop.models.orders import Order, OrderLine
from shop.queries import inventory as stock
from shop.services.actors import Actor


def move(
    session: Session,
    *,
    place_id: int,
    batch_pack_id: int,
    kind: MovementKind,
    quantity: int,
    actor: Actor,
    now: datetime,
    event: TraceEvent | None = None,
    order_line_id: int | None = None,
    reason: str = "",
) -> StockLevel:
    """Add `quantity` packs to a place (less than zero takes away) and return the new level.

    Raises `OutOfStock` when fewer unreserved packs stand there than would leave.
    """
    level = stock.locked_level(session, place_id=place_id, batch_pack_id=batch_pack_id)
    if level is None:
        level = StockLevel(place_id=place_id, batch_pack_id=batch_pack_id, on_hand=0, reserved=0)
        session.add(level)
    shift(
        session,
        level,
        kind=kind,
        quantity=quantity,
        actor=actor,
        now=now,
        event=event,
        order_line_id=order_line_id,
        reason=reason,
    )
    session.flush()
    return level


def shift(
    session: Session,
    level: StockLevel,
    *,
    kind: MovementKind,
    quantity: int,
    actor: Actor,
    now: datetime,
    event: TraceEvent | None = None,
    order_line_id: int | None = None,
    reason: str = "",
) -> None:
    """Add `quantity` packs to a level that is locked, stored when the session is flushed.

    Refusals as in `move`.
    """
    if level.on_hand + quantity < level.reserved:
        pack = session.get_one(BatchPack, level.batch_pack_id).pack
        raise OutOfStock(pack.sku, wanted=-quantity, available=level.available, title=pack.label)
    level.on_hand += quantity
    session.add(
        StockMovement(
            place_id=level.place_id,
            batch_pack_id=level.batch_pack_id,
            kind=kind,
            quantity=quantity,
            event=event,
            order_line_id=order_line_id,
            actor_id=actor.account_id,
            reason=reason,
            moved_at=now,
        )
    )


def reserve(
    session: Session, line: OrderLine, *, sell_through: date, now: datetime, until: datetime
) -> list[Reservation]:
    """Hold stock for `line` until a moment, the batch that expires first being used first.

    Several batches may serve one line. `OutOfStock` means nothing was reserved.
    """
    levels = stock.sellable(
        session, line.pack_id, seller_id=line.order.seller_id, sell_through=sell_through
    )
    wanted = line.quantity - _covered(session, line)
    available = sum(level.available for level in levels)
    if available < wanted:
        raise OutOfStock(line.pack.sku, wanted=wanted, available=available, title=line.title)
    reservations = []
    for level in levels:
        taken = min(level.available, wanted)
        if not taken:
            break
        level.reserved += taken
        wanted -= taken
        reservations.append(
            Reservation(
                order_line_id=line.id,
                place_id=level.place_id,
                batch_pack_id=level.batch_pack_id,
                quantity=taken,
                state=ReservationState.HELD,
                made_at=now,
                expires_at=until,
            )
        )
    session.add_all(reservations)
    session.flush()
    return reservations


def keep_until(session: Session, order: Order, until: datetime) -> None:
    """Hold what is held for an order until another moment; batches and quantities stay."""
    held = select(Reservation).join(OrderLine, OrderLine.id == Reservation.order_line_id)
    for one in session.scalars(
        held.where(OrderLine.order_id == order.id, Reservation.state == ReservationState.HELD)
    ):
        one.expires_at = until
    session.flush()


def _covered(session: Session, line: OrderLine) -> int:
    held = session.scalars(
        select(Reservation.quantity).where(
            Reservation.order_line_id == line.id, Reservation.state == ReservationState.HELD
        )
    )
    given = session.scalars(select(Allocation.quantity).where(Allocation.order_line_id == line.id))
    return sum(held) + sum(given)


def lock(session: Session, order: Order) -> None:
    """Lock all stock that the lines of `order` may touch, before any of it is looked at.

    Whoever holds a batch meanwhile frees what is reserved of it: what was read before the lock
    may be gone after it.
    """
    packs = [line.pack_id for line in order.lines]
    stock.lock_packs(session, packs, seller_id=order.seller_id)


def _held(session: Session, line: OrderLine) -> Sequence[Reservation]:
    return session.scalars(
        select(Reservation)
        .where(Reservation.order_line_id == line.id, Reservation.state == ReservationState.HELD)
        .order_by(Reservation.batch_pack_id, Reservation.place_id)
        .execution_options(populate_existing=True)
    ).all()


def release(session: Session, line: OrderLine) -> None:
    """Give back what is held for or given to `line` and has not left; twice is harmless.

    The order's stock is locked already (`lock`).
    """
    for reservation in _held(session, line):
        free(session, reservation)
    given = session.scalars(
        select(Allocation)
        .where(Allocation.order_line_id == line.id, Allocation.shipped_at.is_(None))
        .order_by(Allocation.batch_pack_id, Allocation.place_id)
    ).all()
    for allocation in given:
        _unreserve(session, allocation.place_id, allocation.batch_pack_id, allocation.quantity)
        session.delete(allocation)
    session.flush()


def free(session: Session, reservation: Reservation) -> None:
    """Give back what one reservation holds."""
    _unreserve(session, reservation.place_id, reservation.batch_pack_id, reservation.quantity)
    reservation.state = ReservationState.RELEASED


def _unreserve(session: Session, place_id: int, batch_pack_id: int, quantity: int) -> None:
    level = stock.locked_level(session, place_id=place_id, batch_pack_id=batch_pack_id)
    if level is None or level.reserved < quantity:
        raise WrongMove(f"level ({place_id}, {batch_pack_id}) holds less than {quantity}")
    level.reserved -= quantity


def allocate(session: Session, line: OrderLine, *, sell_through: date, now: datetime) -> int:
    """Turn what is held for `line` into allocations and return how many packs stay uncovered.

    A batch that was held, recalled or has expired meanwhile is replaced by FEFO; what no batch
    covers becomes a `StockShortage`, because the order is a fact by now (`design.md` 2). The
    order's stock is locked already (`lock`).
    """
    for reservation in _held(session, line):
        if _is_fit(session, reservation.batch_pack_id, sell_through):
            _give(
                session,
                line,
                reservation.place_id,
                reservation.batch_pack_id,
                reservation.quantity,
                now,
            )
            reservation.state = ReservationState.ALLOCATED
        else:
            free(session, reservation)
    session.flush()
    return _allocate_rest(session, line, sell_through=sell_through, now=now)


def _allocate_rest(session: Session, line: OrderLine, *, sell_through: date, now: datetime) -> int:
    missing = line.quantity - _covered(session, line)
    if missing:
        seller_id = line.order.seller_id
        for level in stock.sellable(
            session, line.pack_id, seller_id=seller_id, sell_through=sell_through
        ):
            taken = min(level.available, missing)
            if not taken:
                break
            level.reserved += taken
            missing -= taken
            _give(session, line, level.place_id, level.batch_pack_id, taken, now)
    if missing:
        session.add(
            StockShortage(
                place_id=stock.main_place(session, line.order.seller_id).id,
                pack_id=line.pack_id,
                order_line_id=line.id,
                quantity=missing,
                source=line.order.channel,
                noted_at=now,
            )
        )
    session.flush()
    return missing


def _is_fit(session: Session, batch_pack_id: int, sell_through: date) -> bool:
    return (
        session.scalar(
            select(BatchPack.id)
            .join(Batch, Batch.id == BatchPack.batch_id)
            .where(BatchPack.id == batch_pack_id, stock.fit_to_sell(sell_through))
        )
        is not None
    )


def _give(
    session: Session,
    line: OrderLine,
    place_id: int,
    batch_pack_id: int,
    quantity: int,
    now: datetime,
) -> None:
    session.add(
        Allocation(
            order_line_id=line.id,
            place_id=place_id,
            batch_pack_id=batch_pack_id,
            quantity=quantity,
            allocated_at=now,
        )
    )


def unfit_allocations(
    session: Session, line: OrderLine, *, sell_through: date
) -> list[Allocation]:
    """Return the unshipped allocations whose batch may not be sold any more."""
    return [
        allocation
        for allocation in session.scalars(
            select(Allocation).where(
                Allocation.order_line_id == line.id, Allocation.shipped_at.is_(None)
            )
        )
        if not _is_fit(session, allocation.batch_pack_id, sell_through)
    ]


def reallocate(session: Session, line: OrderLine, *, sell_through: date, now: datetime) -> int:
    """Give `line` other batches where its own may not be sold; return what stays uncovered."""
    for allocation in unfit_allocations(session, line, sell_through=sell_through):
        _unreserve(session, allocation.place_id, allocation.batch_pack_id, allocation.quantity)
        session.delete(allocation)
    settle_shortages(session, line, outcome="reallocated", now=now)
    return _allocate_rest(session, line, sell_through=sell_through, now=now)


def exchange(
    session: Session, allocation: Allocation, level: StockLevel, *, now: datetime
) -> None:
    """Give the packs of `allocation` from `level` instead; both levels are locked already.

    Raises `OutOfStock` when fewer packs are free there.
    """
    if level.available < allocation.quantity:
        pack = allocation.batch_pack.pack
        raise OutOfStock(
            pack.sku, wanted=allocation.quantity, available=level.available, title=pack.label
        )
    line = session.get_one(OrderLine, allocation.order_line_id)
    _unreserve(session, allocation.place_id, allocation.batch_pack_id, allocation.quantity)
    level.reserved += allocation.quantity
    _give(session, line, level.place_id, level.batch_pack_id, allocation.quantity, now)
    session.delete(allocation)
    session.flush()


def settle_shortages(session: Session, line: OrderLine, *, outcome: str, now: datetime) -> None:
    """Close the open shortages of `line`: other stock was found, or nothing is needed any more."""
    for shortage in session.scalars(
        select(StockShortage).where(
            StockShortage.order_line_id == line.id, StockShortage.settled_at.is_(None)
        )
    ):
        shortage.settled_at = now
        shortage.outcome = outcome
    session.flush()


def sellable_quantity(session: Session, line: OrderLine, *, sell_through: date) -> int:
    """Return how many packs could be given to `line` now; the levels stay locked."""
    levels = stock.sellable(
        session, line.pack_id, seller_id=line.order.seller_id, sell_through=sell_through
    )
    return sum(level.available for level in levels)


def hand_over(
    session: Session,
    line: OrderLine,
    *,
    actor: Actor,
    now: datetime,
    events: dict[int, TraceEvent],
) -> None:
    """Take what was given to `line` off its places: the goods leave the house.

    `events` gives the shipping event of each batch pack.
    """
    for allocation in session.scalars(
        select(Allocation)
        .where(Allocation.order_line_id == line.id, Allocation.shipped_at.is_(None))
        .order_by(Allocation.batch_pack_id, Allocation.place_id)
    ).all():
        _unreserve(session, allocation.place_id, allocation.batch_pack_id, allocation.quantity)
        move(
            session,
            place_id=allocation.place_id,
            batch_pack_id=allocation.batch_pack_id,
            kind=MovementKind.SHIP,
            quantity=-allocation.quantity,
            actor=actor,
            now=now,
            event=events[allocation.batch_pack_id],
            order_line_id=line.id,
        )
        allocation.shipped_at = now
    session.flush()
