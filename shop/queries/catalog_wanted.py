"""What a list of goods is narrowed to, and the conditions that this makes."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Integer, and_, bindparam, func, select, true
from sqlalchemy.sql.elements import ColumnElement

from shop.models.base import total
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import (
    Certificate,
    CertificateProduct,
    Pack,
    Product,
    ProductState,
    Seller,
)
from shop.models.inventory import Place, StockLevel
from shop.queries.catalog import is_shown
from shop.queries.inventory import fit_to_sell

SORTS = ("stock", "price", "new")
"""In stock first, cheapest first, newest made first."""

TODAY: BindParameter[date] = bindparam("today")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means everything. `ids` come best first, `tiers` say how
    near each is: what is sold out comes last of those as near as it.

    `stars` is the least number of OCOP stars, the two prices are whole đồng, both included.
    """

    demo: bool
    kind: str = ""
    seller: str = ""
    province: str = ""
    commune: str = ""
    stars: int = 0
    price_from: int = 0
    price_to: int = 0
    in_stock: bool = False
    sort: str = "stock"
    ids: tuple[int, ...] | None = None
    tiers: tuple[int, ...] = ()
    but_not: int | None = None

    def shape(self) -> "Wanted":
        """Return what the statement for it looks like, whatever the values are."""
        return replace(
            self,
            kind="*" if self.kind else "",
            seller="*" if self.seller else "",
            province="*" if self.province else "",
            commune="*" if self.commune else "",
            stars=1 if self.stars else 0,
            price_from=1 if self.price_from else 0,
            price_to=1 if self.price_to else 0,
            but_not=None if self.but_not is None else 0,
        )

    def values(self, today: date) -> dict[str, Any]:
        """Return the values that the statement of its shape asks for."""
        return {
            "today": today,
            "kind": self.kind,
            "seller": self.seller,
            "province": self.province,
            "commune": self.commune,
            "stars": self.stars,
            "price_from": self.price_from,
            "price_to": self.price_to,
            "but_not": self.but_not,
        }


def may_be_shown(statement: Any, wanted: Wanted) -> Any:
    """Return `statement` over Product and Seller for what is on the shelf and was asked for."""
    offered = select(Pack.id).where(Pack.product_id == Product.id, Pack.is_offered).exists()
    statement = statement.where(
        Product.state == ProductState.PUBLISHED, is_shown(demo=wanted.demo), offered
    )
    if wanted.ids is not None:
        statement = statement.where(Product.id.in_(wanted.ids))
    if wanted.but_not is not None:
        statement = statement.where(Product.id != bindparam("but_not"))
    return statement


def fits_choices(wanted: Wanted, stars: Any) -> ColumnElement[bool]:
    """Return the condition of what was chosen by kind, seller, place and stars."""
    conditions: list[Any] = [true()]
    if wanted.kind:
        conditions.append(Product.kind == bindparam("kind"))
    if wanted.seller:
        conditions.append(Seller.slug == bindparam("seller"))
    if wanted.province:
        conditions.append(Seller.province_code == bindparam("province"))
    if wanted.commune:
        conditions.append(Seller.commune_code == bindparam("commune"))
    if wanted.stars:
        conditions.append(stars.c.stars >= bindparam("stars", type_=Integer))
    return and_(*conditions)


def fits_price(wanted: Wanted, lowest: Any) -> ColumnElement[bool]:
    """Return the condition that the cheapest pack costs what was asked for."""
    conditions: list[Any] = [true()]
    if wanted.price_from:
        conditions.append(lowest.c.price_vnd >= bindparam("price_from", type_=BigInteger))
    if wanted.price_to:
        conditions.append(lowest.c.price_vnd <= bindparam("price_to", type_=BigInteger))
    return and_(*conditions)


def stock_of_packs() -> Any:
    """Return what of each pack may be sold online today, and when the newest of it was made."""
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
        .where(Place.sells_online, Pack.is_offered, fit_to_sell(TODAY))
        .where(StockLevel.on_hand > StockLevel.reserved)
        .group_by(BatchPack.pack_id, Pack.product_id)
        .cte("stock")
    )


def lowest_prices() -> Any:
    """Return the price of the cheapest pack of each product, in đồng."""
    return (
        select(Pack.product_id, func.min(Pack.price_vnd).label("price_vnd"))
        .where(Pack.is_offered)
        .group_by(Pack.product_id)
        .cte("lowest_price")
    )


def stars_of_products() -> Any:
    """Return the OCOP stars of each product whose paper holds today for all its batches."""
    stars = Certificate.extra["stars"].as_integer()
    return (
        select(CertificateProduct.product_id, func.max(stars).label("stars"))
        .join(Certificate, Certificate.id == CertificateProduct.certificate_id)
        .where(Certificate.kind == "ocop", Certificate.covers_all_batches, holds(TODAY))
        .group_by(CertificateProduct.product_id)
        .cte("ocop")
    )


def holds(day: Any) -> ColumnElement[bool]:
    """Return the condition that a certificate is valid on `day` (both ends included)."""
    return and_(
        Certificate.issued_on <= day,
        Certificate.expires_on.is_(None) | (Certificate.expires_on >= day),
        Certificate.revoked_on.is_(None) | (Certificate.revoked_on > day),
    )
