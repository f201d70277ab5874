"""What a provider tells of a try to collect, taken through the one state machine."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from integrations.payments import providers
from integrations.payments.protocol import (
    Action as NextStep,
)
from integrations.payments.protocol import (
    Cause,
    Outcome,
    PaymentNotification,
    PaymentReport,
    PaymentRequest,
    Verdict,
)
from shop.errors import GatewayClosed, WrongMove
from shop.models.orders import Order
from shop.models.payments import (
    AttemptState,
    Payment,
    PaymentAttempt,
    ProviderAccount,
)
from shop.queries import order_money
from shop.services import order_moves, order_payment, outbox, payments, provider_accounts
from shop.services.actors import SYSTEM, Actor, audit
from shop.services.payment_attempts import (
    MOVES,
    in_review,
    move_attempt,
    refuse_while_in_review,
)

STATES = {
    Outcome.PAID: AttemptState.PAID,
    Outcome.FAILED: AttemptState.FAILED,
    Outcome.CANCELLED: AttemptState.CANCELLED,
    Outcome.EXPIRED: AttemptState.EXPIRED,
    Outcome.REVIEW: AttemptState.REVIEW,
}
"""What a try becomes by what the provider says; pending and unknown change nothing."""

CAME_BACK = "came_back"
"""In the details of a try: how the provider's signed way back says that it failed."""

OPEN = frozenset({AttemptState.CREATED, AttemptState.PENDING})

ASK_AFTER = order_money.ASK_AFTER

ANSWER_TIME = timedelta(minutes=3)
"""How long the result of a try may take after its buyer has come back; then it may be paid again.

The provider takes a try's reference once, so that even then nobody pays twice for one try.
"""

NOTICE_TIME = timedelta(seconds=5)
"""How long the notice may take after the buyer has come back."""

CLOCKS_DIFFER = timedelta(hours=1)
"""How far the provider's clock may be from ours before its time of payment is not believed."""

REVIEW_PAUSE = timedelta(minutes=30)
"""How long after a question about a try in review the next one is put: reviews take hours."""

LAST_LOOK = timedelta(minutes=30)
"""How long after its end a try that we gave up is still asked after."""


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


def begin_again(session: Session, order_id: int, *, actor: Actor, now: datetime) -> PaymentAttempt:
    """Begin another try for an order that still waits for its money; `WrongMove` for any other.

    It goes through the contract in use now: `GatewayClosed` where there is none. While one is in
    review its money may have gone already: `InReview`.
    """
    order = order_moves.locked(session, order_id)
    last = latest(session, order)
    is_over = order.hold_until is not None and order.hold_until <= now
    refuse_while_in_review(payments.locked(session, order))
    is_waiting = order.state in order_payment.WAITING and not is_over and not order.is_short
    if last is None or not is_waiting or order.payment_way != last.provider:
        raise WrongMove(f"{order.code} waits for no payment", state=order.state.value)
    if last.state in OPEN:
        return last
    in_use = provider_accounts.offered(session, order.seller_id, actor=actor)
    account = next((one for one in in_use if one.provider == last.provider), None)
    if account is None:
        raise GatewayClosed(f"{order.code}: no contract", provider=title(last.provider))
    return begin(session, order, account, now=now)


def may_be_paid(order: Order, attempt: PaymentAttempt, *, now: datetime) -> bool:
    """Return whether a buyer may still be sent to the provider for this try."""
    is_over = order.hold_until is None or order.hold_until <= now
    is_waiting = order.state in order_payment.WAITING and not is_over
    return attempt.state in OPEN and is_waiting and in_review(attempt.payment) is None


def is_awaited(asked_at: datetime | None, *, now: datetime) -> bool:
    """Return whether a buyer has just come back and the provider is being asked."""
    return asked_at is not None and now < asked_at + ANSWER_TIME


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
    session: Session,
    order: Order,
    attempt: PaymentAttempt,
    *,
    payer_address: str,
    lang: str,
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
    state, cause = _ending(found, told)
    if state is None:
        return Verdict.RECORDED if found.state in OPEN else Verdict.REPEATED
    if state is found.state or state not in MOVES[found.state]:
        return Verdict.REPEATED
    found.details = found.details | {
        "code": told.code,
        "text": told.text,
        "provider_reference": told.provider_reference,
        "bank": told.bank,
        "cause": cause.value,
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


def _ending(
    attempt: PaymentAttempt, told: PaymentNotification | PaymentReport
) -> tuple[AttemptState | None, Cause]:
    """Return the state that what was told leads to, and why it failed.

    The answer to a question may say no more than that a try failed. Why, its buyer's browser
    brought back under the provider's signature: that a try failed is never taken from there.
    """
    state = STATES.get(told.outcome)
    back = attempt.details.get(CAME_BACK)
    if state is not AttemptState.FAILED or told.cause is not Cause.OTHER or back is None:
        return state, told.cause
    said = STATES[Outcome(back["outcome"])]
    return (said if said is AttemptState.CANCELLED else state), Cause(back["cause"])


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
        memo=told.provider_reference,
        credited_at=_when(told.paid_at, attempt, now),
        actor=SYSTEM,
        now=now,
        today=today,
    )


def _when(paid_at: datetime | None, attempt: PaymentAttempt, now: datetime) -> datetime:
    """Return when the money came: what the provider says, where that can be."""
    is_possible = paid_at is not None and (
        attempt.created_at - CLOCKS_DIFFER <= paid_at <= now + CLOCKS_DIFFER
    )
    return paid_at if is_possible and paid_at is not None else now


def ask_after(
    session: Session,
    attempt: PaymentAttempt,
    told: PaymentNotification | None = None,
    *,
    now: datetime,
) -> None:
    """Promise to ask the provider after a try that is open, in a moment and once a minute at most.

    The buyer came back; the notice usually comes first, and then nobody is asked. Why the try
    failed, which the answer may not tell, is kept of what the address said under its signature.
    """
    if attempt.state not in OPEN:
        return
    if told is not None and told.outcome in {Outcome.FAILED, Outcome.CANCELLED}:
        back = {"outcome": told.outcome.value, "cause": told.cause.value}
        attempt.details = attempt.details | {CAME_BACK: back}
    message = outbox.promise(
        session,
        kind=ASK_AFTER,
        subject=f"attempt:{attempt.id}",
        key=f"{ASK_AFTER}:{attempt.id}:{int(now.timestamp()) // 60}",
        payload={"attempt_id": attempt.id},
        seller_id=attempt.payment.order.seller_id,
        now=now,
    )
    message.due_at = max(message.due_at, message.created_at + NOTICE_TIME)
    session.flush()


def waiting(
    session: Session, *, begun_by: datetime, now: datetime
) -> Sequence[tuple[int, int | None]]:
    """Return the tries that began by a moment and whose end the provider has not told.

    Each with its contract. One in review is asked after more seldom, until the review ends.

    One that we gave up ourselves, because its order lapsed or was cancelled, may have been paid
    in its last minute: it is asked after for half an hour more.
    """
    given_up = PaymentAttempt.state.in_([AttemptState.EXPIRED, AttemptState.CANCELLED])
    found = session.scalars(
        select(PaymentAttempt)
        .where(PaymentAttempt.provider_account_id.is_not(None))
        .where(PaymentAttempt.created_at <= begun_by)
        .where(
            PaymentAttempt.state.in_({*OPEN, AttemptState.REVIEW})
            | (given_up & (PaymentAttempt.expires_at > now - LAST_LOOK))
        )
        .order_by(PaymentAttempt.id)
    )
    return [
        (attempt.id, attempt.provider_account_id)
        for attempt in found
        if _is_to_be_asked(attempt, now)
    ]


def _is_to_be_asked(attempt: PaymentAttempt, now: datetime) -> bool:
    if attempt.state is not AttemptState.REVIEW:
        return "code" not in attempt.details
    asked = attempt.details.get("asked_at")
    return asked is None or datetime.fromisoformat(asked) + REVIEW_PAUSE <= now


def note_question(session: Session, attempt_id: int, *, now: datetime) -> None:
    """Write down that a try in review is being asked after; of any other nothing is written."""
    found = session.get_one(PaymentAttempt, attempt_id)
    order_moves.locked(session, found.payment.order_id)
    session.refresh(found)
    if found.state is AttemptState.REVIEW:
        found.details = found.details | {"asked_at": now.isoformat()}
        session.flush()


def simulator_page(session: Session, order: Order) -> str:
    """Return where the simulator shows its side of an order's contract; empty without one."""
    last = latest(session, order)
    if last is None:
        return ""
    account = session.get_one(ProviderAccount, last.provider_account_id)
    return provider_accounts.simulator_page(account)


def was_trial(session: Session, order: Order) -> bool:
    """Return whether an order is paid in a provider's sandbox: nothing may be sent for it."""
    last = latest(session, order)
    if last is None:
        return False
    account = session.get_one(ProviderAccount, last.provider_account_id)
    return provider_accounts.is_trial(account)


def title(provider: str) -> str:
    """Return what people call a provider."""
    found = providers().get(provider)
    return found.title if found else provider
