"""What is owed back to buyers: promising money, taking a promise back, the states of a refund."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from shop.errors import ShopError, WrongMove
from shop.models.ledger import LedgerEntry
from shop.models.orders import Order
from shop.models.payments import Payment, Refund, RefundState
from shop.queries.ledger import entry_by_key, standing_allowances
from shop.services import ledger
from shop.services.actors import Actor, audit

S = RefundState

MOVES: dict[RefundState, frozenset[RefundState]] = {
    S.ASKED: frozenset({S.ACCEPTED, S.SETTLED, S.REJECTED}),
    S.ACCEPTED: frozenset({S.SETTLED, S.REJECTED}),
    S.SETTLED: frozenset(),
    S.REJECTED: frozenset(),
}
"""Where a refund may go (`design.md` 2); one that was rejected is followed by a new one."""

OPEN = frozenset({S.ASKED, S.ACCEPTED})
"""Promised and not gone yet."""


class RefundTooMuch(ShopError):
    """More is to go back than came and is not promised back already."""

    code = "refund_too_much"
    status = 422


def move_refund(refund: Refund, state: RefundState, *, now: datetime) -> None:
    """Bring `refund` to `state`; raise `WrongMove` where the table has no such move."""
    if state not in MOVES[refund.state]:
        raise WrongMove(f"refund {refund.id}: {refund.state} -> {state}", state=refund.state.value)
    refund.state = state
    if state is S.ACCEPTED:
        refund.accepted_at = now
    if state is S.SETTLED:
        refund.settled_at = now


def all_of(session: Session, payment: Payment) -> Sequence[Refund]:
    """Return the refunds of a payment, the first one first, as the database has them now."""
    return session.scalars(
        select(Refund)
        .where(Refund.payment_id == payment.id)
        .order_by(Refund.id)
        .execution_options(populate_existing=True)
    ).all()


def promised_vnd(session: Session, payment: Payment) -> int:
    """Return the đồng that are promised back and have not gone yet."""
    return sum(one.amount_vnd for one in all_of(session, payment) if one.state in OPEN)


def promise(
    session: Session,
    order: Order,
    payment: Payment,
    *,
    amount_vnd: int,
    reason: str,
    from_account: str,
    actor: Actor,
    now: datetime,
    follows: Refund | None = None,
) -> Refund:
    """Owe `amount_vnd` back to the buyer: it moves from `from_account` to `refunds_due`.

    The payment is locked already. Raises `RefundTooMuch` above what came and stayed.
    """
    known = all_of(session, payment)
    open_vnd = sum(one.amount_vnd for one in known if one.state in OPEN)
    left_vnd = payment.received_vnd - payment.refunded_vnd - open_vnd
    if amount_vnd > left_vnd:
        raise RefundTooMuch(f"{order.code}: {amount_vnd} of {left_vnd}", left_vnd=left_vnd)
    refund = Refund(
        key=f"{order.code}-H{len(known) + 1}",
        payment_id=payment.id,
        follows_id=follows.id if follows else None,
        amount_vnd=amount_vnd,
        reason=reason,
        state=S.ASKED,
        asked_by_id=actor.account_id,
        asked_at=now,
    )
    session.add(refund)
    session.flush()
    _post(
        session,
        order,
        payment,
        key=f"refund_due:{refund.id}",
        kind="refund_due",
        amounts={from_account: amount_vnd, "refunds_due": -amount_vnd},
        actor=actor,
        now=now,
    )
    after = {"refund": refund.key, "amount_vnd": amount_vnd, "reason": reason}
    audit(session, actor, "refund_asked", order, now=now, after=after)
    return refund


def remit(
    session: Session,
    order: Order,
    payment: Payment,
    refund: Refund,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the amount of `refund` off an order that stays: less was sold, less is owed.

    The VAT inside goes down in the same share, rounded half up.
    """
    vat = sum(line.tax_vnd for line in order.lines)
    share = (2 * refund.amount_vnd * vat + payment.amount_vnd) // (2 * payment.amount_vnd)
    _post(
        session,
        order,
        payment,
        key=f"allowance:{refund.id}",
        kind="allowance",
        amounts={
            "goods": refund.amount_vnd - share,
            "vat": share,
            "buyers": -refund.amount_vnd,
        },
        actor=actor,
        now=now,
    )
    payment.remitted_vnd += refund.amount_vnd


def is_remission(session: Session, refund: Refund) -> bool:
    """Return whether the order was let off this money and the books still say so."""
    return _standing_allowance(session, refund) is not None


def take_back(
    session: Session,
    order: Order,
    payment: Payment,
    refund: Refund,
    *,
    actor: Actor,
    now: datetime,
) -> str:
    """Reverse what a promise posted and return the account that the money is on again."""
    due = entry_by_key(session, f"refund_due:{refund.id}")
    if due is None:
        raise WrongMove(f"refund {refund.id} was never promised", state=refund.state.value)
    ledger.reverse(session, due, actor=actor, now=now)
    allowance = _standing_allowance(session, refund)
    if allowance is not None:
        ledger.reverse(session, allowance, actor=actor, now=now)
        payment.remitted_vnd -= refund.amount_vnd
    return next(one.account for one in due.postings if one.account != "refunds_due")


def end_remissions(
    session: Session, order: Order, payment: Payment, *, actor: Actor, now: datetime
) -> None:
    """Reverse what was let off an order whose sale is reversed: nothing is sold any more."""
    for entry in standing_allowances(session, order.id):
        ledger.reverse(session, entry, actor=actor, now=now)
    payment.remitted_vnd = 0


def touch(payment: Payment) -> None:
    """Let the page that follows a payment change although no sum of it did."""
    flag_modified(payment, "received_vnd")


def _standing_allowance(session: Session, refund: Refund) -> LedgerEntry | None:
    found = entry_by_key(session, f"allowance:{refund.id}")
    if found is None or entry_by_key(session, f"reverse:{found.key}") is not None:
        return None
    return found


def _post(
    session: Session,
    order: Order,
    payment: Payment,
    *,
    key: str,
    kind: str,
    amounts: dict[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=key,
        kind=kind,
        text=order.code,
        amounts=amounts,
        actor=actor,
        now=now,
        order_id=order.id,
        payment_id=payment.id,
    )
