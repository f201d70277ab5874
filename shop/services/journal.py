"""Writing down what happened to batches: EPCIS events, once each, never changed."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Seller
from shop.models.journal import LineageEdge, TraceEvent
from shop.models.people import Member, Plot
from traceability.digital_link import DigitalLink
from traceability.epcis import build
from traceability.epcis.build import Entry, Quantity, Reference
from traceability.epcis.canonical import canonical_json
from traceability.epcis.context import CONTEXT
from traceability.epcis.event_hash import event_hash


def new_party_id() -> str:
    """Return the random id by which events name a person or a plot."""
    return str(uuid.uuid4())


def party_uri(party: Member | Plot) -> str:
    """Return how an event names a person or a plot: never by name, phone or coordinates."""
    return f"urn:uuid:{party.party_id}"


def place_uri(session: Session, seller: Seller) -> str:
    """Return how an event names the premises of a seller."""
    return f"{session.info['base_url']}/htx/{seller.slug}"


def lot_uri(session: Session, batch: Batch) -> str:
    """Return the class id of goods without GTIN: the address of their lot (`design.md` 2)."""
    return f"{session.info['base_url']}/lo/{batch.seller.slug}/{batch.lot}"


def pack_uri(session: Session, batch_pack: BatchPack) -> str:
    """Return the class id of packs: the Digital Link that stands on their label."""
    return link(session.info["base_url"], batch_pack.pack.gtin, batch_pack.batch.lot)


def link(base_url: str, gtin: str, lot: str) -> str:
    """Return the Digital Link of one batch pack under `base_url`.

    >>> link("https://htx.example", "02000001010006", "LBT-260321-01")
    'https://htx.example/01/02000001010006/10/LBT-260321-01'
    """
    return DigitalLink("01", gtin, qualifiers=(("10", lot),)).build(base_url)


def find(session: Session, seller_id: int, client_id: str | None) -> TraceEvent | None:
    """Return the event that an entry of this seller made when it was sent before.

    Whoever asks for the same entry at the same moment waits until this transaction ends, and
    finds then what it wrote.
    """
    if client_id is None:
        return None
    if session.get_bind().dialect.name == "postgresql":  # on SQLite one writes at a time anyway
        number = func.hashtextextended(f"entry:{client_id}", 0)
        session.execute(select(func.pg_advisory_xact_lock(number)))
    return session.scalars(
        select(TraceEvent).where(
            TraceEvent.client_id == client_id, TraceEvent.seller_id == seller_id
        )
    ).one_or_none()


def first_lot(event: TraceEvent) -> str:
    """Return the lot of the goods that `event` names first by the address of their lot."""
    named: str = json.loads(event.body)["quantityList"][0]["epcClass"]
    return named.rpartition("/")[2]


def record(
    session: Session,
    seller_id: int,
    event: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
    client_id: str,
    is_new: bool = False,
    later: bool = False,
) -> TraceEvent:
    """Store one event and return its row; the same `client_id` again returns the first.

    With `is_new` nobody can have sent this id before; with `later` the row is left to the caller,
    who stores many at once. Raises `WrongMove` when an entry of another seller has this id.
    """
    known = None if is_new else _by_entry(session, client_id)
    if known is not None and known.seller_id != seller_id:
        raise WrongMove(f"entry {client_id} is another seller's")
    if known is not None:
        return known
    body = canonical_json(event).decode()
    digest = event_hash(json.loads(body), CONTEXT)  # the order of members is part of the hash
    row = TraceEvent(
        seller_id=seller_id,
        event_id=event.get("eventID", digest),
        event_hash=digest,
        is_error_declaration="errorDeclaration" in event,
        client_id=client_id,
        kind=event["type"],
        happened_at=at,
        recorded_at=now,
        body=body,
    )
    if not later:
        session.add(row)
        session.flush()
    return row


def _by_entry(session: Session, client_id: str) -> TraceEvent | None:
    return session.scalars(
        select(TraceEvent).where(TraceEvent.client_id == client_id)
    ).one_or_none()


def declare_wrong(
    session: Session, event: TraceEvent, *, now: datetime, later: bool = False
) -> TraceEvent:
    """Write down that `event` was entered by mistake; it stays, and the declaration beside it.

    With `later` it is stored when the session is flushed.
    """
    wrong = json.loads(event.body)
    row = TraceEvent(
        seller_id=event.seller_id,
        event_id=event.event_id,
        event_hash=event.event_hash,
        is_error_declaration=True,
        client_id=None,
        kind=event.kind,
        happened_at=event.happened_at,
        recorded_at=now,
        body=canonical_json(build.declared_wrong(wrong, event_id=event.event_id, at=now)).decode(),
    )
    session.add(row)
    if not later:
        session.flush()
    return row


def observe(
    session: Session,
    seller: Seller,
    step: str,
    *,
    quantities: Sequence[Quantity],
    at: datetime,
    now: datetime,
    client_id: str | None = None,
    read_point: str | None = None,
    sources: tuple[Reference, ...] = (),
    destinations: tuple[Reference, ...] = (),
    extensions: Mapping[str, Any] | None = None,
    disposition: str | None = None,
    is_recalled: bool | None = None,
    ilmd: Mapping[str, Any] | None = None,
    later: bool = False,
) -> TraceEvent:
    """Record an ObjectEvent at the premises of `seller`, or at `read_point`.

    `is_recalled` sets or unsets the lasting mark of a recall. With `later` the entry is known to
    be new, and its row is left to the caller, who stores many at once.
    """
    entry = Entry(
        client_id=client_id or str(uuid.uuid4()),
        at=at,
        read_point=read_point or place_uri(session, seller),
        sources=sources,
        destinations=destinations,
        extensions=extensions or {},
    )
    event = build.object_event(
        entry,
        step,
        quantities=quantities,
        disposition=disposition,
        set_dispositions=["recalled"] if is_recalled is True else [],
        unset_dispositions=["recalled"] if is_recalled is False else [],
        ilmd=ilmd,
    )
    return record(
        session, seller.id, event, at=at, now=now, client_id=entry.client_id,
        is_new=later or client_id is None, later=later,
    )  # fmt: skip


def transform(
    session: Session,
    batch: Batch,
    *,
    step: str,
    inputs: Sequence[Quantity],
    outputs: Sequence[Quantity],
    at: datetime,
    now: datetime,
    client_id: str | None = None,
    later: bool = False,
) -> TraceEvent:
    """Record a TransformationEvent: what went in, what came out as `batch`, with its dates.

    `later` as in `observe`.
    """
    entry = Entry(
        client_id=client_id or str(uuid.uuid4()),
        at=at,
        read_point=place_uri(session, batch.seller),
    )
    event = build.transformation_event(
        entry,
        inputs=inputs,
        outputs=outputs,
        biz_step=step,
        ilmd=build.birth_data(
            lot=batch.lot,
            made_on=batch.made_on,
            packed_on=batch.packed_on,
            expires_on=batch.expires_on,
        ),
    )
    return record(
        session, batch.seller_id, event, at=at, now=now, client_id=entry.client_id,
        is_new=later or client_id is None, later=later,
    )  # fmt: skip


def connect(
    session: Session, event: TraceEvent, *, source: Batch, target: Batch, quantity_g: int
) -> None:
    """Write down that `event` carried `quantity_g` of `source` into `target`.

    It is stored when the session is flushed; `source` and `target` are already.
    """
    session.add(
        LineageEdge(
            event=event,
            from_batch_id=source.id,
            to_batch_id=target.id,
            quantity_g=quantity_g,
        )
    )
