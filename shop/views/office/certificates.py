"""The papers of the office: the list, a new one, withdrawing one."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, formats, messages, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms import certificate as form
from shop.forms.base import Fields, summary
from shop.forms.dates import read_date
from shop.models.catalog import Certificate, Seller
from shop.office import office_seller, show_for
from shop.pages.office_certificates import rows
from shop.queries import office_batches, sellers
from shop.queries import office_certificates as queries
from shop.services import certificates
from shop.services.permissions import Action

bp = Blueprint("office_certificates", __name__, url_prefix="/quan-ly/giay-to")


@bp.get("")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def index() -> str:
    """All papers of the seller, those that end soon first."""
    seller = office_seller(Action.PUBLISH_PRODUCT)
    papers = queries.certificates(db.session(), seller.id)
    spoken_for = queries.spoken_for(db.session(), seller.id)
    return render_template(
        "office/certificates/index.html", rows=rows(papers, spoken_for, today=clock.today())
    )


@bp.get("/moi")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def new() -> str:
    """An empty form."""
    return _form(office_seller(Action.PUBLISH_PRODUCT), {}, {}, [])


@bp.post("/moi")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def create() -> Response | tuple[str, int]:
    """Write down a paper."""
    seller = office_seller(Action.PUBLISH_PRODUCT)
    fields, chosen = Fields(request.form), request.form.getlist("products")
    draft = form.read_certificate(fields, chosen, today=clock.today())
    if draft is None:
        return _form(seller, request.form, fields.faults, chosen), 422
    actor, now = signing_in.actor(), clock.now()
    try:
        certificates.add(db.session(), seller, draft, actor=actor, now=now)
    except FieldRefused as refusal:
        db.session().rollback()
        fields.refuse(refusal.field, messages.sentence(refusal))
        return _form(seller, request.form, fields.faults, chosen), 422
    db.session().commit()
    flash(_("Đã ghi giấy số %(number)s.", number=draft.number))
    return redirect(url_for(".index"), 303)


@bp.get("/<int:certificate_id>/thu-hoi")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def ask_revoke(certificate_id: int) -> str:
    """Ask since when a paper does not hold any more."""
    return _question(_certificate(certificate_id), formats.day(clock.today()), {})


@bp.post("/<int:certificate_id>/thu-hoi")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def revoke(certificate_id: int) -> Response | tuple[str, int]:
    """Withdraw a paper."""
    certificate = _certificate(certificate_id)
    fields, today = Fields(request.form), clock.today()
    revoked_on = fields.read("revoked_on", read_date, today=today, latest=today)
    if revoked_on is None:
        return _question(certificate, fields.typed("revoked_on"), fields.faults), 422
    actor, now = signing_in.actor(), clock.now()
    try:
        certificates.revoke(db.session(), certificate, revoked_on=revoked_on, actor=actor, now=now)
    except FieldRefused as refusal:
        fields.refuse(refusal.field, messages.sentence(refusal))
        return _question(certificate, fields.typed("revoked_on"), fields.faults), 422
    db.session().commit()
    flash(_("Đã thu hồi giấy số %(number)s.", number=certificate.number))
    return redirect(url_for(".index"), 303)


def _certificate(certificate_id: int) -> Certificate:
    found = queries.certificate(db.session(), certificate_id)
    if found is None or not signing_in.actor().may(Action.PUBLISH_PRODUCT, found.seller_id):
        raise NotFound(f"certificate {certificate_id}")
    (seller,) = sellers.by_id(db.session(), [found.seller_id])
    show_for(seller)
    return found


def _form(
    seller: Seller, typed: Mapping[str, str], faults: Mapping[str, str], chosen: Sequence[str]
) -> str:
    products = office_batches.products(db.session(), seller.id)
    return render_template(
        "office/certificates/new.html",
        typed=typed,
        faults=faults,
        summary=summary(faults, form.NAMES),
        kinds=list(form.KINDS.items()),
        products=[(str(product.id), product.name) for product in products],
        chosen=chosen,
    )


def _question(certificate: Certificate, typed: str, faults: Mapping[str, str]) -> str:
    return render_template(
        "office/certificates/revoke.html", paper=certificate, typed=typed, faults=faults
    )
