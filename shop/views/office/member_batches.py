"""Batches that members announced from their phones: weighed and taken in, or sent back."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, entry_desk, formats, messages, signing_in
from shop.entry_desk import TOO_LATE, Answer, Desk
from shop.errors import FieldRefused
from shop.forms.base import Fields
from shop.forms.spoken_weights import read_spoken_weight
from shop.locales import current_locale
from shop.models.submissions import Submission, SubmissionKind
from shop.pages import approvals as page
from shop.services import member_batches
from shop.services.permissions import Action

bp = Blueprint("office_member_batches", __name__, url_prefix="/quan-ly/xa-vien-gui")


@bp.get("")
@signing_in.needs(Action.EDIT_BATCH)
def index() -> str:
    """What members announced and nobody has taken in, the oldest first."""
    return render_template("office/member_batches/index.html", rows=DESK.waiting())


@bp.get("/<int:submission_id>")
@signing_in.needs(Action.EDIT_BATCH)
def show(submission_id: int) -> str:
    """One entry: what the member said, and the scales of the office."""
    return DESK.page(submission_id)


@bp.get("/<int:submission_id>/anh-<int:width>")
@signing_in.needs(Action.EDIT_BATCH)
def photo(submission_id: int, width: int) -> Response:
    """The photo of an entry."""
    return DESK.photo(submission_id, width)


@bp.post("/<int:submission_id>/nhan")
@signing_in.needs(Action.EDIT_BATCH)
def take_in(submission_id: int) -> Answer:
    """Write the slip with what the scales show and put the goods into their batch."""
    one = DESK.entry(submission_id, locked=True)
    fields = Fields(request.form)
    weighed = fields.read("weighed", read_spoken_weight)
    if weighed is None:
        return _show(one, request.form, fields.faults, ""), 422
    try:
        batch = member_batches.take_in(
            db.session(),
            one,
            quantity_g=weighed,
            version=entry_desk.version(),
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except TOO_LATE as late:
        return DESK.too_late(submission_id, late)
    except FieldRefused as refused:
        db.session().rollback()
        faults = {"weighed": messages.sentence(refused)}
        return _show(DESK.entry(submission_id), request.form, faults, ""), 422
    db.session().commit()
    flash(_("Đã nhận vào lô %(lot)s. Ghi tiếp các bước và đóng gói.", lot=batch.lot))
    return redirect(url_for("office_batches.show", batch_id=batch.id), 303)


@bp.post("/<int:submission_id>/tra-lai")
@signing_in.needs(Action.EDIT_BATCH)
def send_back(submission_id: int) -> Answer:
    """Send an entry back with the reason the member reads."""
    return DESK.send_back(submission_id)


def _show(
    one: Submission, typed: Mapping[str, str], faults: Mapping[str, str], notice: str
) -> str:
    said = formats.weight(one.understood["quantity_g"], current_locale())
    return render_template(
        "office/member_batches/show.html",
        facts=page.batch_facts(one),
        warning=page.warning(one),
        **entry_desk.facts(one, typed or {"weighed": said}, faults, notice),
    )


DESK = Desk(SubmissionKind.BATCH, Action.EDIT_BATCH, _show)
