"""What can be done with an order next: the one main act, and the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.models.orders import Order, OrderState
from shop.models.payments import Payment
from shop.services.actors import Actor
from shop.services.payments import WITHOUT_PROVIDER
from shop.services.permissions import Action

S = OrderState


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about the acts: the order, its money, its goods."""

    order: Order
    payment: Payment
    in_transit_vnd: int = 0
    """Cash that the carrier took and holds."""
    parked_vnd: int = 0
    """Money that came too late."""
    unfit_lots: tuple[str, ...] = ()
    """Batches given to the order that may not be sold any more."""
    refundable_vnd: int = 0
    """Money that came for an order that stays and may be given back."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: a form to fill in, or done with the press of its button."""

    action: Action
    words: str
    endpoint: str
    is_form: bool = True
    number: int = 0
    """How often the same was done before; told with the act, so that a second press is noticed."""
    url: str = ""
    is_expected: bool = True
    """Whether the order waits for it; what nobody expects is never the main act."""


def acts(standing: Standing, actor: Actor) -> list[Act]:
    """Return what `actor` may do with the order now, the next act first."""
    order = standing.order
    return [
        Act(
            act.action,
            act.words,
            act.endpoint,
            act.is_form,
            act.number,
            url_for(act.endpoint, code=order.code),
            act.is_expected,
        )
        for act in _all(standing)
        if actor.may(act.action, order.seller_id)
    ]


def _all(standing: Standing) -> Iterator[Act]:
    order = standing.order
    if order.is_short:
        yield _press(Action.PICK_ORDER, _("Tìm hàng cho đơn"), "office_order_acts.find_goods")
    elif order.state in {S.NEW, S.AWAITING_PAYMENT}:
        yield from _waiting(order)
    elif order.state in {S.CONFIRMED, S.PACKING}:
        yield from _at_home(standing)
    elif order.state in {S.SHIPPED, S.DELIVERY_FAILED}:
        yield from _on_the_way(order)
    elif order.state in {S.DELIVERED, S.COMPLETED}:
        yield from _arrived(standing)
    else:
        yield from _closed(standing)
    if standing.refundable_vnd:
        yield Act(Action.REFUND, _("Hoàn tiền"), "office_refunds.ask")
    if order.state in {S.NEW, S.AWAITING_PAYMENT, S.CONFIRMED, S.PACKING}:
        yield Act(Action.CANCEL_ORDER, _("Hủy đơn"), "office_order_endings.cancel")


def _waiting(order: Order) -> Iterable[Act]:
    transfer = Act(
        Action.CONFIRM_MONEY,
        _("Ghi nhận chuyển khoản"),
        "office_money.transfer",
        is_expected=order.payment_way in WITHOUT_PROVIDER,
    )
    if order.state is S.AWAITING_PAYMENT:
        yield transfer
        return
    yield _press(
        Action.CONFIRM_ORDER, _("Khách đồng ý, xác nhận đơn"), "office_order_acts.confirm"
    )
    yield Act(
        Action.CONFIRM_ORDER,
        _("Không nghe máy, lần %(number)s trên 3", number=order.call_tries + 1),
        "office_order_acts.not_reached",
        is_form=False,
        number=order.call_tries,
    )
    yield transfer


def _at_home(standing: Standing) -> Iterable[Act]:
    order = standing.order
    if standing.unfit_lots:
        yield Act(Action.PICK_ORDER, _("Lấy lô khác"), "office_order_endings.change_batches")
    elif order.state is S.CONFIRMED:
        yield _press(Action.PICK_ORDER, _("Bắt đầu soạn"), "office_order_acts.pack")
    elif order.snapshot["delivery"]["kind"] == "pickup":
        yield Act(Action.PICK_ORDER, _("Giao cho khách đến lấy"), "office_order_acts.ship")
    else:
        yield Act(Action.PICK_ORDER, _("Gửi hàng"), "office_order_acts.ship")


def _on_the_way(order: Order) -> Iterable[Act]:
    if order.state is S.DELIVERY_FAILED:
        yield Act(Action.PICK_ORDER, _("Gửi lại"), "office_order_acts.ship_again")
        yield Act(Action.PICK_ORDER, _("Nhận hàng về"), "office_order_endings.take_back")
        return
    yield _press(Action.PICK_ORDER, _("Đã giao tới khách"), "office_order_acts.deliver")
    yield Act(Action.PICK_ORDER, _("Giao không thành công"), "office_order_endings.fail")


def _arrived(standing: Standing) -> Iterable[Act]:
    order = standing.order
    if standing.in_transit_vnd:
        amount = formats.money(standing.in_transit_vnd, current_locale())
        words = _("Nhận %(amount)s tiền COD", amount=amount)
        yield Act(Action.CONFIRM_MONEY, words, "office_money.cash")
    if order.state is S.DELIVERED and not standing.payment.missing_vnd:
        yield _press(Action.PICK_ORDER, _("Hoàn tất đơn"), "office_order_acts.complete")
    yield Act(Action.PICK_ORDER, _("Khách trả hàng"), "office_order_endings.take_back")


def _closed(standing: Standing) -> Iterable[Act]:
    order = standing.order
    if not standing.parked_vnd:
        if order.state is S.CANCELLED and order.payment_way != "cod":
            words = _("Ghi nhận tiền về muộn")
            yield Act(Action.CONFIRM_MONEY, words, "office_money.transfer")
        return
    amount = formats.money(standing.parked_vnd, current_locale())
    if order.state is S.CANCELLED and standing.parked_vnd >= standing.payment.amount_vnd:
        yield _press(Action.CONFIRM_MONEY, _("Nhận lại đơn này"), "office_money.accept_late")
    yield _press(
        Action.CONFIRM_MONEY, _("Trả lại %(amount)s", amount=amount), "office_money.refuse_late"
    )


def _press(action: Action, words: str, endpoint: str) -> Act:
    return Act(action, words, endpoint, is_form=False)
