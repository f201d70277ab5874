"""The goods of the list, the home page and the search field, a page at a time.

Two statements whatever the amount of data (`page_of` and `counts`), one more for the claims of
the goods on the page and one for a search.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, null, select, union_all
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
    ProductState,
    Seller,
)
from shop.models.inventory import Place, StockLevel
from shop.queries.catalog import is_shown
from shop.queries.inventory import fit_to_sell

Rows = Sequence[Any]

SORTS = ("stock", "price", "new")
"""In stock first, cheapest first, newest made first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means everything. `ids` come best first."""

    demo: bool
    kind: str = ""
    seller: str = ""
    province: str = ""
    in_stock: bool = False
    sort: str = "stock"
    ids: tuple[int, ...] | None = None
    but_not: int | None = None


def _stock(today: date) -> Any:
    """What of each pack may be sold online today, and when the newest of it was made."""
    return (
        select(
            BatchPack.pack_id.label("pack_id"),
            Pack.product_id.label("product_id"),
            total(StockLevel.on_hand - StockLevel.reserved).label("available"),
            func.max(Batch.made_on).label("made_on"),
        )
        .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Place, Place.id == StockLevel.place_id)
        .where(Place.sells_online, Pack.is_offered, fit_to_sell(today))
        .where(StockLevel.on_hand > StockLevel.reserved)
        .group_by(BatchPack.pack_id, Pack.product_id)
        .cte("stock")
    )


def _matching(statement: Any, wanted: Wanted) -> Any:
    """Return `statement` over Product and Seller, narrowed to what is wanted and may be shown."""
    offered = select(Pack.id).where(Pack.product_id == Product.id, Pack.is_offered).exists()
    statement = statement.where(
        Product.state == ProductState.PUBLISHED, is_shown(demo=wanted.demo), offered
    )
    if wanted.ids is not None:
        statement = statement.where(Product.id.in_(wanted.ids))
    if wanted.but_not is not None:
        statement = statement.where(Product.id != wanted.but_not)
    if wanted.kind:
        statement = statement.where(Product.kind == wanted.kind)
    if wanted.seller:
        statement = statement.where(Seller.slug == wanted.seller)
    if wanted.province:
        statement = statement.where(Seller.province_code == wanted.province)
    return statement


def page_of(
    session: Session, wanted: Wanted, *, today: date, limit: int, offset: int = 0
) -> Sequence[Any]:
    """Return one page of goods as rows: product, seller, its pack for sale, batch and picture.

    Each row has `total`, the number of goods over all pages, `available` packs of the product's
    pack that is shown (the cheapest in stock), and the day the batch that would be sent was made.
    """
    if wanted.ids == ():
        return []
    stock = _stock(today)
    by_product = (
        select(
            stock.c.product_id,
            total(stock.c.available).label("available"),
            func.max(stock.c.made_on).label("made_on"),
        )
        .group_by(stock.c.product_id)
        .cte("stock_of_product")
    )
    lowest = (
        select(Pack.product_id, func.min(Pack.price_vnd).label("price_vnd"))
        .where(Pack.is_offered)
        .group_by(Pack.product_id)
        .cte("lowest_price")
    )
    is_sold_out = by_product.c.available.is_(None)
    newest = (by_product.c.made_on.is_(None), by_product.c.made_on.desc())
    order: tuple[Any, ...] = {
        "price": (is_sold_out, lowest.c.price_vnd, *newest),
        "new": newest,
    }.get(wanted.sort, (is_sold_out, *newest))
    if wanted.ids:
        ranks = {product_id: rank for rank, product_id in enumerate(wanted.ids)}
        order = (is_sold_out, case(ranks, value=Product.id))
    page = _matching(
        select(
            Product.id,
            func.count().over().label("total"),
            func.row_number().over(order_by=(*order, Product.id)).label("rank"),
        )
        .join(Seller, Seller.id == Product.seller_id)
        .join(lowest, lowest.c.product_id == Product.id)
        .outerjoin(by_product, by_product.c.product_id == Product.id),
        wanted,
    )
    if wanted.in_stock:
        page = page.where(~is_sold_out)
    chosen = page.order_by("rank").limit(limit).offset(offset).cte("page")
    return session.execute(_details(chosen, stock, today)).all()


def _details(page: Any, stock: Any, today: date) -> Any:
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
        .where(BatchPack.pack_id == Pack.id, Place.sells_online, level, fit_to_sell(today))
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.made_on, Batch.lot)
        .limit(1)
        .correlate(Pack)
        .scalar_subquery()
    )
    photo_shown = (
        select(Photo.id)
        .where(Photo.product_id == Product.id)
        .order_by(Photo.position, Photo.id)
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )
    return (
        select(
            page.c.total,
            Product.id, Product.slug, Product.name, Product.kind, Product.is_chilled,
            Seller.short_name, Seller.slug.label("seller_slug"), Seller.province, Seller.mode,
            Pack.label, Pack.unit, Pack.price_vnd, Pack.net_quantity, Pack.net_unit,
            func.coalesce(stock.c.available, 0).label("available"),
            Batch.id.label("batch_id"), Batch.made_on,
            Photo.key.label("photo_key"), Photo.extension.label("photo_extension"),
            Photo.width.label("photo_width"),
        )
        .select_from(page)
        .join(Product, Product.id == page.c.id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Pack, Pack.id == pack_shown)
        .outerjoin(stock, stock.c.pack_id == Pack.id)
        .outerjoin(Batch, Batch.id == batch_sent)
        .outerjoin(Photo, Photo.id == photo_shown)
        .order_by(page.c.rank)
    )  # fmt: skip


def counts(session: Session, wanted: Wanted) -> Sequence[Any]:
    """Return how many goods there are of each kind, seller and province, whatever is chosen."""
    everything = replace(wanted, kind="", seller="", province="", in_stock=False)
    grouped = (
        Product.kind, Seller.slug, Seller.short_name, Seller.province_code, Seller.province,
        Seller.mode,
    )  # fmt: skip
    return session.execute(
        _matching(
            select(*grouped, func.count().label("goods")).join(
                Seller, Seller.id == Product.seller_id
            ),
            everything,
        ).group_by(*grouped)
    ).all()


def claims(
    session: Session, *, product_ids: Sequence[int], batch_ids: Sequence[int], today: date
) -> Sequence[Any]:
    """Return the papers that hold today: for all of a product, or for the batch they name.

    Rows have `product_id` or `batch_id`, the other one is empty (invariant 8).
    """
    paper = (
        Certificate.id, Certificate.kind, Certificate.title, Certificate.number,
        Certificate.issuer, Certificate.issued_on, Certificate.expires_on, Certificate.scope,
        Certificate.extra,
    )  # fmt: skip
    covering = (
        select(*paper, CertificateProduct.product_id, cast(null(), Integer).label("batch_id"))
        .join(CertificateProduct, CertificateProduct.certificate_id == Certificate.id)
        .where(CertificateProduct.product_id.in_(product_ids), Certificate.covers_all_batches)
    )
    named = (
        select(*paper, cast(null(), Integer).label("product_id"), CertificateBatch.batch_id)
        .join(CertificateBatch, CertificateBatch.certificate_id == Certificate.id)
        .where(CertificateBatch.batch_id.in_(batch_ids))
    )
    holds = and_(
        Certificate.issued_on <= today,
        func.coalesce(Certificate.expires_on, today) >= today,
        Certificate.revoked_on.is_(None) | (Certificate.revoked_on > today),
    )
    both = union_all(covering.where(holds), named.where(holds)).subquery()
    return session.execute(select(both).order_by(both.c.kind, both.c.id)).all()


def searched_words(session: Session, *, demo: bool) -> Sequence[Any]:
    """Return, for every product shown, the words by which people look for it."""
    return session.execute(
        select(
            Product.id, Product.name, Product.kind, Product.search_words, Product.brand,
            Seller.name.label("seller_name"), Seller.short_name, Seller.commune, Seller.province,
            Seller.old_address,
        )
        .join(Seller, Seller.id == Product.seller_id)
        .where(Product.state == ProductState.PUBLISHED, is_shown(demo=demo))
        .order_by(Product.id)
    ).all()  # fmt: skip
