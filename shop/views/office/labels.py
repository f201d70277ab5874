"""Printing the labels of a batch: how many, on which sheet, from which cell on."""

import re

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from shop import clock, db, messages, signing_in
from shop.errors import NotFound
from shop.forms.base import Fields, summary
from shop.forms.labels import LAYOUT_WORDS, NAMES, Printing, read_printing
from shop.models.batches import Batch, BatchKind
from shop.office_batches import Answer, visible_batch
from shop.pages.office_batch_words import NO_LABELS
from shop.services import labels
from shop.services.labels import LAYOUTS, LabelTooSmall
from shop.services.permissions import Action

bp = Blueprint("office_labels", __name__, url_prefix="/quan-ly/lo-hang/<int:batch_id>/tem")


@bp.get("")
@signing_in.needs(Action.PRINT_LABEL)
def show(batch_id: int) -> Answer:
    """The page on which labels are chosen; a batch that is stopped has none."""
    batch = _batch(batch_id)
    if reason := _reason_against(batch):
        return render_template(
            "office/batches/no_labels.html", batch=batch, words=NO_LABELS[reason]
        )
    fields = Fields(request.args)
    printing = read_printing(fields, batch.packs)
    return _page(batch, printing, fields)


@bp.get("/tem.pdf")
@signing_in.needs(Action.PRINT_LABEL)
def download(batch_id: int) -> Answer:
    """The sheet as a file; what cannot be printed comes back as the page with its sentence."""
    batch = _batch(batch_id)
    if not batch.packs:
        raise NotFound(f"batch {batch.lot} is not packed")
    fields = Fields(request.args)
    printing = read_printing(fields, batch.packs)
    if fields.faults:
        return _page(batch, printing, fields)
    try:
        content = labels.sheet(
            db.session(),
            [(printing.batch_pack, printing.copies)],
            layout=printing.layout,
            first_cell=printing.cell,
            actor=signing_in.actor(),
            today=clock.today(),
        )
    except LabelTooSmall as refusal:
        fields.refuse("layout", messages.sentence(refusal))
        return _page(batch, printing, fields)
    name = re.sub(r"[^A-Za-z0-9-]", "-", f"tem-{batch.lot}-{printing.batch_pack.pack.sku}")
    return Response(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def _page(batch: Batch, printing: Printing, fields: Fields) -> Answer:
    picture = ""
    try:
        picture = labels.picture(db.session(), printing.batch_pack, layout=printing.layout)
    except LabelTooSmall as refusal:
        fields.refuse("layout", messages.sentence(refusal))
    page = render_template(
        "office/batches/labels.html",
        batch=batch,
        printing=printing,
        layout=LAYOUTS[printing.layout],
        layouts=[{"value": key, "title": words} for key, words in LAYOUT_WORDS.items()],
        packs=[{"value": one.id, "title": one.pack.label} for one in batch.packs],
        picture=Markup(picture),  # noqa: S704 - drawn by us, every text in it escaped
        copies=fields.typed("copies") or printing.copies,
        faults=fields.faults,
        summary=summary(fields.faults, NAMES),
    )
    return (page, 422) if fields.faults else page


def _reason_against(batch: Batch) -> str:
    if not batch.packs:
        return "unpacked"
    if not labels.is_address_safe(db.session()):
        return "address"
    return labels.stopped(batch, today=clock.today())


def _batch(batch_id: int) -> Batch:
    return visible_batch(batch_id, Action.PRINT_LABEL, kind=BatchKind.RETAIL)
