"""The page of one order: what is owed, how far it is, which batches are in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from integrations import vietqr
from shop import clock, formats
from shop.locales import current_locale
from shop.models.batches import BatchState
from shop.models.inventory import ReservationState
from shop.models.orders import Order, OrderLine, OrderState
from shop.models.payments import (
    AttemptState,
    BankAccount,
    BankCredit,
    CreditState,
    Payment,
    Refund,
    RefundState,
)
from shop.pages import order_words
from shop.pages.seller_words import seller_words, short_word
from shop.pages.unit_words import counted
from shop.queries import order_money
from shop.services import provider_payments
from shop.services.order_moves import BUYER_MAY_CANCEL
from shop.services.order_payment import LAPSED
from shop.services.payments import CLOSED, WITHOUT_PROVIDER
from traceability.labels import qr

SAMPLE_BAND = "MẪU – KHÔNG CHUYỂN TIỀN"
"""Stands on every code of a seller that does not exist (`screens.md` 5)."""


@dataclass(frozen=True, slots=True)
class Money:
    """The rows about the money of an order."""

    payment: Payment
    account: BankAccount | None
    credits: Sequence[BankCredit]
    refunds: Sequence[Refund]

    @property
    def last_credit(self) -> BankCredit | None:
        """Return the transfer that came last."""
        return self.credits[-1] if self.credits else None

    @property
    def parked_vnd(self) -> int:
        """Return the đồng that came too late and wait for a person."""
        return sum(row.amount_vnd for row in self.credits if row.state is CreditState.LATE)

    def refunds_vnd(self, *states: RefundState) -> int:
        """Return the đồng of the refunds in one of `states`."""
        return sum(row.amount_vnd for row in self.refunds if row.state in states)


@dataclass(frozen=True, slots=True)
class Status:
    """Where the money stands: `kind` picks the look, `pays` shows the code, `waits` asks again."""

    kind: str
    lines: Sequence[str]
    pays: bool = False
    waits: bool = False
    leads_on: bool = False
    """The buyer may go (again) to the provider's page."""
    tries_again: bool = False
    """The last try came to nothing, and another may begin."""


def money_of(session: Session, order: Order) -> Money:
    """Return the rows about the money of `order`."""
    payment = order_money.payment_of(session, order.id)
    return Money(
        payment,
        order_money.account_asked(session, payment),
        order_money.credits_of(session, payment.id),
        order_money.refunds_of(session, payment.id),
    )


def status(order: Order, money: Money, *, now: datetime) -> Status:
    """Return where the money of `order` stands, in words (`screens.md` 5)."""
    if order.state in CLOSED:
        return _closed(order, money)
    if order.payment_way == "cod" and not money.credits:
        return _at_the_door(order, money)
    if not money.payment.missing_vnd:
        return _paid(order, money)
    if order.hold_until is not None and order.hold_until <= now:
        return Status("expired", [_("Hết giờ giữ hàng.")], waits=True)
    if order.payment_way not in WITHOUT_PROVIDER:
        return _at_the_provider(order, money)
    return _by_transfer(money)


def _by_transfer(money: Money) -> Status:
    if not money.payment.received_vnd:
        waiting = _("Đang chờ tiền về. Tự báo khi nhận được.")
        return Status("waiting", [waiting], pays=True, waits=True)
    came = _(
        "Đã nhận %(came)s, còn thiếu %(missing)s.",
        came=_dong(money.payment.received_vnd),
        missing=_dong(money.payment.missing_vnd),
    )
    return Status("part", [came], pays=True, waits=True)


_CAME_TO = {
    AttemptState.FAILED: _l("Lần trả vừa rồi không thành công."),
    AttemptState.CANCELLED: _l("Lần trả vừa rồi đã hủy."),
    AttemptState.EXPIRED: _l("Lần trả vừa rồi đã hết giờ."),
    AttemptState.REVIEW: _l("Ngân hàng đang kiểm tra lần trả vừa rồi. Cửa hàng sẽ gọi."),
}


def _at_the_provider(order: Order, money: Money) -> Status:
    """Return what became of the last try at the provider, and whether another may begin."""
    last = money.payment.attempts[-1]
    name = provider_payments.title(order.payment_way)
    if last.state is AttemptState.REVIEW:
        return Status("part", [str(_CAME_TO[last.state])], waits=True)
    if last.state in _CAME_TO:
        lines = [str(_CAME_TO[last.state]), str(last.details.get("text", ""))]
        return Status("part", [line for line in lines if line], waits=True, tries_again=True)
    waiting = _("Đang chờ %(provider)s báo. Tự hiện khi nhận được.", provider=name)
    return Status("waiting", [waiting], waits=True, leads_on=True)


def _closed(order: Order, money: Money) -> Status:
    who = short_word(order.seller)
    if order.state is OrderState.RETURNED:
        return Status("cancelled", [_("Hàng đã trả lại."), *_going_back(money, who)])
    if money.parked_vnd:
        return Status(
            "late",
            [
                _(
                    "Tiền về sau khi hết giờ giữ hàng. %(seller)s đang xem còn hàng không.",
                    seller=who,
                )
            ],
            waits=True,
        )
    lapsed = order.cancel_reason == LAPSED
    lines = [_("Hết giờ giữ hàng.") if lapsed else _("Đơn đã hủy.")]
    return Status("expired" if lapsed else "cancelled", [*lines, *_going_back(money, who)])


def _going_back(money: Money, who: str) -> list[str]:
    due = money.refunds_vnd(RefundState.ASKED, RefundState.ACCEPTED)
    settled = money.refunds_vnd(RefundState.SETTLED)
    lines = []
    if due:
        lines.append(_("%(seller)s sẽ trả lại %(amount)s.", seller=who, amount=_dong(due)))
    if settled:
        lines.append(_("%(seller)s đã trả lại %(amount)s.", seller=who, amount=_dong(settled)))
    return lines


def _paid(order: Order, money: Money) -> Status:
    lines, who = [], short_word(order.seller)
    last = money.last_credit
    if last is not None:
        lines.append(
            _(
                "Đã nhận %(amount)s lúc %(time)s.",
                amount=_dong(money.payment.received_vnd),
                time=_moment(last.credited_at),
            )
        )
    over = sum(row.amount_vnd for row in money.refunds if row.reason == "overpaid")
    if over:
        lines.append(_("Nhận thừa %(amount)s.", amount=_dong(over)))
    lines.extend(_going_back(money, who))
    if order.is_short:
        lines.append(_("Một món vừa hết, %(seller)s đang tìm lô khác và sẽ gọi.", seller=who))
    return Status("paid", lines)


def _at_the_door(order: Order, money: Money) -> Status:
    if money.payment.state == "paid":
        return Status("cash", [_("Đã trả %(amount)s khi nhận.", amount=_dong(order.total_vnd))])
    amount = _dong(money.payment.missing_vnd)
    lines = [_("Người giao thu %(amount)s khi giao.", amount=amount)]
    if order.state is OrderState.NEW:
        lines.append(_("%(seller)s gọi xác nhận trước khi gửi.", seller=short_word(order.seller)))
    return Status("cash", lines)


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
    marks = (row.order_version, row.payment_version, row.refunds, row.late, row.parcels, is_over)
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
    return {
        "order": order,
        "status": stands,
        "transfer": transfer(order, money, now=now),
        "provider": provider_payments.title(order.payment_way),
        "hold_until": _moment(order.hold_until) if stands.pays and order.hold_until else "",
        "steps": steps(order, money),
        "lines": [_line(line, batches) for line in order.lines],
        "recalled": [row for row in batches.values() if row.state is BatchState.RECALLED],
        "words": seller_words(order.seller.kind),
        "who": short_word(order.seller),
        "is_fresh": order.state in {S.NEW, S.AWAITING_PAYMENT, S.CONFIRMED},
        "may_cancel": order.state in BUYER_MAY_CANCEL,
        "may_repeat": stands.kind == "expired"
        or order.state in {S.CANCELLED, S.DELIVERED, S.COMPLETED, S.RETURNED},
        "number": order.version + money.payment.version + len(money.refunds),
        "link": url_for("orders.show", token=order.token),
    }


S = OrderState


def _batch_pack_ids(order: Order) -> set[int]:
    ids = set()
    for line in order.lines:
        ids |= {given.batch_pack_id for given in line.allocations}
        ids |= {held.batch_pack_id for held in _held(line)}
    return ids


def _held(line: OrderLine) -> list[Any]:
    return [held for held in line.reservations if held.state is ReservationState.HELD]


def _line(line: OrderLine, batches: Mapping[int, Any]) -> dict[str, Any]:
    behind = line.allocations or _held(line)
    rows = {given.batch_pack_id: batches[given.batch_pack_id] for given in behind}
    return {
        "title": line.title,
        "note": counted(line.quantity, line.pack.unit),
        "total_vnd": line.total_vnd,
        "lots": [
            (row.lot, url_for("batches.show", gtin=row.gtin, lot=row.lot)) for row in rows.values()
        ],
    }


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
        for title, moment, facts in way
    ]


def _details(moment: datetime | None, facts: list[str]) -> list[str]:
    return [*([formats.moment(moment, current_locale())] if moment else []), *facts]


def _dong(amount_vnd: int) -> str:
    return formats.money(amount_vnd, current_locale())


def _moment(moment: datetime) -> str:
    return formats.moment_in_words(moment, today=clock.today(), lang=current_locale())
