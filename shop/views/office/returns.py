"""Goods that a buyer sent back have come: counted, put into quarantine, their money next."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused, NotFound, WrongMove
from shop.forms.base import Fields, summary
from shop.forms.goods_returns import read_counted
from shop.models.catalog import Seller
from shop.models.orders import Order
from shop.models.returns import GoodsReturn, ReturnState
from shop.office import show_for
from shop.office_orders import Answer
from shop.pages import returns
from shop.queries import goods_returns as queries
from shop.services import goods_returns
from shop.services.permissions import Action

bp = Blueprint("office_returns", __name__, url_prefix="/quan-ly/su-co/<int:report_id>/hang-ve")


@bp.get("")
@signing_in.needs(Action.PICK_ORDER)
def receive(report_id: int) -> Answer:
    """Ask how many packs of each batch came."""
    found = _found(report_id)
    if found.state is not ReturnState.ACCEPTED:
        return redirect(url_for("office_problems.show", report_id=report_id), 303)
    return _form(found, None)


@bp.post("")
@signing_in.needs(Action.PICK_ORDER)
def count(report_id: int) -> Answer:
    """Put what came into quarantine and go on to the money, where the person may."""
    found, fields = _found(report_id), Fields(request.form)
    rows = returns.count_fields(db.session(), found, fields)
    counted = read_counted(fields, [row["key"] for row in rows])
    if fields.faults:
        return _form(found, fields), 422
    actor = signing_in.actor()
    try:
        goods_returns.receive(db.session(), found, counted, actor=actor, now=clock.now())
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _form(_found(report_id), fields), 422
    except WrongMove:
        db.session().rollback()
        flash(_("Hàng này đã có người ghi là về rồi."))
        return redirect(url_for("office_problems.show", report_id=report_id), 303)
    due = goods_returns.due_vnd(db.session(), found)
    code = db.session().get_one(Order, found.order_id).code
    db.session().commit()
    flash(_("Hàng đã vào chỗ để hàng trả. Xem lại hàng ở mục Tồn kho."))
    if due and actor.may(Action.REFUND, found.seller_id):
        return redirect(url_for("office_refunds.ask", code=code, tra=due), 303)
    return redirect(url_for("office_problems.show", report_id=report_id), 303)


@bp.post("/thoi")
@signing_in.needs(Action.PICK_ORDER)
def end(report_id: int) -> Answer:
    """Wait no longer: the buyer does not send the goods."""
    try:
        goods_returns.end(
            db.session(), _found(report_id), actor=signing_in.actor(), now=clock.now()
        )
    except WrongMove:
        db.session().rollback()
    else:
        db.session().commit()
        flash(_("Đã thôi chờ hàng này."))
    return redirect(url_for("office_problems.show", report_id=report_id), 303)


def _found(report_id: int) -> GoodsReturn:
    found = queries.of_report(db.session(), report_id)
    if found is None or not signing_in.actor().may(Action.PICK_ORDER, found.seller_id):
        raise NotFound(f"return of report {report_id}")
    show_for(db.session().get_one(Seller, found.seller_id))
    return found


def _form(found: GoodsReturn, fields: Fields | None) -> str:
    rows = returns.count_fields(db.session(), found, fields)
    faults = fields.faults if fields else {}
    return render_template(
        "office/problems/receive.html",
        report_id=found.report_id,
        rows=rows,
        faults=faults,
        summary=summary(faults, {row["name"]: row["title"] for row in rows}),
    )
