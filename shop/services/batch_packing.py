"""Packing a batch: labels, stock, and the event that joins packs to what went in."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from shop.clock import day_of
from shop.errors import FieldRefused
from shop.models.batches import Batch, BatchInput, BatchPack
from shop.models.catalog import Pack
from shop.models.inventory import MovementKind, Place
from shop.models.journal import TraceEvent
from shop.queries import inventory as stock
from shop.services import inventory, journal, yields
from shop.services.actors import Actor, audit, require
from shop.services.batch_drafts import require_draft
from shop.services.batch_steps import weight_there
from shop.services.permissions import Action
from traceability.epcis.build import Quantity

LEFTOVER_SHARE = 5
"""Percent of the goods that may be left over before somebody is asked."""


def pack(
    session: Session,
    batch: Batch,
    outputs: Sequence[tuple[Pack, int]],
    *,
    packed_at: datetime,
    packed_on: date,
    actor: Actor,
    now: datetime,
    place: Place | None = None,
    retained_g: int | None = None,
    client_id: str | None = None,
    is_confirmed: bool = True,
) -> list[BatchPack]:
    """Put a batch into packs; the same `client_id` again returns the first.

    With `retained_g`, the sample that is kept, the rest of the goods is written down as left
    over. Raises `FieldRefused` when the packs outweigh what the last step left, when nothing is
    packed, or no step is written down yet; and as a question, unless `is_confirmed`, when much
    is left over or the yield is unusual (R35).
    """
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    if journal.find(session, batch.seller_id, client_id) is not None:
        return batch.packs
    require_draft(batch)
    if not outputs or batch.packs:
        raise FieldRefused("packs", "nothing_packed" if not outputs else "packed_already")
    if not batch.steps:
        raise FieldRefused("packs", "no_steps_yet")
    if packed_on < (last_on := day_of(batch.steps[-1].started_at)):
        raise FieldRefused("packed_on", "packed_before_last_step", last_on=last_on)
    _weigh(batch, outputs, retained_g, is_confirmed=is_confirmed)
    made = [
        BatchPack(batch_id=batch.id, batch=batch, pack_id=chosen.id, pack=chosen, produced=units)
        for chosen, units in outputs
    ]
    session.add_all(made)
    session.flush()
    batch.packed_on = packed_on
    event = _join(session, batch, made, at=packed_at, now=now, client_id=client_id)
    _put_away(session, batch, made, event, place=place, actor=actor, now=now)
    session.flush()
    audit(
        session,
        actor,
        "batch_packed",
        batch,
        now=now,
        after={one.pack.sku: one.produced for one in made},
    )
    return made


def _weigh(
    batch: Batch,
    outputs: Sequence[tuple[Pack, int]],
    retained_g: int | None,
    *,
    is_confirmed: bool,
) -> None:
    there = weight_there(batch)
    packs = sum(chosen.mass_g * units for chosen, units in outputs)
    kept = batch.retained_sample_g if retained_g is None else retained_g
    if packs + kept > there:
        values = {"packs_g": packs + kept, "there_g": there}
        raise FieldRefused("packs", "packs_outweigh_batch", **values)
    if retained_g is not None:
        left = there - packs - kept
        if left * 100 > there * LEFTOVER_SHARE and not is_confirmed:
            raise FieldRefused("packs", "much_left_over", left_g=left, there_g=there)
        batch.retained_sample_g, batch.leftover_g = kept, left
    if batch.steps[-1].code not in yields.FINISHING:
        yields.question(batch, there, field="packs", is_confirmed=is_confirmed)


def _sources(batch: Batch) -> list[tuple[BatchInput, Batch]]:
    return [(row, row.source) for row in batch.inputs if row.source is not None]


def _join(
    session: Session,
    batch: Batch,
    made: Sequence[BatchPack],
    *,
    at: datetime,
    now: datetime,
    client_id: str | None,
) -> TraceEvent:
    """Write down the transformation and the lineage it makes."""
    sources = _sources(batch)
    event = journal.transform(
        session,
        batch,
        step="packing",
        inputs=[
            Quantity(journal.lot_uri(session, source), grams=row.quantity_g)
            for row, source in sources
        ]
        or [Quantity(journal.lot_uri(session, batch), grams=weight_there(batch))],
        outputs=[Quantity(journal.pack_uri(session, one), pieces=one.produced) for one in made],
        at=at,
        now=now,
        client_id=client_id,
    )
    for row, source in sources:
        journal.connect(session, event, source=source, target=batch, quantity_g=row.quantity_g)
    return event


def _put_away(
    session: Session,
    batch: Batch,
    made: Sequence[BatchPack],
    event: TraceEvent,
    *,
    place: Place | None,
    actor: Actor,
    now: datetime,
) -> None:
    place = place or stock.main_place(session, batch.seller_id)
    for one in made:
        inventory.move(
            session,
            place_id=place.id,
            batch_pack_id=one.id,
            kind=MovementKind.PACK,
            quantity=one.produced,
            actor=actor,
            now=now,
            event=event,
        )
