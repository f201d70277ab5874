"""The invoice of an order, asked for behind its private link until it is made out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.errors import WrongMove
from shop.forms.base import Fields, summary
from shop.forms.invoices import NAMES, TYPED, as_typed, read_invoice
from shop.models.orders import Order
from shop.pages import invoices as page
from shop.pages import legal_foot
from shop.pages.seller_words import seller_words
from shop.queries import invoices as queries
from shop.queries import orders
from shop.security import limiter
from shop.services import invoices

bp = Blueprint("invoices", __name__, url_prefix="/don-hang/<token>/hoa-don")

Answer = Response | tuple[str, int] | str


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of what is behind a private link."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.get("")
@signing_in.is_open
def edit(token: str) -> str:
    """For whom the invoice is made out, or why that cannot be said any more."""
    order = _order(token)
    return _page(order, Fields(as_typed(queries.request_of(db.session(), order.id))))


@bp.post("")
@limiter.limit("30/hour")
@signing_in.is_open
def ask(token: str) -> Answer:
    """Ask for an invoice, or say for whom instead."""
    order, fields = _order(token), Fields(request.form)
    wanted = read_invoice(fields)
    if wanted is None:
        return _page(order, fields), 422
    if any(len(request.form.getlist(name)) > 1 for name in TYPED):
        # one tap on what was probably meant mends the form, it is not sent yet
        return _page(order, fields), 200
    try:
        invoices.ask(db.session(), order.id, wanted, actor=signing_in.actor(), now=clock.now())
    except WrongMove:
        return _too_late(token)
    db.session().commit()
    flash(_("Đã ghi. Số và ngày hóa đơn sẽ hiện ở trang đơn."))
    return redirect(url_for("orders.show", token=token), 303)


@bp.post("/thoi")
@signing_in.is_open
def give_up(token: str) -> Answer:
    """Want no invoice any more."""
    order = _order(token)
    try:
        invoices.give_up(db.session(), order.id, actor=signing_in.actor(), now=clock.now())
    except WrongMove:
        return _too_late(token)
    db.session().commit()
    flash(_("Đã bỏ. Thông tin xuất hóa đơn của đơn này đã xóa."))
    return redirect(url_for("orders.show", token=token), 303)


def _too_late(token: str) -> Answer:
    db.session().rollback()
    return _page(_order(token), Fields(request.form)), 409


def _order(token: str) -> Order:
    found = orders.order_by_token(db.session(), token)
    if found is None:
        raise NotFound
    legal_foot.stand_for(found.seller)
    return found


def _page(order: Order, fields: Fields) -> str:
    return render_template(
        "orders/invoice.html",
        order=order,
        invoice=page.for_buyer(db.session(), order, today=clock.today()),
        fields=fields,
        summary=summary(fields.faults, NAMES),
        invoice_kinds=page.kind_choices(with_none=False),
        words=seller_words(order.seller.kind),
        ask_days=invoices.ASK_DAYS,
    )
