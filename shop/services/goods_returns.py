"""Goods that a buyer sends back: asked for in a report, decided, counted into quarantine.

Money goes back by the refund that the office asks for afterwards (`services.refunds`): what is
due for the packs that came is `due_vnd`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, WrongMove
from shop.models.batches import ProblemReport
from shop.models.orders import Order, OrderState
from shop.models.returns import GoodsReturn, GoodsReturnLine, ReturnState
from shop.queries import goods_returns as queries
from shop.queries.locks import lock
from shop.services import order_fulfilment, order_moves, problem_answers
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

ASKED_WITHIN = timedelta(days=30)
"""For so long after the goods came a page offers to send them back; the office decides by its
own rules, and takes back later what it wants to (`docs/decisions/0021`)."""

ARRIVED = frozenset({OrderState.DELIVERED, OrderState.COMPLETED})


def may_ask(order: Order, *, now: datetime) -> bool:
    """Return whether the page of an order offers to send goods back."""
    if order.state not in ARRIVED:
        return False
    came = [parcel.delivered_at for parcel in order.parcels if parcel.delivered_at]
    arrived = max(came, default=max(move.moved_at for move in order.moves))
    return now - arrived <= ASKED_WITHIN


def left(session: Session, order: Order) -> dict[int, int]:
    """Return how many packs of each line of an order can still be asked back."""
    taken = queries.spoken_for(session, order.id)
    return {line.id: line.quantity - taken.get(line.id, 0) for line in order.lines}


def ask(
    session: Session, report: ProblemReport, wanted: Mapping[int, int], *, now: datetime
) -> GoodsReturn:
    """Note which packs a buyer wants to send back; `wanted` counts packs by line of the order.

    The order must be locked. Raises `FieldRefused` for the field `back_<line>`: `return_too_late`
    and `return_too_many` (with `left`).
    """
    order = session.get_one(Order, report.order_id)
    first = next(iter(wanted))
    if not may_ask(order, now=now):
        raise FieldRefused(f"back_{first}", "return_too_late")
    possible = left(session, order)
    for line_id, quantity in wanted.items():
        if quantity > possible.get(line_id, 0):
            raise FieldRefused(f"back_{line_id}", "return_too_many", left=possible.get(line_id, 0))
    found = GoodsReturn(
        seller_id=order.seller_id,
        order_id=order.id,
        report_id=report.id,
        state=ReturnState.ASKED,
        asked_at=now,
        lines=[
            GoodsReturnLine(order_line_id=line_id, quantity=quantity)
            for line_id, quantity in wanted.items()
        ],
    )
    session.add(found)
    session.flush()
    return found


def decide(
    session: Session, found: GoodsReturn, *, takes: bool, text: str, actor: Actor, now: datetime
) -> None:
    """Say whether the goods are taken back, with the words the buyer reads.

    Once decided only the words change. Raises `NotAllowed`.
    """
    require(actor, Action.ANSWER_PROBLEM, found.seller_id)
    lock(session, found)
    problem_answers.answer(session, found.report, text, actor=actor, now=now)
    if found.state is not ReturnState.ASKED:
        return
    found.state = ReturnState.ACCEPTED if takes else ReturnState.REFUSED
    found.decided_at = now
    session.flush()
    act = "return_accepted" if takes else "return_refused"
    audit(session, actor, act, found, now=now, after={"state": found.state.value})


def receive(
    session: Session,
    found: GoodsReturn,
    counted: Mapping[tuple[int, int], int],
    *,
    actor: Actor,
    now: datetime,
) -> GoodsReturn:
    """Put what came back into quarantine; `counted` holds packs by (order line, batch pack).

    Raises `NotAllowed`, `WrongMove` where the goods are not awaited (a colleague was first), and
    `FieldRefused` for `count_<line>_<batch pack>`: `return_nothing`, `return_too_many`.
    """
    require(actor, Action.PICK_ORDER, found.seller_id)
    order = order_moves.locked(session, found.order_id)
    lock(session, found)
    if found.state is not ReturnState.ACCEPTED:
        raise WrongMove(f"return {found.id} is {found.state}", state=found.state.value)
    asked = {line.order_line_id: line for line in found.lines}
    out = {
        (one.order_line_id, one.batch_pack_id): one
        for one in queries.still_out(session, order.id)
        if one.order_line_id in asked
    }
    came = {key: count for key, count in counted.items() if count and key in out}
    if not came:
        raise FieldRefused(_field(next(iter(out))) if out else "", "return_nothing")
    for key, count in came.items():
        line = asked[key[0]]
        possible = min(out[key].quantity, line.quantity - line.received)
        if count > possible:
            raise FieldRefused(_field(key), "return_too_many", left=possible)
        line.received += count
        reason = f"return {found.id}"
        order_fulfilment.bring_back(
            session, order, out[key], count, reason=reason, actor=actor, now=now
        )
    found.state, found.received_at = ReturnState.RECEIVED, now
    session.flush()
    after = {"state": found.state.value}
    audit(session, actor, "return_received", found, now=now, after=after)
    return found


def end(session: Session, found: GoodsReturn, *, actor: Actor, now: datetime) -> None:
    """Wait no longer for goods that the buyer does not send; they may be asked back anew.

    Raises `NotAllowed`, and `WrongMove` where nothing is awaited.
    """
    require(actor, Action.PICK_ORDER, found.seller_id)
    lock(session, found)
    if found.state is not ReturnState.ACCEPTED:
        raise WrongMove(f"return {found.id} is {found.state}", state=found.state.value)
    found.state = ReturnState.ENDED
    session.flush()
    after = {"state": found.state.value}
    audit(session, actor, "return_ended", found, now=now, after=after)


def due_vnd(session: Session, found: GoodsReturn) -> int:
    """Return what the buyer paid for the packs that came, in đồng, tax and vouchers included.

    Of a line of `n` packs that cost `t`, the first `k` to come back are worth `t * k // n`: all
    parts together are the whole line, to the đồng. The delivery fee is not in it.
    """
    before = queries.came_before(session, found)
    due = 0
    for line in found.lines:
        sold, known = line.order_line, before.get(line.order_line_id, 0)
        through = sold.total_vnd * (known + line.received) // sold.quantity
        due += through - sold.total_vnd * known // sold.quantity
    return due


def is_open(session: Session, order_id: int) -> bool:
    """Return whether goods of an order may still come back."""
    return bool(queries.open_of(session, order_id))


def _field(key: tuple[int, int]) -> str:
    return f"count_{key[0]}_{key[1]}"
