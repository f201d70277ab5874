"""Money that came to an account: written down once, for its order or for nobody yet."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import NotFound, ShopError, WrongMove
from shop.models.catalog import Seller
from shop.models.ledger import LedgerEntry
from shop.models.orders import Order
from shop.models.payments import BankAccount, BankCredit, CreditState, Payment
from shop.queries import order_money
from shop.queries.locks import lock
from shop.services import ledger, payments
from shop.services.actors import Actor, audit, require
from shop.services.payments import CLOSED
from shop.services.permissions import Action

BY_HAND = "hand"
"""The source of what a person says that came."""


class CreditKnown(ShopError):
    """This bank reference is written down already, for another order or another amount."""

    code = "credit_known"
    status = 409


def record(
    session: Session,
    order: Order,
    *,
    amount_vnd: int,
    source: str,
    reference: str,
    credited_at: datetime,
    actor: Actor,
    now: datetime,
    memo: str = "",
    is_with_provider: bool = False,
) -> BankCredit:
    """Write down that money for `order` reached the seller's account or its provider; post it.

    The same (account, source, reference) is counted once: a repeat returns the first, and raises
    `CreditKnown` where order or amount differ. Money for an order that is closed is parked in
    `suspense` until a person decides.
    """
    payment = payments.locked(session, order)
    account = None
    if not is_with_provider:
        account = _locked(session, _account_asked(session, payment, order.seller_id))
    known = _known(session, account, source, reference)
    if known is not None:
        return _same(session, known, payment.id, amount_vnd)
    credit = BankCredit(
        seller_id=order.seller_id,
        bank_account_id=account.id if account else None,
        payment_id=payment.id,
        source=source,
        reference=reference,
        amount_vnd=amount_vnd,
        memo=memo,
        credited_at=credited_at,
        recorded_at=now,
        recorded_by_id=actor.account_id,
        state=CreditState.MATCHED,
    )
    session.add(credit)
    session.flush()
    _book(session, credit, order, payment, key=f"receipt:{credit.id}", actor=actor, now=now)
    return credit


def record_unknown(
    session: Session,
    seller: Seller,
    *,
    amount_vnd: int,
    source: str,
    reference: str,
    credited_at: datetime,
    memo: str,
    actor: Actor,
    now: datetime,
) -> BankCredit:
    """Write down money of which nobody knows the order: it waits in `suspense`.

    The same (account, source, reference) is counted once, as in `record`.
    """
    require(actor, Action.CONFIRM_MONEY, seller.id)
    account = _locked(session, payments.receiving_account(session, seller.id))
    known = _known(session, account, source, reference)
    if known is not None:
        return _same(session, known, None, amount_vnd)
    credit = BankCredit(
        seller_id=seller.id,
        bank_account_id=account.id if account else None,
        source=source,
        reference=reference,
        amount_vnd=amount_vnd,
        memo=memo,
        credited_at=credited_at,
        recorded_at=now,
        recorded_by_id=actor.account_id,
        state=CreditState.UNMATCHED,
    )
    session.add(credit)
    session.flush()
    ledger.post(
        session,
        seller_id=seller.id,
        key=f"receipt:{credit.id}",
        kind="receipt_unmatched",
        text=reference,
        amounts={_bank(credit): amount_vnd, "suspense": -amount_vnd},
        actor=actor,
        now=now,
        happened_at=credited_at,
    )
    after = {"amount_vnd": amount_vnd, "source": source}
    audit(session, actor, "unknown_money_received", credit, now=now, after=after)
    return credit


def match(
    session: Session, credit_id: int, order: Order, *, actor: Actor, now: datetime
) -> BankCredit:
    """Let money of an unknown order be for `order`, which is locked already.

    The first entry is reversed and the receipt posted anew. Raises `WrongMove` for money that
    has found its order or its sender, `NotFound` for that of another seller.
    """
    credit = locked(session, credit_id)
    if credit.seller_id != order.seller_id:
        raise NotFound(f"credit {credit_id} is not of the seller of {order.code}")
    _require_unmatched(credit)
    ledger.reverse(session, _first_entry(session, credit), actor=actor, now=now)
    payment = payments.locked(session, order)
    credit.payment_id = payment.id
    key = f"receipt:{credit.id}:{order.id}"
    _book(session, credit, order, payment, key=key, actor=actor, now=now)
    return credit


def send_back(
    session: Session, credit_id: int, *, reference: str, actor: Actor, now: datetime
) -> BankCredit:
    """Write down that money of an unknown order went back to its sender."""
    credit = locked(session, credit_id)
    require(actor, Action.REFUND, credit.seller_id)
    _require_unmatched(credit)
    ledger.post(
        session,
        seller_id=credit.seller_id,
        key=f"sent_back:{credit.id}",
        kind="unmatched_returned",
        text=reference,
        amounts={"suspense": credit.amount_vnd, _bank(credit): -credit.amount_vnd},
        actor=actor,
        now=now,
    )
    credit.state = CreditState.RETURNED
    session.flush()
    after = {"amount_vnd": credit.amount_vnd, "reference": reference}
    audit(session, actor, "unknown_money_returned", credit, now=now, after=after)
    return credit


def locked(session: Session, credit_id: int) -> BankCredit:
    """Return money that came, locked until the transaction ends."""
    return session.scalars(
        select(BankCredit)
        .where(BankCredit.id == credit_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def _book(
    session: Session,
    credit: BankCredit,
    order: Order,
    payment: Payment,
    *,
    key: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Post `credit` for `order`: what was owed is paid, or it came too late."""
    is_late = order.state in CLOSED
    credit.state = CreditState.LATE if is_late else CreditState.MATCHED
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=key,
        kind="receipt_late" if is_late else "receipt",
        text=order.code,
        amounts={
            _bank(credit): credit.amount_vnd,
            "suspense" if is_late else "buyers": -credit.amount_vnd,
        },
        actor=actor,
        now=now,
        happened_at=credit.credited_at,
        order_id=order.id,
        payment_id=payment.id,
    )
    payment.received_vnd += credit.amount_vnd
    if not is_late:
        payments.settle_attempt(session, payment, now=now)
        payments.set_aside_surplus(session, order, payment, actor=actor, now=now)
    audit(
        session,
        actor,
        "money_received",
        order,
        now=now,
        after={
            "amount_vnd": credit.amount_vnd,
            "source": credit.source,
            "state": payment.state,
        },
    )
    session.flush()


def _account_asked(session: Session, payment: Payment, seller_id: int) -> BankAccount | None:
    """Return the account the buyer was asked to pay to; the present one for a cash order."""
    asked = order_money.account_asked(session, payment)
    return asked or payments.receiving_account(session, seller_id)


def _locked(session: Session, account: BankAccount | None) -> BankAccount | None:
    """Return the account, locked: one reference is written down by one person."""
    if account is not None:
        lock(session, account)
    return account


def _known(
    session: Session, account: BankAccount | None, source: str, reference: str
) -> BankCredit | None:
    return session.scalars(
        select(BankCredit).where(
            BankCredit.bank_account_id == (account.id if account else None),
            BankCredit.source == source,
            BankCredit.reference == reference,
        )
    ).one_or_none()


def _same(
    session: Session, known: BankCredit, payment_id: int | None, amount_vnd: int
) -> BankCredit:
    if known.payment_id == payment_id and known.amount_vnd == amount_vnd:
        return known
    owner = session.get(Payment, known.payment_id) if known.payment_id else None
    raise CreditKnown(
        f"{known.reference} is credit {known.id}",
        reference=known.reference,
        order_code=owner.order.code if owner else "",
        amount_vnd=known.amount_vnd,
    )


def _require_unmatched(credit: BankCredit) -> None:
    if credit.state is not CreditState.UNMATCHED:
        raise WrongMove(f"credit {credit.id} is {credit.state}", state=credit.state.value)


def _first_entry(session: Session, credit: BankCredit) -> LedgerEntry:
    return session.scalars(
        select(LedgerEntry).where(LedgerEntry.key == f"receipt:{credit.id}")
    ).one()


def _bank(credit: BankCredit) -> str:
    """Return the ledger's name for where the money stands: a bank account, or a provider."""
    if credit.bank_account_id is None and credit.source != BY_HAND:
        return f"clearing:{credit.source}"
    return f"bank:{credit.bank_account_id or 0}"
