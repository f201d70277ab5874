"""Invoices: who wants one and until when, and that it was made out.

The order's row is locked before anything about its invoice is decided.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from shop import clock
from shop.errors import FieldRefused, WrongMove
from shop.forms.invoices import InvoiceDraft, MadeOut
from shop.models.catalog import Seller
from shop.models.invoices import Invoice, InvoiceRequest, InvoiceSum
from shop.models.orders import Order, OrderState
from shop.queries import invoices as queries
from shop.queries.locks import lock
from shop.services import order_moves, order_taxes
from shop.services.actors import Actor, audit, set_values
from shop.services.permissions import Action

ASK_DAYS = 10
"""So many days after the goods came a buyer may still ask."""

WAIT_DAYS = 30
"""So long a buyer who wants to be forgotten is kept for an invoice that was asked for."""

OVER = frozenset({OrderState.CANCELLED, OrderState.RETURNED})


def last_day_to_ask(order: Order) -> date | None:
    """Return the last day on which a buyer may ask; `None` while the goods have not come."""
    came = delivered_on(order)
    return came + timedelta(days=ASK_DAYS) if came else None


def delivered_on(order: Order) -> date | None:
    """Return the day in Việt Nam on which the goods came."""
    moments = [one.moved_at for one in order.moves if one.to_state is OrderState.DELIVERED]
    return clock.day_of(moments[-1]) if moments else None


def may_ask(order: Order, *, today: date) -> bool:
    """Return whether the time for asking is not over; an invoice made out ends it as well."""
    until = last_day_to_ask(order)
    return order.state not in OVER and (until is None or today <= until)


def put(session: Session, order: Order, draft: InvoiceDraft, *, now: datetime) -> InvoiceRequest:
    """Write down for whom the invoice of an order is wanted; the order is locked or new."""
    known = queries.request_of(session, order.id)
    if known is None:
        known = InvoiceRequest(seller_id=order.seller_id, order_id=order.id, **asdict(draft))
        known.asked_at = now
        session.add(known)
    elif known.given_up_at is not None:
        known.asked_at, known.given_up_at = now, None
    set_values(known, asdict(draft))
    session.flush()
    return known


def ask(
    session: Session, order_id: int, draft: InvoiceDraft, *, actor: Actor, now: datetime
) -> None:
    """Let the buyer ask for an invoice, or say for whom instead: the private link is enough.

    Raises `WrongMove` once it was made out, the time is over, or the buyer was forgotten.
    """
    order = order_moves.locked(session, order_id)
    _require_open(session, order, now)
    before = _standing(session, order)
    if before is not None and _differing(before, draft) == []:
        return
    put(session, order, draft, now=now)
    after = {"invoice_buyer": draft.kind.value}
    audit(session, actor, "invoice_asked", order, now=now, after=after)


def give_up(session: Session, order_id: int, *, actor: Actor, now: datetime) -> None:
    """Let the buyer want no invoice any more: what was typed for it goes. Raises as `ask`."""
    order = order_moves.locked(session, order_id)
    _require_open(session, order, now)
    known = _standing(session, order)
    if known is not None:
        _empty(known, now=now)
        session.flush()
        audit(session, actor, "invoice_given_up", order, now=now)


def change(
    session: Session, order_id: int, draft: InvoiceDraft, *, actor: Actor, now: datetime
) -> None:
    """Let the office write down for whom: for a buyer who calls, or because something is wrong.

    The history tells which parts changed, and no names or numbers of people.
    """
    order = order_moves.locked_for(session, order_id, actor, Action.ISSUE_INVOICE)
    known = _standing(session, order)
    differing = _differing(known, draft)
    if not differing:
        return
    put(session, order, draft, now=now)
    after = {"invoice_buyer": draft.kind.value, "invoice_parts": differing}
    audit(session, actor, "invoice_changed", order, now=now, after=after)


def record(
    session: Session, order_id: int, made_out: MadeOut, *, actor: Actor, now: datetime
) -> Invoice:
    """Write down that the invoice of an order was made out; the same twice is once.

    Its sums are those of the order's lines and delivery. Raises `WrongMove` where nobody asked
    for it, the order is not confirmed or over, or another was made out before; `FieldRefused`
    for a number that another order has.
    """
    order, known = _locked_with_invoices(session, order_id, actor)
    if known:
        if _is_same(known[-1], made_out):
            return known[-1]
        raise WrongMove(f"{order.code} has its invoice", state=order.state.value)
    if _standing(session, order) is None or order.state not in queries.READY:
        raise WrongMove(f"{order.code} is {order.state}", state=order.state.value)
    return _add(session, order, made_out, None, "invoice_issued", actor=actor, now=now)


def correct(
    session: Session,
    order_id: int,
    made_out: MadeOut,
    *,
    corrects_id: int,
    actor: Actor,
    now: datetime,
) -> Invoice:
    """Write down what stands instead of the entry `corrects_id`, and why.

    The same twice is once. Raises `WrongMove` where that entry stands no more, `FieldRefused`
    as `record` does.
    """
    order, known = _locked_with_invoices(session, order_id, actor)
    if known and known[-1].corrects_id == corrects_id and _is_same(known[-1], made_out):
        return known[-1]
    if not known or known[-1].id != corrects_id:
        raise WrongMove(f"{order.code}: entry {corrects_id} does not stand", state="")
    return _add(session, order, made_out, known[-1], "invoice_corrected", actor=actor, now=now)


def is_waited_for(session: Session, order: Order, *, now: datetime) -> bool:
    """Return whether a buyer who wants to be forgotten is still needed for an invoice."""
    came = delivered_on(order)
    if order.state in OVER or _standing(session, order) is None:
        return False
    if queries.made_out(session, order.id):
        return False
    return came is None or clock.day_of(now) <= came + timedelta(days=WAIT_DAYS)


def forget(session: Session, order: Order, *, now: datetime) -> None:
    """Take the buyer out of the request of an order.

    An invoice that was made out is a paper of the books: whom it names stays with it as long as
    the law wants such papers kept. The e-mail address is no part of it.
    """
    known = queries.request_of(session, order.id)
    if known is None:
        return
    known.email = ""
    if not queries.made_out(session, order.id):
        _empty(known, now=now)
    session.flush()


def _empty(known: InvoiceRequest, *, now: datetime) -> None:
    known.name = known.tax_code = known.address = known.email = ""
    known.given_up_at = known.given_up_at or now


def _standing(session: Session, order: Order) -> InvoiceRequest | None:
    known = queries.request_of(session, order.id)
    return known if known is not None and known.given_up_at is None else None


def _differing(known: InvoiceRequest | None, draft: InvoiceDraft) -> list[str]:
    values = asdict(draft)
    return [name for name in values if known is None or getattr(known, name) != values[name]]


def _require_open(session: Session, order: Order, now: datetime) -> None:
    is_forgotten = not order.buyer_phone or order.forget_from is not None
    if is_forgotten or not may_ask(order, today=clock.day_of(now)):
        raise WrongMove(f"{order.code}: too late to ask", state=order.state.value)
    if queries.made_out(session, order.id):
        raise WrongMove(f"{order.code} has its invoice", state=order.state.value)


def _locked_with_invoices(
    session: Session, order_id: int, actor: Actor
) -> tuple[Order, list[Invoice]]:
    order = order_moves.locked_for(session, order_id, actor, Action.ISSUE_INVOICE)
    return order, list(queries.made_out(session, order.id))


def _is_same(known: Invoice, made_out: MadeOut) -> bool:
    return (known.number, known.issued_on, known.reason) == (
        made_out.number,
        made_out.issued_on,
        made_out.reason,
    )


def _add(
    session: Session,
    order: Order,
    made_out: MadeOut,
    before: Invoice | None,
    act: str,
    *,
    actor: Actor,
    now: datetime,
) -> Invoice:
    # two orders that are given one number at the same moment queue here
    lock(session, session.get_one(Seller, order.seller_id))
    taken = queries.with_number(session, order.seller_id, made_out.number, but_of=order.id)
    if taken is not None:
        raise FieldRefused("number", "invoice_number_taken", order_code=taken)
    by_class = order_taxes.sums(order)
    entry = Invoice(
        seller_id=order.seller_id,
        order_id=order.id,
        number=made_out.number,
        issued_on=made_out.issued_on,
        net_vnd=sum(one.net_vnd for one in by_class),
        tax_vnd=sum(one.tax_vnd for one in by_class),
        total_vnd=sum(one.total_vnd for one in by_class),
        corrects_id=before.id if before else None,
        reason=made_out.reason,
        recorded_at=now,
        recorded_by_id=actor.account_id,
        sums=[
            InvoiceSum(
                tax_class=one.tax_class,
                tax_basis_points=one.tax_basis_points,
                net_vnd=one.net_vnd,
                tax_vnd=one.tax_vnd,
                total_vnd=one.total_vnd,
            )
            for one in by_class
        ],
    )
    session.add(entry)
    session.flush()
    told = {"number": entry.number, "day": entry.issued_on.isoformat()}
    told |= {"reason": entry.reason} if before else {}
    old = {"number": before.number, "day": before.issued_on.isoformat()} if before else None
    audit(session, actor, act, order, now=now, before=old, after=told)
    return entry
