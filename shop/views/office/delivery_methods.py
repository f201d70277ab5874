"""The ways of delivery in the office: a new one, another fee, closing, opening again."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.errors import NotFound
from shop.forms import delivery_methods as form
from shop.forms.base import Fields, summary
from shop.forms.seller_drafts import DeliveryDraft
from shop.models.orders import DeliveryMethod
from shop.office import office_seller, show_for
from shop.pages import fee_words
from shop.pages import office_seller as pages
from shop.queries import sellers as queries
from shop.services import addresses, delivery_methods, fee_places
from shop.services.addresses import short_name
from shop.services.permissions import Action

bp = Blueprint("office_delivery_methods", __name__, url_prefix="/quan-ly/cua-hang/cach-giao")


@bp.get("/moi")
@signing_in.needs(Action.MANAGE_SELLER)
def new() -> str:
    """An empty form."""
    office_seller(Action.MANAGE_SELLER)
    return _form(None, Fields(form.as_typed(None)), [])


@bp.post("/moi")
@signing_in.needs(Action.MANAGE_SELLER)
def create() -> Response | tuple[str, int]:
    """Offer one more way of delivery."""
    seller, fields = office_seller(Action.MANAGE_SELLER), Fields(request.form)
    draft = _read(fields)
    if draft is None:
        return _form(None, fields, request.form.getlist("provinces")), 422
    actor, now = signing_in.actor(), clock.now()
    delivery_methods.add(db.session(), seller, draft, actor=actor, now=now)
    db.session().commit()
    flash(_("Đã thêm cách giao %(name)s.", name=draft.name))
    return redirect(url_for("office_sellers.show"), 303)


@bp.get("/<int:method_id>")
@signing_in.needs(Action.MANAGE_SELLER)
def edit(method_id: int) -> str:
    """One way of delivery, to be changed."""
    way = _way(method_id)
    return _form(way, Fields(form.as_typed(way)), way.province_codes or [])


@bp.post("/<int:method_id>")
@signing_in.needs(Action.MANAGE_SELLER)
def change(method_id: int) -> Response | tuple[str, int]:
    """Change a way of delivery for the orders to come."""
    way, fields = _way(method_id), Fields(request.form)
    draft = _read(fields)
    if draft is None:
        return _form(way, fields, request.form.getlist("provinces")), 422
    actor, now = signing_in.actor(), clock.now()
    delivery_methods.change(db.session(), way, draft, actor=actor, now=now)
    db.session().commit()
    flash(_("Đã lưu cách giao %(name)s.", name=draft.name))
    return redirect(url_for("office_sellers.show"), 303)


@bp.post("/<int:method_id>/dong")
@signing_in.needs(Action.MANAGE_SELLER)
def close(method_id: int) -> Response:
    """Offer a way of delivery no more."""
    way = _way(method_id)
    delivery_methods.close(db.session(), way, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã đóng %(name)s.", name=way.name))
    return redirect(url_for("office_sellers.show"), 303)


@bp.post("/<int:method_id>/mo")
@signing_in.needs(Action.MANAGE_SELLER)
def reopen(method_id: int) -> Response:
    """Offer a way of delivery again."""
    way = _way(method_id)
    delivery_methods.reopen(db.session(), way, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã mở lại %(name)s.", name=way.name))
    return redirect(url_for("office_sellers.show"), 303)


def _way(method_id: int) -> DeliveryMethod:
    found = queries.delivery_method(db.session(), method_id)
    if found is None or not signing_in.actor().may(Action.MANAGE_SELLER, found.seller_id):
        raise NotFound(f"delivery method {method_id}")
    (seller,) = queries.by_id(db.session(), [found.seller_id])
    show_for(seller)
    return found


def _read(fields: Fields) -> DeliveryDraft | None:
    known = dict(addresses.provinces(db.session(), day=clock.today()))
    return form.read_delivery(
        fields,
        request.form.getlist("provinces"),
        provinces=known,
        weekdays=request.form.getlist("rest_weekdays"),
        today=clock.today(),
        find_place=lambda words: fee_places.find(db.session(), words, day=clock.today()),
    )


def _form(way: DeliveryMethod | None, fields: Fields, chosen: Sequence[str]) -> str:
    provinces = addresses.provinces(db.session(), day=clock.today())
    return render_template(
        "office/sellers/delivery.html",
        way=way,
        fields=fields,
        typed=fields.typed,
        summary=summary(fields.faults, form.NAMES),
        kinds=pages.delivery_kinds(),
        tax_classes=list(form.TAX_CLASSES.items()),
        provinces=[(code, short_name(name)) for code, name in provinces],
        chosen=chosen,
        weekdays=[(str(day), words) for day, words in pages.weekdays()],
        resting=_resting(way),
        fee_rows=fee_words.rows(way.fee_table or ()) if way else [],
    )


def _resting(way: DeliveryMethod | None) -> Sequence[str]:
    """Return the days of the week that are ticked: as typed, or as stored."""
    if request.method == "POST":
        return request.form.getlist("rest_weekdays")
    return [str(day) for day in (way.rest_weekdays if way else None) or ()]
