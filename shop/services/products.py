"""Products and packs: writing them down, putting them on the shelf, taking them off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import Changed, FieldRefused, Incomplete, NotFound
from shop.forms.drafts import PackDraft, ProductDraft
from shop.models.catalog import Pack, Product, ProductState, Seller
from shop.models.people import Member
from shop.queries import imports as reading
from shop.queries import office_catalog
from shop.services import product_addresses
from shop.services.actors import Actor, audit, require
from shop.services.pack_numbers import FreeNumbers
from shop.services.permissions import Action
from shop.services.product_snapshot import difference, snapshot
from traceability import gtin as gtins


@dataclass(frozen=True, slots=True)
class ProductChange:
    """What a product is to be, and the version that somebody looked at."""

    product: Product
    draft: ProductDraft
    version: int


def create(
    session: Session,
    seller: Seller,
    draft: ProductDraft,
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
    member: Member | None = None,
) -> Product:
    """Write down a new product as a draft that no public page shows.

    The same `client_id` again returns the first, as it stands by now. `member` is whose own
    goods these are.
    """
    require(actor, Action.EDIT_PRODUCT, seller.id)
    _one_at_a_time(session, seller)
    known = office_catalog.product_of_form(session, seller.id, client_id) if client_id else None
    if known is not None:
        return known
    by: dict[str, Any] = {"actor": actor, "now": now}
    return _create(session, seller, [draft], client_id=client_id, member=member, **by)[0]


def create_all(
    session: Session,
    seller: Seller,
    drafts: Sequence[ProductDraft],
    *,
    actor: Actor,
    now: datetime,
) -> list[Product]:
    """Write down many new products at once, as `create` does one."""
    require(actor, Action.EDIT_PRODUCT, seller.id)
    _one_at_a_time(session, seller)
    return _create(session, seller, drafts, actor=actor, now=now)


def change(
    session: Session,
    product: Product,
    draft: ProductDraft,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> Product:
    """Change a product; raise `Changed` when somebody else did since the form was opened."""
    require(actor, Action.EDIT_PRODUCT, product.seller_id)
    wanted = ProductChange(product, draft, version)
    change_all(session, product.seller, [wanted], actor=actor, now=now)
    return product


def change_all(
    session: Session,
    seller: Seller,
    changes: Sequence[ProductChange],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Change products of one seller, all of them or none; refusals as in `change`."""
    require(actor, Action.EDIT_PRODUCT, seller.id)
    for one in changes:
        if one.product.version != one.version:
            at = one.product.version
            raise Changed(f"product {one.product.id} is at {at}, form at {one.version}")
    packs = [pack.id for one in changes for pack in one.product.packs]
    writing = _Writing(
        FreeNumbers(session, seller, [one.draft for one in changes]),
        reading.packs_in_batches(session, seller.id, packs),
    )
    before = [snapshot(one.product) for one in changes]
    with session.no_autoflush:
        for one in changes:
            product_addresses.follow(
                session, one.product, one.draft.name, writing.numbers, now=now
            )
            for name, value in _fields(one.draft).items():
                setattr(one.product, name, value)
            one.product.changed_at = now
            _write_packs(one.product, one.draft.packs, writing)
    session.flush()
    for one, was in zip(changes, before, strict=True):
        told = difference(was, snapshot(one.product))
        audit(session, actor, "product_changed", one.product, now=now, **told)


def publish(session: Session, product: Product, *, actor: Actor, now: datetime) -> None:
    """Put a product on the shelf; raise `Incomplete` naming what a buyer must know first."""
    require(actor, Action.PUBLISH_PRODUCT, product.seller_id)
    missing = missing_to_publish(product)
    if missing:
        raise Incomplete(f"product {product.id} lacks {missing}", missing=missing)
    if product.state is ProductState.PUBLISHED:
        return
    _move(session, product, ProductState.PUBLISHED, actor=actor, now=now)


def missing_to_publish(product: Product | ProductDraft) -> list[str]:
    """Return what a buyer must know and `product` does not say, as codes."""
    checks = {
        "packs": any(pack.is_offered for pack in product.packs),
        "allergens": product.allergens_stated,
        "storage": bool(product.storage),
        "ingredients": bool(product.ingredients),
    }
    return [name for name, is_there in checks.items() if not is_there]


def retire(session: Session, product: Product, *, actor: Actor, now: datetime) -> None:
    """Take a product off the shelf; its batches keep their pages."""
    require(actor, Action.PUBLISH_PRODUCT, product.seller_id)
    _move(session, product, ProductState.RETIRED, actor=actor, now=now)


def _move(
    session: Session, product: Product, state: ProductState, *, actor: Actor, now: datetime
) -> None:
    was, product.state = product.state, state
    session.flush()
    before, after = {"state": was.value}, {"state": state.value}
    audit(session, actor, f"product_{state}", product, now=now, before=before, after=after)


def _fields(draft: ProductDraft) -> dict[str, Any]:
    in_english = {} if draft.english is None else {"english": dict(draft.english)}
    return in_english | {
        "name": draft.name,
        "kind": draft.kind,
        "description": draft.description,
        "ingredients": list(draft.ingredients),
        "allergens": list(draft.allergens),
        "allergens_stated": draft.allergens_stated,
        "storage": draft.storage,
        "storage_min_c": draft.storage_min_c,
        "storage_max_c": draft.storage_max_c,
        "shelf_life_days": draft.shelf_life_days,
        "directions": draft.directions,
        "cautions": list(draft.cautions),
        "is_chilled": draft.is_chilled,
        "tax_class": draft.tax_class,
    }


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is known before packs are written: free numbers, and packs that were made already."""

    numbers: FreeNumbers
    in_batches: set[int]


def _one_at_a_time(session: Session, seller: Seller) -> None:
    held = select(Seller.id).where(Seller.id == seller.id)
    session.scalars(held.with_for_update(key_share=True)).one()


def _create(
    session: Session,
    seller: Seller,
    drafts: Sequence[ProductDraft],
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
    member: Member | None = None,
) -> list[Product]:
    writing = _Writing(FreeNumbers(session, seller, drafts), set())
    made = []
    with session.no_autoflush:
        for draft in drafts:
            product = Product(
                seller_id=seller.id,
                seller=seller,
                member_id=member.id if member else None,
                slug=writing.numbers.slug(draft.name),
                state=ProductState.DRAFT,
                created_at=now,
                **_fields(draft),
            )
            session.add(product)
            _write_packs(product, draft.packs, writing)
            made.append(product)
    session.flush()
    for product in made:
        written = snapshot(product) | ({"client_id": client_id} if client_id else {})
        audit(session, actor, "product_created", product, now=now, after=written)
    return made


def _write_packs(product: Product, drafts: Sequence[PackDraft], writing: _Writing) -> None:
    """Let `product` have the packs of `drafts`, which are stored when the session is."""
    known = {pack.id: pack for pack in product.packs}
    numbers = writing.numbers
    for position, draft in enumerate(drafts):
        pack = None
        if draft.pack_id is not None:
            pack = known.get(draft.pack_id)
            if pack is None:
                raise NotFound(f"pack {draft.pack_id} is not of product {product.id}")
        if pack is None:
            is_licensed = bool(draft.gtin)
            pack = Pack(
                seller_id=product.seller_id,
                sku=draft.sku or numbers.sku(product, draft),
                gtin=numbers.licensed_gtin(draft, position)
                if is_licensed
                else numbers.next_gtin(),
                gtin_is_internal=not is_licensed,
            )
            product.packs.append(pack)
        else:
            _relabel(pack, draft, position, writing)
        pack.label, pack.unit, pack.position = draft.label, draft.unit, position
        if draft.label_en is not None:
            pack.label_en = draft.label_en
        pack.net_quantity, pack.net_unit = draft.net_quantity, draft.net_unit
        pack.mass_g, pack.price_vnd = draft.mass_g, draft.price_vnd
        pack.is_offered = draft.is_offered


def _relabel(pack: Pack, draft: PackDraft, position: int, writing: _Writing) -> None:
    """Refuse what made packs say otherwise; give a pack that is in no batch its new number."""
    gtin = gtins.validate(draft.gtin) if draft.gtin else None
    is_same_number = pack.gtin_is_internal if gtin is None else gtin == pack.gtin
    unchanged = {
        "label": pack.label == draft.label,
        "unit": pack.unit == draft.unit,
        "net": (pack.net_quantity, pack.net_unit) == (draft.net_quantity, draft.net_unit),
        "mass": pack.mass_g == draft.mass_g,
        "gtin": is_same_number,
    }
    changed = next((name for name, is_kept in unchanged.items() if not is_kept), None)
    if changed is not None and pack.id in writing.in_batches:
        raise FieldRefused(f"packs-{position}-{changed}", "pack_in_use")
    if not is_same_number:
        numbers = writing.numbers
        pack.gtin = numbers.licensed_gtin(draft, position) if gtin else numbers.next_gtin()
        pack.gtin_is_internal = gtin is None
