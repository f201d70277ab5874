"""The batches of the office: the list, a new one, the page of one, its days."""

import uuid
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms import batch as form
from shop.forms.base import Fields, summary
from shop.forms.batch_inputs import WANTED
from shop.models.batches import Batch, BatchKind
from shop.models.catalog import Seller
from shop.office import office_seller
from shop.office_batches import (
    Answer,
    asked_again,
    client_id,
    page,
    refused,
    visible_batch,
    written,
)
from shop.pages.office_batch import Typed
from shop.pages.office_batch_list import Asked, batch_list
from shop.pages.office_batch_words import REASONS
from shop.queries import batches as reading
from shop.queries import office_batches as queries
from shop.services import batches
from shop.services.permissions import Action

bp = Blueprint("office_batches", __name__, url_prefix="/quan-ly/lo-hang")


@bp.get("")
@signing_in.needs(Action.EDIT_BATCH)
def index() -> str:
    """All batches of the seller, by state, product and lot."""
    seller = office_seller(Action.EDIT_BATCH)
    found = batch_list(db.session(), seller.id, Asked.of(request.args), today=clock.today())
    may_hold = signing_in.actor().may(Action.HOLD_BATCH, seller.id)
    return render_template(
        "office/batches/index.html", reasons=list(REASONS.items()), may_hold=may_hold, **found
    )


@bp.get("/moi")
@signing_in.needs(Action.EDIT_BATCH)
def new() -> str:
    """An empty form for a batch that is made today."""
    seller = office_seller(Action.EDIT_BATCH)
    typed = {"client_id": str(uuid.uuid4()), "product": request.args.get("san-pham", "")}
    return _form(seller, typed | {"made_on": "hôm nay"}, {})


@bp.post("/moi")
@signing_in.needs(Action.EDIT_BATCH)
def create() -> Answer:
    """Open a batch under its lot."""
    seller = office_seller(Action.EDIT_BATCH)
    fields = Fields(request.form)
    draft = form.read_batch(fields, today=clock.today())
    if draft is None:
        return _form(seller, request.form, fields.faults), 422
    product = queries.product(db.session(), draft.product_id, seller.id)
    if product is None:
        raise NotFound(f"product {draft.product_id}")
    try:
        batch = batches.open_batch(
            db.session(),
            product,
            lot=draft.lot,
            made_on=draft.dates.made_on,
            expires_on=draft.dates.expires_on,
            note=draft.dates.note,
            actor=signing_in.actor(),
            now=clock.now(),
            client_id=client_id(),
        )
    except FieldRefused as refusal:
        db.session().rollback()
        fields.refuse(refusal.field, messages.sentence(refusal))
        taken = reading.batch_by_lot(db.session(), seller.id, draft.lot or "")
        return _form(seller, request.form, fields.faults, taken=taken), 422
    db.session().commit()
    flash(_("Đã mở lô %(lot)s.", lot=batch.lot))
    return redirect(url_for(".show", batch_id=batch.id), 303)


@bp.get("/<int:batch_id>")
@signing_in.needs(Action.EDIT_BATCH)
def show(batch_id: int) -> str:
    """One batch: what went in, the steps, the packs, and what comes next."""
    batch = visible_batch(batch_id, Action.EDIT_BATCH, kind=BatchKind.RETAIL)
    wanted = request.args.get(WANTED, "")
    return page(batch, Typed("sources", {WANTED: wanted}) if wanted else None)


@bp.post("/<int:batch_id>/ngay")
@signing_in.needs(Action.EDIT_BATCH)
def change_dates(batch_id: int) -> Answer:
    """Correct the days of a draft."""
    batch = visible_batch(batch_id, Action.EDIT_BATCH, kind=BatchKind.RETAIL)
    fields = Fields(request.form)
    draft = form.read_dates(fields, today=clock.today())
    if draft is None:
        return asked_again(batch, "dates", fields)
    try:
        batches.change_dates(
            db.session(),
            batch,
            made_on=draft.made_on,
            expires_on=draft.expires_on,
            note=draft.note,
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except FieldRefused as refusal:
        return refused(batch_id, "dates", fields, refusal, {})
    return written(batch, _("Đã sửa ngày của lô %(lot)s.", lot=batch.lot), "khoi-ngay")


def _form(
    seller: Seller,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    taken: Batch | None = None,
) -> str:
    products = queries.products(db.session(), seller.id)
    return render_template(
        "office/batches/new.html",
        typed=typed,
        faults=faults,
        summary=summary(faults, form.NAMES),
        products=[(product.id, product.name) for product in products],
        taken=taken,
        next_lot=batches.next_lot(db.session(), seller, clock.today()),
    )
