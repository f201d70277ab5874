"""The office's pages of money: what waits for a person, and a transfer read back in words."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.office_orders import Transfer
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.orders import Order
from shop.models.payments import BankCredit
from shop.pages import order_words
from shop.queries import money_lists, order_money
from shop.services.actors import Actor
from shop.services.payments import CLOSED
from shop.services.permissions import Action


def money_page(session: Session, seller: Seller, *, actor: Actor) -> dict[str, Any]:
    """Return what `office/money/index.html` shows."""
    late = money_lists.late_credits(session, seller.id)
    refunds = money_lists.open_refunds(session, seller.id)
    cash = money_lists.cash_with_carriers(session, seller.id)
    unmatched = money_lists.unmatched_credits(session, seller.id)
    return {
        "unmatched": unmatched,
        "late": [
            {"order": order, "credit": credit, "url": _order_url(order)} for credit, order in late
        ],
        "refunds": [
            {
                "order": order,
                "refund": refund,
                "reason": order_words.reason(refund.reason),
                "url": url_for("office_money.settle_refund", refund_id=refund.id),
            }
            for refund, order in refunds
        ],
        "may_refund": actor.may(Action.REFUND, seller.id),
        "cash": [
            {"order": order, "held_vnd": held_vnd, "carrier": _carrier(order)}
            for order, held_vnd in cash
        ],
        "awaited": [
            {
                "order": order,
                "missing_vnd": payment.missing_vnd,
                "difference": order_words.difference(order, payment),
            }
            for order, payment in money_lists.awaiting_transfer(session, seller.id)
        ],
        "recent": [
            {
                "order": order,
                "credit": credit,
                "by_hand": credit.source == "hand",
                "state": order_words.credit_state(credit.state),
            }
            for credit, order in money_lists.recent_credits(session, seller.id)
        ],
        "sums": [
            (_("Tiền chưa rõ đơn"), sum(row.amount_vnd for row in unmatched)),
            (_("Tiền về muộn"), sum(row[0].amount_vnd for row in late)),
            (_("Phải hoàn khách"), sum(row[0].amount_vnd for row in refunds)),
            (_("COD chưa về"), sum(row[1] for row in cash)),
        ],
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
