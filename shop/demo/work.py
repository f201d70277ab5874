"""The demo's batches: deliveries, steps, packing, sales and write-offs, as events."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.clock import VIETNAM
from shop.demo.files import batch_records
from shop.demo.people import DEMO
from shop.models.batches import Batch, BatchInput, BatchPack, InputKind
from shop.models.catalog import Product
from shop.models.inventory import MovementKind, Place
from shop.models.people import Member, Plot
from shop.queries import inventory as stock
from shop.services import batch_release, batches, deliveries, inventory, journal
from shop.services.actors import audit
from traceability.epcis.build import Quantity


def load_batches(
    session: Session, products: dict[str, Product], members: dict[str, Member], *, today: date
) -> dict[str, Batch]:
    """Make every batch of the files through the services and return them by lot."""
    plots = {plot.code: plot for plot in session.scalars(select(Plot))}
    made = {}
    for record in batch_records(today):
        batch = _make(session, products[record["product"]], members, plots, record)
        made[batch.lot] = batch
    return made


def _make(
    session: Session,
    product: Product,
    members: dict[str, Member],
    plots: dict[str, Plot],
    record: dict[str, Any],
) -> Batch:
    begun = record["steps"][0]["started_at"]
    deliveries = [
        (entry, _deliver(session, product, members, plots, entry, begun))
        for entry in record["inputs"]
        if entry["kind"] == "raw_material"
    ]
    batch = batches.open_batch(
        session,
        product,
        lot=record["lot"],
        made_on=record["made_on"],
        expires_on=record["expires_on"],
        actor=DEMO,
        now=begun,
    )
    batch.retained_sample_g = record.get("retained_sample_g", 0)
    batch.leftover_g = record.get("leftover_g", 0)
    for entry, delivery in deliveries:
        batches.add_source(
            session, batch, delivery, quantity_g=entry["quantity_g"], actor=DEMO, now=begun
        )
    for entry in record["inputs"]:
        if entry["kind"] != "raw_material":
            _add_input(session, batch, members, plots, entry, now=begun)
    for entry in record["steps"]:
        operator = members.get(entry.pop("operator", ""))
        batches.add_step(
            session,
            batch,
            batches.Step(operator=operator, **entry),
            actor=DEMO,
            now=entry["ended_at"],
            is_confirmed=True,
        )
    _pack_and_sell(session, batch, product, record)
    return batch


def _deliver(
    session: Session,
    product: Product,
    members: dict[str, Member],
    plots: dict[str, Plot],
    entry: dict[str, Any],
    begun: datetime,
) -> Batch:
    details = entry.get("details", {})
    harvested_on = entry.get("harvested_on") or details.get("received_on") or begun.date()
    received = datetime.combine(harvested_on, time(7), VIETNAM).astimezone(UTC)
    return deliveries.record_delivery(
        session,
        product.seller,
        goods=entry["name"],
        quantity_g=entry["quantity_g"],
        member=members.get(entry.get("member", "")),
        plot=plots.get(entry.get("plot", "")),
        supplier=entry.get("supplier", ""),
        document=entry.get("document", ""),
        harvested_on=harvested_on,
        received_at=min(received, begun),
        product=product,
        actor=DEMO,
        now=min(received, begun),
    )


def _add_input(
    session: Session,
    batch: Batch,
    members: dict[str, Member],
    plots: dict[str, Plot],
    entry: dict[str, Any],
    *,
    now: datetime,
) -> None:
    member, plot = members.get(entry.get("member", "")), plots.get(entry.get("plot", ""))
    row = BatchInput(
        kind=InputKind(entry["kind"]),
        name=entry["name"],
        quantity_g=entry.get("quantity_g", 0),
        member_id=member.id if member else None,
        plot_id=plot.id if plot else None,
        supplier=entry.get("supplier", ""),
        document=entry.get("document", ""),
        harvested_on=entry.get("harvested_on"),
        applied_on=entry.get("applied_on"),
        phi_days=entry.get("phi_days"),
        details=_as_text(entry.get("details", {})),
    )
    batches.add_input(session, batch, row, actor=DEMO, now=now)


def _as_text(details: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in details.items()
    }


def _pack_and_sell(
    session: Session, batch: Batch, product: Product, record: dict[str, Any]
) -> None:
    packed_at = record["steps"][-1]["ended_at"]
    by_sku = {pack.sku: pack for pack in product.packs}
    outputs = [(by_sku[entry["sku"]], entry["units"]) for entry in record["packs"]]
    made = batches.pack(
        session,
        batch,
        outputs,
        packed_at=packed_at,
        packed_on=record["packed_on"],
        actor=DEMO,
        now=packed_at,
    )
    if record["status"] == "draft":
        return
    released_at = packed_at + timedelta(hours=1)
    batch_release.release(session, batch, actor=DEMO, now=released_at, today=record["packed_on"])
    place = stock.main_place(session, batch.seller_id)
    for one, entry in zip(made, record["packs"], strict=True):
        _leave(session, place, one, entry["sold"], MovementKind.SALE, released_at)
        written_off_at = _after_expiry(batch) or released_at
        _leave(session, place, one, entry["written_off"], MovementKind.DESTROY, written_off_at)
    if notice := record.get("notice"):
        batch_release.recall(
            session,
            batch,
            reason=notice["reason"],
            remedy=notice["remedy"],
            actor=DEMO,
            now=notice["declared_at"],
        )


def _after_expiry(batch: Batch) -> datetime | None:
    if batch.expires_on is None:
        return None
    morning = datetime.combine(batch.expires_on + timedelta(days=1), time(9), VIETNAM)
    return morning.astimezone(UTC)


def _leave(
    session: Session,
    place: Place,
    one: BatchPack,
    units: int,
    kind: MovementKind,
    at: datetime,
) -> None:
    if not units:
        return
    event = journal.observe(
        session,
        one.batch.seller,
        "retail_selling" if kind is MovementKind.SALE else "destroying",
        quantities=[Quantity(journal.pack_uri(session, one), pieces=units)],
        at=at,
        now=at,
    )
    inventory.move(
        session,
        place_id=place.id,
        batch_pack_id=one.id,
        kind=kind,
        quantity=-units,
        actor=DEMO,
        now=at,
        event=event,
        reason="MẪU",
    )
    audit(
        session,
        DEMO,
        "packs_left",
        one.batch,
        now=at,
        after={"kind": kind.value, "units": units},
    )
