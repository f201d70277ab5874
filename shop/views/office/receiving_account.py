"""The account that buyers transfer to: typed, shown back with its code, then taken."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.forms import receiving_account as form
from shop.forms.base import Fields, summary
from shop.forms.seller_drafts import BankDraft
from shop.models.catalog import Seller
from shop.office import office_seller
from shop.pages import office_seller as pages
from shop.security import limiter
from shop.services import bank_accounts
from shop.services.permissions import Action

bp = Blueprint("office_receiving_account", __name__, url_prefix="/quan-ly/cua-hang/tai-khoan")


@bp.get("")
@signing_in.needs(Action.MANAGE_SELLER)
def ask() -> str:
    """Ask for the account."""
    return _form(office_seller(Action.MANAGE_SELLER), Fields({}))


@bp.post("")
@limiter.limit("60/hour")
@signing_in.needs(Action.MANAGE_SELLER)
def receive_into() -> Response | str | tuple[str, int]:
    """Show the account back once; let buyers transfer to it when that was confirmed."""
    seller, fields = office_seller(Action.MANAGE_SELLER), Fields(request.form)
    draft = form.read_account(fields)
    if draft is None:
        return _form(seller, fields), 422
    if not form.was_seen(request.form, draft):
        return _form(seller, fields, draft)
    actor, now = signing_in.actor(), clock.now()
    bank_accounts.receive_into(db.session(), seller, draft, actor=actor, now=now)
    db.session().commit()
    flash(_("Từ nay khách chuyển khoản vào %(bank)s.", bank=draft.bank_name))
    return redirect(url_for("office_sellers.show"), 303)


def _form(seller: Seller, fields: Fields, draft: BankDraft | None = None) -> str:
    return render_template(
        "office/sellers/account.html",
        fields=fields,
        typed=fields.typed,
        banks=form.bank_choices(),
        summary=summary(fields.faults, form.NAMES),
        shown=pages.shown_account(seller, draft) if draft else None,
        as_seen=form.mark_of(draft) if draft else "",
    )
