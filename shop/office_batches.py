"""One batch or delivery in the office: its page, again with what was typed when it was refused."""

import uuid
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms.base import Fields
from shop.models.batches import Batch, BatchKind
from shop.office import show_for
from shop.pages.office_batch import Typed, batch_sheet
from shop.pages.office_delivery import delivery_sheet
from shop.queries import batches
from shop.services.permissions import Action

QUESTIONS = {"yield_unusual", "less_in_than_there", "much_left_over"}
"""Refusals that a tick lets pass: the person weighed again and it is so."""

Answer = Response | tuple[str, int] | str


def visible_batch(batch_id: int, action: Action, *, kind: BatchKind | None = None) -> Batch:
    """Return the batch with this id for the page of this request, locked if it may change.

    Raises `NotFound` also for one of a seller for whom the person may not do `action`.
    """
    locked = request.method == "POST"
    batch = batches.whole_batch(db.session(), batch_id, locked=locked)
    if batch is None or not signing_in.actor().may(action, batch.seller_id):
        raise NotFound(f"batch {batch_id}")
    if batch.kind is BatchKind.BULK or kind not in {None, batch.kind}:
        raise NotFound(f"batch {batch_id} is {batch.kind}")
    show_for(batch.seller)
    return batch


def client_id() -> str:
    """Return the id of the entry as the form gave it; a new one where it is none of ours."""
    try:
        return str(uuid.UUID(request.form.get("client_id", "")))
    except ValueError:
        return str(uuid.uuid4())


def page(batch: Batch, typed: Typed | None = None) -> str:
    """Return the page of a batch or a delivery."""
    session, actor, today = db.session(), signing_in.actor(), clock.today()
    typed = typed or Typed()
    if batch.kind is BatchKind.DELIVERY:
        facts = delivery_sheet(session, batch, actor=actor, today=today)
        facts |= {"typed": typed.values, "faults": typed.faults}
        return render_template("office/deliveries/show.html", **facts)
    facts = batch_sheet(session, batch, typed, actor=actor, today=today)
    return render_template("office/batches/show.html", **facts)


def asked_again(
    batch: Batch, block: str, fields: Fields, to_confirm: Mapping[str, int] | None = None
) -> tuple[str, int]:
    """Show the page with what was typed into `block`, its faults, and weights to be confirmed."""
    return page(batch, Typed(block, request.form, fields.faults, to_confirm or {})), 422


def refused(
    batch_id: int, block: str, fields: Fields, refusal: FieldRefused, fields_of: Mapping[str, str]
) -> tuple[str, int]:
    """Undo what was begun and show the refusal of a service beside the field it is about."""
    db.session().rollback()
    name = fields_of.get(refusal.field, refusal.field)
    fields.refuse(name, messages.sentence(refusal))
    is_question = refusal.sentence_code in QUESTIONS
    typed = Typed(block, request.form, fields.faults, is_question=is_question)
    return page(visible_batch(batch_id, Action.EDIT_BATCH), typed), 422


def written(batch: Batch, said: str, block: str = "chinh") -> Response:
    """Commit, say what was written down, and go back to the block it is in."""
    db.session().commit()
    flash(said)
    return redirect(address(batch, block), 303)


def address(batch: Batch, block: str = "") -> str:
    """Return where the page of a batch or a delivery stands."""
    if batch.kind is BatchKind.DELIVERY:
        return url_for("office_deliveries.show", delivery_id=batch.id)
    return url_for("office_batches.show", batch_id=batch.id, _anchor=block or None)
