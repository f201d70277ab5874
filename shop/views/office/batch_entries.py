"""Writing down what went into a batch, what was done, and taking back what was mistyped."""

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms import batch_inputs as form
from shop.forms import batch_step as step_form
from shop.forms.base import Fields
from shop.forms.text import read_line
from shop.models.batches import Batch, BatchInput, BatchKind, BatchStep
from shop.office_batches import (
    Answer,
    address,
    asked_again,
    client_id,
    refused,
    visible_batch,
    written,
)
from shop.queries import office_batches as queries
from shop.services import batch_drafts, batch_inputs, batch_steps
from shop.services.permissions import Action

bp = Blueprint("office_batch_entries", __name__, url_prefix="/quan-ly/lo-hang/<int:batch_id>")


FORMS = '"hang-nhan", "nguyen-lieu", "phun-bon", "buoc", "dong-goi", "ngay", "tam-giu", "ban-lai"'


@bp.get(f"/<any({FORMS}):form_name>")
@signing_in.needs(Action.EDIT_BATCH)
def back_to_page(batch_id: int, form_name: str) -> Response:
    """Lead from the address of a refused form, opened again, to the page it stands on."""
    return redirect(address(visible_batch(batch_id, Action.EDIT_BATCH)), 303)


@bp.post("/hang-nhan")
@signing_in.needs(Action.EDIT_BATCH)
def take(batch_id: int) -> Answer:
    """Put goods of deliveries into the batch."""
    batch = _batch(batch_id)
    said, entry = _("Đã ghi hàng vào lô %(lot)s.", lot=batch.lot), client_id()
    if batch_inputs.was_taken(db.session(), batch, entry):
        return written(batch, said, "khoi-hang")
    fields = Fields(request.form)
    offered = queries.grams_left(db.session(), batch, form.named_deliveries(request.form))
    taken, to_confirm = form.read_taken(fields, request.form, offered)
    if fields.faults or to_confirm:
        return asked_again(batch, "sources", fields, to_confirm)
    actor, now = signing_in.actor(), clock.now()
    try:
        batch_inputs.take(db.session(), batch, taken, actor=actor, now=now, client_id=entry)
    except FieldRefused as refusal:
        return refused(batch_id, "sources", fields, refusal, {})
    return written(batch, said, "khoi-hang")


@bp.post("/nguyen-lieu")
@signing_in.needs(Action.EDIT_BATCH)
def add_goods(batch_id: int) -> Answer:
    """Put an ingredient or packaging on record."""
    batch = _batch(batch_id)
    fields = Fields(request.form)
    goods, to_confirm = form.read_goods(fields, request.form)
    if goods is None or to_confirm:
        return asked_again(batch, "goods", fields, to_confirm)
    row = BatchInput(
        batch_id=batch.id,
        kind=goods.kind,
        name=goods.name,
        quantity_g=goods.quantity_g,
        supplier=goods.supplier,
        document=goods.document,
        details={},
    )
    batch_inputs.add_input(
        db.session(),
        batch,
        row,
        actor=signing_in.actor(),
        now=clock.now(),
        client_id=client_id(),
    )
    return written(batch, _("Đã ghi %(name)s.", name=goods.name), "khoi-them")


@bp.post("/phun-bon")
@signing_in.needs(Action.EDIT_BATCH)
def add_treatment(batch_id: int) -> Answer:
    """Put a spraying or a fertilising of the plots on record."""
    batch = _batch(batch_id)
    fields = Fields(request.form)
    plots = [row.plot_id for row in batch.inputs if row.plot_id is not None]
    treatment = form.read_treatment(fields, plots=plots, today=clock.today())
    if treatment is None:
        return asked_again(batch, "treatment", fields)
    try:
        batch_inputs.add_treatment(
            db.session(),
            batch,
            treatment,
            actor=signing_in.actor(),
            now=clock.now(),
            client_id=client_id(),
        )
    except FieldRefused as refusal:
        fields_of = {"applied_on": "spray_on", "plot": "spray_plot"}
        return refused(batch_id, "treatment", fields, refusal, fields_of)
    return written(batch, _("Đã ghi %(name)s.", name=treatment.name), "khoi-phun")


@bp.post("/buoc")
@signing_in.needs(Action.EDIT_BATCH)
def add_step(batch_id: int) -> Answer:
    """Write down one step of the work."""
    batch = _batch(batch_id)
    fields = Fields(request.form)
    draft, to_confirm = step_form.read_step(fields, request.form, today=clock.today())
    if draft is None or to_confirm:
        return asked_again(batch, "step", fields, to_confirm)
    try:
        batch_steps.add_step(
            db.session(),
            batch,
            _step(batch, draft),
            actor=signing_in.actor(),
            now=clock.now(),
            client_id=client_id(),
            is_confirmed="sure" in request.form,
        )
    except FieldRefused as refusal:
        return refused(batch_id, "step", fields, refusal, {"ended_at": "step_until"})
    return written(batch, _("Đã ghi bước %(name)s.", name=draft.name), "khoi-buoc")


def _step(batch: Batch, draft: step_form.StepDraft) -> batch_steps.Step:
    usual = [(row.code, row.name) for row in queries.steps_before(db.session(), batch)]
    usual += [(step.code, step.name) for step in batch.steps]
    operator = None
    if draft.operator_id is not None:
        operator = queries.member(db.session(), draft.operator_id, batch.seller_id)
    return batch_steps.Step(
        code=step_form.code_for(draft.name, usual),
        name=draft.name,
        place=draft.place,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        in_g=draft.in_g,
        out_g=draft.out_g,
        added_g=draft.added_g,
        added_what=draft.added_what or None,
        loss_reason=draft.loss_reason or None,
        by_product_g=draft.by_product_g,
        by_product_to=draft.by_product_to or None,
        operator=operator,
        details=draft.details,
    )


@bp.get("/bo/<any(muc, buoc):kind>/<int:row_id>")
@signing_in.needs(Action.EDIT_BATCH)
def ask_take_back(batch_id: int, kind: str, row_id: int) -> str:
    """Ask whether an entry shall go, and why."""
    batch = _batch(batch_id)
    return _question(batch, _entry(batch, kind, row_id), {})


@bp.post("/bo/<any(muc, buoc):kind>/<int:row_id>")
@signing_in.needs(Action.EDIT_BATCH)
def take_back(batch_id: int, kind: str, row_id: int) -> Answer:
    """Take an entry out of a draft."""
    batch = _batch(batch_id)
    row = _entry(batch, kind, row_id)
    fields = Fields(request.form)
    reason = fields.read("reason", read_line, longest=200)
    if reason is None:
        return _question(batch, row, fields.faults), 422
    session, actor, now = db.session(), signing_in.actor(), clock.now()
    name = row.name
    if isinstance(row, BatchStep):
        batch_drafts.take_back_step(session, row, reason=reason, actor=actor, now=now)
    else:
        batch_drafts.take_back_input(session, row, reason=reason, actor=actor, now=now)
    return written(batch, _("Đã bỏ %(name)s. Sổ vẫn giữ bản cũ.", name=name))


def _entry(batch: Batch, kind: str, row_id: int) -> BatchInput | BatchStep:
    rows: list[BatchInput] | list[BatchStep] = batch.steps if kind == "buoc" else batch.inputs
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound(f"{kind} {row_id} of batch {batch.lot}")


def _question(batch: Batch, row: BatchInput | BatchStep, faults: dict[str, str]) -> str:
    return render_template(
        "office/batches/take_back.html", batch=batch, name=row.name, faults=faults
    )


def _batch(batch_id: int) -> Batch:
    return visible_batch(batch_id, Action.EDIT_BATCH, kind=BatchKind.RETAIL)
