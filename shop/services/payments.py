"""Money that an order owes: asking for it, owing it back, the cash at the door."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankAccount,
    Payment,
    PaymentAttempt,
)
from shop.queries.ledger import balance
from shop.services import ledger, refund_promises
from shop.services.actors import Actor, audit, require
from shop.services.payment_attempts import move_attempt
from shop.services.permissions import Action

CLOSED = {OrderState.CANCELLED, OrderState.RETURNED}

WITHOUT_PROVIDER = frozenset({"vietqr", "cod"})
"""Ways to pay that need no contract with anybody; every other way is a provider's name."""


class CashDiffers(WrongMove):
    """What the carrier handed over and kept is not what it took at the door."""

    code = "cash_differs"


def receiving_account(session: Session, seller_id: int) -> BankAccount | None:
    """Return the account that buyers of this seller transfer to, if it has one."""
    return session.scalars(
        select(BankAccount)
        .where(
            BankAccount.seller_id == seller_id,
            BankAccount.stall_id.is_(None),
            BankAccount.is_active,
        )
        .order_by(BankAccount.id.desc())
        .limit(1)
    ).one_or_none()


def ask(session: Session, order: Order, *, now: datetime) -> Payment:
    """Open the payment of a new order; a transfer gets its attempt with the code as reference.

    A payment through a provider gets its attempts by `provider_payments.begin`.
    """
    payment = Payment(
        order_id=order.id, amount_vnd=order.total_vnd, received_vnd=0, refunded_vnd=0
    )
    session.add(payment)
    session.flush()
    if order.payment_way not in WITHOUT_PROVIDER:
        return payment
    begin(session, order, payment, now=now)
    return payment


def begin(session: Session, order: Order, payment: Payment, *, now: datetime) -> PaymentAttempt:
    """Write down a try to collect what is missing without a provider, by transfer or at the door.

    An order has one of them at the most: its reference is the code of the order.
    """
    account = receiving_account(session, order.seller_id)
    attempt = PaymentAttempt(
        provider=order.payment_way,
        bank_account_id=account.id if account and order.payment_way == "vietqr" else None,
        reference=order.code,
        state=AttemptState.PENDING,
        amount_vnd=payment.missing_vnd,
        created_at=now,
        expires_at=order.hold_until,
    )
    payment.attempts.append(attempt)
    session.flush()
    return attempt


def locked(session: Session, order: Order) -> Payment:
    """Return the payment of `order`, locked until the transaction ends."""
    return session.scalars(
        select(Payment)
        .where(Payment.order_id == order.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def settle_attempt(session: Session, payment: Payment, *, now: datetime) -> None:
    """Let the try to collect without a provider be paid once nothing of the payment is missing.

    A try through a provider is paid by its provider's word alone: were it taken for paid because
    the money came another way, a notice that comes late would count as known, and its money
    would be lost.
    """
    if payment.missing_vnd or any(one.state is AttemptState.PAID for one in payment.attempts):
        return
    for attempt in payment.attempts:
        if attempt.provider_account_id is None:
            move_attempt(attempt, AttemptState.PAID, now=now)
            return


def set_aside_surplus(
    session: Session, order: Order, payment: Payment, *, actor: Actor, now: datetime
) -> None:
    """Owe back what came beyond the amount and is not promised back yet."""
    due = payment.surplus_vnd - refund_promises.promised_vnd(session, payment)
    if due <= 0:
        return
    refund_promises.promise(
        session,
        order,
        payment,
        amount_vnd=due,
        reason="overpaid",
        from_account="buyers",
        actor=actor,
        now=now,
    )


def give_back(session: Session, order: Order, *, reason: str, actor: Actor, now: datetime) -> None:
    """Owe everything that came for a closed order and is not promised back yet."""
    payment = locked(session, order)
    promised = refund_promises.promised_vnd(session, payment)
    kept = payment.received_vnd - payment.refunded_vnd - promised
    if kept > 0:
        refund_promises.promise(
            session,
            order,
            payment,
            amount_vnd=kept,
            reason=reason,
            from_account="buyers",
            actor=actor,
            now=now,
        )


def collect_cash(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    """Write down that the carrier took what was still owed in cash at the door."""
    payment = locked(session, order)
    amount = payment.missing_vnd
    if not amount:
        return
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=f"cod_collected:{order.id}",
        kind="cod_collected",
        text=order.code,
        amounts={"cod_in_transit": amount, "buyers": -amount},
        actor=actor,
        now=now,
        order_id=order.id,
        payment_id=payment.id,
    )
    payment.received_vnd += amount
    settle_attempt(session, payment, now=now)
    session.flush()


def take_over_cash(
    session: Session, order: Order, *, amount_vnd: int, fee_vnd: int, actor: Actor, now: datetime
) -> None:
    """Write down that the carrier handed over `amount_vnd` and kept `fee_vnd` of the cash.

    Raises `CashDiffers` when the two are not what the carrier collected, `WrongMove` when nothing
    is with the carrier.
    """
    require(actor, Action.CONFIRM_MONEY, order.seller_id)
    payment = locked(session, order)
    in_transit = cash_in_transit(session, order)
    if not in_transit:
        raise WrongMove(f"order {order.code}: nothing in transit")
    if amount_vnd + fee_vnd != in_transit:
        raise CashDiffers(
            f"order {order.code}: {in_transit} in transit",
            in_transit_vnd=in_transit,
            difference_vnd=in_transit - amount_vnd - fee_vnd,
        )
    account = receiving_account(session, order.seller_id)
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=f"cod_remitted:{order.id}",
        kind="cod_remitted",
        text=order.code,
        amounts={
            f"bank:{account.id}" if account else "cash:0": amount_vnd,
            "fees": fee_vnd,
            "cod_in_transit": -in_transit,
        },
        actor=actor,
        now=now,
        order_id=order.id,
        payment_id=payment.id,
    )
    audit(
        session,
        actor,
        "cod_remitted",
        order,
        now=now,
        after={"amount_vnd": amount_vnd, "fee_vnd": fee_vnd},
    )


def cash_in_transit(session: Session, order: Order) -> int:
    """Return the đồng a carrier took for `order` and has not handed over."""
    return balance(session, "cod_in_transit", order_id=order.id)
