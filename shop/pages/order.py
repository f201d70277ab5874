"""The page of one order: what is owed, how far it is, which batches are in it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from integrations import vietqr
from shop import clock, formats
from shop.locales import current_locale
from shop.models.batches import BatchState
from shop.models.inventory import ReservationState
from shop.models.orders import Order, OrderLine, OrderState, Parcel
from shop.models.reviews import Review
from shop.pages import invoices, order_words, pictures, problems
from shop.pages import reviews as review_words
from shop.pages.order_status import Money, moment, money_of, status
from shop.pages.seller_words import seller_words, short_word
from shop.pages.unit_words import counted
from shop.queries import order_money, order_problems
from shop.queries import reviews as review_queries
from shop.services import payment_ways, provider_payments, reviews
from shop.services.order_moves import BUYER_MAY_CANCEL
from shop.services.payment_attempts import in_review
from traceability.labels import qr

SAMPLE_BAND = "MẪU – KHÔNG CHUYỂN TIỀN"
"""Stands on every code of a seller that does not exist (`screens.md` 5)."""


def transfer(order: Order, money: Money, *, now: datetime) -> dict[str, Any] | None:
    """Return what a buyer needs to transfer what is still owed; nothing while nothing is asked."""
    account = money.account
    if account is None or not status(order, money, now=now).pays:
        return None
    bank = vietqr.find_bank(account.bank_bin)
    memo = vietqr.memo(order.code)
    amount = money.payment.missing_vnd
    return {
        "content": vietqr.encode(account.bank_bin, account.number, amount=amount, memo=memo),
        "bank": bank.label if bank else account.bank_name,
        "holder": account.holder,
        "number": account.number,
        "masked": vietqr.mask_account(account.number),
        "amount_vnd": amount,
        "memo": memo,
        "is_sample": account.is_sample or order.seller.is_sample or order.seller.is_training,
    }


def version_of(session: Session, token: str, *, now: datetime) -> tuple[str, int] | None:
    """Return the version of the live part and the number of its last change; `None` without order.

    One statement tells an asking page that nothing changed.
    """
    row = order_money.marks(session, token)
    if row is None:
        return None
    is_over = row.hold_until is not None and row.hold_until <= now
    marks = (
        row.order_version,
        row.payment_version,
        row.refunds,
        row.late,
        row.parcels,
        is_over,
        row.asked_at is not None,
        provider_payments.is_awaited(row.asked_at, now=now),
    )
    number = row.order_version + row.payment_version + row.refunds
    return "-".join(str(int(mark)) for mark in marks), number


def code_of(asked: Mapping[str, Any]) -> qr.Picture:
    """Return the transfer code as a picture; that of a sample says not to pay, in the picture."""
    band = SAMPLE_BAND if asked["is_sample"] else ""
    return qr.png(asked["content"], level="M", side_mm=60, band=band)


def order_page(session: Session, order: Order, *, now: datetime) -> dict[str, Any]:
    """Return what `orders/show.html` and its live part show."""
    money = money_of(session, order)
    batches = order_money.batches_behind(session, _batch_pack_ids(order))
    stands = status(order, money, now=now)
    reviewed = review_queries.of_order(session, order.id) if reviews.came(order) else {}
    return {
        "order": order,
        "status": stands,
        "transfer": transfer(order, money, now=now),
        "provider": provider_payments.title(order.payment_way),
        "simulator_url": provider_payments.simulator_page(session, order),
        "other_ways": payment_ways.other_ways(session, order, money.payment, now=now),
        "missing_vnd": money.payment.missing_vnd,
        "hold_until": moment(order.hold_until) if stands.pays and order.hold_until else "",
        "steps": steps(order, money),
        "invoice": invoices.for_buyer(session, order, today=clock.day_of(now)),
        "expected_on": _expected_on(order),
        "lines": [_line(line, batches, reviewed.get(line.id), order) for line in order.lines],
        "problems": problems.shown(
            order_problems.of_order(session, order.id), short_word(order.seller)
        ),
        "recalled": [row for row in batches.values() if row.state is BatchState.RECALLED],
        "words": seller_words(order.seller.kind),
        "who": short_word(order.seller),
        "has_parcel": any(line.allocations for line in order.lines),
        "is_fresh": order.state in {S.NEW, S.AWAITING_PAYMENT, S.CONFIRMED},
        "may_cancel": order.state in BUYER_MAY_CANCEL and not in_review(money.payment),
        "is_in_review": in_review(money.payment) is not None,
        "may_repeat": stands.kind == "expired"
        or order.state in {S.CANCELLED, S.DELIVERED, S.COMPLETED, S.RETURNED},
        "number": order.version + money.payment.version + len(money.refunds),
        "link": url_for("orders.show", token=order.token),
    }


def _expected_on(order: Order) -> str:
    """Return the day that was promised when it was placed; empty where the goods are fetched."""
    said = order.snapshot.get("expected_on")
    is_awaited = order.state in {*BUYER_MAY_CANCEL, S.PACKING, S.SHIPPED}
    if not said or not is_awaited or order.snapshot["delivery"]["kind"] == "pickup":
        return ""
    return formats.day(date.fromisoformat(said), current_locale())


S = OrderState


def _batch_pack_ids(order: Order) -> set[int]:
    ids = set()
    for line in order.lines:
        ids |= {given.batch_pack_id for given in line.allocations}
        ids |= {held.batch_pack_id for held in _held(line)}
    return ids


def _held(line: OrderLine) -> list[Any]:
    return [held for held in line.reservations if held.state is ReservationState.HELD]


def _line(
    line: OrderLine, batches: Mapping[int, Any], review: Review | None, order: Order
) -> dict[str, Any]:
    behind = line.allocations or _held(line)
    rows = {given.batch_pack_id: batches[given.batch_pack_id] for given in behind}
    return {
        "title": line.title,
        "note": counted(line.quantity, line.pack.unit),
        "picture": pictures.of_photo(pictures.best(line.pack.product.photos, line.pack_id)),
        "total_vnd": line.before_discount_vnd,
        "lots": [
            (row.lot, url_for("batches.show", gtin=row.gtin, lot=row.lot)) for row in rows.values()
        ],
        "review": _review(line, review, order),
    }


def _review(line: OrderLine, review: Review | None, order: Order) -> tuple[str, str] | None:
    """Return words and address of the review of a line, once there can be one."""
    if not reviews.came(order) or (review is None and reviews.is_recalled(line)):
        return None
    address = url_for("reviews.edit", token=order.token, line_id=line.id)
    return review_words.state_on_order(review), address


def steps(order: Order, money: Money) -> list[dict[str, Any]]:
    """Return the timeline: what is done with its time, then what is still to come."""
    at = {move.to_state: move.moved_at for move in order.moves}
    parcel = order.parcels[-1] if order.parcels else None
    way: list[tuple[str, datetime | None, list[str]]] = [(_("Đã đặt"), order.placed_at, [])]
    if order.payment_way != "cod":
        last = money.last_credit
        paid_at = last.credited_at if last and not money.payment.missing_vnd else None
        way.append((_("Đã trả tiền"), paid_at, []))
    else:
        confirmed = _("%(seller)s đã xác nhận", seller=short_word(order.seller))
        way.append((confirmed, at.get(S.CONFIRMED), []))
    sent = [f"{parcel.carrier} {parcel.tracking_code}".strip()] if parcel else []
    way.append((_("Đang soạn"), at.get(S.PACKING), []))
    way.append((_("Đã gửi"), at.get(S.SHIPPED), sent))
    if order.state is S.DELIVERY_FAILED:
        reason = order_words.reason(parcel.failed_reason) if parcel else ""
        way.append((_("Giao không thành công"), at[S.DELIVERY_FAILED], [reason] if reason else []))
    way.append((_("Đã giao"), at.get(S.DELIVERED), []))
    if order.state in {S.CANCELLED, S.RETURNED}:
        way = [step for step in way if step[1] is not None]
        title = _("Đã hủy") if order.state is S.CANCELLED else _("Đã trả hàng")
        way.append((title, at[order.state], []))
    return [
        {"title": title, "done": moment is not None, "details": _details(moment, facts)}
        | (_followed(parcel) if parcel and facts is sent else {})
        for title, moment, facts in way
    ]


def _followed(parcel: Parcel) -> dict[str, str]:
    """Return the link to where a parcel can be followed, if its carrier has such a page."""
    words = _("Theo dõi bưu kiện %(code)s", code=parcel.tracking_code)
    return {"url": parcel.tracking_url, "url_words": words} if parcel.tracking_url else {}


def _details(moment: datetime | None, facts: list[str]) -> list[str]:
    return [*([formats.moment(moment, current_locale())] if moment else []), *facts]
