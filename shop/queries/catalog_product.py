"""Everything a product page shows, in six statements whatever the amount of data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Photo, Product, ProductState, Seller
from shop.models.inventory import Place, StockLevel
from shop.models.orders import DeliveryMethod
from shop.queries import catalog_list
from shop.queries.catalog_list import Wanted
from shop.queries.inventory import fit_to_sell


@dataclass(frozen=True, slots=True)
class PackForSale:
    """One pack, how many of it can be sold today, and the batch that would be sent first."""

    row: Any
    available: int
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class ProductRows:
    """The rows behind one product page."""

    head: Any
    packs: Sequence[PackForSale]
    photos: Sequence[Any]
    papers: Sequence[Any]
    deliveries: Sequence[Any]
    others: Sequence[Any]


def product_page(session: Session, slug: str, *, demo: bool, today: date) -> ProductRows | None:
    """Return the rows of the published product with this name in its address."""
    head = session.execute(
        select(
            Product.id, Product.slug, Product.name, Product.kind, Product.description,
            Product.ingredients, Product.allergens, Product.allergens_stated, Product.storage,
            Product.storage_min_c, Product.storage_max_c, Product.shelf_life_open_days,
            Product.is_chilled, Product.ships_nationwide, Product.directions, Product.cautions,
            Product.brand, Product.is_sample,
            Seller.id.label("seller_id"), Seller.slug.label("seller_slug"),
            Seller.name.label("seller_name"), Seller.short_name, Seller.commune, Seller.province,
            Seller.phone, Seller.mode, Seller.about,
        )
        .join(Seller, Seller.id == Product.seller_id)
        .where(Product.slug == slug, Product.state == ProductState.PUBLISHED)
    ).one_or_none()  # fmt: skip
    if head is None:
        return None
    packs = _packs(session, head.id, today)
    batch_ids = [pack.batch_id for pack in packs if pack.batch_id is not None]
    others = Wanted(demo=demo or head.mode == "training", seller=head.seller_slug, but_not=head.id)
    return ProductRows(
        head=head,
        packs=packs,
        photos=_photos(session, head.id),
        papers=catalog_list.claims(
            session, product_ids=[head.id], batch_ids=batch_ids, today=today
        ),
        deliveries=_deliveries(session, head.seller_id),
        others=catalog_list.page_of(session, others, today=today, limit=4),
    )


def _packs(session: Session, product_id: int, today: date) -> list[PackForSale]:
    sellable = (
        select(
            BatchPack.pack_id, Batch.id.label("batch_id"), Batch.lot, Batch.made_on,
            Batch.packed_on, Batch.expires_on,
            (StockLevel.on_hand - StockLevel.reserved).label("available"),
        )
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .join(Place, Place.id == StockLevel.place_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Place.sells_online, fit_to_sell(today))
        .where(StockLevel.on_hand > StockLevel.reserved)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(
            Pack.id, Pack.sku, Pack.gtin, Pack.label, Pack.unit, Pack.net_quantity, Pack.net_unit,
            Pack.price_vnd, sellable,
        )
        .outerjoin(sellable, and_(sellable.c.pack_id == Pack.id))
        .where(Pack.product_id == product_id, Pack.is_offered)
        .order_by(Pack.price_vnd, Pack.position, Pack.id)
        .order_by(sellable.c.expires_on.is_(None), sellable.c.expires_on)
        .order_by(sellable.c.made_on, sellable.c.lot)
    ).all()  # fmt: skip
    first: dict[int, Any] = {}
    available: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.id, row)
        available[row.id] = available.get(row.id, 0) + (row.available or 0)
    return [PackForSale(row, available[pack_id], row.batch_id) for pack_id, row in first.items()]


def _photos(session: Session, product_id: int) -> Sequence[Any]:
    return session.execute(
        select(Photo.key, Photo.extension, Photo.alt, Photo.width, Photo.height, Photo.is_sample)
        .where(Photo.product_id == product_id)
        .order_by(Photo.position, Photo.id)
    ).all()


def _deliveries(session: Session, seller_id: int) -> Sequence[Any]:
    return session.execute(
        select(
            DeliveryMethod.name, DeliveryMethod.note, DeliveryMethod.fee_vnd,
            DeliveryMethod.is_chilled, DeliveryMethod.province_codes, DeliveryMethod.days,
        )
        .where(DeliveryMethod.seller_id == seller_id, DeliveryMethod.is_offered)
        .order_by(DeliveryMethod.position, DeliveryMethod.id)
    ).all()  # fmt: skip
