"""Reading money for the office: what came too late, what is owed back, what a carrier holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import Session, selectinload

from shop.models.base import total
from shop.models.ledger import LedgerEntry, Posting
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    CreditState,
    Payment,
    PaymentAttempt,
    Refund,
    RefundState,
    RefundWay,
)

OPEN_REFUNDS = (RefundState.ASKED, RefundState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a list has in all, and how many đồng they come to."""

    count: int
    amount_vnd: int


def late_credits(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[BankCredit, Order]]:
    """Return the money that came for closed orders and waits for a person, oldest first."""
    oldest_first = _late(seller_id).order_by(BankCredit.credited_at, BankCredit.id)
    return session.execute(oldest_first.limit(limit).offset(offset)).all()


def late_sum(session: Session, seller_id: int) -> Sum:
    """Return what all the money of `late_credits` comes to."""
    return _sum(session, _late(seller_id), BankCredit.amount_vnd)


def _late(seller_id: int) -> Any:
    return (
        select(BankCredit, Order)
        .join(Payment, Payment.id == BankCredit.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(BankCredit.seller_id == seller_id, BankCredit.state == CreditState.LATE)
    )


def unmatched_credits(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[BankCredit]:
    """Return the money of which nobody knows the order, oldest first."""
    oldest_first = _unmatched(seller_id).order_by(BankCredit.credited_at, BankCredit.id)
    return session.scalars(oldest_first.limit(limit).offset(offset)).all()


def unmatched_sum(session: Session, seller_id: int) -> Sum:
    """Return what all the money of `unmatched_credits` comes to."""
    return _sum(session, _unmatched(seller_id), BankCredit.amount_vnd)


def _unmatched(seller_id: int) -> Any:
    return select(BankCredit).where(
        BankCredit.seller_id == seller_id, BankCredit.state == CreditState.UNMATCHED
    )


def _sum(session: Session, rows: Any, amount: Any) -> Sum:
    figures = rows.with_only_columns(
        func.count(), func.coalesce(total(amount), 0), maintain_column_froms=True
    )
    count, amount_vnd = session.execute(figures).one()
    return Sum(int(count), int(amount_vnd))


def likely_orders(
    session: Session, seller_id: int, *, letters: str, amount_vnd: int
) -> Sequence[tuple[Order, Payment, bool]]:
    """Return the orders that money may be for: those whose code is told, then by the amount.

    `letters` are the letters and digits of the transfer text, in capitals; the last value says
    whether the code of the order is among them. An amount alone is a guess (`commerce.md` 3).
    """
    is_named = literal(letters).contains(Order.code)
    is_owed = (Order.state == OrderState.AWAITING_PAYMENT) & (
        Payment.amount_vnd - Payment.received_vnd == amount_vnd
    )
    return session.execute(
        select(Order, Payment, is_named)
        .join(Payment, Payment.order_id == Order.id)
        .where(Order.seller_id == seller_id, is_named | is_owed)
        .order_by(is_named.desc(), Order.placed_at.desc())
        .limit(8)
    ).all()


def open_refunds(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[Refund, Order]]:
    """Return the money that must go back to buyers, oldest first."""
    oldest_first = _open_refunds(seller_id).order_by(Refund.asked_at, Refund.id)
    return session.execute(oldest_first.limit(limit).offset(offset)).all()


def refunds_sum(session: Session, seller_id: int) -> Sum:
    """Return what all the money of `open_refunds` comes to."""
    return _sum(session, _open_refunds(seller_id), Refund.amount_vnd)


def refunds_to_do(
    session: Session, seller_id: int, *, limit: int
) -> Sequence[tuple[Refund, Order]]:
    """Return the money that a person must send back, oldest first; machines send the rest."""
    oldest_first = _to_do(seller_id).order_by(Refund.asked_at, Refund.id)
    return session.execute(oldest_first.limit(limit)).all()


def refunds_to_do_sum(session: Session, seller_id: int) -> Sum:
    """Return what all the money of `refunds_to_do` comes to."""
    return _sum(session, _to_do(seller_id), Refund.amount_vnd)


def _to_do(seller_id: int) -> Any:
    return _open_refunds(seller_id).where(
        Refund.state == RefundState.ASKED, Refund.way != RefundWay.PROVIDER
    )


def _open_refunds(seller_id: int) -> Any:
    return (
        select(Refund, Order)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.seller_id == seller_id, Refund.state.in_(OPEN_REFUNDS))
    )


def cash_with_carriers(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> list[tuple[Order, int]]:
    """Return the orders whose cash a carrier took and holds, with the đồng, oldest first."""
    held = _held(seller_id)
    rows = session.execute(
        select(Order, held.c.held_vnd)
        .join(held, held.c.order_id == Order.id)
        .options(selectinload(Order.parcels))
        .order_by(Order.placed_at, Order.id)
        .limit(limit)
        .offset(offset)
    )
    return [(order, int(held_vnd)) for order, held_vnd in rows]


def cash_sum(session: Session, seller_id: int) -> Sum:
    """Return what all the cash of `cash_with_carriers` comes to."""
    held = _held(seller_id)
    return _sum(session, select(held.c.order_id), held.c.held_vnd)


def _held(seller_id: int) -> Any:
    held = total(Posting.amount_vnd)
    return (
        select(LedgerEntry.order_id, held.label("held_vnd"))
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .where(LedgerEntry.seller_id == seller_id, Posting.account == "cod_in_transit")
        .where(LedgerEntry.order_id.is_not(None))
        .group_by(LedgerEntry.order_id)
        .having(held != 0)
        .subquery()
    )


def awaiting_transfer(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[Order, Payment]]:
    """Return the orders that wait for a transfer, those whose wait ends first at the top."""
    first_to_end = _awaiting(seller_id).order_by(Order.hold_until, Order.id)
    return session.execute(first_to_end.limit(limit).offset(offset)).all()


def awaiting_sum(session: Session, seller_id: int) -> Sum:
    """Return how many orders wait for a transfer, and what they cost."""
    return _sum(session, _awaiting(seller_id), Payment.amount_vnd)


def awaiting_provider(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[Order, Payment]]:
    """Return the orders whose buyers pay through a provider, whose wait ends first at the top.

    Those in review have a list of their own, and so have those whose tries have all ended.
    """
    first_to_end = _at_providers(seller_id).order_by(Order.hold_until, Order.id)
    return session.execute(first_to_end.limit(limit).offset(offset)).all()


def awaiting_provider_sum(session: Session, seller_id: int) -> Sum:
    """Return how many orders wait for a provider's word, and what they cost."""
    return _sum(session, _at_providers(seller_id), Payment.amount_vnd)


def ended_at_provider(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[Order, Payment]]:
    """Return the orders still held whose tries through a provider all ended without money."""
    first_to_end = _ended_at_providers(seller_id).order_by(Order.hold_until, Order.id)
    return session.execute(first_to_end.limit(limit).offset(offset)).all()


def ended_at_provider_sum(session: Session, seller_id: int) -> Sum:
    """Return how many orders `ended_at_provider` are, and what they cost."""
    return _sum(session, _ended_at_providers(seller_id), Payment.amount_vnd)


def in_review(
    session: Session, seller_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[PaymentAttempt, Order]]:
    """Return the tries that their providers look into, oldest first, whatever the order is now."""
    oldest_first = _in_review(seller_id).order_by(PaymentAttempt.id)
    return session.execute(oldest_first.limit(limit).offset(offset)).all()


def in_review_sum(session: Session, seller_id: int) -> Sum:
    """Return what all the tries of `in_review` come to."""
    return _sum(session, _in_review(seller_id), PaymentAttempt.amount_vnd)


def _in_review(seller_id: int) -> Any:
    return (
        select(PaymentAttempt, Order)
        .join(Payment, Payment.id == PaymentAttempt.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.seller_id == seller_id, PaymentAttempt.state == AttemptState.REVIEW)
    )


THROUGH_PROVIDER = exists().where(
    PaymentAttempt.payment_id == Payment.id, PaymentAttempt.provider_account_id.is_not(None)
)


def _awaiting(seller_id: int) -> Any:
    return _unpaid(seller_id).where(~THROUGH_PROVIDER)


HAS_REVIEW = exists().where(
    PaymentAttempt.payment_id == Payment.id, PaymentAttempt.state == AttemptState.REVIEW
)


HAS_OPEN = exists().where(
    PaymentAttempt.payment_id == Payment.id,
    PaymentAttempt.state.in_([AttemptState.CREATED, AttemptState.PENDING]),
)


def _at_providers(seller_id: int) -> Any:
    return _unpaid(seller_id).where(THROUGH_PROVIDER, ~HAS_REVIEW, HAS_OPEN)


def _ended_at_providers(seller_id: int) -> Any:
    return _unpaid(seller_id).where(THROUGH_PROVIDER, ~HAS_REVIEW, ~HAS_OPEN)


def _unpaid(seller_id: int) -> Any:
    return (
        select(Order, Payment)
        .join(Payment, Payment.order_id == Order.id)
        .where(Order.seller_id == seller_id, Order.state == OrderState.AWAITING_PAYMENT)
    )


def recent_credits(
    session: Session, seller_id: int, *, limit: int = 20
) -> Sequence[tuple[BankCredit, Order]]:
    """Return the money that came last, newest first."""
    return session.execute(
        select(BankCredit, Order)
        .join(Payment, Payment.id == BankCredit.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(BankCredit.seller_id == seller_id)
        .order_by(BankCredit.id.desc())
        .limit(limit)
    ).all()


def credit_told_before(
    session: Session, payment_id: int, *, source: str, reference: str
) -> BankCredit | None:
    """Return the money that was written down for this payment under this bank reference."""
    return session.scalars(
        select(BankCredit)
        .where(BankCredit.payment_id == payment_id, BankCredit.source == source)
        .where(BankCredit.reference == reference)
        .limit(1)
    ).one_or_none()
