"""Reading the catalogue: products on the shelf, their packs, and who sells them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from shop.models.batches import Batch, BatchNotice, BatchPack, NoticeKind
from shop.models.catalog import (
    FormerAddress,
    Pack,
    Photo,
    Product,
    ProductState,
    Seller,
    SellerKind,
    SellerMode,
    TaxRate,
)


def is_shown(*, demo: bool) -> ColumnElement[bool]:
    """Return the condition on `Seller` for public lists, search, feeds and sitemap.

    Training sellers stay out of them, but for an installation that shows the demo or has no live
    seller yet: there they are the shop (`design.md` 2, Training).
    """
    if demo:
        return true()
    other = aliased(Seller)
    any_live = exists(select(other.id).where(other.mode == SellerMode.LIVE))
    return or_(Seller.mode == SellerMode.LIVE, ~any_live)


def is_for_training(session: Session) -> bool:
    """Return whether sellers are open here and every one of them is of the training."""
    modes = session.scalars(select(Seller.mode).distinct()).all()
    return set(modes) == {SellerMode.TRAINING}


def shown_sellers(session: Session, *, demo: bool) -> Sequence[Seller]:
    """Return the sellers that public pages name, cooperatives first, then by name."""
    return session.scalars(
        select(Seller)
        .where(is_shown(demo=demo))
        .order_by(Seller.kind != SellerKind.COOPERATIVE, Seller.short_name)
    ).all()


def offered_packs(session: Session, pack_ids: Iterable[int]) -> dict[int, Pack]:
    """Return those of `pack_ids` that can be bought, by id, with product and seller."""
    packs = session.scalars(
        select(Pack)
        .join(Pack.product)
        .where(Pack.id.in_(list(pack_ids)), Pack.is_offered)
        .where(Product.state == ProductState.PUBLISHED)
        .options(joinedload(Pack.product).joinedload(Product.seller))
    )
    return {pack.id: pack for pack in packs}


def product_names(session: Session, product_ids: Sequence[int]) -> list[str]:
    """Return the names of products in the order of `product_ids`."""
    rows = session.execute(select(Product.id, Product.name).where(Product.id.in_(product_ids)))
    names = {row.id: row.name for row in rows}
    return [names[product_id] for product_id in product_ids if product_id in names]


def packs_like(session: Session, packs: Iterable[Pack]) -> Sequence[Pack]:
    """Return what is on offer of the same sellers and kinds as `packs`, with product."""
    alike = {(pack.seller_id, pack.product.kind) for pack in packs}
    return session.scalars(
        select(Pack)
        .join(Pack.product)
        .where(tuple_(Product.seller_id, Product.kind).in_(alike))
        .where(Pack.is_offered, Product.state == ProductState.PUBLISHED)
        .options(joinedload(Pack.product))
        .order_by(Pack.id)
    ).all()


def current_slug(session: Session, slug: str) -> str | None:
    """Return under which address the product is that has `slug`, or had it before."""
    found = select(Product.slug).where(Product.state == ProductState.PUBLISHED)
    return session.scalar(found.where(Product.slug == slug)) or session.scalar(
        found.join(FormerAddress, FormerAddress.product_id == Product.id).where(
            FormerAddress.slug == slug
        )
    )


def named_goods(session: Session, *, demo: bool, limit: int) -> Sequence[Any]:
    """Return slug and name of goods on the shelf, newest first, to compare a name with."""
    return session.execute(
        select(Product.slug, Product.name)
        .join(Seller, Seller.id == Product.seller_id)
        .where(Product.state == ProductState.PUBLISHED, is_shown(demo=demo))
        .order_by(Product.id.desc())
        .limit(limit)
    ).all()


def seller_by_slug(session: Session, slug: str) -> Seller | None:
    """Return the seller with this name in the address."""
    return session.scalars(select(Seller).where(Seller.slug == slug)).one_or_none()


def tax_rate(session: Session, tax_class: str, day: date) -> int | None:
    """Return the VAT rate of `tax_class` on `day` in hundredths of a percent, if it bears VAT."""
    return session.scalar(
        select(TaxRate.rate_basis_points)
        .where(TaxRate.tax_class == tax_class, TaxRate.valid_from <= day)
        .where(or_(TaxRate.valid_to.is_(None), TaxRate.valid_to >= day))
        .order_by(TaxRate.valid_from.desc())
        .limit(1)
    )


def photo(session: Session, key: str, extension: str) -> Photo | None:
    """Return the photo that is kept under this name in this format."""
    found = session.scalars(select(Photo).where(Photo.key == key)).one_or_none()
    if found is None or extension not in {found.extension, *found.formats.split(",")}:
        return None
    return found


def open_recalls(session: Session, *, demo: bool, since: datetime | None = None) -> Sequence[Any]:
    """Return the recalls that have not ended, declared from `since` on, newest first.

    Each has name, lot and a GTIN of the batch, so that its page can be opened.
    """
    lately = true() if since is None else BatchNotice.declared_at >= since
    return session.execute(
        select(
            Batch.lot, func.min(Pack.gtin).label("gtin"), Seller.short_name,
            BatchNotice.declared_at, func.min(Product.name).label("name"),
        )
        .join(Batch, Batch.id == BatchNotice.batch_id)
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .join(Seller, Seller.id == Batch.seller_id)
        .where(BatchNotice.kind == NoticeKind.RECALL, BatchNotice.ended_at.is_(None))
        .where(lately, is_shown(demo=demo))
        .group_by(Batch.lot, Seller.short_name, BatchNotice.declared_at)
        .order_by(BatchNotice.declared_at.desc())
    ).all()  # fmt: skip
