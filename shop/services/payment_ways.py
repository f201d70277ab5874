"""Paying an order in another way after its payment through a provider came to nothing."""

from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from shop.errors import FieldRefused, WrongMove
from shop.models.catalog import Seller
from shop.models.orders import Order, OrderState
from shop.models.payments import AttemptState, Payment
from shop.queries import order_money
from shop.services import (
    cash_at_door,
    inventory,
    order_moves,
    order_payment,
    orders,
    payments,
)
from shop.services.actors import Actor, record_change
from shop.services.payment_attempts import in_review, move_attempt, refuse_while_in_review
from shop.services.provider_payments import OPEN, is_awaited


def change(session: Session, order_id: int, way: str, *, actor: Actor, now: datetime) -> Order:
    """Let an order that waits for a provider's money be paid by transfer or at the door.

    Tries that are open end here; the provider may still say that one was paid. That money is for
    the same payment: it confirms the order if nothing else came, and is owed back where the order
    was paid in the new way meanwhile. The same way twice changes nothing. Raises `WrongMove` for
    an order that waits for no provider or whose provider is being asked, `InReview` while one
    looks into money it took, `FieldRefused` for a way the seller does not take for this order.
    """
    order = order_moves.locked(session, order_id)
    payment = payments.locked(session, order)
    if order.payment_way == way and way in payments.WITHOUT_PROVIDER:
        return order
    refuse_while_in_review(payment)
    if not _waits(session, order, payment, now=now):
        raise WrongMove(f"{order.code} waits for no provider", state=order.state.value)
    obstacle = _obstacle(session, order, way)
    if obstacle:
        limit = cash_at_door.limit_vnd(order.seller)
        raise FieldRefused("payment_way", obstacle, limit_vnd=limit)
    for attempt in order_payment.open_attempts(session, order):
        move_attempt(attempt, AttemptState.CANCELLED, now=now)
    order.hold_until = now + orders.hold_of(way)
    inventory.keep_until(session, order, order.hold_until)
    record_change(session, actor, "payment_way_changed", order, {"payment_way": way}, now=now)
    if way == "cod":
        order_moves.move(session, order, OrderState.NEW, actor=actor, now=now)
    payments.begin(session, order, payment, now=now)
    flag_modified(payment, "received_vnd")  # the page that follows the payment changes
    session.flush()
    return order


def other_ways(session: Session, order: Order, payment: Payment, *, now: datetime) -> list[str]:
    """Return in which ways an order may be paid instead of through its provider, if at all."""
    if not _waits(session, order, payment, now=now):
        return []
    return [way for way in ("vietqr", "cod") if not _obstacle(session, order, way)]


def _waits(session: Session, order: Order, payment: Payment, *, now: datetime) -> bool:
    """Return whether an order waits for a provider that nobody is asking just now."""
    is_over = order.hold_until is None or order.hold_until <= now
    if order.state is not OrderState.AWAITING_PAYMENT or is_over or not payment.missing_vnd:
        return False
    if order.payment_way in payments.WITHOUT_PROVIDER or in_review(payment):
        return False
    last = payment.attempts[-1]
    if last.state not in OPEN:
        return True
    return not is_awaited(order_money.asked_after(session, last.id), now=now)


def _obstacle(session: Session, order: Order, way: str) -> str:
    """Return the code of what keeps an order from being paid in this way; empty if nothing."""
    seller: Seller = order.seller
    if way == "vietqr":
        has_account = payments.receiving_account(session, seller.id) is not None
        return "" if has_account else "payment_way_unknown"
    if way != "cod":
        return "payment_way_unknown"
    takes_cod = bool(order.snapshot["delivery"].get("takes_cod"))
    return cash_at_door.obstacle_of(
        session, seller, order.buyer_phone, takes_cod=takes_cod, total_vnd=order.total_vnd
    )
