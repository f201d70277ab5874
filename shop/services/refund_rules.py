"""Rules of giving money back: how much, how far one person decides alone, which way it can go."""

from datetime import datetime

from sqlalchemy.orm import Session

from integrations.payments import providers
from integrations.payments.protocol import Capability
from shop.errors import ShopError
from shop.models.catalog import Seller
from shop.models.orders import Order
from shop.models.outbox import OutboxMessage
from shop.models.payments import (
    AttemptState,
    Payment,
    PaymentAttempt,
    Refund,
    RefundState,
    RefundWay,
)
from shop.queries import outbox as messages
from shop.queries.ledger import balance, standing_sale
from shop.queries.locks import lock
from shop.services import refund_promises
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

KIND = "refund"
"""The kind of the messages that ask a provider to give money back."""

LIMIT = "refund_limit_vnd"
USUAL_LIMIT_VND = 1_000_000


class RefundNeedsSecond(ShopError):
    """So much goes back only when a second person has confirmed it."""

    code = "refund_needs_second"
    status = 409


class SamePerson(ShopError):
    """Who asked for the money to go back cannot be the second person."""

    code = "refund_same_person"
    status = 409


class NoWayBack(ShopError):
    """The money cannot go back through a provider: it did not come so, or one is on its way."""

    code = "refund_no_way"
    status = 409


def limit_vnd(seller: Seller) -> int:
    """Return up to how many đồng of one order one person may give back alone."""
    return int(seller.settings.get(LIMIT, USUAL_LIMIT_VND))


def change_limit(
    session: Session, seller: Seller, limit: int, *, actor: Actor, now: datetime
) -> None:
    """Change from which amount on a second person is needed; what is asked already stays so."""
    require(actor, Action.MANAGE_SELLER, seller.id)
    lock(session, seller)
    before = limit_vnd(seller)
    if before == limit:
        return
    seller.settings = seller.settings | {LIMIT: limit}
    session.flush()
    old, new = {LIMIT: before}, {LIMIT: limit}
    audit(session, actor, "refund_limit_changed", seller, now=now, before=old, after=new)


def refundable_vnd(session: Session, order: Order, payment: Payment) -> int:
    """Return how much of an order that stays may be given back: what came and is not promised."""
    if standing_sale(session, order.id) is None:
        return 0
    promised = refund_promises.promised_vnd(session, payment)
    parked = -balance(session, "suspense", order_id=order.id)
    left = payment.received_vnd - payment.refunded_vnd - promised - parked
    return max(0, min(left, payment.owed_vnd))


def needs_second(session: Session, payment: Payment, refund: Refund) -> bool:
    """Return whether a second person has still to confirm.

    What one person gave back of the same order before counts: a large sum in small parts is one.
    """
    if refund.confirmed_by_id is not None or refund.proposed_by_id is None:
        return False
    alone = sum(
        one.amount_vnd
        for one in refund_promises.all_of(session, payment)
        if one.id != refund.id
        and one.way is not RefundWay.NONE
        and one.state is not RefundState.REJECTED
        and one.proposed_by_id is not None
        and one.confirmed_by_id is None
    )
    return alone + refund.amount_vnd > (refund.limit_vnd or 0)


def way_back(session: Session, payment: Payment, amount_vnd: int) -> PaymentAttempt | None:
    """Return the try through whose provider so much can go back now.

    One refund of a try at a time: a provider tells only of the last one, and whose it is must
    be certain.
    """
    refunds = refund_promises.all_of(session, payment)
    for attempt in payment.attempts:
        if attempt.state is not AttemptState.PAID or attempt.provider_account_id is None:
            continue
        of_this = [
            one
            for one in refunds
            if one.attempt_id == attempt.id and one.state is not RefundState.REJECTED
        ]
        left = attempt.amount_vnd - sum(one.amount_vnd for one in of_this)
        is_busy = any(one.state in refund_promises.OPEN for one in of_this)
        if amount_vnd <= left and not is_busy and _can(attempt, amount_vnd):
            return attempt
    return None


def busy_try(session: Session, payment: Payment) -> PaymentAttempt | None:
    """Return the try whose provider is busy with another refund of it, if there is one."""
    busy = {
        one.attempt_id
        for one in refund_promises.all_of(session, payment)
        if one.state in refund_promises.OPEN and one.way is RefundWay.PROVIDER
    }
    return next((one for one in payment.attempts if one.id in busy), None)


def _can(attempt: PaymentAttempt, amount_vnd: int) -> bool:
    provider = providers().get(attempt.provider)
    is_whole = amount_vnd == attempt.amount_vnd
    needed = Capability.REFUND_FULL if is_whole else Capability.REFUND_PART
    return provider is not None and needed in provider.capabilities


def message_key(refund: Refund) -> str:
    """Return the key of the message that asks the provider; it never changes."""
    return f"{KIND}:{refund.key}"


def is_sent(session: Session, refund: Refund) -> bool:
    """Return whether the provider is being asked or was."""
    return refund.way is RefundWay.PROVIDER and message_of(session, refund) is not None


def message_of(session: Session, refund: Refund) -> OutboxMessage | None:
    """Return the message that asks the provider, once it is promised."""
    return messages.by_key(session, message_key(refund))
