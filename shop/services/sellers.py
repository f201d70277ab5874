"""Who sells here: opening a seller with all it needs to begin, changing how it is reached."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.forms.seller_drafts import ContactDraft, SellerDraft
from shop.models.catalog import Seller
from shop.models.inventory import Place, PlaceKind
from shop.queries import sellers as queries
from shop.queries.locks import lock
from shop.services import delivery_methods, legal_texts
from shop.services.actors import Actor, audit, record_change, require
from shop.services.orders import TRAINING_PREFIX
from shop.services.permissions import Action

MAIN_PLACE = "Kho"
RETURNS_PLACE = "Chỗ để hàng trả"


def open_seller(session: Session, draft: SellerDraft, *, actor: Actor, now: datetime) -> Seller:
    """Open a seller: a place that sells online, one for what comes back, its ways of delivery.

    The same draft again returns the seller that is there. Raises `NotAllowed`, and
    `FieldRefused` for an address, lot prefix or order prefix that another seller has.
    """
    require(actor, Action.MANAGE_INSTALLATION, None)
    taken = queries.locked_names(session)
    known = next((one for one in taken if _is_same(one, draft)), None)
    if known is not None:
        return known
    if draft.order_prefix == TRAINING_PREFIX:
        raise FieldRefused("order_prefix", "order_prefix_is_training", prefix=TRAINING_PREFIX)
    for field in ("slug", "lot_prefix", "order_prefix"):
        value = getattr(draft, field)
        if any(getattr(one, field) == value for one in taken):
            raise FieldRefused(field, f"{field}_taken", value=value)
    seller = Seller(
        kind=draft.kind,
        mode=draft.mode,
        slug=draft.slug,
        lot_prefix=draft.lot_prefix,
        order_prefix=draft.order_prefix,
        is_sample=actor.kind == "demo",
        created_at=now,
        **asdict(draft.contact),
    )
    session.add(seller)
    session.flush()
    audit(session, actor, "seller_opened", seller, now=now, after={"name": seller.name})
    session.add_all(
        [
            Place(
                seller_id=seller.id,
                kind=PlaceKind.WAREHOUSE,
                name=MAIN_PLACE,
                sells_online=True,
            ),
            Place(seller_id=seller.id, kind=PlaceKind.QUARANTINE, name=RETURNS_PLACE),
        ]
    )
    for delivery in draft.deliveries:
        delivery_methods.add(session, seller, delivery, actor=actor, now=now)
    legal_texts.keep(session, seller, now=now)
    session.flush()
    return seller


def change_contact(
    session: Session, seller: Seller, draft: ContactDraft, *, actor: Actor, now: datetime
) -> None:
    """Change what the public reads about a seller; what stays the same is not written down."""
    require(actor, Action.MANAGE_SELLER, seller.id)
    lock(session, seller)
    record_change(session, actor, "seller_changed", seller, asdict(draft), now=now)


def _is_same(seller: Seller, draft: SellerDraft) -> bool:
    """Return whether `draft` has been opened before: a form that was sent twice."""
    names = ("kind", "mode", "slug", "lot_prefix", "order_prefix")
    contact = asdict(draft.contact)
    return all(getattr(seller, name) == getattr(draft, name) for name in names) and all(
        getattr(seller, name) == value for name, value in contact.items()
    )
