"""Products and packs: writing them down, putting them on the shelf, taking them off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import Changed, FieldRefused, Incomplete, NotFound
from shop.forms.drafts import PackDraft, ProductDraft
from shop.models.batches import BatchPack
from shop.models.catalog import Pack, Product, ProductState, Seller
from shop.queries import office_catalog
from shop.search.folding import slug as slug_of
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action
from traceability import gtin as gtins

INTERNAL_PREFIX = "020"
"""GTIN-13 numbers beginning with 20, for use inside an installation (`design.md` 2)."""


def create(
    session: Session,
    seller: Seller,
    draft: ProductDraft,
    *,
    actor: Actor,
    now: datetime,
    client_id: str | None = None,
) -> Product:
    """Write down a new product as a draft that no public page shows.

    The same `client_id` again returns the first, as it stands by now.
    """
    require(actor, Action.EDIT_PRODUCT, seller.id)
    one_at_a_time = select(Seller.id).where(Seller.id == seller.id)
    session.scalars(one_at_a_time.with_for_update(key_share=True)).one()
    known = office_catalog.product_of_form(session, seller.id, client_id) if client_id else None
    if known is not None:
        return known
    product = Product(
        seller_id=seller.id,
        seller=seller,
        slug=_free_slug(session, draft.name),
        state=ProductState.DRAFT,
        created_at=now,
        **_fields(draft),
    )
    session.add(product)
    session.flush()
    _write_packs(session, product, draft.packs)
    written = _snapshot(product) | ({"client_id": client_id} if client_id else {})
    audit(session, actor, "product_created", product, now=now, after=written)
    return product


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
    if product.version != version:
        raise Changed(f"product {product.id} is at {product.version}, form at {version}")
    before = _snapshot(product)
    for name, value in _fields(draft).items():
        setattr(product, name, value)
    product.changed_at = now
    _write_packs(session, product, draft.packs)
    session.flush()
    audit(
        session,
        actor,
        "product_changed",
        product,
        now=now,
        before=before,
        after=_snapshot(product),
    )
    return product


def publish(session: Session, product: Product, *, actor: Actor, now: datetime) -> None:
    """Put a product on the shelf; raise `Incomplete` naming what a buyer must know first."""
    require(actor, Action.PUBLISH_PRODUCT, product.seller_id)
    checks = {
        "packs": any(pack.is_offered for pack in product.packs),
        "allergens": product.allergens_stated,
        "storage": bool(product.storage),
        "ingredients": bool(product.ingredients),
    }
    missing = [name for name, is_there in checks.items() if not is_there]
    if missing:
        raise Incomplete(f"product {product.id} lacks {missing}", missing=missing)
    if product.state is ProductState.PUBLISHED:
        return
    product.state = ProductState.PUBLISHED
    session.flush()
    audit(session, actor, "product_published", product, now=now)


def retire(session: Session, product: Product, *, actor: Actor, now: datetime) -> None:
    """Take a product off the shelf; its batches keep their pages."""
    require(actor, Action.PUBLISH_PRODUCT, product.seller_id)
    product.state = ProductState.RETIRED
    session.flush()
    audit(session, actor, "product_retired", product, now=now)


def _fields(draft: ProductDraft) -> dict[str, Any]:
    return {
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


def _snapshot(product: Product) -> dict[str, Any]:
    return {
        "name": product.name,
        "state": product.state.value,
        "packs": {pack.sku: pack.price_vnd for pack in product.packs},
    }


def _free_slug(session: Session, name: str) -> str:
    stem = slug_of(name) or "san-pham"
    taken = set(session.scalars(select(Product.slug).where(Product.slug.startswith(stem))))
    if stem not in taken:
        return stem
    return next(found for number in range(2, 10_000) if (found := f"{stem}-{number}") not in taken)


def _write_packs(session: Session, product: Product, drafts: Sequence[PackDraft]) -> None:
    known = {pack.id: pack for pack in product.packs}
    for position, draft in enumerate(drafts):
        pack = None
        if draft.pack_id is not None:
            pack = known.get(draft.pack_id)
            if pack is None:
                raise NotFound(f"pack {draft.pack_id} is not of product {product.id}")
        if pack is None:
            gtin = _licensed(session, draft, position) if draft.gtin else _next_gtin(session)
            pack = Pack(
                seller_id=product.seller_id,
                sku=_free_sku(session, product, draft),
                gtin=gtin,
                gtin_is_internal=not draft.gtin,
            )
            product.packs.append(pack)
        else:
            _relabel(session, pack, draft, position)
        pack.label, pack.unit, pack.position = draft.label, draft.unit, position
        pack.net_quantity, pack.net_unit = draft.net_quantity, draft.net_unit
        pack.mass_g, pack.price_vnd = draft.mass_g, draft.price_vnd
        pack.is_offered = draft.is_offered
        session.flush()


def _relabel(session: Session, pack: Pack, draft: PackDraft, position: int) -> None:
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
    if changed is not None and _is_in_batches(session, pack):
        raise FieldRefused(f"packs-{position}-{changed}", "pack_in_use")
    if not is_same_number:
        pack.gtin = _licensed(session, draft, position) if gtin else _next_gtin(session)
        pack.gtin_is_internal = gtin is None


def _is_in_batches(session: Session, pack: Pack) -> bool:
    """Return whether packs of this size were made: what their labels say cannot change."""
    return (
        session.scalar(select(BatchPack.id).where(BatchPack.pack_id == pack.id).limit(1))
        is not None
    )


def _licensed(session: Session, draft: PackDraft, position: int) -> str:
    gtin = gtins.validate(draft.gtin or "")
    if session.scalar(select(Pack.id).where(Pack.gtin == gtin)) is not None:
        raise FieldRefused(f"packs-{position}-gtin", "gtin_taken", gtin=gtin)
    return gtin


def _next_gtin(session: Session) -> str:
    """Return the next internal number; the row lock of the insert settles a race by its key."""
    highest = session.scalar(
        select(func.max(Pack.gtin)).where(Pack.gtin.startswith(INTERNAL_PREFIX))
    )
    number = int(highest[3:13]) + 1 if highest else 1
    payload = f"{INTERNAL_PREFIX}{number:010}"
    return payload + gtins.check_digit(payload)


def _free_sku(session: Session, product: Product, draft: PackDraft) -> str:
    initials = "".join(word[0] for word in slug_of(product.name).split("-") if word)[:4].upper()
    stem = f"{product.seller.lot_prefix}-{initials}-{draft.net_quantity}"
    taken = set(
        session.scalars(
            select(Pack.sku).where(Pack.seller_id == product.seller_id, Pack.sku.startswith(stem))
        )
    )
    if stem not in taken:
        return stem
    return next(found for number in range(2, 10_000) if (found := f"{stem}-{number}") not in taken)
