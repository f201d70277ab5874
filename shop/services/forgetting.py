"""Taking the person out of an order: what the books and recalls need stays, nothing else."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import Payment, Refund, RefundState
from shop.models.vouchers import VoucherUse
from shop.queries import goods_returns, order_problems
from shop.queries.locks import lock
from shop.services import invoices, reviews
from shop.services import order_problems as problems
from shop.services.actors import BUYER, audit

DONE = frozenset(
    {OrderState.DELIVERED, OrderState.COMPLETED, OrderState.CANCELLED, OrderState.RETURNED}
)
"""States in which nobody needs to bring anything or to call."""

GONE = "x"
"""Begins what stands in the place of a number, another for each order: no limit adds them up."""

OPEN_REFUNDS = frozenset({RefundState.ASKED, RefundState.ACCEPTED})


def ask(session: Session, order: Order, *, now: datetime) -> bool:
    """Forget who placed an order, now or as soon as nothing of it is open; tell whether now."""
    lock(session, order)
    order.forget_from = order.forget_from or now
    return _forget(session, order, now=now)


def forget_asked(session: Session, *, now: datetime) -> int:
    """Forget the buyers who asked for it and whose orders are done since; return how many."""
    waiting = session.scalars(
        select(Order.id)
        .where(Order.forget_from <= now, Order.buyer_phone != "", Order.state.in_(DONE))
        .order_by(Order.id)
    ).all()
    done = 0
    for order_id in waiting:
        order = session.get_one(Order, order_id)
        lock(session, order)
        done += _forget(session, order, now=now)
    return done


def _forget(session: Session, order: Order, *, now: datetime) -> bool:
    if order.state not in DONE or _is_refund_open(session, order):
        return False
    if order_problems.open_count(session, order.id) or goods_returns.open_of(session, order.id):
        return False
    if invoices.is_waited_for(session, order, now=now):
        return False
    problems.forget(session, order.id)
    reviews.forget(session, order.id)
    invoices.forget(session, order, now=now)
    order.buyer_name = order.buyer_phone = order.buyer_email = ""
    order.street = order.commune = order.typed_commune = order.note = order.gift_card = ""
    order.commune_code = None
    used = update(VoucherUse).where(VoucherUse.order_id == order.id)
    session.execute(used.values(phone=f"{GONE}{order.id}"))
    messages = session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.subject == f"order:{order.id}",
            OutboxMessage.kind == "mail",
            OutboxMessage.state == OutboxState.SENT,
        )
    )
    for message in messages:
        message.payload = message.payload | {"to": ""}
    session.flush()
    audit(session, BUYER, "buyer_forgotten", order, now=now)
    return True


def _is_refund_open(session: Session, order: Order) -> bool:
    found = session.scalars(
        select(Refund.id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id == order.id, Refund.state.in_(OPEN_REFUNDS))
        .limit(1)
    ).first()
    return found is not None
