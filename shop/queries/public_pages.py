"""Which pages the world may find: goods, sellers and batches, with the last change of each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from shop.models.base import total
from shop.models.batches import Batch, BatchKind, BatchPack, BatchState
from shop.models.catalog import Pack, Photo, Product, ProductState, Seller, SellerMode
from shop.models.inventory import Place, StockLevel
from shop.models.page_versions import PageVersion
from shop.queries import photos
from shop.queries.catalog import is_shown
from shop.queries.inventory import fit_to_sell


def _may_be_found(*, demo: bool, is_open: bool) -> ColumnElement[bool]:
    """Return the condition on `Seller` for pages that are not marked to be left alone.

    Where the world can reach the shop (`is_open`), pages of the training bear that mark.
    """
    return and_(is_shown(demo=demo), Seller.mode == SellerMode.LIVE if is_open else true())


def _changed(kind: str, identity: Any) -> tuple[Any, Any]:
    """Return what to join, and on what, for the moment at which a page last changed."""
    return PageVersion, and_(PageVersion.kind == kind, PageVersion.id == identity)


def goods(*, demo: bool, is_open: bool) -> Any:
    """Return the statement for products on the shelf: slug, photo, when they last changed."""
    offered = select(Pack.id).where(Pack.product_id == Product.id, Pack.is_offered).exists()
    return (
        select(
            Product.slug, Product.name, Product.created_at, PageVersion.version,
            *photos.COLUMNS,
        )
        .join(Seller, Seller.id == Product.seller_id)
        .outerjoin(Photo, Photo.id == photos.shown())
        .outerjoin(*_changed("product", Product.id))
        .where(Product.state == ProductState.PUBLISHED, offered)
        .where(_may_be_found(demo=demo, is_open=is_open))
        .order_by(Product.id)
    )  # fmt: skip


def sellers(*, demo: bool, is_open: bool) -> Any:
    """Return the statement for sellers: slug, when their page last changed."""
    return (
        select(Seller.slug, Seller.created_at, PageVersion.version)
        .outerjoin(*_changed("about", Seller.id))
        .where(_may_be_found(demo=demo, is_open=is_open))
        .order_by(Seller.id)
    )


def batches(*, demo: bool, is_open: bool) -> Any:
    """Return the statement for the pages of released batches: gtin, lot, last change."""
    return (
        select(Pack.gtin, Batch.lot, Batch.created_at, PageVersion.version)
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Seller, Seller.id == Batch.seller_id)
        .outerjoin(*_changed("batch", Batch.id))
        .where(Batch.kind == BatchKind.RETAIL, Batch.state != BatchState.DRAFT)
        .where(BatchPack.withdrawn_at.is_(None), _may_be_found(demo=demo, is_open=is_open))
        .order_by(BatchPack.id)
    )


def count(session: Session, statement: Any) -> int:
    """Return how many rows a statement of this module finds."""
    found = statement.order_by(None).subquery()
    return int(session.scalar(select(func.count()).select_from(found)) or 0)


def part(session: Session, statement: Any, *, limit: int, offset: int) -> Sequence[Any]:
    """Return one part of the rows of a statement of this module."""
    return session.execute(statement.limit(limit).offset(offset)).all()


def feed(session: Session, *, demo: bool, is_open: bool, today: Any) -> Sequence[Any]:
    """Return every pack that is offered, with product, seller, photo and what is left of it."""
    stock = (
        select(
            BatchPack.pack_id,
            total(StockLevel.on_hand - StockLevel.reserved).label("available"),
        )
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .join(Place, Place.id == StockLevel.place_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Place.sells_online, fit_to_sell(today))
        .group_by(BatchPack.pack_id)
        .subquery()
    )
    return session.execute(
        select(
            Pack.id, Pack.sku, Pack.gtin, Pack.gtin_is_internal, Pack.label, Pack.price_vnd,
            Pack.net_quantity, Pack.net_unit, Pack.mass_g,
            Product.id.label("product_id"), Product.slug, Product.name, Product.kind,
            Product.description, Product.brand, Seller.short_name,
            *photos.COLUMNS,
            func.coalesce(stock.c.available, 0).label("available"),
        )
        .join(Product, Product.id == Pack.product_id)
        .join(Seller, Seller.id == Product.seller_id)
        .outerjoin(stock, stock.c.pack_id == Pack.id)
        .outerjoin(Photo, Photo.id == photos.shown(is_of_pack=True))
        .where(Pack.is_offered, Product.state == ProductState.PUBLISHED)
        .where(_may_be_found(demo=demo, is_open=is_open))
        .order_by(Product.id, Pack.position, Pack.id)
    ).all()  # fmt: skip
