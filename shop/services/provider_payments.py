"""What a provider tells of a try to collect, taken through the one state machine."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from integrations.payments import providers
from integrations.payments.protocol import (
    Action as NextStep,
)
from integrations.payments.protocol import (
    Outcome,
    PaymentNotification,
    PaymentReport,
    PaymentRequest,
    Verdict,
)
from shop.errors import WrongMove
from shop.models.orders import Order
from shop.models.payments import (
    AttemptState,
    Payment,
    PaymentAttempt,
    ProviderAccount,
    ProviderNotice,
)
from shop.services import order_moves, order_payment, payments, provider_accounts
from shop.services.actors import SYSTEM, audit
from shop.services.payment_attempts import MOVES, move_attempt

STATES = {
    Outcome.PAID: AttemptState.PAID,
    Outcome.FAILED: AttemptState.FAILED,
    Outcome.CANCELLED: AttemptState.CANCELLED,
    Outcome.EXPIRED: AttemptState.EXPIRED,
    Outcome.REVIEW: AttemptState.REVIEW,
}
"""What a try becomes by what the provider says; pending and unknown change nothing."""

OPEN = frozenset({AttemptState.CREATED, AttemptState.PENDING})


def begin(
    session: Session, order: Order, account: ProviderAccount, *, now: datetime
) -> PaymentAttempt:
    """Write down a new try to collect what is missing; its reference is never used again."""
    payment = payments.locked(session, order)
    attempt = PaymentAttempt(
        payment_id=payment.id,
        provider=account.provider,
        provider_account_id=account.id,
        reference=f"{order.code}-{len(payment.attempts) + 1}",
        state=AttemptState.PENDING,
        amount_vnd=payment.missing_vnd,
        created_at=now.replace(microsecond=0),
        expires_at=order.hold_until,
    )
    session.add(attempt)
    flag_modified(payment, "received_vnd")  # the page that follows the payment changes
    session.flush()
    return attempt


def begin_again(session: Session, order_id: int, *, now: datetime) -> PaymentAttempt:
    """Begin another try for an order that still waits for its money; `WrongMove` for any other."""
    order = order_moves.locked(session, order_id)
    last = latest(session, order)
    is_over = order.hold_until is not None and order.hold_until <= now
    if last is None or is_over or order.state not in order_payment.WAITING or order.is_short:
        raise WrongMove(f"{order.code} waits for no payment", state=order.state.value)
    if last.state in OPEN:
        return last
    account = session.get_one(ProviderAccount, last.provider_account_id)
    return begin(session, order, account, now=now)


def may_be_paid(order: Order, attempt: PaymentAttempt, *, now: datetime) -> bool:
    """Return whether a buyer may still be sent to the provider for this try."""
    is_over = order.hold_until is None or order.hold_until <= now
    return attempt.state in OPEN and order.state in order_payment.WAITING and not is_over


def latest(session: Session, order: Order) -> PaymentAttempt | None:
    """Return the last try of an order through a provider."""
    return session.scalars(
        select(PaymentAttempt)
        .join(Payment, Payment.id == PaymentAttempt.payment_id)
        .where(Payment.order_id == order.id, PaymentAttempt.provider_account_id.is_not(None))
        .order_by(PaymentAttempt.id.desc())
        .limit(1)
    ).one_or_none()


def next_step(
    session: Session, order: Order, attempt: PaymentAttempt, *, payer_address: str, lang: str
) -> NextStep:
    """Return where the buyer goes to pay; nothing is called and nothing changes."""
    account = session.get_one(ProviderAccount, attempt.provider_account_id)
    request = PaymentRequest(
        reference=attempt.reference,
        amount_vnd=attempt.amount_vnd,
        description=f"Don hang {order.code}",
        return_url=provider_accounts.return_url(session.info["base_url"], account),
        payer_address=payer_address,
        created_at=attempt.created_at,
        expires_at=attempt.expires_at,
        locale=lang,
    )
    return provider_accounts.connect(session, account).payments.create(request)


def find(session: Session, account: ProviderAccount, reference: str) -> PaymentAttempt | None:
    """Return the try with this reference under this contract."""
    return session.scalars(
        select(PaymentAttempt).where(
            PaymentAttempt.provider == account.provider,
            PaymentAttempt.provider_account_id == account.id,
            PaymentAttempt.reference == reference,
        )
    ).one_or_none()


def take(
    session: Session,
    account: ProviderAccount,
    told: PaymentNotification | PaymentReport,
    *,
    now: datetime,
    today: date,
) -> Verdict:
    """Let what the provider says of a try be so, once; return what was done with it.

    In the order of `payments.md` A.5: unknown reference, wrong amount, known already, recorded.
    Money for an order that is closed is parked for a person.
    """
    found = find(session, account, told.reference)
    if found is None:
        return Verdict.UNKNOWN_REFERENCE
    order = order_moves.locked(session, found.payment.order_id)
    payment = payments.locked(session, order)
    session.refresh(found)
    if told.amount_vnd != found.amount_vnd:
        return Verdict.WRONG_AMOUNT
    state = STATES.get(told.outcome)
    if state is None:
        return Verdict.RECORDED if found.state in OPEN else Verdict.REPEATED
    if state is found.state or state not in MOVES[found.state]:
        return Verdict.REPEATED
    found.details = found.details | {
        "code": told.code,
        "text": told.text,
        "provider_reference": told.provider_reference,
        "bank": told.bank,
    }
    if state is AttemptState.PAID:
        _receive(session, order, found, told, now=now, today=today)
    else:
        move_attempt(found, state, now=now)
    flag_modified(payment, "received_vnd")
    audit(
        session,
        SYSTEM,
        "attempt_settled",
        order,
        now=now,
        after={"reference": found.reference, "state": state.value},
    )
    return Verdict.RECORDED


def _receive(
    session: Session,
    order: Order,
    attempt: PaymentAttempt,
    told: PaymentNotification | PaymentReport,
    *,
    now: datetime,
    today: date,
) -> None:
    move_attempt(attempt, AttemptState.PAID, now=now)
    order_payment.receive_through(
        session,
        order,
        attempt,
        reference=told.provider_reference or attempt.reference,
        credited_at=told.paid_at or now,
        actor=SYSTEM,
        now=now,
        today=today,
    )


def store_notice(
    session: Session, account: ProviderAccount, request: dict[str, object], *, now: datetime
) -> ProviderNotice:
    """Write a notice down as it came, before anybody reads it."""
    notice = ProviderNotice(
        provider=account.provider,
        provider_account_id=account.id,
        received_at=now,
        request=request,
    )
    session.add(notice)
    session.flush()
    return notice


def note_outcome(session: Session, notice_id: int, verdict: Verdict) -> None:
    """Write down what was done with a notice."""
    session.get_one(ProviderNotice, notice_id).outcome = verdict.value
    session.flush()


def waiting(session: Session, *, since: datetime) -> Sequence[int]:
    """Return the tries that no notice settled and that began before a moment."""
    return session.scalars(
        select(PaymentAttempt.id)
        .where(PaymentAttempt.provider_account_id.is_not(None))
        .where(PaymentAttempt.state.in_(OPEN), PaymentAttempt.created_at <= since)
        .order_by(PaymentAttempt.id)
    ).all()


def title(provider: str) -> str:
    """Return what people call a provider."""
    found = providers().get(provider)
    return found.title if found else provider
