"""Who sells, what is sold, in which packs, at which price, and which papers stand behind it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import IDS_ONCE, Model, Money, Quantity, choice, link_to


class SellerKind(StrEnum):
    """What kind of seller of record this is."""

    COOPERATIVE = "cooperative"
    MARKET_POINT = "market_point"
    HOUSEHOLD = "household"


class SellerMode(StrEnum):
    """Whether real goods and money move."""

    LIVE = "live"
    TRAINING = "training"


class Seller(Model):
    """The tenant and the seller of record; everything sold or earned belongs to one."""

    __tablename__ = "seller"
    __table_args__ = (
        CheckConstraint("length(order_prefix) = 2", name="order_prefix_is_two_letters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SellerKind] = mapped_column(choice(SellerKind, "kind"))
    mode: Mapped[SellerMode] = mapped_column(choice(SellerMode, "mode"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    lot_prefix: Mapped[str] = mapped_column(unique=True)
    order_prefix: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str] = mapped_column(default="")
    """The same in English; empty where nobody wrote it."""
    hamlet: Mapped[str] = mapped_column(default="")
    commune: Mapped[str]
    commune_code: Mapped[str]
    province: Mapped[str]
    province_code: Mapped[str]
    old_address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    tax_code: Mapped[str | None]
    registration_no: Mapped[str | None]
    registered_on: Mapped[date | None]
    registered_by: Mapped[str] = mapped_column(default="")
    """Who issued the registration."""
    responsible: Mapped[str] = mapped_column(default="")
    """The person who answers for the seller."""
    gs1_prefix_length: Mapped[int | None]
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    products: Mapped[list["Product"]] = relationship(back_populates="seller")

    @property
    def is_training(self) -> bool:
        """Return whether nothing here is real: no goods leave and no money moves."""
        return self.mode is SellerMode.TRAINING


class ProductState(StrEnum):
    """How far a product is on its way to the shelf."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Product(Model):
    """One speciality of one seller, sold in one or more packs."""

    __tablename__ = "product"
    __table_args__ = (Index(None, "seller_id", "state"), IDS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    member_id: Mapped[int | None] = mapped_column(link_to("member"), index=True)
    """The member whose own goods these are; nothing for what the seller makes itself."""
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[ProductState] = mapped_column(choice(ProductState, "state"))
    description: Mapped[str] = mapped_column(default="")
    ingredients: Mapped[list[str]] = mapped_column(JSON, default=list)
    allergens: Mapped[list[str]] = mapped_column(JSON, default=list)
    allergens_stated: Mapped[bool] = mapped_column(default=False)
    storage: Mapped[str] = mapped_column(default="")
    storage_min_c: Mapped[int | None]
    storage_max_c: Mapped[int | None]
    shelf_life_days: Mapped[int | None]
    shelf_life_open_days: Mapped[int | None]
    is_chilled: Mapped[bool] = mapped_column(default=False)
    ships_nationwide: Mapped[bool] = mapped_column(default=True)
    directions: Mapped[str] = mapped_column(default="")
    cautions: Mapped[list[str]] = mapped_column(JSON, default=list)
    english: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What its texts say in English, by the names of these columns; those that somebody wrote."""
    search_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    brand: Mapped[str] = mapped_column(default="")
    tax_class: Mapped[str] = mapped_column(default="standard")
    yield_range: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    """When the product or one of its packs was changed last: it moves `version` with it."""
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Seller] = relationship(back_populates="products")
    packs: Mapped[list["Pack"]] = relationship(
        back_populates="product", order_by="Pack.position, Pack.id"
    )
    photos: Mapped[list["Photo"]] = relationship(
        back_populates="product", order_by="Photo.is_sample, Photo.position, Photo.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class FormerAddress(Model):
    """An address a product had before it was renamed: it leads to the product for ever."""

    __tablename__ = "former_address"

    slug: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(link_to("product"), index=True)
    left_at: Mapped[datetime]


class NetUnit(StrEnum):
    """What the net content of a pack is counted in."""

    GRAM = "g"
    MILLILITRE = "ml"


class Pack(Model):
    """One size of a product as it stands on the shelf: one SKU, one GTIN, one price."""

    __tablename__ = "pack"
    __table_args__ = (
        UniqueConstraint("seller_id", "sku"),
        CheckConstraint("price_vnd > 0", name="price_is_positive"),
        CheckConstraint("net_quantity > 0", name="net_is_positive"),
        CheckConstraint("length(gtin) = 14", name="gtin_has_14_digits"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    product_id: Mapped[int] = mapped_column(link_to("product"), index=True)
    sku: Mapped[str]
    gtin: Mapped[str] = mapped_column(unique=True)
    gtin_is_internal: Mapped[bool] = mapped_column(default=True)
    label: Mapped[str]
    label_en: Mapped[str] = mapped_column(default="")
    unit: Mapped[str]
    net_quantity: Mapped[Quantity]
    net_unit: Mapped[NetUnit] = mapped_column(choice(NetUnit, "net_unit"))
    mass_g: Mapped[Quantity]
    price_vnd: Mapped[Money]
    price_vnd_per_kg: Mapped[Money | None]
    position: Mapped[int] = mapped_column(default=0)
    is_offered: Mapped[bool] = mapped_column(default=True)

    product: Mapped[Product] = relationship(back_populates="packs")


PHOTO_WIDTHS = (160, 320, 640, 1280)
"""Longest edges in pixels of the copies of a photo that are kept."""

PHOTO_SMALL, PHOTO_MIDDLE, PHOTO_LARGE = PHOTO_WIDTHS[1:]


class Photo(Model):
    """One picture of a product or of one pack, re-encoded under a name that never changes.

    `extension` says in which format it is there from the beginning, in `PHOTO_WIDTHS`; `formats`
    in which others by now.
    """

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(link_to("product"), index=True)
    pack_id: Mapped[int | None] = mapped_column(link_to("pack"), index=True)
    """The pack it shows; nothing for a picture of the product as such."""
    key: Mapped[str] = mapped_column(unique=True)
    extension: Mapped[str]
    formats: Mapped[str] = mapped_column(default="")
    """File endings with commas between, smallest files first: `avif,jpg`."""
    formats_tried: Mapped[str] = mapped_column(default="")
    """What the machine could write when it was tried last; it is tried again with more."""
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    product: Mapped[Product] = relationship(back_populates="photos")


class Certificate(Model):
    """A paper that allows a claim, with who issued it and how long it holds."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    issuer: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    scope: Mapped[str] = mapped_column(default="")
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    covers_all_batches: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)

    def is_valid_on(self, day: date) -> bool:
        """Return whether the paper holds on `day` (both ends included)."""
        if self.revoked_on is not None and self.revoked_on <= day:
            return False
        return self.issued_on <= day and (self.expires_on is None or day <= self.expires_on)


class CertificateProduct(Model):
    """A certificate that covers a product."""

    __tablename__ = "certificate_product"

    certificate_id: Mapped[int] = mapped_column(link_to("certificate"), primary_key=True)
    product_id: Mapped[int] = mapped_column(link_to("product"), primary_key=True, index=True)


class CertificateBatch(Model):
    """A certificate or test report that names single batches."""

    __tablename__ = "certificate_batch"

    certificate_id: Mapped[int] = mapped_column(link_to("certificate"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(link_to("batch"), primary_key=True, index=True)


class TaxRate(Model):
    """The VAT rate of a tax class over a span of days; `commerce.md` 8 keeps it as data."""

    __tablename__ = "tax_rate"
    __table_args__ = (UniqueConstraint("tax_class", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tax_class: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    rate_basis_points: Mapped[int | None]
    """Hundredths of a percent; nothing for goods outside VAT."""
    source: Mapped[str]
