"""Reading the money and the batches of one order: what it owes, what came, what goes back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session, selectinload

from shop.models.batches import Batch, BatchNotice, BatchPack, NoticeKind
from shop.models.catalog import Pack
from shop.models.orders import Order, Parcel
from shop.models.outbox import OutboxMessage
from shop.models.payments import (
    BankAccount,
    BankCredit,
    CreditState,
    Payment,
    PaymentAttempt,
    Refund,
)

ASK_AFTER = "attempt_query"
"""The kind of the messages that ask a provider after a try whose buyer came back."""


def payment_of(session: Session, order_id: int) -> Payment:
    """Return the payment of an order with its attempts."""
    return session.scalars(
        select(Payment).where(Payment.order_id == order_id).options(selectinload(Payment.attempts))
    ).one()


def account_asked(session: Session, payment: Payment) -> BankAccount | None:
    """Return the account that the buyer was asked to transfer to."""
    ids = [attempt.bank_account_id for attempt in payment.attempts if attempt.bank_account_id]
    return session.get(BankAccount, ids[-1]) if ids else None


def asked_after(session: Session, attempt_id: int) -> datetime | None:
    """Return when it was last promised to ask a provider after this try; `None` if never."""
    return session.scalar(
        select(func.max(OutboxMessage.created_at)).where(
            OutboxMessage.kind == ASK_AFTER, OutboxMessage.subject == f"attempt:{attempt_id}"
        )
    )


def credits_of(session: Session, payment_id: int) -> Sequence[BankCredit]:
    """Return the transfers that came for a payment, the first one first."""
    return session.scalars(
        select(BankCredit).where(BankCredit.payment_id == payment_id).order_by(BankCredit.id)
    ).all()


def refunds_of(session: Session, payment_id: int) -> Sequence[Refund]:
    """Return the money that goes or went back, the first one first."""
    return session.scalars(
        select(Refund).where(Refund.payment_id == payment_id).order_by(Refund.id)
    ).all()


def batches_behind(session: Session, batch_pack_ids: Iterable[int]) -> dict[int, Any]:
    """Return lot, GTIN, state and reason of recall of batch packs, by their id."""
    rows = session.execute(
        select(
            BatchPack.id, Batch.lot, Batch.state, Pack.gtin, BatchNotice.reason,
            BatchNotice.remedy,
        )
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .outerjoin(
            BatchNotice,
            (BatchNotice.batch_id == Batch.id)
            & (BatchNotice.kind == NoticeKind.RECALL)
            & BatchNotice.ended_at.is_(None),
        )
        .where(BatchPack.id.in_(list(batch_pack_ids)))
    ).all()  # fmt: skip
    return {row.id: row for row in rows}


def marks(session: Session, token: str) -> Any:
    """Return by what a change of an order's page can be known, without reading the order."""

    def count(rows: Any, *conditions: Any) -> Any:
        return select(func.count()).select_from(rows).where(*conditions).scalar_subquery()

    subjects = select(literal("attempt:") + cast(PaymentAttempt.id, String)).where(
        PaymentAttempt.payment_id == Payment.id
    )
    asked = (
        select(func.max(OutboxMessage.created_at))
        .where(OutboxMessage.kind == ASK_AFTER, OutboxMessage.subject.in_(subjects))
        .correlate(Payment)
        .scalar_subquery()
    )
    is_late = BankCredit.state == CreditState.LATE
    return session.execute(
        select(
            Order.version.label("order_version"),
            Order.hold_until,
            Payment.version.label("payment_version"),
            count(Refund, Refund.payment_id == Payment.id).label("refunds"),
            count(BankCredit, BankCredit.payment_id == Payment.id, is_late).label("late"),
            count(Parcel, Parcel.order_id == Order.id).label("parcels"),
            asked.label("asked_at"),
        )
        .join(Payment, Payment.order_id == Order.id)
        .where(Order.token == token)
    ).one_or_none()
