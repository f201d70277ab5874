"""What the office does with an order: confirm, pack, send, see it arrive."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from shop import clock, db, signing_in
from shop.forms.base import Fields
from shop.forms.ids import read_number
from shop.forms.office_orders import Sending, read_sending
from shop.models.orders import Order
from shop.office_orders import Answer, carry_out, summary, visible_order
from shop.pages.office_order import address
from shop.services import order_fulfilment, order_payment
from shop.services.permissions import Action

bp = Blueprint("office_order_acts", __name__, url_prefix="/quan-ly/don-hang/<code>")


@bp.post("/xac-nhan")
@signing_in.needs(Action.CONFIRM_ORDER)
def confirm(code: str) -> Answer:
    """The buyer said yes on the phone."""
    return carry_out(
        code,
        lambda order, by: order_payment.confirm_by_phone(
            db.session(), order.id, today=clock.today(), **by
        ),
        _("Đã xác nhận đơn. Việc tiếp theo: soạn hàng."),
    )


@bp.post("/goi-hut")
@signing_in.needs(Action.CONFIRM_ORDER)
def not_reached(code: str) -> Answer:
    """Nobody answered; a second press of the same button counts once."""
    seen = read_number(request.form.get("number", ""))

    def note(order: Order, by: dict[str, Any]) -> None:
        before = order.call_tries
        noted = order_payment.note_failed_call(
            db.session(), order.id, tries_seen=before if seen is None else seen, **by
        )
        if noted.call_tries > before:
            flash(_("Đã ghi một lần gọi không được. Gọi hụt ba lần thì đơn tự hủy."))

    return carry_out(code, note, "")


@bp.post("/soan")
@signing_in.needs(Action.PICK_ORDER)
def pack(code: str) -> Answer:
    """Packing begins."""
    return carry_out(
        code,
        lambda order, by: order_fulfilment.start_packing(db.session(), order.id, **by),
        _("Bắt đầu soạn. Khách không tự hủy được nữa."),
    )


@bp.post("/tim-hang")
@signing_in.needs(Action.PICK_ORDER)
def find_goods(code: str) -> Answer:
    """Try again to cover a short order."""

    def find(order: Order, by: dict[str, Any]) -> None:
        done = order_payment.close_short(db.session(), order.id, today=clock.today(), **by)
        flash(
            _("Chưa đủ hàng. Nhập thêm, kiểm kê lại, hoặc gọi khách để hủy đơn.")
            if done.is_short
            else _("Đã tìm đủ hàng cho đơn.")
        )

    return carry_out(code, find, "")


@bp.post("/da-giao")
@signing_in.needs(Action.PICK_ORDER)
def deliver(code: str) -> Answer:
    """The goods arrived."""
    return carry_out(
        code,
        lambda order, by: order_fulfilment.deliver(db.session(), order.id, **by),
        _("Đã ghi là giao tới khách."),
    )


@bp.post("/hoan-tat")
@signing_in.needs(Action.PICK_ORDER)
def complete(code: str) -> Answer:
    """Nothing is left to do."""
    return carry_out(
        code,
        lambda order, by: order_fulfilment.complete(db.session(), order.id, **by),
        _("Đơn đã hoàn tất."),
    )


@bp.get("/gui")
@signing_in.needs(Action.PICK_ORDER)
def ask_ship(code: str) -> str:
    """Ask with whom the parcel leaves."""
    return _sending_form(visible_order(code), Fields({}))


@bp.post("/gui")
@signing_in.needs(Action.PICK_ORDER)
def ship(code: str) -> Answer:
    """The goods leave the house."""
    return _send(
        code,
        lambda order, sending, by: order_fulfilment.ship(
            db.session(),
            order.id,
            carrier=sending.carrier,
            tracking_code=sending.tracking_code,
            today=clock.today(),
            **by,
        ),
    )


@bp.get("/gui-lai")
@signing_in.needs(Action.PICK_ORDER)
def ask_ship_again(code: str) -> str:
    """Ask with whom the parcel leaves this time."""
    return _sending_form(visible_order(code), Fields({}))


@bp.post("/gui-lai")
@signing_in.needs(Action.PICK_ORDER)
def ship_again(code: str) -> Answer:
    """A parcel that could not be handed over leaves once more."""
    return _send(
        code,
        lambda order, sending, by: order_fulfilment.try_again(
            db.session(),
            order.id,
            carrier=sending.carrier,
            tracking_code=sending.tracking_code,
            **by,
        ),
    )


def _send(code: str, send: Callable[[Order, Sending, dict[str, Any]], object]) -> Answer:
    fields = Fields(request.form)
    sending = read_sending(fields)
    if sending is None:
        return _sending_form(visible_order(code), fields), 422
    return carry_out(
        code, lambda order, by: send(order, sending, by), _("Đã ghi là hàng đã rời kho.")
    )


def _sending_form(order: Order, fields: Fields) -> str:
    is_pickup = order.snapshot["delivery"]["kind"] == "pickup"
    usual = order.snapshot["delivery"].get("carrier", "")
    waiting = [
        given
        for line in order.lines
        for given in line.allocations
        if given.shipped_at is None and given.picked_at is None
    ]
    return render_template(
        "office/orders/ship.html",
        order=order,
        fields=fields,
        summary=summary(fields),
        carrier=fields.typed("carrier") or (_("Khách tự đến lấy") if is_pickup else usual),
        is_again=bool(order.parcels),
        unpicked=sum(given.quantity for given in waiting),
        words=_("Giao hàng") if is_pickup else _("Gửi hàng"),
        delivery=order.snapshot["delivery"],
        where=address(order),
    )
