"""How many goods each further choice of a list would leave."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, cast, exists, func, null, or_, select, true
from sqlalchemy.orm import Session

from shop.models.addresses import Commune
from shop.models.catalog import Product, Seller
from shop.queries.catalog_wanted import (
    Wanted,
    fits_price,
    lowest_prices,
    may_be_shown,
    stars_of_products,
    stock_of_packs,
)


def is_kind(session: Session, kind: str) -> bool:
    """Return whether any goods are or were of this kind."""
    return bool(session.scalar(select(exists().where(Product.kind == kind))))


def is_seller(session: Session, slug: str) -> bool:
    """Return whether a seller has this address."""
    return bool(session.scalar(select(exists().where(Seller.slug == slug))))


def place(session: Session, code: str) -> tuple[str, str] | None:
    """Return the commune, empty for a province, and the province with this code."""
    for table, commune_code, commune in (
        (Commune, Commune.code, Commune.name),
        (Seller, Seller.commune_code, Seller.commune),
    ):
        found = session.execute(
            select(table.province_code, table.province, commune)
            .where(or_(commune_code == code, table.province_code == code))
            .limit(1)
        ).one_or_none()
        if found is not None:
            return "" if found[0] == code else found[2], found[1]
    return None


def counts(session: Session, wanted: Wanted, *, today: date) -> Sequence[Any]:
    """Return the numbers of goods by kind, seller, place and OCOP stars, whatever is chosen.

    Rows have `kind, slug, short_name, province_code, province, commune_code, commune, mode,
    stars, fits_price, is_there, goods`: the last but one say whether the goods cost what was
    asked for and can be had, where that was asked. Choices are counted from them, so that each
    is told with all others as they are.
    """
    return session.execute(_counts(wanted.shape()), wanted.values(today)).all()


@lru_cache(maxsize=256)
def _counts(wanted: Wanted) -> Any:
    stars, lowest = stars_of_products(), lowest_prices()
    has_price = bool(wanted.price_from or wanted.price_to)
    there = stock_of_packs() if wanted.in_stock else None
    is_there = true() if there is None else Product.id.in_(select(there.c.product_id))
    grouped = (
        Product.kind, Seller.slug, Seller.short_name, Seller.province_code, Seller.province,
        Seller.commune_code, Seller.commune, Seller.mode,
        func.coalesce(stars.c.stars, cast(null(), Integer)).label("stars"),
        (fits_price(wanted, lowest) if has_price else true()).label("fits_price"),
        is_there.label("is_there"),
    )  # fmt: skip
    each = select(*grouped).select_from(Product).join(Seller, Seller.id == Product.seller_id)
    each = each.outerjoin(stars, stars.c.product_id == Product.id)
    if has_price:
        each = each.join(lowest, lowest.c.product_id == Product.id)
    goods = may_be_shown(each, wanted).subquery("goods")
    return select(*goods.c, func.count().label("goods")).group_by(*goods.c)
