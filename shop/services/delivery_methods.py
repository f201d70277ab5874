"""The ways of delivery of a seller: adding, changing, closing, offering again."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.forms.seller_drafts import DeliveryDraft
from shop.models.catalog import Seller
from shop.models.orders import DeliveryMethod
from shop.queries import sellers as queries
from shop.services.actors import Actor, audit, require
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
    session.refresh(way, with_for_update=True)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in _values(draft).items():
        if getattr(way, name) != value:
            before[name], after[name] = getattr(way, name), value
            setattr(way, name, value)
    if after:
        session.flush()
        audit(session, actor, "delivery_changed", way, now=now, before=before, after=after)


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
    session.refresh(way, with_for_update=True)
    if way.is_offered == is_offered:
        return False
    way.is_offered = is_offered
    session.flush()
    return True


def _values(draft: DeliveryDraft) -> dict[str, Any]:
    codes = draft.province_codes
    return asdict(draft) | {"province_codes": None if codes is None else list(codes)}


def _values_of(way: DeliveryMethod) -> dict[str, Any]:
    return {name: getattr(way, name) for name in DeliveryDraft.__dataclass_fields__}
