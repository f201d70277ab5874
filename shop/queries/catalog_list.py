"""The goods of the list, the home page and the search field, a page at a time.

Two statements whatever the amount of data (`page_of` here and `counts` in `catalog_facets`), one
more for the claims of the goods on the page and one for a search. They are put together once for
each shape of a wish: that costs more than the database needs to answer them.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, case, cast, func, null, select, union_all
from sqlalchemy.orm import Session

from shop.models.base import total
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    Pack,
    Photo,
    Product,
    Seller,
)
from shop.models.inventory import Place, StockLevel
from shop.models.reviews import ProductRating
from shop.queries import photos
from shop.queries.catalog_wanted import (
    TODAY,
    Wanted,
    fits_choices,
    fits_price,
    holds,
    lowest_prices,
    may_be_shown,
    stars_of_products,
    stock_of_packs,
)
from shop.queries.inventory import fit_to_sell

Rows = Sequence[Any]


def page_of(
    session: Session, wanted: Wanted, *, today: date, limit: int, offset: int = 0
) -> Sequence[Any]:
    """Return one page of goods as rows: product, seller, its pack for sale, batch and picture.

    Each row has `total`, the number of goods over all pages, `available` packs of the product's
    pack that is shown (the cheapest in stock), and the day the batch that would be sent was made.
    """
    if wanted.ids == ():
        return []
    values = wanted.values(today) | {"limit": limit, "offset": offset}
    return session.execute(_page(wanted.shape()), values).all()


@lru_cache(maxsize=256)
def _page(wanted: Wanted) -> Any:
    stock, stars, lowest = stock_of_packs(), stars_of_products(), lowest_prices()
    by_product = (
        select(
            stock.c.product_id,
            total(stock.c.available).label("available"),
            func.max(stock.c.made_on).label("made_on"),
        )
        .group_by(stock.c.product_id)
        .cte("stock_of_product")
    )
    is_sold_out = by_product.c.available.is_(None)
    newest = (by_product.c.made_on.is_(None), by_product.c.made_on.desc())
    order: tuple[Any, ...] = {
        "price": (is_sold_out, lowest.c.price_vnd, *newest),
        "new": newest,
    }.get(wanted.sort, (is_sold_out, *newest))
    if wanted.ids and wanted.sort == "stock":
        ranks = {product_id: rank for rank, product_id in enumerate(wanted.ids)}
        tiers = dict(zip(wanted.ids, wanted.tiers or (0,) * len(wanted.ids), strict=True))
        order = (
            case(tiers, value=Product.id),
            is_sold_out,
            case(ranks, value=Product.id),
        )
    page = (
        select(
            Product.id,
            func.count().over().label("total"),
            func.row_number().over(order_by=(*order, Product.id)).label("rank"),
        )
        .join(Seller, Seller.id == Product.seller_id)
        .join(lowest, lowest.c.product_id == Product.id)
        .outerjoin(by_product, by_product.c.product_id == Product.id)
    )
    if wanted.stars:
        page = page.join(stars, stars.c.product_id == Product.id)
    page = may_be_shown(page, wanted)
    page = page.where(fits_choices(wanted, stars), fits_price(wanted, lowest))
    if wanted.in_stock:
        page = page.where(~is_sold_out)
    part = page.order_by("rank").limit(bindparam("limit", type_=Integer))
    return _details(part.offset(bindparam("offset", type_=Integer)).cte("page"), stock)


def _details(page: Any, stock: Any) -> Any:
    level = StockLevel.on_hand > StockLevel.reserved
    pack_stock = stock.alias("pack_stock")
    pack_shown = (
        select(Pack.id)
        .outerjoin(pack_stock, pack_stock.c.pack_id == Pack.id)
        .where(Pack.product_id == Product.id, Pack.is_offered)
        .order_by(pack_stock.c.available.is_(None), Pack.price_vnd, Pack.position, Pack.id)
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )
    batch_sent = (
        select(Batch.id)
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .join(Place, Place.id == StockLevel.place_id)
        .where(BatchPack.pack_id == Pack.id, Place.sells_online, level, fit_to_sell(TODAY))
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.made_on, Batch.lot)
        .limit(1)
        .correlate(Pack)
        .scalar_subquery()
    )
    return (
        select(
            page.c.total,
            Product.id, Product.slug, Product.name, Product.english, Product.kind,
            Product.is_chilled,
            Seller.short_name, Seller.slug.label("seller_slug"), Seller.province, Seller.mode,
            Pack.label, Pack.label_en, Pack.unit, Pack.price_vnd, Pack.net_quantity, Pack.net_unit,
            func.coalesce(stock.c.available, 0).label("available"),
            Batch.id.label("batch_id"), Batch.made_on,
            *photos.COLUMNS,
            ProductRating.stars_1, ProductRating.stars_2, ProductRating.stars_3,
            ProductRating.stars_4, ProductRating.stars_5,
        )
        .select_from(page)
        .join(Product, Product.id == page.c.id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Pack, Pack.id == pack_shown)
        .outerjoin(stock, stock.c.pack_id == Pack.id)
        .outerjoin(Batch, Batch.id == batch_sent)
        .outerjoin(Photo, Photo.id == photos.shown(is_of_pack=True))
        .outerjoin(ProductRating, ProductRating.product_id == Product.id)
        .order_by(page.c.rank)
    )  # fmt: skip


def claims(
    session: Session, *, product_ids: Sequence[int], batch_ids: Sequence[int], today: date
) -> Sequence[Any]:
    """Return the papers that hold today: for all of a product, or for the batch they name.

    Rows have `product_id` or `batch_id`, the other one is empty (invariant 8).
    """
    about = {"product_ids": product_ids, "batch_ids": batch_ids, "today": today}
    return session.execute(_claims(), about).all()


@lru_cache(maxsize=1)
def _claims() -> Any:
    paper = (
        Certificate.id, Certificate.kind, Certificate.title, Certificate.number,
        Certificate.issuer, Certificate.issued_on, Certificate.expires_on, Certificate.scope,
        Certificate.extra,
    )  # fmt: skip
    covering = (
        select(*paper, CertificateProduct.product_id, cast(null(), Integer).label("batch_id"))
        .join(CertificateProduct, CertificateProduct.certificate_id == Certificate.id)
        .where(
            CertificateProduct.product_id.in_(bindparam("product_ids", expanding=True)),
            Certificate.covers_all_batches,
        )
    )
    named = (
        select(*paper, cast(null(), Integer).label("product_id"), CertificateBatch.batch_id)
        .join(CertificateBatch, CertificateBatch.certificate_id == Certificate.id)
        .where(CertificateBatch.batch_id.in_(bindparam("batch_ids", expanding=True)))
    )
    both = union_all(covering.where(holds(TODAY)), named.where(holds(TODAY))).subquery()
    return select(both).order_by(both.c.kind, both.c.id)
