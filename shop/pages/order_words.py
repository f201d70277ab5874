"""What the shop calls the states of orders and money, the ways to pay, the reasons."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.locales import current_locale
from shop.models.batches import BatchState
from shop.models.orders import Order, OrderState
from shop.models.payments import CreditState, Payment, Refund, RefundState, RefundWay
from shop.services import provider_payments
from shop.services.order_payment import LAPSED
from shop.services.payments import CLOSED, WITHOUT_PROVIDER

S = OrderState

STATES = {
    S.NEW: _l("Đơn mới"),
    S.AWAITING_PAYMENT: _l("Chờ chuyển khoản"),
    S.CONFIRMED: _l("Đã xác nhận"),
    S.PACKING: _l("Đang soạn"),
    S.SHIPPED: _l("Đã gửi"),
    S.DELIVERED: _l("Đã giao"),
    S.COMPLETED: _l("Hoàn tất"),
    S.CANCELLED: _l("Đã hủy"),
    S.DELIVERY_FAILED: _l("Giao không thành công"),
    S.RETURNED: _l("Đã trả hàng"),
}

PAYMENT_STATES = {
    "unpaid": _l("chưa trả"),
    "part_paid": _l("nhận thiếu"),
    "paid": _l("đã trả"),
    "overpaid": _l("nhận thừa"),
    "part_refunded": _l("đã hoàn một phần"),
    "refunded": _l("đã hoàn tiền"),
}

PAYMENT_WAYS = {"vietqr": _l("chuyển khoản VietQR"), "cod": _l("trả khi nhận hàng")}

FAILED_DELIVERY = {
    "no_answer": _l("Không liên lạc được"),
    "rescheduled": _l("Khách hẹn lại ngày khác"),
    "refused": _l("Khách từ chối nhận"),
    "wrong_address": _l("Sai địa chỉ"),
    "damaged": _l("Hàng hỏng trên đường"),
}
"""Why a parcel was not handed over (`commerce.md` 3)."""

CANCELLED_BECAUSE = {
    "buyer_asked": _l("Khách xin hủy"),
    "out_of_stock": _l("Không còn hàng"),
    "duplicate": _l("Đơn bị đặt hai lần"),
    "suspicious": _l("Đơn có dấu hiệu không thật"),
}
"""What the office may give as a reason."""

RETURNED_BECAUSE = {
    "not_delivered": _l("Không giao được, hàng về lại"),
    "recalled": _l("Lô hàng bị thu hồi"),
    "damaged": _l("Hàng hỏng, vỡ"),
    "wrong_goods": _l("Gửi nhầm hàng"),
    "buyer_returned": _l("Khách trả lại"),
}

REFUNDED_BECAUSE = {
    "damaged": _l("Hàng hỏng, vỡ"),
    "missing_goods": _l("Giao thiếu hàng"),
    "wrong_goods": _l("Gửi nhầm hàng"),
    "poor_quality": _l("Hàng không đúng như mô tả"),
    "wrong_price": _l("Tính sai tiền"),
    "sent_back": _l("Khách trả lại hàng"),
    "goodwill": _l("Bớt giá cho khách"),
}
"""Why money goes back although the order stays."""

_OTHER_REASONS = {
    "buyer": _l("Khách tự hủy"),
    "not_reached": _l("Gọi ba lần không được"),
    LAPSED: _l("Hết giờ giữ hàng"),
    "late_money": _l("Nhận lại vì tiền về muộn"),
    "again": _l("Gửi lại"),
    "overpaid": _l("Khách chuyển thừa"),
    "late": _l("Tiền về muộn"),
}
_REASONS = (
    FAILED_DELIVERY | CANCELLED_BECAUSE | RETURNED_BECAUSE | REFUNDED_BECAUSE | _OTHER_REASONS
)


def reason(code: str) -> str:
    """Return the words of a reason; what a person typed is its own words."""
    return str(_REASONS.get(code, code))


def state(order: Order) -> str:
    """Return the state of an order, with what a new one waits for."""
    if order.is_short:
        return str(_("Thiếu hàng"))
    if order.state is S.NEW and order.payment_way == "cod":
        return str(_("Chờ gọi xác nhận"))
    return step(order, order.state)


def step(order: Order, reached: OrderState) -> str:
    """Return what a state of an order is called, by the way it is paid."""
    if reached is S.AWAITING_PAYMENT and is_through_provider(order):
        provider = provider_payments.title(order.payment_way)
        return str(_("Chờ trả qua %(provider)s", provider=provider))
    return str(STATES[reached])


def is_through_provider(order: Order) -> bool:
    """Return whether the buyer chose to pay through a provider."""
    return order.payment_way not in WITHOUT_PROVIDER


def tone(order: Order) -> str:
    """Return how a state is marked: for attention, or not at all."""
    return "canh" if order.is_short or order.state in {S.NEW, S.DELIVERY_FAILED} else ""


def paid(order: Order, payment: Payment) -> str:
    """Return whether the money came; of a closed order, whether it must go back."""
    if order.state not in CLOSED:
        return str(PAYMENT_STATES[payment.state])
    if payment.received_vnd > payment.refunded_vnd:
        return str(_("phải trả lại khách"))
    return str(PAYMENT_STATES["refunded"]) if payment.refunded_vnd else ""


def money_line(order: Order, payment: Payment) -> str:
    """Return what is owed, how, and whether it came: `180.000 ₫, chuyển khoản, đã trả`."""
    lang = current_locale()
    parts = [formats.money(payment.amount_vnd, lang), way(order)]
    if order.payment_way != "cod" or payment.received_vnd:
        parts.append(paid(order, payment))
    return ", ".join(filter(None, parts))


def way(order: Order) -> str:
    """Return how an order is paid."""
    if order.payment_way in PAYMENT_WAYS:
        return str(PAYMENT_WAYS[order.payment_way])
    return str(_("trả qua %(provider)s", provider=provider_payments.title(order.payment_way)))


def difference(order: Order, payment: Payment) -> str:
    """Return in words what is missing or too much of a payment; empty when it is even.

    A closed order is owed nothing: what came for it and went back says `paid`.
    """
    if order.state in CLOSED:
        return ""
    lang = current_locale()
    received = formats.money(payment.received_vnd, lang)
    if payment.received_vnd and payment.missing_vnd:
        missing = formats.money(payment.missing_vnd, lang)
        return str(
            _("Đã nhận %(received)s, còn thiếu %(missing)s.", received=received, missing=missing)
        )
    if payment.overpaid_vnd:
        surplus = formats.money(payment.overpaid_vnd, lang)
        return str(
            _("Đã nhận %(received)s, thừa %(surplus)s.", received=received, surplus=surplus)
        )
    return ""


def weekday(day: date) -> str:
    """Return the name of the day of the week."""
    names = (
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    )
    return str(names[day.weekday()])


_BATCH_STATES = {
    BatchState.DRAFT: _l("chưa cho bán"),
    BatchState.RELEASED: _l("đang bán"),
    BatchState.HELD: _l("đang tạm giữ"),
    BatchState.RECALLED: _l("đang thu hồi"),
}

_CREDIT_STATES = {
    CreditState.MATCHED: _l("đã ghi vào đơn"),
    CreditState.UNMATCHED: _l("chưa khớp đơn"),
    CreditState.LATE: _l("về muộn, chờ xử lý"),
    CreditState.RETURNED: _l("trả lại khách"),
}

_REFUND_STATES = {
    RefundState.ASKED: _l("chưa chuyển"),
    RefundState.ACCEPTED: _l("đang trên đường về khách"),
    RefundState.SETTLED: _l("đã chuyển"),
    RefundState.REJECTED: _l("không hoàn"),
}


def batch_state(state_of_batch: BatchState) -> str:
    """Return the state of a batch inside a sentence."""
    return str(_BATCH_STATES[state_of_batch])


def trouble(state_of_batch: BatchState, *, is_expired: bool) -> tuple[str, str]:
    """Return why a batch may not be sold and how that is marked; two empty words when it may.

    Red is for recall and expiry alone (`screens.md` 1).
    """
    if state_of_batch is not BatchState.RELEASED:
        is_recalled = state_of_batch is BatchState.RECALLED
        return batch_state(state_of_batch), "hong" if is_recalled else "canh"
    return (_("đã hết hạn"), "hong") if is_expired else ("", "")


def credit_state(state_of_credit: CreditState) -> str:
    """Return whether money that came has found its order."""
    return str(_CREDIT_STATES[state_of_credit])


def refund_state(refund: Refund) -> str:
    """Return how far money on its way back is."""
    if refund.state is RefundState.ASKED and refund.way is RefundWay.PROVIDER:
        return str(_("đang gửi đi") if refund.sent_at else _("chờ gửi"))
    return str(_REFUND_STATES[refund.state])


def refund_act(refund: Refund, order: Order) -> str:
    """Return what is to be done next about money that goes back.

    Of money that came through a provider nobody has chosen the way yet: it may go back there.
    """
    if refund.state is not RefundState.ASKED or refund.way is RefundWay.PROVIDER:
        return str(_("Xem"))
    if refund.way is RefundWay.NONE and is_through_provider(order):
        return str(_("Chọn cách hoàn"))
    return str(_("Đã chuyển trả"))


def best_before(day: date) -> str:
    """Return a best-before date as it stands on a label."""
    return str(_("HSD %(day)s", day=formats.day(day, current_locale())))
