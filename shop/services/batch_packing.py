"""Packing a batch: labels, stock, and the event that joins packs to what went in."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from shop.clock import day_of
from shop.errors import FieldRefused
from shop.models.batches import Batch, BatchInput, BatchPack
from shop.models.catalog import Pack
from shop.models.inventory import MovementKind, Place, StockLevel, StockMovement
from shop.models.journal import TraceEvent
from shop.queries import inventory as stock
from shop.services import journal, yields
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
    made, stored = put_in_packs(
        session,
        batch,
        outputs,
        packed_at=packed_at,
        packed_on=packed_on,
        actor=actor,
        now=now,
        place=place or stock.main_place(session, batch.seller_id),
        retained_g=retained_g,
        client_id=client_id,
        is_confirmed=is_confirmed,
    )
    session.add_all(stored)
    session.flush()
    tell_packed(session, batch, actor=actor, now=now)
    return made


def put_in_packs(
    session: Session,
    batch: Batch,
    outputs: Sequence[tuple[Pack, int]],
    *,
    packed_at: datetime,
    packed_on: date,
    actor: Actor,
    now: datetime,
    place: Place,
    retained_g: int | None = None,
    client_id: str | None = None,
    is_confirmed: bool = True,
    later: bool = False,
) -> tuple[list[BatchPack], list[TraceEvent | StockLevel | StockMovement]]:
    """Join packs to `batch` with an event; return them and the rows of their stock, to be stored.

    Refusals as in `pack`; `later` as in `journal.observe`.
    """
    require_draft(batch)
    if not outputs or batch.packs:
        raise FieldRefused("packs", "nothing_packed" if not outputs else "packed_already")
    if not batch.steps:
        raise FieldRefused("packs", "no_steps_yet")
    if packed_on < (last_on := day_of(batch.steps[-1].started_at)):
        raise FieldRefused("packed_on", "packed_before_last_step", last_on=last_on)
    _weigh(batch, outputs, retained_g, is_confirmed=is_confirmed)
    made = [BatchPack(batch=batch, pack=chosen, produced=units) for chosen, units in outputs]
    if not later:
        session.add_all(made)
    batch.packed_on = packed_on
    event = _join(session, batch, made, at=packed_at, now=now, client_id=client_id, later=later)
    return made, _put_first(made, event, place=place, actor=actor, now=now)


def tell_packed(session: Session, batch: Batch, *, actor: Actor, now: datetime) -> None:
    """Write down who put `batch` into its packs."""
    packed_on = batch.packed_on.isoformat() if batch.packed_on else None
    after = {"packed_on": packed_on, **{one.pack.sku: one.produced for one in batch.packs}}
    audit(session, actor, "batch_packed", batch, now=now, after=after)


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
    later: bool,
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
        later=later,
    )
    for row, source in sources:
        journal.connect(session, event, source=source, target=batch, quantity_g=row.quantity_g)
    return event


def _put_first(
    made: Sequence[BatchPack],
    event: TraceEvent,
    *,
    place: Place,
    actor: Actor,
    now: datetime,
) -> list[TraceEvent | StockLevel | StockMovement]:
    """Put packs that were just made at `place`, where they never stood.

    Return the rows that tell it, `event` first; they are to be stored.
    """
    rows: list[TraceEvent | StockLevel | StockMovement] = [event]
    for one in made:
        level = StockLevel(place_id=place.id, batch_pack=one, on_hand=one.produced, reserved=0)
        movement = StockMovement(
            place_id=place.id,
            batch_pack=one,
            kind=MovementKind.PACK,
            quantity=one.produced,
            event=event,
            actor_id=actor.account_id,
            reason="",
            moved_at=now,
        )
        rows += [level, movement]
    return rows
