"""Giving money back: asked for with a reason, in one way, above a limit by two persons."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import Changed, WrongMove
from shop.models.orders import Order
from shop.models.outbox import OutboxState
from shop.models.payments import Payment, Refund, RefundState, RefundWay
from shop.services import order_moves, outbox, payments, refund_ends, refund_promises, refund_rules
from shop.services.actors import Actor, audit
from shop.services.permissions import Action
from shop.services.refund_rules import NoWayBack, RefundNeedsSecond, SamePerson


def ask(
    session: Session,
    order_id: int,
    *,
    amount_vnd: int,
    reason: str,
    way: RefundWay,
    seen: int,
    actor: Actor,
    now: datetime,
) -> Refund:
    """Give back part or all of an order that stays: its price goes down by as much.

    `seen` is how many refunds of the order the person knew: the same again returns the first,
    anything else is `Changed`. Raises `RefundTooMuch`, `NoWayBack`, `NotAllowed`.
    """
    order = order_moves.locked_for(session, order_id, actor, Action.REFUND)
    payment = payments.locked(session, order)
    known = refund_promises.all_of(session, payment)
    if len(known) != seen:
        again = known[seen] if seen < len(known) else None
        if again is not None and _is_same(again, amount_vnd, reason, way, actor):
            return again
        raise Changed(f"{order.code} has {len(known)} refunds")
    left_vnd = refund_rules.refundable_vnd(session, order, payment)
    if amount_vnd > left_vnd:
        raise refund_promises.RefundTooMuch(f"{order.code}: {left_vnd}", left_vnd=left_vnd)
    refund = refund_promises.promise(
        session,
        order,
        payment,
        amount_vnd=amount_vnd,
        reason=reason,
        from_account="buyers",
        actor=actor,
        now=now,
    )
    refund_promises.remit(session, order, payment, refund, actor=actor, now=now)
    _choose(session, order, payment, refund, way, actor=actor, now=now)
    return refund


def _is_same(refund: Refund, amount_vnd: int, reason: str, way: RefundWay, actor: Actor) -> bool:
    asked = (refund.amount_vnd, refund.reason, refund.way, refund.asked_by_id)
    return asked == (amount_vnd, reason, way, actor.account_id)


def choose(
    session: Session, refund_id: int, way: RefundWay, *, actor: Actor, now: datetime
) -> Refund:
    """Choose how money that is owed back goes; the same way again changes nothing.

    Raises `NoWayBack`, and `WrongMove` when another way is chosen or the money is on its way.
    """
    order, payment, refund = refund_ends.locked(session, refund_id, actor)
    if refund.way is way:
        return refund
    if refund.state is not RefundState.ASKED or refund.way is not RefundWay.NONE:
        raise WrongMove(f"refund {refund.id} goes by {refund.way}", state=refund.state.value)
    _choose(session, order, payment, refund, way, actor=actor, now=now)
    return refund


def _choose(
    session: Session,
    order: Order,
    payment: Payment,
    refund: Refund,
    way: RefundWay,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if way is RefundWay.PROVIDER:
        attempt = refund_rules.way_back(session, payment, refund.amount_vnd)
        if attempt is None:
            raise NoWayBack(f"refund {refund.id}")
        refund.attempt_id = attempt.id
    refund.way = way
    refund.proposed_by_id = actor.account_id
    refund.proposed_at = now
    refund.limit_vnd = refund_rules.limit_vnd(order.seller)
    refund_promises.touch(payment)
    after = {"refund": refund.key, "amount_vnd": refund.amount_vnd, "way": way.value}
    audit(session, actor, "refund_way_chosen", order, now=now, after=after)
    session.flush()
    if not refund_rules.needs_second(session, payment, refund):
        _send(session, order, refund, now=now)


def _send(session: Session, order: Order, refund: Refund, *, now: datetime) -> None:
    """Promise to ask the provider, in the transaction that decided it; by hand asks nobody."""
    if refund.way is RefundWay.PROVIDER:
        outbox.promise(
            session,
            kind=refund_rules.KIND,
            subject=f"refund:attempt:{refund.attempt_id}",
            key=refund_rules.message_key(refund),
            payload={"refund_id": refund.id},
            seller_id=order.seller_id,
            now=now,
        )


def confirm(session: Session, refund_id: int, *, actor: Actor, now: datetime) -> Refund:
    """Let money above the limit go back, as the second person; twice by the same is once.

    Raises `SamePerson` for who chose the way, `WrongMove` where nothing waits.
    """
    order, payment, refund = refund_ends.locked(session, refund_id, actor)
    if refund.confirmed_by_id is not None and refund.confirmed_by_id == actor.account_id:
        return refund
    if refund.state is not RefundState.ASKED or not refund_rules.needs_second(
        session, payment, refund
    ):
        raise WrongMove(f"refund {refund.id} waits for nobody", state=refund.state.value)
    if actor.account_id is None or actor.account_id == refund.proposed_by_id:
        raise SamePerson(f"refund {refund.id}")
    refund.confirmed_by_id = actor.account_id
    refund.confirmed_at = now
    refund_promises.touch(payment)
    after = {"refund": refund.key, "amount_vnd": refund.amount_vnd}
    audit(session, actor, "refund_confirmed", order, now=now, after=after)
    session.flush()
    _send(session, order, refund, now=now)
    return refund


def refuse(
    session: Session, refund_id: int, *, reason: str, actor: Actor, now: datetime
) -> Refund:
    """Say no to money that waits: of an order that stays nothing is owed any more.

    What is owed in any case (too much came, the order is cancelled) stays owed, and its way is
    to be chosen anew. Raises `WrongMove` when it may be on its way already.
    """
    order, payment, refund = refund_ends.locked(session, refund_id, actor)
    may_go = refund_rules.is_sent(session, refund) or refund.state is not RefundState.ASKED
    is_remission = refund_promises.is_remission(session, refund)
    if may_go or (refund.way is RefundWay.NONE and not is_remission):
        raise WrongMove(f"refund {refund.id} is {refund.state}", state=refund.state.value)
    refund.details = refund.details | {"refused": reason}
    refund_promises.touch(payment)
    after = {"refund": refund.key, "amount_vnd": refund.amount_vnd, "reason": reason}
    audit(session, actor, "refund_refused", order, now=now, after=after)
    if is_remission:
        refund_promises.take_back(session, order, payment, refund, actor=actor, now=now)
        refund_promises.move_refund(refund, RefundState.REJECTED, now=now)
    else:
        refund.way = RefundWay.NONE
        refund.attempt_id = None
        refund.proposed_by_id = refund.proposed_at = refund.limit_vnd = None
        refund.confirmed_by_id = refund.confirmed_at = None
    session.flush()
    return refund


def give_up(
    session: Session, refund_id: int, *, reason: str, actor: Actor, now: datetime
) -> Refund:
    """Stop asking a provider that never answered clearly: a person looked there, it has not gone.

    Only after the machine gave up. The money stays owed as a new refund, which is returned.
    """
    order, payment, refund = refund_ends.locked(session, refund_id, actor)
    message = refund_rules.message_of(session, refund)
    is_dead = message is not None and message.state is OutboxState.DEAD
    if refund.state is not RefundState.ASKED or not is_dead:
        raise WrongMove(f"refund {refund.id} is {refund.state}", state=refund.state.value)
    told = {"text": reason, "by_person": True}
    return refund_ends.reject(session, order, payment, refund, told=told, actor=actor, now=now)


def settle_refund(
    session: Session, refund_id: int, *, reference: str, actor: Actor, now: datetime
) -> None:
    """Write down that the money went back to the buyer by a transfer with this `reference`.

    The same again changes nothing. Raises `RefundNeedsSecond` above the limit, and `WrongMove`
    for a refund settled otherwise, rejected, or on its way through the provider.
    """
    order, payment, refund = refund_ends.locked(session, refund_id, actor)
    if refund.state is RefundState.SETTLED and refund.reference == reference:
        return
    if refund.state is not RefundState.ASKED or refund.way is RefundWay.PROVIDER:
        raise WrongMove(f"refund {refund.id} is {refund.state}", state=refund.state.value)
    if refund.way is RefundWay.NONE:
        _choose(session, order, payment, refund, RefundWay.HAND, actor=actor, now=now)
    if refund_rules.needs_second(session, payment, refund):
        raise RefundNeedsSecond(f"refund {refund.id}")
    account = payments.receiving_account(session, order.seller_id)
    refund_ends.settle(
        session,
        order,
        payment,
        refund,
        from_account=f"bank:{account.id}" if account else "bank:0",
        reference=reference,
        actor=actor,
        now=now,
    )
