"""A new batch from a member's phone: the lot is given at once, the office weighs and completes.

What the member says opens a draft that no public page shows. Only when the office takes the
goods in does the delivery become a fact, with the weight of the office's scales.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shop.clock import VIETNAM, day_of
from shop.errors import NotFound
from shop.forms.member_batch import HARVESTED, BatchSaid
from shop.models.batches import Batch
from shop.models.catalog import Product, ProductState
from shop.models.people import Member, Plot, Role
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.queries import batches as reading
from shop.services import batch_inputs, batches, deliveries, journal, submissions
from shop.services.actors import Actor, entrusted

S = SubmissionState


def keep(
    session: Session,
    member: Member,
    *,
    client_id: str,
    typed: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> Submission:
    """Keep what was typed about a batch as a draft; as `submissions.keep`."""
    kind = SubmissionKind.BATCH
    return submissions.keep(
        session, member, kind, client_id=client_id, typed=typed, actor=actor, now=now
    )


def too_early(session: Session, plot_id: int | None, day: date) -> dict[str, Any]:
    """Return what a harvest on `day` came too soon after: `applied_on`, `earliest_on` (R36).

    Empty when the plot was not treated, or the waiting time is over.
    """
    if plot_id is None:
        return {}
    for treated in reading.treatments_of_plot(session, plot_id, until=day):
        if treated.applied_on is None or treated.phi_days is None:
            continue
        earliest = treated.applied_on + timedelta(days=treated.phi_days)
        if day < earliest:
            applied, waited = treated.applied_on.isoformat(), earliest.isoformat()
            return {"name": treated.name, "applied_on": applied, "earliest_on": waited}
    return {}


def send(
    session: Session,
    submission: Submission,
    said: BatchSaid,
    *,
    actor: Actor,
    now: datetime,
) -> Batch:
    """Open the batch the member speaks of and tell the office; return it with its new lot.

    Sent again, it is the same batch. A harvest inside a waiting time is told to the office with
    the entry. Raises `NotFound` for a product or a plot that is not for this member.
    """
    member = submission.member
    product = session.get(Product, said.product_id)
    plot = session.get(Plot, said.plot_id) if said.plot_id else None
    if product is None or product.seller_id != member.seller_id:
        raise NotFound(f"product {said.product_id}")
    if product.state is ProductState.RETIRED or product.member_id not in {None, member.id}:
        raise NotFound(f"product {said.product_id} is not for member {member.id}")
    if plot is not None and plot.member_id != member.id:
        raise NotFound(f"plot {plot.id} is not of member {member.id}")
    warning = too_early(session, plot.id if plot else None, said.day)
    told = said.as_data() | ({"too_early": warning} if warning else {})
    submissions.send(session, submission, told, actor=actor, now=now)
    if submission.batch is not None:
        return _corrected(session, submission, submission.batch, said, actor=actor, now=now)
    batch = batches.open_batch(
        session,
        product,
        lot=None,
        made_on=said.day,
        expires_on=None,
        note=said.words,
        actor=entrusted(actor, Role.TECHNICIAN, member.seller_id),
        now=now,
        client_id=f"{submission.client_id}-lot",
        told=_declared(member, plot, said),
    )
    submission.batch_id, submission.batch = batch.id, batch
    session.flush()
    return batch


def _corrected(
    session: Session,
    submission: Submission,
    batch: Batch,
    said: BatchSaid,
    *,
    actor: Actor,
    now: datetime,
) -> Batch:
    """Give the batch of an entry that came back its new days; its lot stays."""
    if batch.product_id != said.product_id:
        raise NotFound(f"batch {batch.lot} is of another product")
    if batch.made_on != said.day or batch.note != said.words:
        batches.change_dates(
            session,
            batch,
            made_on=said.day,
            expires_on=None,
            note=said.words,
            actor=entrusted(actor, Role.TECHNICIAN, submission.seller_id),
            now=now,
        )
    return batch


def _declared(member: Member, plot: Plot | None, said: BatchSaid) -> dict[str, Any]:
    """Return what the event says of the entry: people and plots by their random ids alone."""
    told: dict[str, Any] = {
        "declaredBy": journal.party_uri(member),
        "what": said.goods,
        "declared_g": said.quantity_g,
    }
    return told | ({"plot": journal.party_uri(plot)} if plot else {})


def take_in(
    session: Session,
    submission: Submission,
    *,
    quantity_g: int,
    version: int,
    actor: Actor,
    now: datetime,
) -> Batch:
    """Take the goods of an entry in, as weighed: write the slip and put it into the batch.

    Returns the batch, for its steps and packs. The row must be locked. Raises what
    `submissions.require_waiting` raises, and `FieldRefused` `phi_not_respected` for a harvest
    inside the waiting time: such goods go into no batch.
    """
    submissions.require_waiting(session, submission, version=version, actor=actor)
    batch, wish = submission.batch, submission.understood
    if batch is None or submission.kind is not SubmissionKind.BATCH:
        raise NotFound(f"submission {submission.id} has no batch")
    day = date.fromisoformat(wish["day"])
    by: dict[str, Any] = {"actor": actor, "now": now}
    plot = session.get(Plot, wish["plot_id"]) if wish["plot_id"] else None
    delivery = deliveries.record_delivery(
        session,
        submission.seller,
        goods=wish["goods"],
        quantity_g=quantity_g,
        member=submission.member,
        plot=plot,
        supplier="",
        document="",
        harvested_on=day,
        received_at=_received_at(day, now),
        client_id=f"{submission.client_id}-slip",
        product=batch.product,
        **by,
    )
    source = f"{submission.client_id}-source"
    batch_inputs.add_source(
        session, batch, delivery, quantity_g=quantity_g, client_id=source, **by
    )
    if quantity_g != wish["quantity_g"]:
        submission.office_changes = {"quantity_g": [wish["quantity_g"], quantity_g]}
    told: dict[str, Any] = {"lot": batch.lot, "slip": delivery.lot, "quantity_g": quantity_g}
    told |= submission.office_changes
    submissions.decide(session, submission, S.APPROVED, after=told, **by)
    return batch


def is_harvest(submission: Submission) -> bool:
    """Return whether an entry is about a harvest, else about goods that were made."""
    return bool(submission.understood.get("how") == HARVESTED)


def _received_at(day: date, now: datetime) -> datetime:
    """Return the moment of the weighing: now, or noon of an earlier day."""
    if day == day_of(now):
        return now
    return datetime.combine(day, time(12), VIETNAM).astimezone(UTC)
