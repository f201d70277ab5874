"""Counting what really stands at a place, and what happens to goods in quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from shop.errors import Changed, ShopError, WrongMove
from shop.models.batches import BatchPack
from shop.models.inventory import MovementKind, Place, PlaceKind, StockLevel
from shop.models.journal import TraceEvent
from shop.queries import import_subjects, stock_lists
from shop.queries import inventory as stock
from shop.services import inventory, journal
from shop.services.actors import Actor, audit, require
from shop.services.order_fulfilment import BatchNotSellable
from shop.services.permissions import Action
from traceability.epcis.build import Quantity


class CountBelowReserved(ShopError):
    """Fewer packs were counted than orders have been promised; `order_codes` names these."""

    code = "count_below_reserved"
    status = 409


@dataclass(frozen=True, slots=True)
class Count:
    """How many packs of one batch somebody counted, and how many the screen showed then."""

    batch_pack_id: int
    counted: int
    seen: int
    reason: str = ""


def take_stock(
    session: Session,
    place: Place,
    counts: Sequence[Count],
    *,
    client_id: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down a stock take: an event for each count, a movement for each difference.

    The same `client_id` again changes nothing. All or nothing: raises `Changed` (with
    `batch_pack_id` and `on_hand`) where goods came or left since the count began, and
    `CountBelowReserved` where orders would lose what they were promised.
    """
    require(actor, Action.TAKE_STOCK, place.seller_id)
    entries = {f"{client_id}-{count.batch_pack_id}": count for count in counts}
    ids = [count.batch_pack_id for count in counts]
    levels = import_subjects.levels(session, place.id, ids)
    goods = stock_lists.batch_packs(session, ids)
    known = import_subjects.events(session, place.seller_id, entries)
    new = {entry: count for entry, count in entries.items() if entry not in known}
    for entry, count in sorted(new.items(), key=lambda one: one[1].batch_pack_id):
        level, batch_pack = levels.get(count.batch_pack_id), goods.get(count.batch_pack_id)
        if level is None or batch_pack is None:
            raise Changed(f"batch pack {count.batch_pack_id} never stood at {place.id}")
        _check(session, place, count, level)
        event = _observe(
            session, batch_pack, "stock_taking", count.counted, entry, now=now, later=True
        )
        session.add(event)
        if count.counted == count.seen:
            continue
        inventory.shift(
            session,
            level,
            kind=MovementKind.STOCK_TAKE,
            quantity=count.counted - count.seen,
            actor=actor,
            now=now,
            event=event,
            reason=count.reason,
        )
        audit(
            session,
            actor,
            "stock_counted",
            batch_pack.batch,
            now=now,
            before={"on_hand": count.seen},
            after={"on_hand": count.counted, "place": place.name, "reason": count.reason},
        )
    session.flush()


def _check(session: Session, place: Place, count: Count, level: StockLevel) -> None:
    if level.on_hand != count.seen:
        raise Changed(
            f"level of {count.batch_pack_id} is {level.on_hand}, not {count.seen}",
            batch_pack_id=count.batch_pack_id,
            on_hand=level.on_hand,
        )
    if count.counted < level.reserved:
        raise CountBelowReserved(
            f"{level.reserved} of {count.batch_pack_id} are reserved",
            batch_pack_id=count.batch_pack_id,
            reserved=level.reserved,
            order_codes=stock_lists.orders_keeping(session, place.id, count.batch_pack_id),
        )


def put_back(
    session: Session,
    place: Place,
    batch_pack_id: int,
    *,
    quantity: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """Bring looked-over goods from quarantine to the place that serves the web shop.

    A person decides it (`commerce.md` 2.3.6). Raises `OutOfStock` for more than stands there and
    `BatchNotSellable` for goods that may not be sold.
    """
    require(actor, Action.TAKE_STOCK, place.seller_id)
    _require_quarantine(place)
    stock.locked_levels(session, [batch_pack_id])
    batch_pack = session.get_one(BatchPack, batch_pack_id)
    if not stock_lists.is_fit(session, batch_pack_id, today):
        raise BatchNotSellable(lot=batch_pack.batch.lot)
    target = stock.main_place(session, place.seller_id)
    for place_id, moved in ((place.id, -quantity), (target.id, quantity)):
        inventory.move(
            session,
            place_id=place_id,
            batch_pack_id=batch_pack_id,
            kind=MovementKind.TRANSFER,
            quantity=moved,
            actor=actor,
            now=now,
            reason=reason,
        )
    _observe(session, batch_pack, "stocking", quantity, None, now=now)
    after = {"quantity": quantity, "place": target.name, "reason": reason}
    audit(session, actor, "quarantine_released", batch_pack.batch, now=now, after=after)


def destroy(
    session: Session,
    place: Place,
    batch_pack_id: int,
    *,
    quantity: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write goods off that stand in quarantine. Raises `OutOfStock` for more than that."""
    require(actor, Action.TAKE_STOCK, place.seller_id)
    _require_quarantine(place)
    _level(session, place, batch_pack_id)
    batch_pack = session.get_one(BatchPack, batch_pack_id)
    event = _observe(session, batch_pack, "destroying", quantity, None, now=now)
    inventory.move(
        session,
        place_id=place.id,
        batch_pack_id=batch_pack_id,
        kind=MovementKind.DESTROY,
        quantity=-quantity,
        actor=actor,
        now=now,
        event=event,
        reason=reason,
    )
    after = {"quantity": quantity, "place": place.name, "reason": reason}
    audit(session, actor, "goods_destroyed", batch_pack.batch, now=now, after=after)


def _require_quarantine(place: Place) -> None:
    if place.kind is not PlaceKind.QUARANTINE:
        raise WrongMove(f"place {place.id} is a {place.kind}")


def _level(session: Session, place: Place, batch_pack_id: int) -> StockLevel:
    level = stock.locked_level(session, place_id=place.id, batch_pack_id=batch_pack_id)
    if level is None:
        raise Changed(f"batch pack {batch_pack_id} never stood at {place.id}")
    return level


def _observe(
    session: Session,
    batch_pack: BatchPack,
    step: str,
    pieces: int,
    client_id: str | None,
    *,
    now: datetime,
    later: bool = False,
) -> TraceEvent:
    return journal.observe(
        session,
        batch_pack.batch.seller,
        step,
        quantities=[Quantity(journal.pack_uri(session, batch_pack), pieces=pieces)],
        at=now,
        now=now,
        client_id=client_id,
        disposition="sellable_accessible" if step == "stocking" else None,
        later=later,
    )
