"""Packing a batch, letting it be sold, holding it, selling it again."""

from datetime import UTC, date, datetime, time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from shop import clock, db, signing_in
from shop.clock import VIETNAM
from shop.errors import FieldRefused, Incomplete
from shop.forms import batch_packs as form
from shop.forms.base import Fields
from shop.forms.text import read_line
from shop.models.batches import Batch, BatchKind, BatchState
from shop.office_batches import (
    Answer,
    address,
    asked_again,
    client_id,
    refused,
    visible_batch,
    written,
)
from shop.pages.office_batch import missing
from shop.pages.office_batch_words import DELIVERY_REASONS
from shop.queries import office_batches as queries
from shop.services import batch_packing, batch_release
from shop.services.permissions import Action

bp = Blueprint("office_batch_states", __name__, url_prefix="/quan-ly/lo-hang/<int:batch_id>")


@bp.post("/dong-goi")
@signing_in.needs(Action.EDIT_BATCH)
def pack(batch_id: int) -> Answer:
    """Put the batch into packs, then ask whether it may be sold."""
    batch = visible_batch(batch_id, Action.EDIT_BATCH, kind=BatchKind.RETAIL)
    fields = Fields(request.form)
    packs = queries.packs(db.session(), batch.product_id) if batch.product_id else []
    draft, to_confirm = form.read_packing(fields, request.form, packs, today=clock.today())
    if draft is None or to_confirm:
        return asked_again(batch, "packs", fields, to_confirm)
    try:
        batch_packing.pack(
            db.session(),
            batch,
            draft.outputs,
            retained_g=draft.retained_g,
            packed_on=draft.packed_on,
            packed_at=_packed_at(batch, draft.packed_on),
            actor=signing_in.actor(),
            now=clock.now(),
            client_id=client_id(),
            is_confirmed="sure_packs" in request.form,
        )
    except FieldRefused as refusal:
        return refused(batch_id, "packs", fields, refusal, {})
    db.session().commit()
    flash(_("Đã đóng lô %(lot)s.", lot=batch.lot))
    if not signing_in.actor().may(Action.RELEASE_BATCH, batch.seller_id):
        return redirect(address(batch), 303)
    return redirect(url_for(".ask_release", batch_id=batch_id), 303)


def _packed_at(batch: Batch, packed_on: date) -> datetime:
    """Return the moment of packing: now, or the end of an earlier day's work."""
    if packed_on == clock.today():
        return clock.now()
    evening = datetime.combine(packed_on, time(17), VIETNAM).astimezone(UTC)
    return max([evening, *(step.ended_at for step in batch.steps)])


@bp.get("/cho-ban")
@signing_in.needs(Action.RELEASE_BATCH)
def ask_release(batch_id: int) -> Answer:
    """Ask whether the batch may be sold, or say what it lacks."""
    batch = visible_batch(batch_id, Action.RELEASE_BATCH, kind=BatchKind.RETAIL)
    if batch.state is not BatchState.DRAFT:
        return redirect(address(batch), 303)
    return render_template("office/batches/release.html", batch=batch, missing=missing(batch))


@bp.post("/cho-ban")
@signing_in.needs(Action.RELEASE_BATCH)
def release(batch_id: int) -> Answer:
    """Let the batch be sold."""
    batch = visible_batch(batch_id, Action.RELEASE_BATCH, kind=BatchKind.RETAIL)
    try:
        batch_release.release(
            db.session(), batch, actor=signing_in.actor(), now=clock.now(), today=clock.today()
        )
    except Incomplete as incomplete:
        db.session().rollback()
        batch = visible_batch(batch_id, Action.RELEASE_BATCH)
        lacks = missing(batch, incomplete.values["missing"])
        return render_template("office/batches/release.html", batch=batch, missing=lacks), 409
    return written(batch, _("Lô %(lot)s đang bán.", lot=batch.lot))


@bp.post("/tam-giu")
@signing_in.needs(Action.HOLD_BATCH)
def hold(batch_id: int) -> Answer:
    """Stop the sale at once, of this batch and of all that was made from it."""
    batch = visible_batch(batch_id, Action.HOLD_BATCH)
    fields = Fields(request.form)
    reason = _reason(request.form.get("reason", ""))
    if not reason:
        reason = fields.read("other_reason", read_line, longest=300) or ""
    if fields.faults:
        return asked_again(batch, "hold", fields)
    stopped = batch_release.hold(
        db.session(), batch, reason=reason, actor=signing_in.actor(), now=clock.now()
    )
    if len(stopped) > 1:
        others = len(stopped) - 1
        flash(ngettext("Giữ luôn %(num)s lô làm từ đó.", "Giữ luôn %(num)s lô làm từ đó.", others))
    said = _("Đã tạm giữ lô %(lot)s. Mọi nơi ngừng bán ngay.", lot=batch.lot)
    return written(batch, said)


def _reason(key: str) -> str:
    """Return the words of a reason as they are kept: in Vietnamese, whoever pressed the button."""
    with force_locale("vi"):
        return str(DELIVERY_REASONS.get(key, ""))


@bp.post("/ban-lai")
@signing_in.needs(Action.RELEASE_BATCH)
def resume(batch_id: int) -> Answer:
    """End a hold with its outcome."""
    batch = visible_batch(batch_id, Action.RELEASE_BATCH)
    fields = Fields(request.form)
    outcome = fields.read("outcome", read_line, longest=300)
    if outcome is None:
        return asked_again(batch, "resume", fields)
    batch_release.resume(
        db.session(), batch, outcome=outcome, actor=signing_in.actor(), now=clock.now()
    )
    return written(batch, _("Lô %(lot)s bán lại từ bây giờ.", lot=batch.lot))
