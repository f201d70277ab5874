"""Making a batch: deliveries in, steps, packs out, each written down as an event."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, WrongMove
from shop.models.batches import (
    Batch,
    BatchInput,
    BatchKind,
    BatchPack,
    BatchState,
    BatchStep,
    InputKind,
)
from shop.models.catalog import Pack, Product, Seller
from shop.models.inventory import MovementKind, Place
from shop.models.people import Member
from shop.queries import batches as reading
from shop.queries import inventory as stock
from shop.services import inventory, journal, yields
from shop.services.actors import Actor, audit
from traceability import lot as lots
from traceability.epcis.build import Quantity
from traceability.errors import TraceabilityError


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


def next_lot(session: Session, seller: Seller, day: date, *, prefix: str = "") -> str:
    """Return the next lot code of this day, with its check character (`design.md` 2)."""
    stem = f"{prefix or seller.lot_prefix}-{day:%y%m%d}-"
    taken = {
        lot[len(stem) : len(stem) + 2] for lot in reading.lots_beginning(session, seller.id, stem)
    }
    number = next(number for number in range(1, 100) if f"{number:02}" not in taken)
    return lots.generate(prefix or seller.lot_prefix, day, number)


def typed_lot(session: Session, seller: Seller, text: str) -> str:
    """Return the lot a person typed, made printable; raise `FieldRefused` where it is taken."""
    try:
        lot = lots.normalise(text)
    except TraceabilityError as error:
        raise FieldRefused("lot", "lot_unreadable", lot=text) from error
    if reading.batch_by_lot(session, seller.id, lot) is not None:
        raise FieldRefused("lot", "lot_duplicate", lot=lot)
    return lot


def open_batch(
    session: Session,
    product: Product,
    *,
    lot: str | None,
    made_on: date,
    expires_on: date | None,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> Batch:
    """Begin a batch of `product`; without a lot the next one of the day is given.

    The day of expiry is proposed from the shelf life when none is typed. Raises `FieldRefused`
    when it lies before the day of making.
    """
    seller = product.seller
    if expires_on is None and product.shelf_life_days is not None:
        expires_on = made_on + timedelta(days=product.shelf_life_days)
    if expires_on is not None and expires_on < made_on:
        raise FieldRefused(
            "expires_on", "expiry_before_production", expires_on=expires_on, made_on=made_on
        )
    batch = Batch(
        seller_id=seller.id,
        seller=seller,
        product_id=product.id,
        product=product,
        lot=lot or next_lot(session, seller, made_on),
        kind=BatchKind.RETAIL,
        state=BatchState.DRAFT,
        goods=product.name,
        quantity_g=0,
        made_on=made_on,
        expires_on=expires_on,
        note=note,
        is_sample=actor.kind == "demo",
        created_at=now,
    )
    session.add(batch)
    session.flush()
    audit(session, actor, "batch_opened", batch, now=now, after={"lot": batch.lot})
    return batch


def add_source(
    session: Session,
    batch: Batch,
    delivery: Batch,
    *,
    quantity_g: int,
    actor: Actor,
    now: datetime,
) -> BatchInput:
    """Put grams of a delivery into `batch`; raise `FieldRefused` for more than is left of it."""
    _require_draft(batch)
    left = delivery.quantity_g - reading.used_g(session, delivery.id)
    if quantity_g > left:
        raise FieldRefused("quantity", "more_than_delivered", left_g=left, lot=delivery.lot)
    origin = delivery.inputs[0] if delivery.inputs else None
    row = BatchInput(
        batch_id=batch.id,
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


def add_input(
    session: Session, batch: Batch, row: BatchInput, *, actor: Actor, now: datetime
) -> None:
    """Put an ingredient, packaging or a treatment of the plot on record for `batch`.

    Raises `FieldRefused` when a harvest lies inside the waiting time after a treatment.
    """
    _require_draft(batch)
    if row.applied_on and row.phi_days is not None and row.harvested_on:
        earliest = row.applied_on + timedelta(days=row.phi_days)
        if row.harvested_on < earliest:
            raise FieldRefused(
                "harvested_on",
                "phi_not_respected",
                applied_on=row.applied_on,
                phi_days=row.phi_days,
                earliest=earliest,
            )
    batch.inputs.append(row)
    session.flush()
    audit(
        session,
        actor,
        "input_added",
        batch,
        now=now,
        after={"name": row.name, "quantity_g": row.quantity_g},
    )


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
    """Write down one step; raise `FieldRefused` when more comes out than went in.

    What neither comes out nor is named as by-product is the loss.
    """
    _require_draft(batch)
    loss = step.in_g + step.added_g - step.out_g - step.by_product_g
    if loss < 0:
        raise FieldRefused(
            "out_g",
            "more_out_than_in",
            in_g=step.in_g + step.added_g,
            out_g=step.out_g + step.by_product_g,
        )
    if step.ended_at < step.started_at:
        raise FieldRefused("ended_at", "ends_before_it_starts")
    if step.code in yields.FINISHING:
        yields.question(batch, step.out_g, field="out_g", is_confirmed=is_confirmed)
    event = journal.observe(
        session,
        batch.seller,
        f"dacsan:{step.code}",
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
    )
    row = BatchStep(
        batch_id=batch.id,
        event_id=event.id,
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
    session.flush()
    audit(session, actor, "step_added", batch, now=now, after={"step": step.code})
    return row


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
    client_id: str | None = None,
) -> list[BatchPack]:
    """Put a batch into packs: labels, stock and the event that joins them to what went in.

    Raises `FieldRefused` when the packs outweigh what the last step left, or there are none.
    """
    _require_draft(batch)
    if not outputs or batch.packs:
        raise FieldRefused("packs", "nothing_packed" if not outputs else "packed_already")
    weight = sum(chosen.mass_g * units for chosen, units in outputs)
    there = batch.steps[-1].out_g if batch.steps else sum(row.quantity_g for row in batch.inputs)
    if weight > there:
        raise FieldRefused("packs", "packs_outweigh_batch", packs_g=weight, there_g=there)
    made = [
        BatchPack(batch_id=batch.id, batch=batch, pack_id=chosen.id, pack=chosen, produced=units)
        for chosen, units in outputs
    ]
    session.add_all(made)
    session.flush()
    sources = [row for row in batch.inputs if row.source_id is not None]
    batch.packed_on = packed_on
    event = journal.transform(
        session,
        batch,
        step="packing",
        inputs=[
            Quantity(journal.lot_uri(session, row.source), grams=row.quantity_g)
            for row in sources
            if row.source is not None
        ]
        or [Quantity(journal.lot_uri(session, batch), grams=there)],
        outputs=[Quantity(journal.pack_uri(session, one), pieces=one.produced) for one in made],
        at=packed_at,
        now=now,
        client_id=client_id,
    )
    for row in sources:
        if row.source is not None:
            journal.connect(
                session, event, source=row.source, target=batch, quantity_g=row.quantity_g
            )
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


def _require_draft(batch: Batch) -> None:
    if batch.state is not BatchState.DRAFT:
        raise WrongMove(f"batch {batch.lot} is {batch.state}", state=batch.state.value)
