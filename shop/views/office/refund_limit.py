"""From which amount on money goes back only by two persons: a setting of the seller."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, formats, signing_in
from shop.forms.base import Fields
from shop.forms.refunds import read_limit
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.office import office_seller
from shop.office_orders import Answer
from shop.pages.office_refund import summary
from shop.queries.refunds import others_with
from shop.services import refund_rules
from shop.services.permissions import ALLOWED, Action

bp = Blueprint("office_refund_limit", __name__, url_prefix="/quan-ly/cua-hang/hoan-tien")


@bp.get("")
@signing_in.needs(Action.MANAGE_SELLER)
def ask() -> str:
    """Ask for the limit, with the one that holds."""
    seller = office_seller(Action.MANAGE_SELLER)
    return _form(seller, Fields({"limit": formats.number(refund_rules.limit_vnd(seller), "vi")}))


@bp.post("")
@signing_in.needs(Action.MANAGE_SELLER)
def change() -> Answer:
    """Change the limit for what is asked from now on."""
    seller, fields = office_seller(Action.MANAGE_SELLER), Fields(request.form)
    limit = read_limit(fields)
    if limit is None:
        return _form(seller, fields), 422
    refund_rules.change_limit(
        db.session(), seller, limit, actor=signing_in.actor(), now=clock.now()
    )
    db.session().commit()
    amount = formats.money(limit, current_locale())
    flash(_("Từ nay hoàn quá %(limit)s cần hai người.", limit=amount))
    return redirect(url_for("office_sellers.show"), 303)


def _form(seller: Seller, fields: Fields) -> str:
    may = others_with(db.session(), ALLOWED[Action.REFUND], seller.id, but=None, now=clock.now())
    return render_template(
        "office/sellers/refund_limit.html",
        fields=fields,
        summary=summary(fields),
        alone=len(may) < 2,
    )
