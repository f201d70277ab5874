"""Invoices: for whom a buyer wants one, and under which number it was made out.

The shop makes out no invoice itself: the seller's own software does. It keeps what goes on it.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Money, choice, link_to


class InvoiceBuyer(StrEnum):
    """As what somebody buys."""

    PERSON = "person"
    COMPANY = "company"
    HOUSEHOLD = "household"


class InvoiceRequest(Model):
    """For whom the invoice of an order is wanted; given up where the buyer wants none any more."""

    __tablename__ = "invoice_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), unique=True)
    kind: Mapped[InvoiceBuyer] = mapped_column(choice(InvoiceBuyer, "kind"))
    name: Mapped[str]
    tax_code: Mapped[str] = mapped_column(default="")
    """Of a company or household 10 digits, or `-` and 3 more; of a person 12; or nothing."""
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    given_up_at: Mapped[datetime | None]


class Invoice(Model):
    """That the invoice of an order was made out: added to, never changed.

    One that puts another right names it and says why; the last one of an order stands.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        CheckConstraint("total_vnd = net_vnd + tax_vnd", name="total_adds_up"),
        CheckConstraint("(corrects_id IS NULL) = (reason = '')", name="corrected_for_a_reason"),
        Index(
            "uq_invoice_first_of_order",
            "order_id",
            unique=True,
            sqlite_where=text("corrects_id IS NULL"),
            postgresql_where=text("corrects_id IS NULL"),
        ),
        Index(None, "seller_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), index=True)
    number: Mapped[str]
    issued_on: Mapped[date]
    net_vnd: Mapped[Money]
    tax_vnd: Mapped[Money]
    total_vnd: Mapped[Money]
    corrects_id: Mapped[int | None] = mapped_column(link_to("invoice"), unique=True)
    reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(link_to("account"))

    sums: Mapped[list["InvoiceSum"]] = relationship(order_by="InvoiceSum.id")


class InvoiceSum(Model):
    """What an invoice says of one tax class at one rate."""

    __tablename__ = "invoice_sum"
    __table_args__ = (CheckConstraint("total_vnd = net_vnd + tax_vnd", name="total_adds_up"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(link_to("invoice"), index=True)
    tax_class: Mapped[str]
    tax_basis_points: Mapped[int | None]
    net_vnd: Mapped[Money]
    tax_vnd: Mapped[Money]
    total_vnd: Mapped[Money]
