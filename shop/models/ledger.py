"""The books: double entry in whole đồng, nothing changed and nothing deleted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Money, link_to


class LedgerEntry(Model):
    """One fact about money in one seller's books; its postings sum to zero."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index(None, "seller_id", "happened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    key: Mapped[str] = mapped_column(unique=True)
    """What the entry records, so that it is recorded once: `receipt:credit:17`."""
    kind: Mapped[str]
    text: Mapped[str]
    order_id: Mapped[int | None] = mapped_column(link_to("sales_order"), index=True)
    payment_id: Mapped[int | None] = mapped_column(link_to("payment"), index=True)
    reverses_id: Mapped[int | None] = mapped_column(link_to("ledger_entry"))
    actor_id: Mapped[int | None] = mapped_column(link_to("account"))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]

    postings: Mapped[list["Posting"]] = relationship(back_populates="entry", order_by="Posting.id")


class Posting(Model):
    """So many đồng onto an account (plus) or off it (minus)."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("amount_vnd <> 0", name="something_is_posted"),
        Index(None, "account", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(link_to("ledger_entry"), index=True)
    account: Mapped[str]
    amount_vnd: Mapped[Money]

    entry: Mapped[LedgerEntry] = relationship(back_populates="postings")
