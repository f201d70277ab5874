"""The steps of the work on a batch: what went in, came out and was lost, in grams."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import FieldRefused, WrongMove
from shop.models.batches import Batch, BatchStep
from shop.models.people import Member
from shop.services import journal, yields
from shop.services.actors import Actor, audit, require
from shop.services.batch_drafts import require_unpacked
from shop.services.permissions import Action
from traceability.epcis.build import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the work as the form gives it, weights in grams."""

    code: str
    name: str
    place: str
    started_at: datetime
    ended_at: datetime
    in_g: int
    out_g: int
    added_g: int = 0
    added_what: str | None = None
    loss_g: int = 0
    loss_reason: str | None = None
    by_product_g: int = 0
    by_product_to: str | None = None
    operator: Member | None = None
    details: dict[str, Any] = field(default_factory=dict)


def weight_there(batch: Batch) -> int:
    """Return the grams that wait for the next step: what the last one left, or what came in."""
    if batch.steps:
        return batch.steps[-1].out_g
    return sum(row.quantity_g for row in batch.inputs)


def add_step(
    session: Session,
    batch: Batch,
    step: Step,
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
    is_confirmed: bool = False,
) -> BatchStep:
    """Write down one step; the same `client_id` again returns the first.

    What neither comes out nor is named as by-product is the loss. Raises `FieldRefused` when
    more goes in than is there, when more comes out than went in, when the step ends before it
    starts or has not ended yet; and as a question, unless `is_confirmed`, when less goes in than
    is there or the yield is unusual (R35).
    """
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    known = journal.find(session, batch.seller_id, client_id)
    if known is not None:
        return _written(session, batch, known.id)
    row = write_step(session, batch, step, now=now, client_id=client_id, is_confirmed=is_confirmed)
    session.flush()
    tell_step(session, batch, row, actor=actor, now=now, is_confirmed=is_confirmed)
    return row


def write_step(
    session: Session,
    batch: Batch,
    step: Step,
    *,
    now: datetime,
    client_id: str | None = None,
    is_confirmed: bool = False,
    later: bool = False,
) -> BatchStep:
    """Join a step and its event to `batch`, to be stored with it.

    Refusals as in `add_step`; `later` as in `journal.observe`.
    """
    require_unpacked(batch)
    _check_weights(batch, step, is_confirmed=is_confirmed)
    if step.ended_at < step.started_at:
        raise FieldRefused("ended_at", "ends_before_it_starts")
    if step.ended_at > now:
        raise FieldRefused("ended_at", "not_ended_yet")
    loss = step.in_g + step.added_g - step.out_g - step.by_product_g
    event = journal.observe(
        session,
        batch.seller,
        f"dacsan:{step.code.replace('-', '_')}",
        quantities=[Quantity(journal.lot_uri(session, batch), grams=step.out_g)],
        at=step.ended_at,
        now=now,
        client_id=client_id,
        extensions={
            "in_g": step.in_g,
            "added_g": step.added_g,
            "loss_g": loss,
            "by_product_g": step.by_product_g,
        },
        later=later,
    )
    row = BatchStep(
        event=event,
        seq=len(batch.steps) + 1,
        code=step.code,
        name=step.name,
        place=step.place,
        started_at=step.started_at,
        ended_at=step.ended_at,
        in_g=step.in_g,
        added_g=step.added_g,
        added_what=step.added_what,
        out_g=step.out_g,
        loss_g=loss,
        loss_reason=step.loss_reason,
        by_product_g=step.by_product_g,
        by_product_to=step.by_product_to,
        operator_id=step.operator.id if step.operator else None,
        details=step.details,
    )
    batch.steps.append(row)
    batch.quantity_g = step.out_g
    return row


def tell_step(
    session: Session,
    batch: Batch,
    row: BatchStep,
    *,
    actor: Actor,
    now: datetime,
    is_confirmed: bool,
) -> None:
    """Write down who wrote the step `row` of `batch` down, and whether they were asked twice."""
    after = {"step": row.code, "name": row.name, "out_g": row.out_g, "confirmed": is_confirmed}
    audit(session, actor, "step_added", batch, now=now, after=after)


def _written(session: Session, batch: Batch, event_id: int) -> BatchStep:
    row = session.scalars(
        select(BatchStep).where(BatchStep.event_id == event_id, BatchStep.batch_id == batch.id)
    ).one_or_none()
    if row is None:
        raise WrongMove(f"a step of {batch.lot} was taken back", state="taken_back")
    return row


def _check_weights(batch: Batch, step: Step, *, is_confirmed: bool) -> None:
    there, went_in = weight_there(batch), step.in_g + step.added_g
    came_out = step.out_g + step.by_product_g
    if step.in_g > there:
        raise FieldRefused("in_g", "more_in_than_there", in_g=step.in_g, there_g=there)
    if came_out > went_in:
        raise FieldRefused("out_g", "more_out_than_in", in_g=went_in, out_g=came_out)
    if step.in_g < there and not is_confirmed:
        raise FieldRefused("in_g", "less_in_than_there", in_g=step.in_g, there_g=there)
    if step.code in yields.FINISHING:
        yields.question(batch, step.out_g, field="out_g", is_confirmed=is_confirmed)
