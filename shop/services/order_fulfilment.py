"""What the house does with a confirmed order: pack, hand over, see it arrive or come back."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import ShopError, WrongMove
from shop.models.batches import BatchPack
from shop.models.inventory import Allocation, MovementKind
from shop.models.journal import TraceEvent
from shop.models.orders import Order, OrderState, Parcel
from shop.models.returns import ReturnState
from shop.queries import goods_returns
from shop.queries import inventory as stock
from shop.queries.goods_returns import Out
from shop.services import (
    delivery_methods,
    inventory,
    journal,
    order_mail,
    order_moves,
    order_payment,
    payments,
    vouchers,
)
from shop.services.actors import Actor, audit
from shop.services.permissions import Action
from traceability.epcis.build import Quantity


class BatchNotSellable(ShopError):
    """A batch given to the order was held, recalled or has expired since."""

    code = "batch_not_sellable"
    status = 409


def start_packing(session: Session, order_id: int, *, actor: Actor, now: datetime) -> Order:
    """Begin to pack: from now on the buyer cannot cancel by herself."""
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    order_moves.move(session, order, OrderState.PACKING, actor=actor, now=now)
    audit(session, actor, "packing_started", order, now=now)
    return order


def ship(
    session: Session,
    order_id: int,
    *,
    carrier: str,
    tracking_code: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Order:
    """Hand the goods over: they leave the stock of exactly the batches that were given.

    Raises `BatchNotSellable` when one of these may not be sold any more; `change_batches` finds
    others. Raises `WrongMove` for an order that is not being packed or is short.
    """
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    if order.is_short:
        raise WrongMove(f"{order.code} is short", state=order.state.value)
    order_moves.move(session, order, OrderState.SHIPPED, actor=actor, now=now)
    inventory.lock(session, order)
    for line in order.lines:
        unfit = inventory.unfit_allocations(session, line, sell_through=today)
        if unfit:
            raise BatchNotSellable(lot=unfit[0].batch_pack.batch.lot)
    events = _shipping_events(session, order, now=now)
    for line in order.lines:
        inventory.hand_over(session, line, actor=actor, now=now, events=events)
    _pack_off(session, order, carrier=carrier, tracking_code=tracking_code, now=now)
    order_mail.announce(session, order, "shipped", now=now)
    audit(session, actor, "order_shipped", order, now=now, after={"carrier": carrier})
    return order


def _pack_off(
    session: Session, order: Order, *, carrier: str, tracking_code: str, now: datetime
) -> None:
    """Write down with whom a parcel left, under which code, and where it can be followed."""
    url = delivery_methods.tracking_url(
        session, order.seller_id, carrier=carrier, code=tracking_code
    )
    order.parcels.append(
        Parcel(carrier=carrier, tracking_code=tracking_code, tracking_url=url, shipped_at=now)
    )
    session.flush()


def _shipping_events(session: Session, order: Order, *, now: datetime) -> dict[int, TraceEvent]:
    leaving: dict[int, int] = {}
    for line in order.lines:
        for allocation in session.scalars(
            select(Allocation).where(
                Allocation.order_line_id == line.id, Allocation.shipped_at.is_(None)
            )
        ):
            leaving[allocation.batch_pack_id] = (
                leaving.get(allocation.batch_pack_id, 0) + allocation.quantity
            )
    return {
        batch_pack_id: journal.observe(
            session,
            order.seller,
            "shipping",
            quantities=[_pieces(session, batch_pack_id, quantity)],
            at=now,
            now=now,
        )
        for batch_pack_id, quantity in sorted(leaving.items())
    }


def _pieces(session: Session, batch_pack_id: int, quantity: int) -> Quantity:
    batch_pack = session.get_one(BatchPack, batch_pack_id)
    return Quantity(journal.pack_uri(session, batch_pack), pieces=quantity)


def change_batches(
    session: Session, order_id: int, *, reason: str, actor: Actor, now: datetime, today: date
) -> Order:
    """Give a packed or confirmed order other batches where its own may not be sold (R36, R39).

    What no batch covers leaves the order short. Raises `WrongMove` for an order in another state.
    """
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    if order.state not in order_moves.AT_HOME:
        raise WrongMove(f"{order.code} is {order.state}", state=order.state.value)
    inventory.lock(session, order)
    through = order_payment.sell_through(order, today)
    missing = [
        inventory.reallocate(session, line, sell_through=through, now=now) for line in order.lines
    ]
    order.is_short = any(missing)
    audit(session, actor, "batches_changed", order, now=now, after={"reason": reason})
    return order


def deliver(session: Session, order_id: int, *, actor: Actor, now: datetime) -> Order:
    """Note that the goods arrived; a cash order's money is with the carrier from now on."""
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    order_moves.move(session, order, OrderState.DELIVERED, actor=actor, now=now)
    for parcel in order.parcels:
        parcel.delivered_at = parcel.delivered_at or now
    if order.payment_way == "cod":
        payments.collect_cash(session, order, actor=actor, now=now)
    audit(session, actor, "order_delivered", order, now=now)
    return order


def complete(session: Session, order_id: int, *, actor: Actor, now: datetime) -> Order:
    """Close an order that arrived and is paid; raise `WrongMove` while money is missing."""
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    missing_vnd = payments.locked(session, order).missing_vnd
    if missing_vnd:
        raise WrongMove(f"{order.code} lacks {missing_vnd}", state=order.state.value)
    order_moves.move(session, order, OrderState.COMPLETED, actor=actor, now=now)
    audit(session, actor, "order_completed", order, now=now)
    return order


def fail_delivery(
    session: Session, order_id: int, *, reason: str, actor: Actor, now: datetime
) -> Order:
    """Note that the parcel could not be handed over, and why (`commerce.md` 3)."""
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    order_moves.move(session, order, OrderState.DELIVERY_FAILED, actor=actor, now=now, note=reason)
    if order.parcels:
        order.parcels[-1].failed_reason = reason
    audit(session, actor, "delivery_failed", order, now=now, after={"reason": reason})
    return order


def try_again(
    session: Session,
    order_id: int,
    *,
    carrier: str,
    tracking_code: str,
    actor: Actor,
    now: datetime,
) -> Order:
    """Send a parcel that came back once more; the stock left with the first try."""
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    order_moves.move(session, order, OrderState.SHIPPED, actor=actor, now=now, note="again")
    _pack_off(session, order, carrier=carrier, tracking_code=tracking_code, now=now)
    audit(session, actor, "order_shipped_again", order, now=now)
    return order


def take_back(
    session: Session, order_id: int, *, reason: str, actor: Actor, now: datetime
) -> Order:
    """Take the goods of an order back into quarantine; money that came is owed back.

    What came back before, and its money, stays where it is.
    """
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    order_moves.move(session, order, OrderState.RETURNED, actor=actor, now=now, note=reason)
    vouchers.give_back(session, order, now=now)
    for out in goods_returns.still_out(session, order.id):
        bring_back(session, order, out, out.quantity, reason=reason, actor=actor, now=now)
    for waiting in goods_returns.open_of(session, order.id):  # they came with all the rest
        waiting.state = ReturnState.RECEIVED
        waiting.decided_at, waiting.received_at = waiting.decided_at or now, now
        for line in waiting.lines:
            line.received = line.quantity
    order_payment.unpost_sale(session, order, actor=actor, now=now)
    payments.give_back(session, order, reason=reason, actor=actor, now=now)
    audit(session, actor, "order_returned", order, now=now, after={"reason": reason})
    return order


def bring_back(
    session: Session,
    order: Order,
    out: Out,
    quantity: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put packs of one batch that a buyer had into quarantine, with the event of their return.

    Goods that were out of the house are never sold again by themselves (`commerce.md` 1.5).
    """
    event = journal.observe(
        session,
        order.seller,
        "receiving",
        quantities=[_pieces(session, out.batch_pack_id, quantity)],
        at=now,
        now=now,
        disposition="returned",
    )
    inventory.move(
        session,
        place_id=stock.quarantine_place(session, order.seller_id).id,
        batch_pack_id=out.batch_pack_id,
        kind=MovementKind.RETURN,
        quantity=quantity,
        actor=actor,
        now=now,
        event=event,
        order_line_id=out.order_line_id,
        reason=reason,
    )
