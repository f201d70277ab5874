"""Invoices in the office: which to make out, for whom, and that it was done."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, messages_office, signing_in, spreadsheets
from shop.errors import FieldRefused, NotFound, WrongMove
from shop.forms.base import Fields, summary
from shop.forms.ids import read_id
from shop.forms.invoices import NAMES, as_typed, read_invoice, read_made_out
from shop.models.orders import Order
from shop.office import office_seller
from shop.office_orders import Answer, visible_order
from shop.pages import invoices as words
from shop.pages import office_invoices as pages
from shop.queries import invoices as queries
from shop.services import invoices
from shop.services.permissions import Action

bp = Blueprint("office_invoices", __name__, url_prefix="/quan-ly/hoa-don")


@bp.get("")
@signing_in.needs(Action.ISSUE_INVOICE)
def index() -> str:
    """The invoices that wait; those made out, or all, when asked for."""
    seller = office_seller(Action.ISSUE_INVOICE)
    group = pages.asked_group(request.args.get("nhom", ""))
    found = pages.invoice_list(db.session(), seller.id, group, request.args.get("trang", ""))
    return render_template("office/invoices/index.html", **found)


@bp.get("/tai-ve.<any(csv, xlsx):ending>")
@signing_in.needs(Action.ISSUE_INVOICE)
def export(ending: str) -> Response:
    """The list with every line, for the software that makes the invoices out."""
    seller = office_seller(Action.ISSUE_INVOICE)
    group = pages.asked_group(request.args.get("nhom", ""))
    heads, rows = pages.exported(db.session(), seller.id, group)
    if ending == "csv":
        content, kind = spreadsheets.csv_bytes(heads, rows), spreadsheets.CSV_TYPE
    else:
        content = spreadsheets.xlsx_bytes(_("Hóa đơn"), heads, rows)
        kind = spreadsheets.XLSX_TYPE
    name = f"hoa-don-{clock.today():%Y%m%d}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, content_type=kind, headers=headers)


@bp.get("/<code>")
@signing_in.needs(Action.ISSUE_INVOICE)
def show(code: str) -> str:
    """What goes on the invoice of one order, and the form for its number."""
    return _page(_order(code))


@bp.post("/<code>")
@signing_in.needs(Action.ISSUE_INVOICE)
def record(code: str) -> Answer:
    """Write down number and day; once there is one, what stands instead of it and why."""
    order, fields = _order(code), Fields(request.form)
    corrects_id = read_id(fields.typed("corrects"))
    made_out = read_made_out(
        fields,
        earliest=clock.day_of(order.placed_at),
        today=clock.today(),
        corrects=corrects_id is not None,
    )
    if made_out is None:
        return _page(order, record=fields), 422
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    try:
        if corrects_id is None:
            invoices.record(db.session(), order.id, made_out, **by)
        else:
            invoices.correct(db.session(), order.id, made_out, corrects_id=corrects_id, **by)
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _page(_order(code), record=fields), refused.status
    except WrongMove as refused:
        db.session().rollback()
        trouble = messages_office.sentence(refused)
        return _page(_order(code), record=fields, trouble=trouble), refused.status
    db.session().commit()
    flash(
        _(
            "Đã ghi hóa đơn số %(number)s. Khách thấy số và ngày ở trang đơn.",
            number=made_out.number,
        )
    )
    return redirect(url_for(".show", code=code), 303)


@bp.get("/<code>/nguoi-mua")
@signing_in.needs(Action.ISSUE_INVOICE)
def edit(code: str) -> str:
    """For whom the invoice is made out, to be changed."""
    order = _order(code)
    return _buyer_page(order, Fields(as_typed(queries.request_of(db.session(), order.id))))


@bp.post("/<code>/nguoi-mua")
@signing_in.needs(Action.ISSUE_INVOICE)
def change(code: str) -> Answer:
    """Write down for whom the invoice is made out."""
    order, fields = _order(code), Fields(request.form)
    wanted = read_invoice(fields)
    if wanted is None:
        return _buyer_page(order, fields), 422
    actor = signing_in.actor()
    invoices.change(db.session(), order.id, wanted, actor=actor, now=clock.now())
    db.session().commit()
    flash(_("Đã lưu thông tin xuất hóa đơn."))
    return redirect(url_for(".show", code=code), 303)


def _order(code: str) -> Order:
    order = visible_order(code)
    if not signing_in.actor().may(Action.ISSUE_INVOICE, order.seller_id):
        raise NotFound(f"invoice of {code}")
    return order


def _page(order: Order, *, record: Fields | None = None, trouble: str = "") -> str:
    fields = record or Fields({})
    sheet = pages.invoice_sheet(db.session(), order, today=clock.today())
    return render_template(
        "office/invoices/show.html",
        fields=fields,
        summary=summary(fields.faults, NAMES),
        trouble=trouble,
        **sheet,
    )


def _buyer_page(order: Order, fields: Fields) -> str:
    return render_template(
        "office/invoices/buyer.html",
        order=order,
        fields=fields,
        summary=summary(fields.faults, NAMES),
        invoice_kinds=words.kind_choices(with_none=False),
    )
