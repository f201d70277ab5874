"""Carts and orders: what somebody wants, from one seller, and how far it has come."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Money, Quantity, choice, link_to
from shop.models.catalog import Pack, Seller
from shop.models.inventory import Allocation, Reservation


class Cart(Model):
    """What a browser has put aside; it is found by the hash of a token in a cookie."""

    __tablename__ = "cart"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    updated_at: Mapped[datetime] = mapped_column(index=True)
    last_press: Mapped[str] = mapped_column(default="", server_default="")
    """Which press of a button put something in last: the same again puts in nothing."""

    lines: Mapped[list["CartLine"]] = relationship(
        back_populates="cart", cascade="all, delete-orphan", order_by="CartLine.pack_id"
    )


class CartLine(Model):
    """So many of one pack in a cart, with the price its owner saw."""

    __tablename__ = "cart_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="something_is_wanted"),)

    cart_id: Mapped[int] = mapped_column(link_to("cart"), primary_key=True)
    pack_id: Mapped[int] = mapped_column(link_to("pack"), primary_key=True)
    quantity: Mapped[Quantity]
    seen_price_vnd: Mapped[Money]

    cart: Mapped[Cart] = relationship(back_populates="lines")
    pack: Mapped[Pack] = relationship()


class DeliveryKind(StrEnum):
    """How goods reach the buyer."""

    PICKUP = "pickup"
    OWN = "own"
    PARCEL = "parcel"


class DeliveryMethod(Model):
    """A way of delivery that a seller offers, its fee, and where it reaches."""

    __tablename__ = "delivery_method"

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    kind: Mapped[DeliveryKind] = mapped_column(choice(DeliveryKind, "kind"))
    name: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    fee_vnd: Mapped[Money]
    """What it costs; where there is a table, the lowest fee in it."""
    fee_table: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """Rows of place and weight (`shop/delivery_fees.py`); nothing means one fee."""
    carrier: Mapped[str] = mapped_column(default="")
    """Who carries the parcels, as the office writes it when one leaves."""
    tracking_template: Mapped[str] = mapped_column(default="")
    """The address of the carrier's tracking page with `{code}` in it."""
    is_chilled: Mapped[bool] = mapped_column(default=False)
    province_codes: Mapped[list[str] | None] = mapped_column(JSON)
    """Provinces it reaches; nothing means everywhere."""
    days: Mapped[int] = mapped_column(default=0)
    """Days from the order to the door, at the most; goods must last that long."""
    cutoff: Mapped[str] = mapped_column(default="")
    """The hour until which an order leaves the same day, `10:00` in Việt Nam; empty: any."""
    rest_weekdays: Mapped[list[int] | None] = mapped_column(JSON)
    """Days of the week on which nothing leaves, Monday being 1."""
    rest_days: Mapped[list[str] | None] = mapped_column(JSON)
    """Dates on which nothing leaves, as 2027-02-06."""
    takes_cod: Mapped[bool] = mapped_column(default=True)
    tax_class: Mapped[str] = mapped_column(default="standard", server_default="standard")
    """By which the fee is taxed."""
    position: Mapped[int] = mapped_column(default=0)
    is_offered: Mapped[bool] = mapped_column(default=True)


class OrderState(StrEnum):
    """How far an order has come; `services.order_moves` holds the table of moves."""

    NEW = "new"
    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMED = "confirmed"
    PACKING = "packing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DELIVERY_FAILED = "delivery_failed"
    RETURNED = "returned"


class Order(Model):
    """One checkout: one buyer, one seller, one payment."""

    __tablename__ = "sales_order"
    __table_args__ = (
        CheckConstraint("total_vnd = goods_vnd + delivery_vnd", name="total_adds_up"),
        Index(None, "seller_id", "state", "placed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    code: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    state: Mapped[OrderState] = mapped_column(choice(OrderState, "state"))
    channel: Mapped[str] = mapped_column(default="web")
    payment_way: Mapped[str]
    buyer_name: Mapped[str]
    buyer_phone: Mapped[str] = mapped_column(index=True)
    buyer_email: Mapped[str] = mapped_column(default="")
    street: Mapped[str]
    commune: Mapped[str]
    commune_code: Mapped[str | None]
    typed_commune: Mapped[str] = mapped_column(default="", server_default="")
    """The place in the buyer's own words; empty for orders from before they were kept."""
    province: Mapped[str]
    province_code: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    gift_card: Mapped[str] = mapped_column(default="", server_default="")
    """What stands on the card that goes with a gift."""
    hides_prices: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the paper in the parcel says no prices: whoever gets it has not bought it."""
    goods_vnd: Mapped[Money]
    delivery_vnd: Mapped[Money]
    delivery_tax_class: Mapped[str] = mapped_column(default="", server_default="")
    """Empty for orders from before fees had one."""
    delivery_tax_basis_points: Mapped[int | None]
    delivery_tax_vnd: Mapped[Money] = mapped_column(default=0, server_default="0")
    total_vnd: Mapped[Money]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Names, prices, texts, terms and consent as they stood when it was placed; never changed."""
    is_short: Mapped[bool] = mapped_column(default=False)
    call_tries: Mapped[int] = mapped_column(default=0)
    hold_until: Mapped[datetime | None]
    placed_at: Mapped[datetime]
    cancel_reason: Mapped[str] = mapped_column(default="")
    forget_from: Mapped[datetime | None]
    """Since when the buyer wants to be forgotten: done as soon as nothing of it is open."""
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    locale: Mapped[str] = mapped_column(default="vi")
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Seller] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", order_by="OrderLine.id"
    )
    moves: Mapped[list["OrderMove"]] = relationship(
        back_populates="order", order_by="OrderMove.id"
    )
    parcels: Mapped[list["Parcel"]] = relationship(back_populates="order", order_by="Parcel.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def discount_vnd(self) -> int:
        """Return the đồng that a voucher took off the goods."""
        return sum(line.discount_vnd for line in self.lines)

    @property
    def is_gift(self) -> bool:
        """Return whether it goes to somebody who has not bought it."""
        return bool(self.gift_card) or self.hides_prices


class OrderLine(Model):
    """So many of one pack at the price of the moment; the tax is inside the price."""

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "pack_id"),
        CheckConstraint("quantity > 0", name="something_is_ordered"),
        CheckConstraint("total_vnd >= 0", name="total_is_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(link_to("sales_order"))
    pack_id: Mapped[int] = mapped_column(link_to("pack"), index=True)
    title: Mapped[str]
    quantity: Mapped[Quantity]
    unit_price_vnd: Mapped[Money]
    discount_vnd: Mapped[Money] = mapped_column(default=0, server_default="0")
    """What a voucher takes off this line."""
    total_vnd: Mapped[Money]
    tax_class: Mapped[str]
    tax_basis_points: Mapped[int | None]
    tax_vnd: Mapped[Money] = mapped_column(default=0)

    @property
    def before_discount_vnd(self) -> int:
        """Return quantity times price: what the line would cost without a voucher."""
        return self.total_vnd + self.discount_vnd

    order: Mapped[Order] = relationship(back_populates="lines")
    pack: Mapped[Pack] = relationship()
    reservations: Mapped[list[Reservation]] = relationship(order_by=Reservation.id)
    allocations: Mapped[list[Allocation]] = relationship(order_by=Allocation.id)


class OrderMove(Model):
    """One change of state: from where, to where, when, by whom."""

    __tablename__ = "order_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), index=True)
    from_state: Mapped[OrderState | None] = mapped_column(choice(OrderState, "from_state"))
    to_state: Mapped[OrderState] = mapped_column(choice(OrderState, "to_state"))
    moved_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(link_to("account"))
    note: Mapped[str] = mapped_column(default="")

    order: Mapped[Order] = relationship(back_populates="moves")


class Parcel(Model):
    """What left the house, with whom, under which code."""

    __tablename__ = "parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), index=True)
    carrier: Mapped[str]
    tracking_code: Mapped[str] = mapped_column(default="")
    tracking_url: Mapped[str] = mapped_column(default="")
    """Where it could be followed when it left; empty where its carrier has no such page."""
    shipped_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    failed_reason: Mapped[str] = mapped_column(default="")

    order: Mapped[Order] = relationship(back_populates="parcels")
