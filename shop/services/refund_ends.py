"""How a refund ends: the money went, or it did not and is promised anew."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import NotFound
from shop.models.orders import Order
from shop.models.payments import Payment, Refund, RefundState
from shop.services import ledger, order_moves, payments, refund_promises
from shop.services.actors import Actor, audit
from shop.services.permissions import Action


def reject(
    session: Session,
    order: Order,
    payment: Payment,
    refund: Refund,
    *,
    told: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Refund:
    """End a refund that did not go; what it promised is promised anew under a new key.

    Returns the new one, whose way a person chooses.
    """
    was_remission = refund_promises.is_remission(session, refund)
    account = refund_promises.take_back(session, order, payment, refund, actor=actor, now=now)
    refund_promises.move_refund(refund, RefundState.REJECTED, now=now)
    refund.details = refund.details | dict(told)
    after = {"refund": refund.key, "amount_vnd": refund.amount_vnd, **told}
    audit(session, actor, "refund_rejected", order, now=now, after=after)
    session.flush()
    new = refund_promises.promise(
        session,
        order,
        payment,
        amount_vnd=refund.amount_vnd,
        reason=refund.reason,
        from_account=account,
        actor=actor,
        now=now,
        follows=refund,
    )
    if was_remission:
        refund_promises.remit(session, order, payment, new, actor=actor, now=now)
    refund_promises.touch(payment)
    session.flush()
    return new


def settle(
    session: Session,
    order: Order,
    payment: Payment,
    refund: Refund,
    *,
    from_account: str,
    reference: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down that the money of a refund went: it is owed no more and stands there no more."""
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=f"refund:{refund.id}",
        kind="refund",
        text=order.code,
        amounts={"refunds_due": refund.amount_vnd, from_account: -refund.amount_vnd},
        actor=actor,
        now=now,
        order_id=order.id,
        payment_id=payment.id,
    )
    refund_promises.move_refund(refund, RefundState.SETTLED, now=now)
    refund.reference = reference
    payment.refunded_vnd += refund.amount_vnd
    after = {"refund": refund.key, "amount_vnd": refund.amount_vnd, "reference": reference}
    audit(session, actor, "refund_settled", order, now=now, after=after)
    session.flush()


def locked(session: Session, refund_id: int, actor: Actor) -> tuple[Order, Payment, Refund]:
    """Return a refund with its order and payment, locked in this order until the end."""
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound(f"refund {refund_id}")
    order_id = session.get_one(Payment, refund.payment_id).order_id
    order = order_moves.locked_for(session, order_id, actor, Action.REFUND)
    payment = payments.locked(session, order)
    session.refresh(refund)
    return order, payment, refund
