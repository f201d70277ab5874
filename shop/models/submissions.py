"""What members send from their phones for the office to decide: a product to sell, a batch."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, choice, link_to
from shop.models.batches import Batch
from shop.models.catalog import Product, Seller
from shop.models.people import Account, Member


class SubmissionKind(StrEnum):
    """What a member wants."""

    PRODUCT = "product"
    BATCH = "batch"


class SubmissionState(StrEnum):
    """How far it has come; `services.submissions` holds the table of moves."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Submission(Model):
    """One wish of a member, kept as it was typed; nothing of it is public before it is approved.

    `client_id` is made on the phone: however often one entry arrives, it is one row.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("seller_id", "client_id"),
        CheckConstraint(
            "(state IN ('approved', 'returned')) = (decided_at IS NOT NULL)",
            name="decided_when_decided",
        ),
        Index(None, "seller_id", "state", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    member_id: Mapped[int] = mapped_column(link_to("member"), index=True)
    kind: Mapped[SubmissionKind] = mapped_column(choice(SubmissionKind, "kind"))
    state: Mapped[SubmissionState] = mapped_column(choice(SubmissionState, "state"))
    client_id: Mapped[str]
    product_id: Mapped[int | None] = mapped_column(link_to("product"), index=True)
    """The product to be changed; of an approved new one the product it became."""
    batch_id: Mapped[int | None] = mapped_column(link_to("batch"), index=True)
    """The batch that was opened for it."""
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Every field as it was typed."""
    understood: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was read out of the fields when it was sent: đồng, grams, days."""
    photo: Mapped[str] = mapped_column(default="")
    """The token under which the photo waits; empty without one."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it came back, in the words the member reads."""
    office_changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the office changed before it approved: field -> [sent, approved]."""
    made_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    """Who typed it: the member's own account, or a helper's."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    decided_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """When the member read the decision."""
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Seller] = relationship()
    member: Mapped[Member] = relationship()
    product: Mapped[Product | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    made_by: Mapped[Account | None] = relationship(foreign_keys=[made_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
