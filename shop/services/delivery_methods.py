"""The ways of delivery of a seller: adding, changing, closing, offering again."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any, Protocol

from sqlalchemy.orm import Session

from shop import carriers, delivery_fees
from shop.delivery_days import CHILLED_DAYS, Timetable, days_promised, delivery_day
from shop.delivery_fees import Price, Shipment
from shop.errors import FieldRefused
from shop.forms.seller_drafts import DeliveryDraft
from shop.models.catalog import Pack, Seller
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.queries import sellers as queries
from shop.queries.locks import lock
from shop.search.folding import fold
from shop.services.actors import Actor, audit, record_change, require
from shop.services.permissions import Action


def add(
    session: Session, seller: Seller, draft: DeliveryDraft, *, actor: Actor, now: datetime
) -> DeliveryMethod:
    """Offer one more way of delivery, below those that are there."""
    require(actor, Action.MANAGE_SELLER, seller.id)
    values = _values(draft)
    ways = queries.delivery_methods(session, seller.id)
    known = next((way for way in ways if way.is_offered and _values_of(way) == values), None)
    if known is not None:
        return known
    position = max((way.position for way in ways), default=-1) + 1
    way = DeliveryMethod(seller_id=seller.id, position=position, **values)
    session.add(way)
    session.flush()
    after = {"name": way.name, "fee_vnd": way.fee_vnd}
    audit(session, actor, "delivery_added", way, now=now, after=after)
    return way


def change(
    session: Session, way: DeliveryMethod, draft: DeliveryDraft, *, actor: Actor, now: datetime
) -> None:
    """Change a way of delivery for orders to come: those there are keep what they were told."""
    require(actor, Action.MANAGE_SELLER, way.seller_id)
    lock(session, way)
    record_change(session, actor, "delivery_changed", way, _values(draft), now=now)


def close(session: Session, way: DeliveryMethod, *, actor: Actor, now: datetime) -> None:
    """Offer a way of delivery to new orders no more; the same twice is once."""
    if _set_offered(session, way, actor, is_offered=False):
        audit(session, actor, "delivery_closed", way, now=now, after={"name": way.name})


def reopen(session: Session, way: DeliveryMethod, *, actor: Actor, now: datetime) -> None:
    """Offer a closed way of delivery again; the same twice is once."""
    if _set_offered(session, way, actor, is_offered=True):
        audit(session, actor, "delivery_opened", way, now=now, after={"name": way.name})


def _set_offered(session: Session, way: DeliveryMethod, actor: Actor, *, is_offered: bool) -> bool:
    """Return whether that changed anything."""
    require(actor, Action.MANAGE_SELLER, way.seller_id)
    lock(session, way)
    if way.is_offered == is_offered:
        return False
    way.is_offered = is_offered
    session.flush()
    return True


def _values(draft: DeliveryDraft) -> dict[str, Any]:
    names = ("province_codes", "rest_weekdays", "rest_days", "fee_table")
    return asdict(draft) | {name: list(getattr(draft, name) or ()) or None for name in names}


class Way(carriers.Way, Protocol):
    """What promises need of a way of delivery: the row itself, or its columns."""

    @property
    def is_chilled(self) -> bool:
        """Return whether goods stay cold."""

    @property
    def province_codes(self) -> Sequence[str] | None:
        """Return the provinces it reaches; nothing means everywhere."""

    @property
    def days(self) -> int:
        """Return the days to the door."""

    @property
    def cutoff(self) -> str:
        """Return the hour until which an order leaves the same day, or nothing."""

    @property
    def rest_weekdays(self) -> Sequence[int] | None:
        """Return the days of the week that are free."""

    @property
    def rest_days(self) -> Sequence[str] | None:
        """Return the dates that are free."""


def timetable(way: Way) -> Timetable:
    """Return when a way of delivery leaves and how long it is under way."""
    return Timetable(
        days=way.days,
        cutoff=time.fromisoformat(way.cutoff) if way.cutoff else None,
        weekdays=way.rest_weekdays or (),
        days_off=[date.fromisoformat(day) for day in way.rest_days or ()],
    )


def _values_of(way: DeliveryMethod) -> dict[str, Any]:
    return {name: getattr(way, name) for name in DeliveryDraft.__dataclass_fields__}


def tracking_url(session: Session, seller_id: int, *, carrier: str, code: str) -> str:
    """Return where a parcel of this carrier can be followed; empty where nobody told.

    A carrier is known by its name as the office wrote it on a way of delivery, open or closed,
    whatever the capitals and marks.
    """
    for way in queries.delivery_methods(session, seller_id):
        known = carriers.carrier_of(way)
        if known.tracking_template and fold(known.name) == fold(carrier):
            return carriers.tracking_address(known.tracking_template, code)
    return ""


def expected_day(method: DeliveryMethod, packs: Iterable[Pack], *, now: datetime) -> date:
    """Return the day on which goods ordered at `now` are at the door.

    Raises `FieldRefused` where chilled goods would be under way for more than a day.
    """
    is_chilled = any(pack.product.is_chilled for pack in packs)
    day = day_at_door(method, is_chilled=is_chilled, now=now)
    if day is None:
        raise FieldRefused("delivery_method", "delivery_too_slow")
    return day


def day_at_door(way: Way, *, is_chilled: bool, now: datetime) -> date | None:
    """Return the day on which what is ordered at `now` is at the door; `None` if it cannot be.

    Whoever fetches chilled goods keeps them cold on the way home: any day will do.
    """
    is_brought = way.kind is not DeliveryKind.PICKUP
    return delivery_day(timetable(way), now, is_chilled=is_chilled and is_brought)


def days_today(way: Way, *, is_chilled: bool, today: date) -> tuple[date | None, date | None]:
    """Return the days for orders of today before the cut-off hour and after it."""
    is_brought = way.kind is not DeliveryKind.PICKUP
    return days_promised(timetable(way), today, is_chilled=is_chilled and is_brought)


def shipment(
    goods: Iterable[tuple[Pack, int]], *, province_code: str | None, commune_code: str | None
) -> Shipment:
    """Return so many of each pack as one shipment, weighed as the packs are."""
    counted = list(goods)
    return Shipment(
        weight_g=sum(pack.mass_g * quantity for pack, quantity in counted),
        is_chilled=any(pack.product.is_chilled for pack, _quantity in counted),
        province_code=province_code or None,
        commune_code=commune_code or None,
    )


def reaches_everywhere(method: Way) -> bool:
    """Return whether no place of the country is left out."""
    table = method.fee_table or ()
    return method.province_codes is None and (not table or delivery_fees.reached(table) is None)


def price(method: Way, asked: Shipment) -> Price:
    """Return what it costs to bring a shipment this way, or what keeps it from going.

    The place decides: a way without a row for it, or with other provinces, does not reach it.
    """
    cold = cold_obstacle(method, is_chilled=asked.is_chilled)
    if cold:
        return _kept_from(method, cold)
    reached = method.province_codes
    if reached is not None and asked.province_code not in reached:
        return _kept_from(method, "delivery_does_not_reach")
    found = carriers.carrier_of(method).price(asked)
    return _kept_from(method, found.obstacle) if found.obstacle else found


def least_price(method: Way, asked: Shipment) -> Price:
    """Return what it costs at the least while nobody has said where to, or what is in the way."""
    cold = cold_obstacle(method, is_chilled=asked.is_chilled)
    found = carriers.least_price(method, asked.weight_g)
    obstacle = cold or found.obstacle
    return _kept_from(method, obstacle) if obstacle else found


def _kept_from(method: Way, obstacle: str) -> Price:
    """Return an obstacle with the least that the way costs where there is none."""
    return Price(method.fee_vnd, obstacle, is_least=bool(method.fee_table))


def cold_obstacle(method: Way, *, is_chilled: bool) -> str:
    """Return the code of what keeps chilled goods from going this way at all."""
    if is_chilled and not method.is_chilled:
        return "delivery_not_chilled"
    is_brought = method.kind is not DeliveryKind.PICKUP
    if is_chilled and is_brought and method.days > CHILLED_DAYS:
        return "delivery_too_slow"
    return ""
