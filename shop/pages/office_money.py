"""The office's pages of money: what waits for a person, and a transfer read back in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats, paging
from shop.forms.office_orders import Transfer
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.orders import Order
from shop.models.payments import BankCredit, Payment, PaymentAttempt, Refund
from shop.pages import attempt_words, order_words
from shop.paging import Part
from shop.queries import money_lists, order_money
from shop.services import provider_payments
from shop.services.actors import Actor
from shop.services.payments import CLOSED
from shop.services.permissions import Action

ON_PAGE = 30
"""Rows of each list on the page of money."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of one list: its rows as shown, how many there are, and the way to the others."""

    rows: Sequence[Any]
    part: Part
    previous_url: str = ""
    next_url: str = ""


def money_page(
    session: Session, seller: Seller, *, actor: Actor, turned: Mapping[str, str]
) -> dict[str, Any]:
    """Return what `office/money/index.html` shows; `turned` has the page of each list by key."""
    sums = {
        "chua-ro": money_lists.unmatched_sum(session, seller.id),
        "ve-muon": money_lists.late_sum(session, seller.id),
        "hoan": money_lists.refunds_sum(session, seller.id),
        "cod": money_lists.cash_sum(session, seller.id),
        "cho": money_lists.awaiting_sum(session, seller.id),
        "kiem-tra": money_lists.in_review_sum(session, seller.id),
        "cong": money_lists.awaiting_provider_sum(session, seller.id),
        "da-dung": money_lists.ended_at_provider_sum(session, seller.id),
    }

    def section(key: str, found: Callable[..., Any], shown: Callable[..., Any]) -> Section:
        part = paging.part(turned.get(key, ""), total=sums[key].count, limit=ON_PAGE)
        rows = found(session, seller.id, limit=part.limit, offset=part.offset)
        return Section(
            [shown(row) for row in rows],
            part,
            _turned(key, part.previous),
            _turned(key, part.following),
        )

    return {
        "unmatched": section("chua-ro", money_lists.unmatched_credits, lambda credit: credit),
        "late": section("ve-muon", money_lists.late_credits, _late),
        "refunds": section("hoan", money_lists.open_refunds, _refund),
        "may_refund": actor.may(Action.REFUND, seller.id),
        "cash": section("cod", money_lists.cash_with_carriers, _cash),
        "awaited": section("cho", money_lists.awaiting_transfer, _awaited),
        "in_review": section("kiem-tra", money_lists.in_review, _in_review),
        "at_providers": section("cong", money_lists.awaiting_provider, _at_provider),
        "ended": section("da-dung", money_lists.ended_at_provider, _ended),
        "recent": [_recent(*row) for row in money_lists.recent_credits(session, seller.id)],
        "sums": [
            (_("Tiền chưa rõ đơn"), sums["chua-ro"].amount_vnd),
            (_("Tiền về muộn"), sums["ve-muon"].amount_vnd),
            (_("Phải hoàn khách"), sums["hoan"].amount_vnd),
            (_("COD chưa về"), sums["cod"].amount_vnd),
        ],
    }


def _turned(key: str, page: int | None) -> str:
    """Return the address of another page of one list, nothing where there is none."""
    if page is None:
        return ""
    turned: dict[str, Any] = {key: page}
    return url_for("office_money.index", **turned, _anchor=key)


def _late(row: tuple[BankCredit, Order]) -> dict[str, Any]:
    credit, order = row
    return {"order": order, "credit": credit, "url": _order_url(order)}


def _refund(row: tuple[Refund, Order]) -> dict[str, Any]:
    refund, order = row
    return {
        "order": order,
        "refund": refund,
        "reason": order_words.reason(refund.reason),
        "state": order_words.refund_state(refund),
        "act": order_words.refund_act(refund, order),
        "url": url_for("office_refunds.show", refund_id=refund.id),
    }


def _cash(row: tuple[Order, int]) -> dict[str, Any]:
    order, held_vnd = row
    return {"order": order, "held_vnd": held_vnd, "carrier": _carrier(order)}


def _awaited(row: tuple[Order, Payment]) -> dict[str, Any]:
    order, payment = row
    return {
        "order": order,
        "missing_vnd": payment.missing_vnd,
        "difference": order_words.difference(order, payment),
    }


def _at_provider(row: tuple[Order, Payment]) -> dict[str, Any]:
    return _awaited(row) | {"way": order_words.way(row[0]), "url": _order_url(row[0])}


def _ended(row: tuple[Order, Payment]) -> dict[str, Any]:
    last = row[1].attempts[-1]
    return _at_provider(row) | {
        "state": str(attempt_words.STATES[last.state]),
        "said": attempt_words.said(last),
    }


def _in_review(row: tuple[PaymentAttempt, Order]) -> dict[str, Any]:
    attempt, order = row
    return {
        "order": order,
        "amount_vnd": attempt.amount_vnd,
        "provider": provider_payments.title(attempt.provider),
        "said": attempt_words.said(attempt),
        "url": _order_url(order),
    }


def _recent(credit: BankCredit, order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "credit": credit,
        "by_hand": credit.source == "hand",
        "state": order_words.credit_state(credit.state),
    }


def _order_url(order: Order) -> str:
    return url_for("office_orders.show", code=order.code)


def _carrier(order: Order) -> str:
    return order.parcels[-1].carrier if order.parcels else ""


def transfer_page(session: Session, order: Order, came: Transfer | None) -> dict[str, Any]:
    """Return what the form for a transfer by hand shows; `came` is read back in words."""
    payment = order_money.payment_of(session, order.id)
    account = order_money.account_asked(session, payment)
    lang = current_locale()
    return {
        "order": order,
        "payment": payment,
        "account": account,
        "missing_vnd": payment.missing_vnd,
        "is_closed": order.state in CLOSED,
        "came": came,
        "understood": formats.money(came.amount_vnd, lang) if came else "",
        "consequence": consequence(order, payment.missing_vnd, came) if came else "",
    }


def matching_page(session: Session, credit: BankCredit) -> dict[str, Any]:
    """Return the orders that money of an unknown order may be for, the likeliest first."""
    letters = "".join(letter for letter in credit.memo.upper() if letter.isalnum())
    found = money_lists.likely_orders(
        session, credit.seller_id, letters=letters, amount_vnd=credit.amount_vnd
    )
    return {
        "credit": credit,
        "likely": [
            {
                "order": order,
                "state": order_words.state(order),
                "money": order_words.money_line(order, payment),
                "why": _("nội dung có mã đơn") if is_named else _("đúng số tiền còn thiếu"),
            }
            for order, payment, is_named in found
        ],
    }


def consequence(order: Order, missing_vnd: int, came: Transfer) -> str:
    """Return what writing this transfer down will mean, in words."""
    lang = current_locale()
    came_words = formats.money(came.amount_vnd, lang)
    if order.state in CLOSED:
        return str(
            _(
                "Đơn đã đóng: %(came)s sẽ nằm ở mục tiền về muộn, "
                "chờ nhận lại đơn hay trả lại khách.",
                came=came_words,
            )
        )
    difference = formats.money(abs(missing_vnd - came.amount_vnd), lang)
    if came.amount_vnd < missing_vnd:
        return str(
            _(
                "%(came)s là chưa đủ: đơn còn thiếu %(difference)s và tiếp tục chờ.",
                came=came_words,
                difference=difference,
            )
        )
    return str(
        _(
            "%(came)s là nhiều hơn số phải trả: "
            "phần thừa %(difference)s chuyển sang mục phải hoàn.",
            came=came_words,
            difference=difference,
        )
    )
