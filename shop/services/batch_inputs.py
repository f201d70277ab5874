"""What goes into a batch: deliveries, ingredients, and how the plots were treated before."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.clock import VIETNAM
from shop.errors import FieldRefused, WrongMove
from shop.forms.batch_drafts import Treatment
from shop.models.batches import Batch, BatchInput, BatchState, InputKind
from shop.models.journal import TraceEvent
from shop.models.people import Plot
from shop.queries import batches as reading
from shop.services import journal
from shop.services.actors import Actor, audit, require
from shop.services.batch_drafts import require_draft, require_unpacked
from shop.services.permissions import Action
from traceability.epcis.build import Quantity

__all__ = [
    "TREATMENTS",
    "Treatment",
    "add_input",
    "add_source",
    "add_treatment",
    "take",
    "was_taken",
]

TREATMENTS = frozenset({InputKind.PESTICIDE, InputKind.FERTILISER})
"""What was done to a plot: it weighs nothing in the batch, and may be added after packing."""

STEPS = {
    InputKind.PESTICIDE: "dacsan:spraying",
    InputKind.FERTILISER: "dacsan:fertilising",
}
"""The words of the journal for treatments; everything else is `dacsan:adding`."""


def take(
    session: Session,
    batch: Batch,
    grams: Mapping[int, int],
    *,
    actor: Actor,
    now: datetime,
    client_id: str,
) -> list[BatchInput]:
    """Put grams of several deliveries, by id, into `batch`; all of them or none.

    The same `client_id` again takes nothing. Refusals as in `add_source`, each for the field
    `take-<id>` of its delivery.
    """
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    taken = []
    for delivery_id in sorted(grams):
        delivery = session.get_one(Batch, delivery_id)
        try:
            row = add_source(
                session,
                batch,
                delivery,
                quantity_g=grams[delivery_id],
                actor=actor,
                now=now,
                client_id=f"{client_id}-{delivery_id}",
            )
        except FieldRefused as refusal:
            name = f"take-{delivery_id}"
            raise FieldRefused(name, refusal.sentence_code, **refusal.values) from refusal
        taken.append(row)
    return taken


def was_taken(session: Session, batch: Batch, client_id: str) -> bool:
    """Return whether the entry `client_id` of `take` was written down before."""
    return (
        session.scalar(
            select(TraceEvent.id)
            .where(TraceEvent.seller_id == batch.seller_id)
            .where(TraceEvent.client_id.startswith(f"{client_id}-", autoescape=True))
            .limit(1)
        )
        is not None
    )


def add_source(
    session: Session,
    batch: Batch,
    delivery: Batch,
    *,
    quantity_g: int,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
) -> BatchInput:
    """Put grams of a delivery into `batch`; the same `client_id` again returns the first row.

    Raises `FieldRefused` for more than is left of it, or a harvest inside the waiting time of a
    treatment of its plot, and `WrongMove` for a delivery that was stopped.
    """
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    if (known := _known(session, batch, client_id)) is not None:
        return known
    require_unpacked(batch)
    reading.locked_batches(session, [delivery.id])
    if delivery.state is not BatchState.RELEASED:
        raise WrongMove(f"delivery {delivery.lot} is {delivery.state}", state=delivery.state.value)
    left = delivery.quantity_g - reading.used_g(session, delivery.id)
    if quantity_g > left:
        raise FieldRefused("quantity", "more_than_delivered", left_g=left, lot=delivery.lot)
    origin = delivery.inputs[0] if delivery.inputs else None
    if origin is not None and origin.plot_id is not None and delivery.made_on is not None:
        treatments = reading.treatments_of_plot(session, origin.plot_id, until=delivery.made_on)
        for treated in treatments:
            _require_waited(treated, delivery.made_on, name="delivery")
    event = journal.observe(
        session,
        batch.seller,
        "dacsan:taking",
        quantities=[Quantity(journal.lot_uri(session, delivery), grams=quantity_g)],
        at=now,
        now=now,
        client_id=client_id,
        extensions={"into": journal.lot_uri(session, batch)},
    )
    row = BatchInput(
        batch_id=batch.id,
        event_id=event.id,
        source_id=delivery.id,
        source=delivery,
        kind=InputKind.RAW_MATERIAL,
        name=delivery.goods,
        quantity_g=quantity_g,
        member_id=origin.member_id if origin else None,
        plot_id=origin.plot_id if origin else None,
        supplier=origin.supplier if origin else "",
        document=origin.document if origin else "",
        harvested_on=delivery.made_on,
    )
    batch.inputs.append(row)
    session.flush()
    audit(
        session,
        actor,
        "input_added",
        batch,
        now=now,
        after={"source": delivery.lot, "quantity_g": quantity_g},
    )
    return row


def add_treatment(
    session: Session,
    batch: Batch,
    treatment: Treatment,
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
) -> list[BatchInput]:
    """Put a treatment on record once for each harvest of its plot that went into `batch`.

    Raises `FieldRefused` when nothing in the batch grew there, or the harvest lies inside the
    waiting time.
    """
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    made = []
    for number, ((member_id, plot_id), day) in enumerate(_grown(batch, treatment).items()):
        row = BatchInput(
            batch_id=batch.id,
            kind=treatment.kind,
            name=treatment.name,
            member_id=member_id,
            plot_id=plot_id,
            harvested_on=day,
            applied_on=treatment.applied_on,
            phi_days=treatment.phi_days,
            details=treatment.details,
        )
        own_id = f"{client_id}-{number}" if client_id else None
        made.append(add_input(session, batch, row, actor=actor, now=now, client_id=own_id))
    return made


def _grown(batch: Batch, treatment: Treatment) -> dict[tuple[int | None, int | None], date]:
    """Return whose plots the treatment is about, each with the first day it was harvested."""
    found: dict[tuple[int | None, int | None], date] = {}
    for row in batch.inputs:
        if row.source_id is None or row.harvested_on is None:
            continue
        if treatment.plot_id in {None, row.plot_id}:
            grown = (row.member_id, row.plot_id)
            found[grown] = min(row.harvested_on, found.get(grown, row.harvested_on))
    if not found:
        raise FieldRefused("plot", "nothing_grown_there")
    return found


def add_input(
    session: Session,
    batch: Batch,
    row: BatchInput,
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
) -> BatchInput:
    """Put an ingredient, packaging or a treatment of the plot on record for `batch`.

    Returns `row`, or the row that the same `client_id` made before. Raises `FieldRefused` when
    a harvest lies inside the waiting time after a treatment.
    """
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    if (known := _known(session, batch, client_id)) is not None:
        return known
    put_in(session, batch, row, now=now, client_id=client_id)
    session.flush()
    tell_input(session, batch, row, actor=actor, now=now)
    return row


def put_in(
    session: Session,
    batch: Batch,
    row: BatchInput,
    *,
    now: datetime,
    client_id: str | None = None,
    later: bool = False,
) -> None:
    """Join `row` and its event to `batch`, to be stored with it.

    Refusals as in `add_input`; `later` as in `journal.observe`.
    """
    if row.kind in TREATMENTS:
        require_draft(batch)
    else:
        require_unpacked(batch)
    for harvested_on in _harvests(batch, row):
        if row.applied_on is not None and row.applied_on > harvested_on:
            raise FieldRefused("applied_on", "treated_after_harvest", harvested_on=harvested_on)
        _require_waited(row, harvested_on, name="applied_on")
    row.event = journal.observe(
        session,
        batch.seller,
        STEPS.get(row.kind, "dacsan:adding"),
        quantities=[Quantity(journal.lot_uri(session, batch))],
        at=_when(row, now),
        now=now,
        client_id=client_id,
        extensions=_told(session, row),
        later=later,
    )
    batch.inputs.append(row)


def tell_input(
    session: Session, batch: Batch, row: BatchInput, *, actor: Actor, now: datetime
) -> None:
    """Write down who put `row` into `batch`."""
    after = {"name": row.name, "quantity_g": row.quantity_g}
    audit(session, actor, "input_added", batch, now=now, after=after)


def _known(session: Session, batch: Batch, client_id: str | None) -> BatchInput | None:
    """Return the row that an entry made when it was sent before."""
    event = journal.find(session, batch.seller_id, client_id)
    if event is None:
        return None
    row = session.scalars(
        select(BatchInput).where(BatchInput.event_id == event.id, BatchInput.batch_id == batch.id)
    ).one_or_none()
    if row is None:
        raise WrongMove(f"entry {client_id} was taken back", state="taken_back")
    return row


def _harvests(batch: Batch, row: BatchInput) -> Sequence[date]:
    """Return the days on which the plot that `row` treats was harvested for this batch."""
    days = [row.harvested_on] if row.harvested_on else []
    if row.plot_id is not None:
        days += [
            source.harvested_on
            for source in batch.inputs
            if source.plot_id == row.plot_id and source.source_id and source.harvested_on
        ]
    return days


def _require_waited(treated: BatchInput, harvested_on: date, *, name: str) -> None:
    """Refuse a harvest that came too soon (R36); one on the first day allowed is fine."""
    if treated.applied_on is None or treated.phi_days is None:
        return
    earliest = treated.applied_on + timedelta(days=treated.phi_days)
    if harvested_on < earliest:
        raise FieldRefused(
            name,
            "phi_not_respected",
            applied_on=treated.applied_on,
            phi_days=treated.phi_days,
            earliest_on=earliest,
            harvested_on=harvested_on,
        )


def _when(row: BatchInput, now: datetime) -> datetime:
    if row.applied_on is None:
        return now
    return min(now, datetime.combine(row.applied_on, time(6), VIETNAM).astimezone(UTC))


def _told(session: Session, row: BatchInput) -> dict[str, Any]:
    """Return what the event says: goods, days and the plot by its random id, nobody's name."""
    told: dict[str, Any] = {"what": row.name}
    if row.quantity_g:
        told["quantity_g"] = row.quantity_g
    if row.applied_on is not None and row.phi_days is not None:
        told |= {"appliedOn": row.applied_on.isoformat(), "waitingDays": row.phi_days}
    if row.plot_id is not None:
        told["plot"] = journal.party_uri(session.get_one(Plot, row.plot_id))
    return told
