"""The office's page of one order: what it is, where it stands, what comes next."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from shop import formats
from shop.locales import current_locale
from shop.models.batches import BatchState
from shop.models.inventory import Allocation, Reservation, ReservationState
from shop.models.orders import Order, OrderLine, OrderState
from shop.models.payments import BankCredit, CreditState, Payment, Refund
from shop.pages import attempt_words, office_invoices, order_words
from shop.pages.office_acts import Standing, acts
from shop.pages.unit_words import container
from shop.queries import order_money, staff
from shop.services import payment_attempts, payments, provider_payments, refund_rules
from shop.services.actors import Actor
from shop.services.addresses import short_name
from shop.services.permissions import Action


def standing_of(session: Session, order: Order, *, today: date) -> Standing:
    """Return what decides about the acts on `order`."""
    payment = order_money.payment_of(session, order.id)
    came = order_money.credits_of(session, payment.id)
    return Standing(
        order,
        payment,
        in_transit_vnd=payments.cash_in_transit(session, order),
        parked_vnd=sum(row.amount_vnd for row in came if row.state is CreditState.LATE),
        unfit_lots=tuple(_unfit_lots(order, today)),
        refundable_vnd=refund_rules.refundable_vnd(session, order, payment),
    )


def to_collect(standing: Standing) -> int | None:
    """Return the đồng to be taken at the door, as the packing slip says; `None` says nothing.

    What must be paid at the door cannot be hidden; that nothing must be can, for a gift.
    """
    if standing.order.payment_way == "cod":
        return standing.payment.missing_vnd
    return None if standing.order.hides_prices else 0


def _unfit_lots(order: Order, today: date) -> Iterable[str]:
    lots = {
        given.batch_pack.batch.lot
        for line in order.lines
        for given in line.allocations
        if given.shipped_at is None and not _is_fit(given, today)
    }
    return sorted(lots)


def _is_fit(given: Allocation, today: date) -> bool:
    batch = given.batch_pack.batch
    return batch.state is BatchState.RELEASED and not batch.is_expired_on(today)


def order_sheet(session: Session, order: Order, *, actor: Actor, today: date) -> dict[str, Any]:
    """Return what `office/orders/show.html` shows."""
    standing = standing_of(session, order, today=today)
    payment = standing.payment
    back = order_money.refunds_of(session, payment.id)
    return {
        "order": order,
        "payment": payment,
        "standing": standing,
        "state": order_words.state(order),
        "tone": order_words.tone(order),
        "money_line": order_words.money_line(order, payment),
        "difference": order_words.difference(order, payment) if not standing.parked_vnd else "",
        "acts": acts(standing, actor),
        "lines": [line_of(line, today) for line in order.lines],
        "credits": [_credit(row) for row in order_money.credits_of(session, payment.id)],
        "refunds": [_refund(row, order, actor) for row in back],
        "tries": attempt_words.tries(payment.attempts),
        "is_trial": provider_payments.was_trial(session, order),
        "review": _review(payment),
        "simulator_url": provider_payments.simulator_page(session, order),
        "steps": _steps(session, order),
        "invoice": _invoice(session, order, actor),
        "ends": order_words.reason(order.cancel_reason) if order.cancel_reason else "",
        "recalled": sorted({lot for lot, is_bad in _lots(order) if is_bad}),
        "address": address(order),
        "typed_commune": typed_commune(order),
        "is_to_be_called": order.state is OrderState.NEW and order.payment_way == "cod",
    }


def _invoice(session: Session, order: Order, actor: Actor) -> dict[str, Any] | None:
    """Return how the invoice of an order stands, for whoever may make it out."""
    if not actor.may(Action.ISSUE_INVOICE, order.seller_id):
        return None
    words, is_open = office_invoices.standing(session, order)
    url = url_for("office_invoices.show", code=order.code)
    return {"words": words, "is_open": is_open, "url": url}


def _review(payment: Payment) -> dict[str, str] | None:
    """Return what a provider looks into, for the notice above everything else."""
    found = payment_attempts.in_review(payment)
    if found is None:
        return None
    title = provider_payments.title(found.provider)
    return {"provider": title, "said": attempt_words.said(found)}


def line_of(line: OrderLine, today: date) -> dict[str, Any]:
    """Return one line with the batches it gets: lot, quantity, best before, whether it is fit.

    `held` names the lots that are kept for it until the order is confirmed.
    """
    return {
        "title": line.title,
        "quantity": line.quantity,
        "unit": container(line.pack.unit, line.quantity),
        "unit_price_vnd": line.unit_price_vnd,
        "total_vnd": line.before_discount_vnd,
        "batches": [_given(line, given, today) for given in line.allocations],
        "held": [
            {"lot": one.batch_pack.batch.lot, "url": _address(line, one), "quantity": one.quantity}
            for one in line.reservations
            if one.state is ReservationState.HELD
        ],
    }


def _address(line: OrderLine, given: Allocation | Reservation) -> str:
    return f"{request.script_root}/01/{line.pack.gtin}/10/{given.batch_pack.batch.lot}"


def _given(line: OrderLine, given: Allocation, today: date) -> dict[str, Any]:
    batch = given.batch_pack.batch
    trouble, tone = order_words.trouble(batch.state, is_expired=batch.is_expired_on(today))
    return {
        "id": given.id,
        "lot": batch.lot,
        "url": _address(line, given),
        "quantity": given.quantity,
        "expires_on": batch.expires_on,
        "is_picked": given.picked_at is not None,
        "is_home": given.shipped_at is None,
        "is_fit": _is_fit(given, today),
        "trouble": trouble,
        "tone": tone,
    }


def _lots(order: Order) -> Iterable[tuple[str, bool]]:
    for line in order.lines:
        for given in line.allocations:
            batch = given.batch_pack.batch
            yield batch.lot, batch.state is BatchState.RECALLED


def _credit(row: BankCredit) -> dict[str, Any]:
    return {
        "amount_vnd": row.amount_vnd,
        "credited_at": row.credited_at,
        "reference": row.reference,
        "state": order_words.credit_state(row.state),
        "by_hand": row.source == "hand",
    }


def _refund(row: Refund, order: Order, actor: Actor) -> dict[str, Any]:
    may_see = actor.may(Action.REFUND, order.seller_id)
    return {
        "url": url_for("office_refunds.show", refund_id=row.id) if may_see else "",
        "id": row.id,
        "amount_vnd": row.amount_vnd,
        "reason": order_words.reason(row.reason),
        "state": order_words.refund_state(row),
        "said": row.details.get("refused")
        or attempt_words.in_own_language(row.details.get("text", "")),
        "is_settled": row.settled_at is not None,
        "reference": row.reference,
    }


def _steps(session: Session, order: Order) -> list[dict[str, Any]]:
    who = staff.names_of(session, [move.actor_id for move in order.moves if move.actor_id])
    return [
        {
            "title": order_words.step(order, move.to_state),
            "details": _details(move.moved_at, move.note, move.actor_id, who),
        }
        for move in order.moves
    ]


def _details(moved_at: Any, note: str, actor_id: int | None, who: Mapping[int, str]) -> list[str]:
    facts = [formats.moment(moved_at, current_locale())]
    if actor_id is not None and actor_id in who:
        facts.append(who[actor_id])
    if note:
        facts.append(order_words.reason(note))
    return facts


def address(order: Order) -> str:
    """Return the address of the buyer on one line, from small to large."""
    parts = (order.street, order.commune, order.province)
    return ", ".join(part for part in parts if part)


def typed_commune(order: Order) -> str:
    """Return what the buyer wrote for the commune where it is not what was understood.

    An old name, or marks that were left out, helps the courier and whoever calls
    (`commerce.md` 7); the unit word or the province beside the same name says nothing new.
    """
    understood = _bare(order.commune)
    is_same = _bare(order.typed_commune) in (understood, [*understood, *_bare(order.province)])
    return "" if is_same else order.typed_commune


def _bare(place: str) -> list[str]:
    """Return the names in a line of places, without unit words and capitals."""
    parts = [part.strip() for part in place.split(",")]
    return [short_name(part[:1].upper() + part[1:]).casefold() for part in parts if part]
