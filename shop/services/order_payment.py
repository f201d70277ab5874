"""What money does to an order: it confirms it, comes too late, or the stock wait runs out."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import OutOfStock, WrongMove
from shop.models.orders import Order, OrderState
from shop.models.payments import AttemptState, BankCredit, CreditState, PaymentAttempt
from shop.queries.ledger import balance, sales_posted, standing_sale
from shop.services import (
    bank_credits,
    inventory,
    ledger,
    order_mail,
    order_moves,
    payments,
    refund_promises,
    vouchers,
)
from shop.services.actors import SYSTEM, Actor, audit
from shop.services.payment_attempts import in_review, move_attempt, refuse_while_in_review
from shop.services.permissions import Action

LAPSED = "hold_lapsed"

WAITING = frozenset({OrderState.NEW, OrderState.AWAITING_PAYMENT})
"""Nothing has been given to the order: it waits for its money or its call."""


def receive_transfer(
    session: Session,
    order_id: int,
    *,
    amount_vnd: int,
    source: str,
    reference: str,
    credited_at: datetime,
    actor: Actor,
    now: datetime,
    today: date,
    memo: str = "",
) -> BankCredit:
    """Write down a transfer for an order and confirm the order once all of it has come.

    An order to be paid at the door that is paid before needs no call any more.
    """
    order = order_moves.locked_for(session, order_id, actor, Action.CONFIRM_MONEY)
    credit = bank_credits.record(
        session,
        order,
        amount_vnd=amount_vnd,
        source=source,
        reference=reference,
        credited_at=credited_at,
        actor=actor,
        now=now,
        memo=memo,
    )
    _confirm_when_paid(session, order, actor=actor, now=now, today=today)
    return credit


def receive_through(
    session: Session,
    order: Order,
    attempt: PaymentAttempt,
    *,
    memo: str,
    credited_at: datetime,
    actor: Actor,
    now: datetime,
    today: date,
) -> BankCredit:
    """Write down that a provider collected a try, and confirm the order once all has come.

    The order is locked already; the money stands with the provider until it settles. It is known
    by the reference of the try, which is ours and unique; the provider's own number is a note.
    """
    credit = bank_credits.record(
        session,
        order,
        amount_vnd=attempt.amount_vnd,
        source=attempt.provider,
        reference=attempt.reference,
        memo=memo,
        credited_at=credited_at,
        actor=actor,
        now=now,
        is_with_provider=True,
    )
    _confirm_when_paid(session, order, actor=actor, now=now, today=today)
    return credit


def match_transfer(
    session: Session,
    credit_id: int,
    order_id: int,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> BankCredit:
    """Let money whose order was unknown be for this one, and confirm it once all has come."""
    order = order_moves.locked_for(session, order_id, actor, Action.CONFIRM_MONEY)
    credit = bank_credits.match(session, credit_id, order, actor=actor, now=now)
    _confirm_when_paid(session, order, actor=actor, now=now, today=today)
    return credit


def _confirm_when_paid(
    session: Session, order: Order, *, actor: Actor, now: datetime, today: date
) -> None:
    missing_vnd = payments.locked(session, order).missing_vnd
    if order.state in WAITING and not order.is_short and not missing_vnd:
        confirm(session, order, actor=actor, now=now, today=today)


def confirm(session: Session, order: Order, *, actor: Actor, now: datetime, today: date) -> None:
    """Give the order its batches and post the sale.

    What no batch covers any more leaves the order `new` and short, for a person to close; such an
    order is not confirmed twice (`WrongMove`).
    """
    if order.is_short:
        raise WrongMove(f"{order.code} is short", state=order.state.value)
    inventory.lock(session, order)
    through = sell_through(order, today)
    missing = [
        inventory.allocate(session, line, sell_through=through, now=now) for line in order.lines
    ]
    order.is_short = any(missing)
    order.hold_until = None
    state = OrderState.NEW if order.is_short else OrderState.CONFIRMED
    if state is not order.state:
        order_moves.move(session, order, state, actor=actor, now=now)
    post_sale(session, order, actor=actor, now=now)
    order_mail.announce(session, order, "confirmed", now=now)


def close_short(
    session: Session, order_id: int, *, actor: Actor, now: datetime, today: date
) -> Order:
    """Try again to cover a short order with batches that may be sold; confirm it when they do."""
    order = order_moves.locked_for(session, order_id, actor, Action.PICK_ORDER)
    if not order.is_short:
        raise WrongMove(f"{order.code} is not short", state=order.state.value)
    inventory.lock(session, order)
    through = sell_through(order, today)
    missing = [
        inventory.reallocate(session, line, sell_through=through, now=now) for line in order.lines
    ]
    order.is_short = any(missing)
    if not order.is_short and order.state is OrderState.NEW:
        order_moves.move(session, order, OrderState.CONFIRMED, actor=actor, now=now)
        order_mail.announce(session, order, "confirmed", now=now)
    audit(session, actor, "short_order_tried", order, now=now, after={"short": order.is_short})
    return order


def sell_through(order: Order, today: date) -> date:
    """Return the day through which goods of this order must last: until they are at the door."""
    said = order.snapshot.get("expected_on")
    reached = today + timedelta(days=int(order.snapshot["delivery"]["days"]))
    return max(date.fromisoformat(said), reached) if said else reached


def post_sale(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    """Post what the buyer owes against goods, delivery and the VAT inside the prices.

    A sale that stands is not posted again; one that was reversed is followed by the next.
    """
    if standing_sale(session, order.id) is not None:
        return
    vat = sum(line.tax_vnd for line in order.lines)
    turn = sales_posted(session, order.id) + 1
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=f"sale:{order.id}:{turn}",
        kind="sale",
        text=order.code,
        amounts={
            "buyers": order.total_vnd,
            "goods": vat - order.goods_vnd,
            "delivery": -order.delivery_vnd,
            "vat": -vat,
        },
        actor=actor,
        now=now,
        order_id=order.id,
    )


def confirm_by_phone(
    session: Session, order_id: int, *, actor: Actor, now: datetime, today: date
) -> Order:
    """Confirm a cash order after the call; what no batch covers any more leaves it short.

    A late call counts until `lapse` has cancelled the order. Raises `WrongMove` for any order
    that does not wait for its call.
    """
    order = _awaiting_call(session, order_id, actor)
    confirm(session, order, actor=actor, now=now, today=today)
    audit(session, actor, "order_confirmed_by_phone", order, now=now)
    return order


def note_failed_call(
    session: Session, order_id: int, *, tries_seen: int, actor: Actor, now: datetime
) -> Order:
    """Count a call that nobody answered; the third one cancels the order (`commerce.md` 3).

    Whoever saw another number of tries than there are tells of a call that is counted already.
    """
    order = _awaiting_call(session, order_id, actor)
    if order.call_tries != tries_seen:
        return order
    order.call_tries += 1
    audit(session, actor, "order_call_failed", order, now=now, after={"try": order.call_tries})
    if order.call_tries >= 3:
        _cancel(session, order, reason="not_reached", actor=actor, now=now)
    return order


def _awaiting_call(session: Session, order_id: int, actor: Actor) -> Order:
    """Return an order that waits for its call, locked; `WrongMove` for any other."""
    order = order_moves.locked_for(session, order_id, actor, Action.CONFIRM_ORDER)
    if order.state is not OrderState.NEW or order.payment_way != "cod" or order.is_short:
        raise WrongMove(f"{order.code} is {order.state}", state=order.state.value)
    return order


def cancel(session: Session, order_id: int, *, reason: str, actor: Actor, now: datetime) -> Order:
    """Cancel an order that has not left: stock is free again, money is owed back."""
    order = order_moves.locked_for(session, order_id, actor, Action.CANCEL_ORDER)
    return _cancel(session, order, reason=reason, actor=actor, now=now)


def cancel_by_buyer(session: Session, order_id: int, *, actor: Actor, now: datetime) -> Order:
    """Cancel an order for whoever has its private link; `WrongMove` once packing has started.

    While the provider looks into money that it took there is nothing yet to be given back:
    `InReview`. The office may cancel all the same.
    """
    order = order_moves.locked(session, order_id)
    if order.state not in order_moves.BUYER_MAY_CANCEL:
        raise WrongMove(f"{order.code} is {order.state}", state=order.state.value)
    refuse_while_in_review(payments.locked(session, order))
    return _cancel(session, order, reason="buyer", actor=actor, now=now)


def _cancel(session: Session, order: Order, *, reason: str, actor: Actor, now: datetime) -> Order:
    order_moves.move(session, order, OrderState.CANCELLED, actor=actor, now=now, note=reason)
    order.cancel_reason = reason
    order.hold_until = None
    order.is_short = False
    vouchers.give_back(session, order, now=now)
    inventory.lock(session, order)
    for line in order.lines:
        inventory.release(session, line)
        inventory.settle_shortages(session, line, outcome="cancelled", now=now)
    unpost_sale(session, order, actor=actor, now=now)
    for attempt in open_attempts(session, order):
        state = AttemptState.EXPIRED if reason == LAPSED else AttemptState.CANCELLED
        move_attempt(attempt, state, now=now)
    payments.give_back(session, order, reason=reason, actor=actor, now=now)
    order_mail.announce(session, order, "cancelled", now=now)
    audit(session, actor, "order_cancelled", order, now=now, after={"reason": reason})
    return order


def unpost_sale(session: Session, order: Order, *, actor: Actor, now: datetime) -> None:
    """Reverse the sale of an order that will not be carried out, if one was posted."""
    entry = standing_sale(session, order.id)
    if entry is not None:
        ledger.reverse(session, entry, actor=actor, now=now)
        payment = payments.locked(session, order)
        refund_promises.end_remissions(session, order, payment, actor=actor, now=now)


def open_attempts(session: Session, order: Order) -> list[PaymentAttempt]:
    """Return the tries to collect that may still be paid."""
    payment = payments.locked(session, order)
    return [
        attempt
        for attempt in payment.attempts
        if attempt.state in {AttemptState.CREATED, AttemptState.PENDING}
    ]


def lapse(session: Session, order_id: int, *, now: datetime) -> None:
    """End an order whose stock wait ran out without the money or the call; twice is harmless.

    Stock for which a provider has taken money that it still looks into is kept
    (`docs/decisions/0009`).
    """
    order = order_moves.locked(session, order_id)
    is_over = order.hold_until is not None and order.hold_until <= now
    if order.state in WAITING and is_over and not in_review(payments.locked(session, order)):
        _cancel(session, order, reason=LAPSED, actor=SYSTEM, now=now)


def accept_late(
    session: Session, order_id: int, *, actor: Actor, now: datetime, today: date
) -> Order:
    """Take late money after all: hold stock anew, then confirm. `OutOfStock` changes nothing."""
    order = order_moves.locked_for(session, order_id, actor, Action.CONFIRM_MONEY)
    parked = -balance(session, "suspense", order_id=order.id)
    payment = payments.locked(session, order)
    if order.state is not OrderState.CANCELLED or parked < payment.amount_vnd:
        raise WrongMove(f"{order.code} has {parked} parked", state=order.state.value)
    vouchers.take_again(session, order)
    inventory.lock(session, order)
    through = sell_through(order, today)
    for line in order.lines:
        left = inventory.sellable_quantity(session, line, sell_through=through)
        if line.quantity > left:
            raise OutOfStock(line.pack.sku, wanted=line.quantity, available=left, title=line.title)
    order_moves.move(session, order, OrderState.CONFIRMED, actor=actor, now=now, note="late_money")
    for line in order.lines:
        inventory.allocate(session, line, sell_through=through, now=now)
    order.cancel_reason = ""
    _unpark(session, order, parked, actor=actor, now=now)
    post_sale(session, order, actor=actor, now=now)
    payments.settle_attempt(session, payment, now=now)
    payments.set_aside_surplus(session, order, payment, actor=actor, now=now)
    order_mail.announce(session, order, "confirmed", now=now)
    audit(session, actor, "late_money_accepted", order, now=now, after={"amount_vnd": parked})
    return order


def refuse_late(session: Session, order_id: int, *, actor: Actor, now: datetime) -> Order:
    """Give late money back: it moves from `suspense` to what is owed to buyers."""
    order = order_moves.locked_for(session, order_id, actor, Action.CONFIRM_MONEY)
    parked = -balance(session, "suspense", order_id=order.id)
    if parked <= 0:
        raise WrongMove(f"{order.code} has nothing parked", state=order.state.value)
    payment = payments.locked(session, order)
    refund_promises.promise(
        session,
        order,
        payment,
        amount_vnd=parked,
        reason="late",
        from_account="suspense",
        actor=actor,
        now=now,
    )
    _mark_credits(session, payment.id, CreditState.RETURNED)
    audit(session, actor, "late_money_refused", order, now=now, after={"amount_vnd": parked})
    return order


def _unpark(
    session: Session,
    order: Order,
    amount_vnd: int,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    payment = payments.locked(session, order)
    turn = len(order.moves)
    ledger.post(
        session,
        seller_id=order.seller_id,
        key=f"late_accepted:{order.id}:{turn}",
        kind="late_accepted",
        text=order.code,
        amounts={"suspense": amount_vnd, "buyers": -amount_vnd},
        actor=actor,
        now=now,
        order_id=order.id,
        payment_id=payment.id,
    )
    _mark_credits(session, payment.id, CreditState.MATCHED)


def _mark_credits(session: Session, payment_id: int, state: CreditState) -> None:
    for credit in session.scalars(
        select(BankCredit).where(
            BankCredit.payment_id == payment_id, BankCredit.state == CreditState.LATE
        )
    ):
        credit.state = state
