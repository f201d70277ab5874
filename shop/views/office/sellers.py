"""The seller itself in the office: opening one, what the public reads about it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, office, signing_in
from shop.errors import FieldRefused
from shop.forms import sellers as form
from shop.forms.base import Fields, summary
from shop.office import office_seller
from shop.pages import office_seller as pages
from shop.services import sellers
from shop.services.actors import require
from shop.services.addresses import Resolution
from shop.services.permissions import Action

bp = Blueprint("office_sellers", __name__, url_prefix="/quan-ly/cua-hang")


@bp.get("")
@signing_in.needs(Action.MANAGE_SELLER)
def show() -> str:
    """How the seller is reached, how it delivers, which account is paid to."""
    seller = office_seller(Action.MANAGE_SELLER)
    page = pages.settings_page(db.session(), seller, today=clock.today())
    may_open = signing_in.actor().may(Action.MANAGE_INSTALLATION, None)
    return render_template("office/sellers/show.html", may_open=may_open, **page)


@bp.get("/moi")
@signing_in.needs(Action.MANAGE_INSTALLATION)
def new() -> str:
    """An empty form for a new seller."""
    return _opening(Fields({"pickup": "1", "kind": "cooperative"}), Resolution())


@bp.post("/moi")
@signing_in.needs(Action.MANAGE_INSTALLATION)
def create() -> Response | tuple[str, int]:
    """Open a seller and work for it from now on."""
    fields = Fields(request.form)
    where, resolution = pages.find_place(db.session(), fields, today=clock.today())
    draft = form.read_seller(fields, where, today=clock.today())
    if draft is None:
        return _opening(fields, resolution), 422
    actor, now = signing_in.actor(), clock.now()
    try:
        seller = sellers.open_seller(db.session(), draft, actor=actor, now=now)
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _opening(fields, resolution), 422
    db.session().commit()
    cookie[office.CHOSEN] = seller.id
    flash(_("Đã mở gian hàng %(name)s.", name=seller.short_name))
    return redirect(url_for(".show"), 303)


@bp.get("/thong-tin")
@signing_in.needs(Action.MANAGE_SELLER)
def edit() -> str:
    """What the public reads about the seller, to be changed."""
    seller = office_seller(Action.MANAGE_SELLER)
    return _contact(Fields(form.as_typed(seller)), Resolution())


@bp.post("/thong-tin")
@signing_in.needs(Action.MANAGE_SELLER)
def change() -> Response | tuple[str, int]:
    """Change what the public reads about the seller."""
    seller, fields = office_seller(Action.MANAGE_SELLER), Fields(request.form)
    where, resolution = pages.find_place(db.session(), fields, today=clock.today(), seller=seller)
    draft = form.read_contact(fields, where, today=clock.today())
    if draft is None:
        return _contact(fields, resolution), 422
    actor, now = signing_in.actor(), clock.now()
    sellers.change_contact(db.session(), seller, draft, actor=actor, now=now)
    db.session().commit()
    flash(_("Đã lưu thông tin cửa hàng."))
    return redirect(url_for(".show"), 303)


def _opening(fields: Fields, resolution: Resolution) -> str:
    require(signing_in.actor(), Action.MANAGE_INSTALLATION, None)
    own: dict[str, Any] = {"office_name": _("Văn phòng")}
    if office.choices(Action.SEE_OFFICE):
        office_seller(Action.SEE_OFFICE)
        own = {}
    return render_template(
        "office/sellers/new.html",
        kinds=pages.kind_choices(),
        modes=pages.mode_choices(),
        **_contact_fields(fields, resolution),
        **own,
    )


def _contact(fields: Fields, resolution: Resolution) -> str:
    return render_template("office/sellers/contact.html", **_contact_fields(fields, resolution))


def _contact_fields(fields: Fields, resolution: Resolution) -> dict[str, Any]:
    return {
        "fields": fields,
        "typed": fields.typed,
        "summary": summary(fields.faults, form.NAMES),
        "commune_choices": pages.commune_choices(resolution),
        "is_former": resolution.is_former,
    }
