"""A member's own lines of orders: what was bought, how many, how far it has come."""

from flask import Blueprint, render_template

from shop import db, signing_in
from shop.member_pages import acting_member
from shop.pages import member_orders
from shop.queries import member_goods
from shop.services.permissions import Action

bp = Blueprint("member_orders", __name__, url_prefix="/thanh-vien/don-hang")

MOST_SHOWN = 100


@bp.get("")
@signing_in.needs(Action.ACT_AS_MEMBER)
def index() -> str:
    """The lines of orders that hold the member's goods, and nothing else of those orders."""
    member = acting_member()
    found = member_goods.order_lines(db.session(), member.id, limit=MOST_SHOWN)
    return render_template("member/orders.html", rows=member_orders.rows(found, member.seller))
