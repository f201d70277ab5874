"""Goods that members hand over: born at the plot, weighed at the door, traced from then on."""

import uuid
from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.clock import VIETNAM
from shop.models.batches import Batch, BatchInput, BatchKind, BatchState, InputKind
from shop.models.catalog import Product, Seller
from shop.models.journal import TraceEvent
from shop.models.people import Member, Plot
from shop.services import journal
from shop.services.actors import Actor, audit, require
from shop.services.batches import next_lot
from shop.services.permissions import Action
from traceability.epcis.build import Quantity, Reference, birth_data


def record_delivery(
    session: Session,
    seller: Seller,
    *,
    goods: str,
    quantity_g: int,
    member: Member | None,
    plot: Plot | None,
    supplier: str,
    document: str,
    harvested_on: date,
    received_at: datetime,
    actor: Actor,
    now: datetime,
    lot: str | None = None,
    client_id: str | None = None,
    product: Product | None = None,
) -> Batch:
    """Write down goods that were handed over: born at the plot, weighed at the door.

    The same `client_id` again returns the first delivery.
    """
    require(actor, Action.EDIT_BATCH, seller.id)
    client_id = client_id or str(uuid.uuid4())
    known = journal.find(session, seller.id, f"{client_id}-1")
    if known is not None:
        return _recorded(session, known)
    batch = Batch(
        seller_id=seller.id,
        seller=seller,
        product_id=product.id if product else None,
        lot=lot or next_lot(session, seller, harvested_on, prefix=f"{seller.lot_prefix}N"),
        kind=BatchKind.DELIVERY,
        state=BatchState.RELEASED,
        goods=goods,
        quantity_g=quantity_g,
        made_on=harvested_on,
        released_at=now,
        is_sample=actor.kind == "demo",
        created_at=now,
    )
    session.add(batch)
    session.flush()
    quantities = [Quantity(journal.lot_uri(session, batch), grams=quantity_g)]
    born = journal.observe(
        session,
        seller,
        "commissioning",
        quantities=quantities,
        at=min(received_at, _local(harvested_on, time(6))),
        now=now,
        client_id=f"{client_id}-1",
        read_point=journal.party_uri(plot) if plot else None,
        ilmd=birth_data(lot=batch.lot, harvested_on=harvested_on),
    )
    giver = (Reference("owning_party", journal.party_uri(member)),) if member else ()
    journal.observe(
        session,
        seller,
        "receiving",
        quantities=quantities,
        at=received_at,
        now=now,
        client_id=f"{client_id}-2",
        sources=giver,
        destinations=(Reference("owning_party", journal.place_uri(session, seller)),),
    )
    session.add(
        BatchInput(
            batch_id=batch.id,
            event_id=born.id,
            kind=InputKind.RAW_MATERIAL,
            name=goods,
            quantity_g=quantity_g,
            member_id=member.id if member else None,
            plot_id=plot.id if plot else None,
            supplier=supplier,
            document=document,
            harvested_on=harvested_on,
        )
    )
    audit(
        session,
        actor,
        "delivery_recorded",
        batch,
        now=now,
        after={"lot": batch.lot, "quantity_g": quantity_g},
    )
    session.flush()
    return batch


def _recorded(session: Session, event: TraceEvent) -> Batch:
    """Return the delivery that `event` gave birth to."""
    return session.scalars(
        select(Batch)
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .where(BatchInput.event_id == event.id)
    ).one()


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, VIETNAM).astimezone(UTC)
