"""Money of which nobody knows the order: written down, matched by a person, or sent back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, formats, messages_office, signing_in
from shop.errors import NotFound, WrongMove
from shop.forms.base import Fields
from shop.forms.office_orders import read_memo, read_reference, read_transfer
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.payments import BankCredit
from shop.office import office_seller, show_for
from shop.office_orders import Answer, summary
from shop.pages.office_money import matching_page
from shop.queries.orders import order_by_code
from shop.services import bank_credits, order_payment
from shop.services.bank_credits import CreditKnown
from shop.services.orders import read_order_code
from shop.services.permissions import Action

bp = Blueprint("office_unknown_money", __name__, url_prefix="/quan-ly/tien/chua-ro")


@bp.get("")
@signing_in.needs(Action.CONFIRM_MONEY)
def ask() -> str:
    """Ask for what the bank says about money of an unknown order."""
    office_seller(Action.CONFIRM_MONEY)
    return _form(Fields({"credited_at": formats.moment(clock.now(), "vi")}))


@bp.post("")
@signing_in.needs(Action.CONFIRM_MONEY)
def record() -> Answer:
    """Write it down, then look for its order."""
    seller, fields = office_seller(Action.CONFIRM_MONEY), Fields(request.form)
    came = read_transfer(fields, now=clock.now(), today=clock.today())
    memo = read_memo(fields)
    if came is None or memo is None:
        return _form(fields), 422
    try:
        credit = bank_credits.record_unknown(
            db.session(),
            seller,
            amount_vnd=came.amount_vnd,
            source="hand",
            reference=came.reference,
            credited_at=came.credited_at,
            memo=memo,
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except CreditKnown as known:
        db.session().rollback()
        fields.refuse("reference", messages_office.sentence(known))
        office_seller(Action.CONFIRM_MONEY)
        return _form(fields), known.status
    db.session().commit()
    amount = formats.money(came.amount_vnd, current_locale())
    flash(_("Đã ghi %(amount)s là tiền chưa rõ đơn.", amount=amount))
    return redirect(url_for(".match", credit_id=credit.id), 303)


def _form(fields: Fields) -> str:
    return render_template("office/money/unknown.html", fields=fields, summary=summary(fields))


@bp.get("/<int:credit_id>")
@signing_in.needs(Action.CONFIRM_MONEY)
def show(credit_id: int) -> str:
    """The money, with the orders it may be for."""
    return _page(_credit(credit_id), Fields({}))


@bp.post("/<int:credit_id>")
@signing_in.needs(Action.CONFIRM_MONEY)
def match(credit_id: int) -> Answer:
    """Let the money be for the order with this code."""
    credit, fields = _credit(credit_id), Fields(request.form)
    order = order_by_code(db.session(), read_order_code(fields.typed("code")[:40]))
    if order is None or order.seller_id != credit.seller_id:
        fields.refuse("code", _("Không có đơn này. Mã đơn có 8 chữ và số, ví dụ NK 7K2QF9."))
        return _page(credit, fields), 422
    try:
        order_payment.match_transfer(
            db.session(),
            credit.id,
            order.id,
            actor=signing_in.actor(),
            now=clock.now(),
            today=clock.today(),
        )
    except WrongMove:
        return _done_before()
    db.session().commit()
    flash(_("Đã ghép tiền vào đơn."))
    return redirect(url_for("office_orders.show", code=order.code), 303)


@bp.post("/<int:credit_id>/tra-lai")
@signing_in.needs(Action.REFUND)
def send_back(credit_id: int) -> Answer:
    """The money went back to whoever sent it."""
    credit, fields = _credit(credit_id), Fields(request.form)
    reference = read_reference(fields)
    if reference is None:
        return _page(credit, fields), 422
    try:
        bank_credits.send_back(
            db.session(), credit.id, reference=reference, actor=signing_in.actor(), now=clock.now()
        )
    except WrongMove:
        return _done_before()
    db.session().commit()
    flash(_("Đã ghi là trả lại người gửi."))
    return redirect(url_for("office_money.index"), 303)


def _done_before() -> Answer:
    db.session().rollback()
    flash(_("Khoản này đã ghép hoặc đã trả trước đó."))
    return redirect(url_for("office_money.index"), 303)


def _credit(credit_id: int) -> BankCredit:
    """Return money of a seller whose money the person confirms, for whom its order is unknown."""
    credit = db.session().get(BankCredit, credit_id)
    actor = signing_in.actor()
    if credit is None or not actor.may(Action.CONFIRM_MONEY, credit.seller_id):
        raise NotFound(f"credit {credit_id}")
    show_for(db.session().get_one(Seller, credit.seller_id))
    return credit


def _page(credit: BankCredit, fields: Fields) -> str:
    return render_template(
        "office/money/match.html",
        fields=fields,
        summary=summary(fields),
        may_refund=signing_in.actor().may(Action.REFUND, credit.seller_id),
        **matching_page(db.session(), credit),
    )
