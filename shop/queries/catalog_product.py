"""Everything a product page shows, in six statements whatever the amount of data.

The statements are put together once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Text, and_, bindparam, cast, literal, or_, select
from sqlalchemy.orm import Session

from shop.models.addresses import Commune
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Photo, Product, ProductState, Seller
from shop.models.inventory import Place, StockLevel
from shop.models.orders import DeliveryMethod
from shop.models.reviews import ProductRating
from shop.queries import catalog_list, page_versions, photos, reviews
from shop.queries.catalog_wanted import Wanted
from shop.queries.inventory import fit_to_sell

REVIEWS = 3
"""How many stand on the page of a product; the others are behind their link."""


@dataclass(frozen=True, slots=True)
class PackForSale:
    """One pack, how many of it can be sold today, and the batch that would be sent first."""

    row: Any
    available: int
    batch_id: int | None


class PhotoRow(NamedTuple):
    """One picture of a product; they come with its own row, a row for each."""

    id: int
    pack_id: int | None
    position: int
    key: str
    extension: str
    formats: str
    width: int
    height: int
    alt: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class ProductRows:
    """The rows behind one product page."""

    head: Any
    packs: Sequence[PackForSale]
    photos: Sequence[Any]
    papers: Sequence[Any]
    deliveries: Sequence[Any]
    others: Sequence[Any]
    reviews: Sequence[Any]


def product_page(session: Session, slug: str, *, demo: bool, today: date) -> ProductRows | None:
    """Return the rows of the published product with this name in its address."""
    rows = session.execute(_head(), {"slug": slug}).all()
    if not rows:
        return None
    head = rows[0]
    packs = _packs(session, head.id, today)
    batch_ids = [pack.batch_id for pack in packs if pack.batch_id is not None]
    others = Wanted(demo=demo or head.mode == "training", seller=head.seller_slug, but_not=head.id)
    return ProductRows(
        head=head,
        packs=packs,
        photos=[PhotoRow(*row[-len(PhotoRow._fields) :]) for row in rows if row.photo_key],
        papers=catalog_list.claims(
            session, product_ids=[head.id], batch_ids=batch_ids, today=today
        ),
        deliveries=_deliveries(session, head, today),
        others=catalog_list.page_of(session, others, today=today, limit=4),
        reviews=reviews.shown(session, head.id, limit=REVIEWS) if _is_rated(head) else [],
    )


def rated(session: Session, slug: str) -> Any | None:
    """Return name, seller and counts of stars of the published product with this name."""
    return session.execute(_head(), {"slug": slug}).first()


def _is_rated(head: Any) -> bool:
    return any(getattr(head, f"stars_{number}") for number in range(1, 6))


@cache
def _head() -> Any:
    return (
        select(
            *page_versions.columns(
                product=Product.id, shelf=Product.id, seller=Seller.id, list=0
            ),
            Product.id, Product.slug, Product.name, Product.kind, Product.description,
            Product.ingredients, Product.allergens, Product.allergens_stated, Product.storage,
            Product.storage_min_c, Product.storage_max_c, Product.shelf_life_open_days,
            Product.is_chilled, Product.ships_nationwide, Product.directions, Product.cautions,
            Product.brand, Product.is_sample, Product.english,
            Seller.id.label("seller_id"), Seller.slug.label("seller_slug"),
            Seller.name.label("seller_name"), Seller.short_name, Seller.commune, Seller.province,
            Seller.phone, Seller.mode, Seller.about,
            ProductRating.stars_1, ProductRating.stars_2, ProductRating.stars_3,
            ProductRating.stars_4, ProductRating.stars_5,
            Photo.id.label("photo_id"), Photo.pack_id.label("photo_pack_id"),
            Photo.position.label("photo_position"), *photos.COLUMNS,
            Photo.alt.label("photo_alt"), Photo.is_sample.label("photo_is_sample"),
        )
        .join(Seller, Seller.id == Product.seller_id)
        .outerjoin(ProductRating, ProductRating.product_id == Product.id)
        .outerjoin(Photo, Photo.product_id == Product.id)
        .where(Product.slug == bindparam("slug"), Product.state == ProductState.PUBLISHED)
        .order_by(Photo.is_sample, Photo.pack_id.is_not(None), Photo.position, Photo.id)
    )  # fmt: skip


def _packs(session: Session, product_id: int, today: date) -> list[PackForSale]:
    rows = session.execute(_packs_for_sale(), {"product_id": product_id, "today": today}).all()
    first: dict[int, Any] = {}
    available: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.id, row)
        available[row.id] = available.get(row.id, 0) + (row.available or 0)
    return [PackForSale(row, available[pack_id], row.batch_id) for pack_id, row in first.items()]


@cache
def _packs_for_sale() -> Any:
    sellable = (
        select(
            BatchPack.pack_id, Batch.id.label("batch_id"), Batch.lot, Batch.made_on,
            Batch.packed_on, Batch.expires_on,
            (StockLevel.on_hand - StockLevel.reserved).label("available"),
        )
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .join(Place, Place.id == StockLevel.place_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Place.sells_online, fit_to_sell(bindparam("today")))
        .where(StockLevel.on_hand > StockLevel.reserved)
        .subquery()
    )  # fmt: skip
    return (
        select(
            Pack.id, Pack.sku, Pack.gtin, Pack.gtin_is_internal, Pack.label, Pack.label_en,
            Pack.unit, Pack.net_quantity, Pack.net_unit, Pack.mass_g, Pack.price_vnd, sellable,
        )
        .outerjoin(sellable, and_(sellable.c.pack_id == Pack.id))
        .where(Pack.product_id == bindparam("product_id"), Pack.is_offered)
        .order_by(Pack.price_vnd, Pack.position, Pack.id)
        .order_by(sellable.c.expires_on.is_(None), sellable.c.expires_on)
        .order_by(sellable.c.made_on, sellable.c.lot)
    )  # fmt: skip


def _deliveries(session: Session, head: Any, today: date) -> Sequence[Any]:
    """Return the ways of delivery; for chilled goods a row for each province that one reaches.

    Where things must stay cold the page names the places, for anything else it need not.
    """
    if not head.is_chilled:
        return session.execute(_ways(), {"seller_id": head.seller_id}).all()
    values = {"seller_id": head.seller_id, "today": today}
    return session.execute(_ways_by_province(), values).all()


@cache
def _ways() -> Any:
    return (
        select(
            DeliveryMethod.id, DeliveryMethod.kind, DeliveryMethod.name, DeliveryMethod.note,
            DeliveryMethod.fee_vnd, DeliveryMethod.is_chilled, DeliveryMethod.province_codes,
            DeliveryMethod.days, DeliveryMethod.cutoff, DeliveryMethod.rest_weekdays,
            DeliveryMethod.rest_days, DeliveryMethod.fee_table,
        )
        .where(DeliveryMethod.seller_id == bindparam("seller_id"), DeliveryMethod.is_offered)
        .order_by(DeliveryMethod.position, DeliveryMethod.id)
    )  # fmt: skip


@cache
def _ways_by_province() -> Any:
    today: Any = bindparam("today")
    provinces = (
        select(Commune.province_code, Commune.province)
        .where(or_(Commune.valid_to.is_(None), Commune.valid_to >= today))
        .distinct()
        .subquery()
    )
    listed = cast(DeliveryMethod.province_codes, Text)
    reached = listed.contains(literal('"') + provinces.c.province_code + literal('"'))
    return (
        _ways()
        .add_columns(provinces.c.province.label("reaches"))
        .outerjoin(provinces, reached)
        .order_by(provinces.c.province_code)
    )
