"""When an order takes another turn: given up, not handed over, brought back, other batches."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from shop import clock, db, signing_in
from shop.forms.base import Fields
from shop.forms.office_orders import OTHER, read_reason, read_words
from shop.models.orders import Order
from shop.office_orders import Answer, carry_out, summary, visible_order
from shop.pages import order_words
from shop.pages.office_order import standing_of
from shop.presentation import order_code
from shop.services import order_fulfilment, order_payment
from shop.services.permissions import Action

bp = Blueprint("office_order_endings", __name__, url_prefix="/quan-ly/don-hang/<code>")


@bp.get("/huy")
@signing_in.needs(Action.CANCEL_ORDER)
def ask_cancel(code: str) -> str:
    """Ask why an order is given up."""
    return _cancel_form(visible_order(code), Fields({}))


@bp.post("/huy")
@signing_in.needs(Action.CANCEL_ORDER)
def cancel(code: str) -> Answer:
    """Give an order up: its stock is free again, its money is owed back."""
    fields = Fields(request.form)
    reason = read_reason(fields, order_words.CANCELLED_BECAUSE)
    if reason is None:
        return _cancel_form(visible_order(code), fields), 422
    return carry_out(
        code,
        lambda order, by: order_payment.cancel(db.session(), order.id, reason=reason, **by),
        _("Đã hủy đơn. Hàng trả về kho; tiền đã nhận chuyển sang mục phải hoàn."),
    )


def _cancel_form(order: Order, fields: Fields) -> str:
    return _reason_form(
        order,
        fields,
        order_words.CANCELLED_BECAUSE,
        title=_("Hủy đơn"),
        words=_("Hủy đơn %(code)s", code=order_code(order.code)),
        warning=_("Hủy rồi thì hàng được bán cho người khác, tiền đã nhận phải trả lại khách."),
    )


@bp.get("/giao-hong")
@signing_in.needs(Action.PICK_ORDER)
def ask_fail(code: str) -> str:
    """Ask why a parcel was not handed over."""
    return _fail_form(visible_order(code), Fields({}))


@bp.post("/giao-hong")
@signing_in.needs(Action.PICK_ORDER)
def fail(code: str) -> Answer:
    """The parcel could not be handed over."""
    fields = Fields(request.form)
    reason = read_reason(fields, order_words.FAILED_DELIVERY)
    if reason is None:
        return _fail_form(visible_order(code), fields), 422
    return carry_out(
        code,
        lambda order, by: order_fulfilment.fail_delivery(
            db.session(), order.id, reason=reason, **by
        ),
        _("Đã ghi là giao không thành công."),
    )


def _fail_form(order: Order, fields: Fields) -> str:
    return _reason_form(
        order,
        fields,
        order_words.FAILED_DELIVERY,
        title=_("Giao không thành công"),
        words=_("Ghi là chưa giao được"),
    )


@bp.get("/tra-hang")
@signing_in.needs(Action.PICK_ORDER)
def ask_take_back(code: str) -> str:
    """Ask why goods come back."""
    return _take_back_form(visible_order(code), Fields({}))


@bp.post("/tra-hang")
@signing_in.needs(Action.PICK_ORDER)
def take_back(code: str) -> Answer:
    """The goods are back: they go into quarantine, their money is owed back."""
    fields = Fields(request.form)
    reason = read_reason(fields, order_words.RETURNED_BECAUSE)
    if reason is None:
        return _take_back_form(visible_order(code), fields), 422
    return carry_out(
        code,
        lambda order, by: order_fulfilment.take_back(db.session(), order.id, reason=reason, **by),
        _("Hàng đã về chỗ để hàng trả. Xem lại hàng ở mục Tồn kho."),
    )


def _take_back_form(order: Order, fields: Fields) -> str:
    return _reason_form(
        order,
        fields,
        order_words.RETURNED_BECAUSE,
        title=_("Nhận hàng trả về"),
        words=_("Ghi là hàng đã về"),
        warning=_("Hàng vào chỗ để hàng trả, chưa bán lại được; tiền đã nhận phải trả lại khách."),
    )


@bp.get("/doi-lo")
@signing_in.needs(Action.PICK_ORDER)
def ask_change_batches(code: str) -> str:
    """Ask before other batches are given."""
    return _change_form(visible_order(code), Fields({}))


@bp.post("/doi-lo")
@signing_in.needs(Action.PICK_ORDER)
def change_batches(code: str) -> Answer:
    """Give other batches where those of the order may not be sold any more."""
    fields = Fields(request.form)
    reason = read_words(fields, "words")
    if reason is None:
        return _change_form(visible_order(code), fields), 422

    def change(order: Order, by: dict[str, Any]) -> None:
        changed = order_fulfilment.change_batches(
            db.session(), order.id, reason=reason, today=clock.today(), **by
        )
        flash(
            _("Không lô nào khác còn đủ hàng. Đơn đang thiếu hàng.")
            if changed.is_short
            else _("Đã lấy lô khác cho đơn. In lại phiếu soạn hàng.")
        )

    return carry_out(code, change, "")


def _change_form(order: Order, fields: Fields) -> str:
    standing = standing_of(db.session(), order, today=clock.today())
    return render_template(
        "office/orders/change_batches.html",
        order=order,
        fields=fields,
        summary=summary(fields),
        lots=standing.unfit_lots,
    )


def _reason_form(
    order: Order,
    fields: Fields,
    reasons: Mapping[str, Any],
    *,
    title: str,
    words: str,
    warning: str = "",
) -> str:
    options = [*reasons.items(), (OTHER, _("Lý do khác, ghi ở dưới"))]
    return render_template(
        "office/orders/reason.html",
        order=order,
        fields=fields,
        summary=summary(fields),
        options=[{"value": value, "title": str(title)} for value, title in options],
        title=title,
        words=words,
        warning=warning,
    )
