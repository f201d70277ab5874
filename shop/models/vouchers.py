"""Vouchers: what a seller gives off, to whom, how often, and what it has cost so far."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Money, choice, link_to
from shop.models.orders import Order


class VoucherKind(StrEnum):
    """How much a voucher takes off."""

    PERCENT = "percent"
    AMOUNT = "amount"


class Voucher(Model):
    """One offer of a seller: with a code, or of itself where `code` is missing.

    `used_count` and `used_vnd` are the sums of its uses that stand, changed with them while the
    row is locked, so that no limit is passed by two orders at once.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("seller_id", "code"),
        CheckConstraint("amount > 0", name="something_is_given"),
        CheckConstraint("kind <> 'percent' OR amount <= 100", name="no_more_than_all"),
        CheckConstraint("used_count >= 0 AND used_vnd >= 0", name="uses_are_counted"),
        CheckConstraint("used_count <= uses_most", name="no_more_uses_than_meant"),
        CheckConstraint("used_vnd <= budget_vnd", name="no_more_money_than_meant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    code: Mapped[str | None]
    name: Mapped[str]
    kind: Mapped[VoucherKind] = mapped_column(choice(VoucherKind, "kind"))
    amount: Mapped[Money]
    """Per cent, or đồng."""
    cap_vnd: Mapped[Money | None]
    minimum_vnd: Mapped[Money] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    uses_most: Mapped[int | None]
    uses_per_phone: Mapped[int | None]
    budget_vnd: Mapped[Money | None]
    product_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """Products it is for; nothing means all."""
    is_open: Mapped[bool] = mapped_column(default=True)
    used_count: Mapped[int] = mapped_column(default=0)
    used_vnd: Mapped[Money] = mapped_column(default=0)


class VoucherUse(Model):
    """One order that a voucher made cheaper; given back when the order came to nothing."""

    __tablename__ = "voucher_use"
    __table_args__ = (
        CheckConstraint("amount_vnd > 0", name="something_was_given"),
        Index(None, "voucher_id", "phone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(link_to("voucher"))
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), unique=True)
    phone: Mapped[str]
    amount_vnd: Mapped[Money]
    taken_at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]

    voucher: Mapped[Voucher] = relationship()
    order: Mapped[Order] = relationship()
