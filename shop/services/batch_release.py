"""Whether a batch may be sold: release, hold, recall."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import Incomplete, WrongMove
from shop.models.batches import Batch, BatchNotice, BatchPack, BatchState, NoticeKind
from shop.models.inventory import Reservation, ReservationState
from shop.queries import batches as reading
from shop.queries import inventory as stock
from shop.services import inventory, journal
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action
from traceability.epcis.build import Quantity

MOVES: dict[BatchState, frozenset[BatchState]] = {
    BatchState.DRAFT: frozenset({BatchState.RELEASED}),
    BatchState.RELEASED: frozenset({BatchState.HELD, BatchState.RECALLED}),
    BatchState.HELD: frozenset({BatchState.RELEASED, BatchState.RECALLED}),
    BatchState.RECALLED: frozenset(),
}
"""Where a batch may go; what was declared recalled is never sold again."""


def missing_for_release(batch: Batch) -> list[str]:
    """Return what a batch lacks before it may be sold, as codes; empty means nothing."""
    checks = {
        "inputs": bool(batch.inputs),
        "sources": all(
            row.source is None or row.source.state is BatchState.RELEASED for row in batch.inputs
        ),
        "steps": bool(batch.steps),
        "packs": bool(batch.packs),
        "made_on": batch.made_on is not None,
        "packed_on": batch.packed_on is not None,
        "expires_on": batch.expires_on is not None
        or (batch.product is not None and batch.product.shelf_life_days is None),
        "allergens": batch.product is not None and batch.product.allergens_stated,
        "storage": batch.product is not None and bool(batch.product.storage),
    }
    return [name for name, is_there in checks.items() if not is_there]


def release(session: Session, batch: Batch, *, actor: Actor, now: datetime, today: date) -> None:
    """Let a batch be sold; raise `Incomplete` with what is missing, or for an expired one.

    Releasing a released batch again does nothing: the button may be pressed twice.
    """
    require(actor, Action.RELEASE_BATCH, batch.seller_id)
    sources = [row.source_id for row in batch.inputs if row.source_id is not None]
    reading.locked_batches(session, [batch.id, *sources])
    if batch.state is BatchState.RELEASED:
        return
    if batch.state is not BatchState.DRAFT:
        raise WrongMove(f"batch {batch.lot} is {batch.state}", state=batch.state.value)
    missing = missing_for_release(batch)
    if batch.is_expired_on(today):
        missing.append("not_expired")
    if missing:
        raise Incomplete(f"batch {batch.lot} lacks {missing}", missing=missing)
    told = _move(batch, BatchState.RELEASED)
    batch.released_at = now
    _note(session, batch, "inspecting", now=now, disposition="conformant")
    audit(session, actor, "batch_released", batch, now=now, **told)
    session.flush()


def hold(
    session: Session, batch: Batch, *, reason: str, actor: Actor, now: datetime
) -> list[Batch]:
    """Stop the sale of a batch and of everything made from it, at once (R39).

    What buyers had reserved and not paid for is released again; they are told when they pay,
    and get another batch where there is one (`services.inventory.allocate`). Holding a held
    batch again does nothing.
    """
    require(actor, Action.HOLD_BATCH, batch.seller_id)
    reading.locked_batches(session, [batch.id])
    if batch.state is BatchState.HELD:
        return []
    return _stop(session, batch, BatchState.HELD, NoticeKind.HOLD, reason, "", actor, now)


def recall(
    session: Session, batch: Batch, *, reason: str, remedy: str, actor: Actor, now: datetime
) -> list[Batch]:
    """Declare a batch and everything made from it recalled."""
    require(actor, Action.HOLD_BATCH, batch.seller_id)
    return _stop(
        session, batch, BatchState.RECALLED, NoticeKind.RECALL, reason, remedy, actor, now
    )


def _stop(
    session: Session,
    batch: Batch,
    state: BatchState,
    kind: NoticeKind,
    reason: str,
    remedy: str,
    actor: Actor,
    now: datetime,
) -> list[Batch]:
    stopped = []
    is_recall = kind is NoticeKind.RECALL
    for one in _locked_with_descendants(session, batch):
        if one.state is BatchState.DRAFT or state not in MOVES[one.state]:
            if one.id == batch.id:
                raise WrongMove(f"batch {one.lot} is {one.state}", state=one.state.value)
            continue
        stock.locked_levels(session, [made.id for made in one.packs])
        told = _move(one, state)
        event = _note(session, one, "holding", now=now, is_recalled=is_recall or None)
        for notice in one.notices:
            notice.ended_at = notice.ended_at or now
        one.notices.append(
            BatchNotice(kind=kind, reason=reason, remedy=remedy, declared_at=now, event_id=event)
        )
        _free_reservations(session, one)
        told["after"]["reason"] = reason
        audit(session, actor, f"batch_{state}", one, now=now, **told)
        stopped.append(one)
    session.flush()
    return stopped


def _locked_with_descendants(session: Session, batch: Batch) -> list[Batch]:
    """Return a batch and all that was made from it, locked, itself first."""
    found = reading.locked_batches(session, reading.descendants(session, batch.id))
    return sorted(found, key=lambda one: one.id != batch.id)


def resume(session: Session, batch: Batch, *, outcome: str, actor: Actor, now: datetime) -> None:
    """End the hold of one batch: it may be sold again, and the page says why.

    For a batch that is sold already this does nothing. Raises `WrongMove` for a batch that was
    recalled or never released.
    """
    require(actor, Action.RELEASE_BATCH, batch.seller_id)
    reading.locked_batches(session, [batch.id])
    if batch.state is BatchState.RELEASED:
        return
    if batch.state is BatchState.DRAFT:
        raise WrongMove(f"batch {batch.lot} was never released", state=batch.state.value)
    told = _move(batch, BatchState.RELEASED)
    _note(session, batch, "inspecting", now=now, disposition="conformant")
    for notice in batch.notices:
        if notice.ended_at is None:
            notice.ended_at, notice.outcome = now, outcome
    told["after"]["outcome"] = outcome
    audit(session, actor, "batch_resumed", batch, now=now, **told)
    session.flush()


def _move(batch: Batch, state: BatchState) -> dict[str, Any]:
    """Bring a batch to `state`; return what stood before and after for the audit trail."""
    was = batch.state
    if state not in MOVES[was]:
        raise WrongMove(f"batch {batch.lot}: {was} -> {state}", state=was.value)
    batch.state = state
    return {"before": {"state": was.value}, "after": {"state": state.value}}


def _note(
    session: Session,
    batch: Batch,
    step: str,
    *,
    now: datetime,
    disposition: str | None = None,
    is_recalled: bool | None = None,
) -> int:
    quantities = [Quantity(journal.pack_uri(session, one)) for one in batch.packs]
    event = journal.observe(
        session,
        batch.seller,
        step,
        quantities=quantities or [Quantity(journal.lot_uri(session, batch))],
        at=now,
        now=now,
        disposition=disposition,
        is_recalled=is_recalled,
    )
    return event.id


def _free_reservations(session: Session, batch: Batch) -> None:
    held = session.scalars(
        select(Reservation)
        .join(BatchPack, BatchPack.id == Reservation.batch_pack_id)
        .where(BatchPack.batch_id == batch.id, Reservation.state == ReservationState.HELD)
        .order_by(Reservation.batch_pack_id, Reservation.place_id)
        .execution_options(populate_existing=True)
    ).all()
    for reservation in held:
        inventory.free(session, reservation)
