"""The money of the office: transfers by hand, money too late, cash with carriers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, formats, messages_office, signing_in
from shop.errors import WrongMove
from shop.forms.base import Fields
from shop.forms.office_orders import Transfer, read_cash, read_transfer
from shop.locales import current_locale
from shop.models.orders import Order
from shop.office import office_seller
from shop.office_orders import Answer, carry_out, summary, visible_order
from shop.pages.office_money import money_page, transfer_page
from shop.queries import money_lists, order_money
from shop.services import order_payment, payments
from shop.services.bank_credits import CreditKnown
from shop.services.payments import CashDiffers
from shop.services.permissions import Action

bp = Blueprint("office_money", __name__, url_prefix="/quan-ly/tien")


@bp.get("")
@signing_in.needs(Action.CONFIRM_MONEY)
def index() -> str:
    """What waits for a person: money too late, refunds, cash, transfers expected."""
    seller = office_seller(Action.CONFIRM_MONEY)
    actor = signing_in.actor()
    page = money_page(db.session(), seller, actor=actor, turned=request.args)
    return render_template("office/money/index.html", **page)


@bp.get("/chuyen-khoan/<code>")
@signing_in.needs(Action.CONFIRM_MONEY)
def ask_transfer(code: str) -> str:
    """Ask for amount, time and bank reference of a transfer that somebody saw."""
    order = visible_order(code)
    now = formats.moment(clock.now(), "vi")
    return _transfer_form(order, Fields({"credited_at": now}))


@bp.post("/chuyen-khoan/<code>")
@signing_in.needs(Action.CONFIRM_MONEY)
def transfer(code: str) -> Answer:
    """Write a transfer down; an amount that is not the one owed is read back first."""
    order, fields = visible_order(code), Fields(request.form)
    came = read_transfer(fields, now=clock.now(), today=clock.today())
    if came is None:
        return _transfer_form(order, fields), 422
    if _is_unusual(order, came) and fields.typed("understood") != str(came.amount_vnd):
        return _transfer_form(order, fields, came), 200
    try:
        order_payment.receive_transfer(
            db.session(),
            order.id,
            amount_vnd=came.amount_vnd,
            source="hand",
            reference=came.reference,
            credited_at=came.credited_at,
            actor=signing_in.actor(),
            now=clock.now(),
            today=clock.today(),
        )
    except CreditKnown as known:
        db.session().rollback()
        fields.refuse("reference", messages_office.sentence(known))
        return _transfer_form(visible_order(code), fields), known.status
    db.session().commit()
    amount = formats.money(came.amount_vnd, current_locale())
    flash(_("Đã ghi nhận %(amount)s.", amount=amount))
    return redirect(url_for("office_orders.show", code=code), 303)


def _is_unusual(order: Order, came: Transfer) -> bool:
    """Return whether the amount is not the one owed; what was told before is nothing new."""
    payment = order_money.payment_of(db.session(), order.id)
    if came.amount_vnd == payment.missing_vnd:
        return False
    told = money_lists.credit_told_before(
        db.session(), payment.id, source="hand", reference=came.reference
    )
    return told is None


def _transfer_form(order: Order, fields: Fields, came: Transfer | None = None) -> str:
    page = transfer_page(db.session(), order, came)
    return render_template(
        "office/money/transfer.html", fields=fields, summary=summary(fields), **page
    )


@bp.post("/nhan-lai/<code>")
@signing_in.needs(Action.CONFIRM_MONEY)
def accept_late(code: str) -> Answer:
    """Take late money after all, if there are goods for it."""
    return carry_out(
        code,
        lambda order, by: order_payment.accept_late(
            db.session(), order.id, today=clock.today(), **by
        ),
        _("Đã nhận lại đơn. Việc tiếp theo: soạn hàng."),
    )


@bp.post("/tra-lai/<code>")
@signing_in.needs(Action.CONFIRM_MONEY)
def refuse_late(code: str) -> Answer:
    """Give late money back: from now on it is owed to the buyer."""
    return carry_out(
        code,
        lambda order, by: order_payment.refuse_late(db.session(), order.id, **by),
        _("Đã chuyển sang mục phải hoàn. Chuyển khoản trả khách rồi ghi mã giao dịch."),
    )


@bp.get("/cod/<code>")
@signing_in.needs(Action.CONFIRM_MONEY)
def ask_cash(code: str) -> str:
    """Ask what a carrier handed over and what it kept."""
    return _cash_form(visible_order(code), Fields({}))


@bp.post("/cod/<code>")
@signing_in.needs(Action.CONFIRM_MONEY)
def cash(code: str) -> Response | tuple[str, int]:
    """The carrier handed over the cash of one order."""
    order, fields = visible_order(code), Fields(request.form)
    handed = read_cash(fields)
    if handed is None:
        return _cash_form(order, fields), 422
    try:
        payments.take_over_cash(
            db.session(),
            order,
            amount_vnd=handed.amount_vnd,
            fee_vnd=handed.fee_vnd,
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except CashDiffers as differs:
        db.session().rollback()
        fields.refuse("amount", messages_office.sentence(differs))
        return _cash_form(visible_order(code), fields), 422
    except WrongMove:
        db.session().rollback()
        flash(_("Tiền COD của đơn này đã ghi trước đó, không ghi hai lần."))
        return redirect(url_for("office_orders.show", code=code), 303)
    db.session().commit()
    amount = formats.money(handed.amount_vnd, current_locale())
    flash(_("Đã ghi nhận %(amount)s tiền COD.", amount=amount))
    return redirect(url_for(".index"), 303)


def _cash_form(order: Order, fields: Fields) -> str:
    return render_template(
        "office/money/cash.html",
        order=order,
        in_transit_vnd=payments.cash_in_transit(db.session(), order),
        fields=fields,
        summary=summary(fields),
    )
