"""Drafts of batches: what may still be changed, and taking back what was entered by mistake."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.models.batches import Batch, BatchInput, BatchState, BatchStep
from shop.models.journal import TraceEvent
from shop.services import journal
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action


def require_draft(batch: Batch) -> None:
    """Raise `WrongMove` unless nobody has let `batch` be sold yet."""
    if batch.state is not BatchState.DRAFT:
        raise WrongMove(f"batch {batch.lot} is {batch.state}", state=batch.state.value)


def require_unpacked(batch: Batch) -> None:
    """Raise `WrongMove` unless `batch` is a draft whose goods are still in bulk."""
    require_draft(batch)
    if batch.packs:
        raise WrongMove(f"batch {batch.lot} is packed", state="packed")


def take_back_input(
    session: Session, row: BatchInput, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Take an input out of a draft that is not packed; its event is declared wrong.

    Nothing is lost: the audit keeps what was entered, the journal both versions (R37).
    """
    batch = row.batch
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    require_unpacked(batch)
    before = {"name": row.name, "quantity_g": row.quantity_g, "kind": row.kind.value}
    event_id = row.event_id
    batch.inputs.remove(row)
    _forget(session, batch, row, event_id, before, reason=reason, actor=actor, now=now)


def take_back_step(
    session: Session, step: BatchStep, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Take the last step out of a draft; raise `WrongMove` for one that others rest on."""
    batch = step.batch
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    require_unpacked(batch)
    if batch.steps[-1] is not step:
        raise WrongMove(f"step {step.seq} of {batch.lot} is not the last", state="not_last")
    before = {"step": step.code, "name": step.name, "in_g": step.in_g, "out_g": step.out_g}
    event_id = step.event_id
    batch.steps.remove(step)
    batch.quantity_g = batch.steps[-1].out_g if batch.steps else 0
    _forget(session, batch, step, event_id, before, reason=reason, actor=actor, now=now)


def _forget(
    session: Session,
    batch: Batch,
    row: BatchInput | BatchStep,
    event_id: int | None,
    before: dict[str, Any],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    session.delete(row)
    if event_id is not None:
        journal.declare_wrong(session, session.get_one(TraceEvent, event_id), now=now)
    session.flush()
    after = {"reason": reason}
    audit(session, actor, "entry_taken_back", batch, now=now, before=before, after=after)
