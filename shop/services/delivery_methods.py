"""The ways of delivery of a seller: adding, changing, closing, offering again."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any, Protocol

from sqlalchemy.orm import Session

from shop.delivery_days import CHILLED_DAYS, Timetable, days_promised, delivery_day
from shop.errors import FieldRefused
from shop.forms.seller_drafts import DeliveryDraft
from shop.models.catalog import Pack, Seller
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.queries import sellers as queries
from shop.queries.locks import lock
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
    names = ("province_codes", "rest_weekdays", "rest_days")
    return asdict(draft) | {name: list(getattr(draft, name) or ()) or None for name in names}


class Way(Protocol):
    """What promises need of a way of delivery: the row itself, or its columns."""

    @property
    def kind(self) -> DeliveryKind:
        """Return how the goods go."""

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


def obstacle(method: Way, *, is_chilled: bool, province_code: str | None) -> str:
    """Return the code of what keeps goods from going to a province this way; empty if nothing."""
    cold = cold_obstacle(method, is_chilled=is_chilled)
    if not cold and method.province_codes is not None:
        return "" if province_code in method.province_codes else "delivery_does_not_reach"
    return cold


def cold_obstacle(method: Way, *, is_chilled: bool) -> str:
    """Return the code of what keeps chilled goods from going this way at all."""
    if is_chilled and not method.is_chilled:
        return "delivery_not_chilled"
    is_brought = method.kind is not DeliveryKind.PICKUP
    if is_chilled and is_brought and method.days > CHILLED_DAYS:
        return "delivery_too_slow"
    return ""
