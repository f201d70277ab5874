"""Changing what is ordered while the order is being filled in: nothing typed is lost."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import cart_cookie, clock, db, messages, signing_in
from shop.errors import NotFound, OutOfStock
from shop.forms.base import Fields
from shop.forms.ids import read_id
from shop.models.orders import Cart
from shop.pages import checkout as checkout_page
from shop.pages import gone_goods, legal_foot
from shop.services import carts

bp = Blueprint("checkout_changes", __name__)


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages: they are about one person."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.post("/dat-hang/mon-het")
@signing_in.is_open
def gone() -> tuple[str, int] | Response:
    """Leave out a pack that is gone, or take another; never orders."""
    session, fields = db.session(), Fields(request.form)
    found = carts.locked(session, cart_cookie.token())
    if found is None:
        return redirect(url_for("orders.cart"), 303)
    try:
        notice, status = _changed(found), 200
        session.commit()
    except OutOfStock as refused:
        session.rollback()
        notice, status = messages.sentence(refused), refused.status
    group = carts.of_seller(session, found, fields.typed("seller"), today=clock.today())
    if group is None:
        return redirect(url_for("orders.cart"), 303)
    filled = checkout_page.fill(
        session, group, fields, actor=signing_in.actor(), today=clock.today()
    )
    fields.faults.clear()  # the rest of the form is looked at when it is sent
    legal_foot.stand_for(group.seller)
    questions = gone_goods.questions(session, filled)
    page = checkout_page.page(filled)
    return render_template(
        "orders/checkout.html", notice_text=notice, gone=questions, **page
    ), status


def _changed(cart: Cart) -> str:
    """Do what the button asked for and return what to say; twice is once."""
    pack, dash, other = request.form.get("instead", "").partition("-")
    pack_id, by = read_id(pack if dash else request.form.get("without", "")), read_id(other)
    if pack_id is None or pack_id not in {line.pack_id for line in cart.lines}:
        return ""
    session, now = db.session(), clock.now()
    if not dash:
        carts.change(session, cart, pack_id=pack_id, quantity=0, now=now)
        return str(_("Đã bỏ món ấy. Xem lại rồi bấm Đặt hàng."))
    if by is None:
        return ""
    try:
        carts.replace(session, cart, pack_id=pack_id, by=by, now=now, today=clock.today())
    except NotFound:
        return ""
    return str(_("Đã đổi món ấy. Xem lại rồi bấm Đặt hàng."))
