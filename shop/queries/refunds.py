"""Reading refunds: one with its order, and who may confirm what another asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shop.models.orders import Order
from shop.models.payments import Payment, PaymentAttempt, Refund, RefundState, RefundWay
from shop.models.people import Account, Grant, GrantScope, Role


def refund_by_id(session: Session, refund_id: int) -> tuple[Refund, Order] | None:
    """Return a refund with its order."""
    row = session.execute(
        select(Refund, Order)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Refund.id == refund_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def follower(session: Session, refund_id: int) -> Refund | None:
    """Return the refund that keeps the promise of one that was rejected."""
    return session.scalars(select(Refund).where(Refund.follows_id == refund_id)).one_or_none()


def attempt_of(session: Session, refund: Refund) -> PaymentAttempt | None:
    """Return the try through whose provider a refund goes."""
    return session.get(PaymentAttempt, refund.attempt_id) if refund.attempt_id else None


def others_with(
    session: Session, roles: Iterable[Role], seller_id: int, *, but: int | None, now: datetime
) -> Sequence[str]:
    """Return the names of those with one of `roles` at this seller, the account `but` left out."""
    reaches = (Grant.scope == GrantScope.ALL) | (
        (Grant.scope == GrantScope.SELLER) & (Grant.seller_id == seller_id)
    )
    found = (
        select(Account.id, Account.name)
        .join(Grant, Grant.account_id == Account.id)
        .where(Account.is_active, Grant.role.in_(list(roles)), reaches)
        .where(or_(Grant.until.is_(None), Grant.until > now))
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return [row.name for row in session.execute(found) if row.id != but]


def with_a_way(session: Session, seller_id: int) -> Sequence[tuple[Refund, Payment, Order]]:
    """Return the refunds whose way was chosen and that nobody has confirmed, oldest first."""
    return session.execute(
        select(Refund, Payment, Order)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.seller_id == seller_id, Refund.state == RefundState.ASKED)
        .where(Refund.way != RefundWay.NONE, Refund.confirmed_by_id.is_(None))
        .order_by(Refund.proposed_at, Refund.id)
    ).all()
