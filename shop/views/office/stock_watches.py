"""Who waits for goods that are sold out, and whom to call now that they have come."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from shop import clock, db, signing_in
from shop.errors import NotFound
from shop.models.stock_watches import StockWatch
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.queries import inventory
from shop.queries import stock_watches as queries
from shop.services import stock_watches
from shop.services.permissions import Action

bp = Blueprint("office_stock_watches", __name__, url_prefix="/quan-ly/cho-hang")


@bp.get("")
@signing_in.needs(Action.CONFIRM_ORDER)
def index() -> str:
    """How many wait for what, and the list of calls."""
    session, seller = db.session(), office_seller(Action.CONFIRM_ORDER)
    calls = queries.to_call(session, seller.id)
    left = inventory.available_by_pack(
        session, {one.pack_id for one in calls}, sell_through=clock.today()
    )
    return render_template(
        "office/stock_watches/index.html",
        calls=[(one, left.get(one.pack_id, 0)) for one in calls],
        counts=queries.counts(session, seller.id),
    )


@bp.post("/<int:watch_id>/da-goi")
@signing_in.needs(Action.CONFIRM_ORDER)
def called(watch_id: int) -> Answer:
    """Note that somebody was called."""
    watch = db.session().get(StockWatch, watch_id)
    if watch is None or not signing_in.actor().may(Action.CONFIRM_ORDER, watch.seller_id):
        raise NotFound(f"watch {watch_id}")
    show_for(watch.pack.product.seller)
    stock_watches.called(db.session(), watch, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã ghi là gọi rồi. Số này được xóa sau 7 ngày."))
    return redirect(url_for(".index"), 303)
