"""A refund at its provider: what is asked there, and what the provider says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments.protocol import (
    PaymentQuery,
    PaymentReport,
    RefundReport,
    RefundRequest,
)
from integrations.payments.protocol import RefundState as Told
from shop.models.orders import Order
from shop.models.payments import (
    Payment,
    PaymentAttempt,
    ProviderAccount,
    Refund,
    RefundState,
    RefundWay,
)
from shop.services import refund_ends, refund_promises
from shop.services.actors import SYSTEM, audit

SHORTEST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
SHARE_OF_AGE = 8
"""A refund is asked after each time an eighth of its age, within these two bounds."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked of which contract."""

    account: ProviderAccount
    request: RefundRequest


def begin(session: Session, refund_id: int, *, now: datetime) -> Errand | None:
    """Write down that the provider is asked from now on, and return what; `None` when it is over.

    Whoever comes a second time, after a kill or an unclear answer, asks as a repeat.
    """
    order, payment, refund = refund_ends.locked(session, refund_id, SYSTEM)
    if refund.state is not RefundState.ASKED or refund.way is not RefundWay.PROVIDER:
        return None
    attempt = session.get_one(PaymentAttempt, refund.attempt_id)
    account = session.get_one(ProviderAccount, attempt.provider_account_id)
    is_repeat = refund.sent_at is not None
    if not is_repeat:
        refund.sent_at = now
        refund_promises.touch(payment)
        after = {"refund": refund.key, "amount_vnd": refund.amount_vnd}
        audit(session, SYSTEM, "refund_sent", order, now=now, after=after)
    session.flush()
    request = RefundRequest(
        key=refund.key,
        reference=attempt.reference,
        amount_vnd=refund.amount_vnd,
        total_vnd=attempt.amount_vnd,
        paid_created_at=attempt.created_at,
        reason=f"Hoan tien don {order.code}",
        requested_by="Nguoi ban",
        is_repeat=is_repeat,
        earlier=_earlier(session, refund),
    )
    return Errand(account, request)


def _earlier(session: Session, refund: Refund) -> frozenset[str]:
    """Return the provider's numbers of the other refunds of the same payment."""
    others = session.scalars(
        select(Refund).where(Refund.payment_id == refund.payment_id, Refund.id != refund.id)
    )
    numbers = (one.details.get("provider_reference") for one in others)
    return frozenset(str(number) for number in numbers if number)


def take(session: Session, refund_id: int, told: RefundReport, *, now: datetime) -> RefundState:
    """Let what the provider says of a refund be so, once; return the state it is in then."""
    order, payment, refund = refund_ends.locked(session, refund_id, SYSTEM)
    if refund.state not in refund_promises.OPEN:
        return refund.state
    said: dict[str, object] = {"code": told.code, "text": told.text}
    if told.provider_reference:
        said["provider_reference"] = told.provider_reference
    if told.state is Told.REJECTED:
        refund_ends.reject(session, order, payment, refund, told=said, actor=SYSTEM, now=now)
        return refund.state
    refund.details = refund.details | said
    if refund.state is RefundState.ASKED:
        refund_promises.move_refund(refund, RefundState.ACCEPTED, now=now)
        refund_promises.touch(payment)
        after = {"refund": refund.key, "amount_vnd": refund.amount_vnd, **said}
        audit(session, SYSTEM, "refund_accepted", order, now=now, after=after)
    if told.state is Told.SETTLED:
        _settle(session, order, payment, refund, now=now)
    session.flush()
    return refund.state


def _settle(
    session: Session, order: Order, payment: Payment, refund: Refund, *, now: datetime
) -> None:
    attempt = session.get_one(PaymentAttempt, refund.attempt_id)
    refund_ends.settle(
        session,
        order,
        payment,
        refund,
        from_account=f"clearing:{attempt.provider}",
        reference=str(refund.details.get("provider_reference", "")),
        actor=SYSTEM,
        now=now,
    )


def refused(
    session: Session, refund_id: int, *, code: str, text: str, now: datetime
) -> RefundState:
    """Write down that the provider will not give this money back."""
    return take(session, refund_id, RefundReport(Told.REJECTED, code, text), now=now)


def waiting(session: Session, *, now: datetime) -> Sequence[tuple[int, int | None]]:
    """Return the refunds whose provider is to be asked again at `now`, each with its contract."""
    found = session.execute(
        select(Refund, PaymentAttempt.provider_account_id)
        .join(PaymentAttempt, PaymentAttempt.id == Refund.attempt_id)
        .where(Refund.state == RefundState.ACCEPTED)
        .order_by(Refund.id)
    )
    return [(one.id, account_id) for one, account_id in found if _is_due(one, now)]


def _is_due(refund: Refund, now: datetime) -> bool:
    accepted = refund.accepted_at or refund.asked_at
    pause = (now - accepted) / SHARE_OF_AGE
    last = refund.queried_at or accepted
    return now - last >= max(SHORTEST_PAUSE, min(pause, LONGEST_PAUSE))


def question(session: Session, refund_id: int, *, now: datetime) -> tuple[int, PaymentQuery]:
    """Return which contract is asked what about a refund, and note that it was asked."""
    refund = session.get_one(Refund, refund_id)
    refund.queried_at = now
    attempt = session.get_one(PaymentAttempt, refund.attempt_id)
    session.flush()
    return attempt.provider_account_id or 0, PaymentQuery(attempt.reference, attempt.created_at)


def take_query(
    session: Session, refund_id: int, told: PaymentReport, *, now: datetime
) -> RefundState:
    """Let the answer to a question be so where it is about this refund: its amount and number."""
    refund = session.get_one(Refund, refund_id)
    known = refund.details.get("provider_reference")
    number = told.provider_reference
    is_other = number in _earlier(session, refund) or bool(known and number and known != number)
    if told.refund is None or told.amount_vnd != refund.amount_vnd or is_other:
        return refund.state
    report = RefundReport(told.refund, told.code, told.text, told.provider_reference, told.call_id)
    return take(session, refund_id, report, now=now)
