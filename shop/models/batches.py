"""Batches: what was made together, out of what, in which steps, and whether it may be sold."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import IDS_ONCE, Model, Quantity, choice, link_to
from shop.models.catalog import Pack, Product, Seller
from shop.models.journal import TraceEvent
from shop.models.people import Member, Plot


class BatchKind(StrEnum):
    """What the quantity is: handed over, in bulk, or in packs for sale."""

    DELIVERY = "delivery"
    BULK = "bulk"
    RETAIL = "retail"


class BatchState(StrEnum):
    """Whether the batch may be sold; expiry follows from its date and is no state."""

    DRAFT = "draft"
    RELEASED = "released"
    HELD = "held"
    RECALLED = "recalled"


class Batch(Model):
    """A quantity made and traced together; `lot` is the code printed on it, never used twice."""

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("seller_id", "lot"),
        CheckConstraint(
            "expires_on IS NULL OR made_on IS NULL OR expires_on >= made_on",
            name="expires_after_it_is_made",
        ),
        Index(None, "seller_id", "state", "expires_on"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    product_id: Mapped[int | None] = mapped_column(link_to("product"), index=True)
    lot: Mapped[str] = mapped_column(index=True)
    kind: Mapped[BatchKind] = mapped_column(choice(BatchKind, "kind"))
    state: Mapped[BatchState] = mapped_column(choice(BatchState, "state"))
    goods: Mapped[str]
    quantity_g: Mapped[Quantity]
    """Grams delivered, or grams in bulk before packing."""
    made_on: Mapped[date | None]
    packed_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    released_at: Mapped[datetime | None]
    retained_sample_g: Mapped[Quantity] = mapped_column(default=0)
    leftover_g: Mapped[Quantity] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    seller: Mapped[Seller] = relationship()
    product: Mapped[Product | None] = relationship()
    packs: Mapped[list["BatchPack"]] = relationship(
        back_populates="batch", order_by="BatchPack.id"
    )
    inputs: Mapped[list["BatchInput"]] = relationship(
        back_populates="batch", foreign_keys="BatchInput.batch_id", order_by="BatchInput.id"
    )
    steps: Mapped[list["BatchStep"]] = relationship(
        back_populates="batch", order_by="BatchStep.seq"
    )
    notices: Mapped[list["BatchNotice"]] = relationship(
        back_populates="batch", order_by="BatchNotice.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def is_expired_on(self, day: date) -> bool:
        """Return whether the last day of sale lies before `day`."""
        return self.expires_on is not None and self.expires_on < day


class BatchPack(Model):
    """The packs of one size that a batch gave: one label, one address."""

    __tablename__ = "batch_pack"
    __table_args__ = (
        UniqueConstraint("batch_id", "pack_id"),
        CheckConstraint("produced >= 0", name="produced_is_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(link_to("batch"))
    pack_id: Mapped[int] = mapped_column(link_to("pack"), index=True)
    produced: Mapped[Quantity]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]

    batch: Mapped[Batch] = relationship(back_populates="packs")
    pack: Mapped[Pack] = relationship()


class InputKind(StrEnum):
    """What went into a batch, or onto the crop it came from."""

    RAW_MATERIAL = "raw_material"
    INGREDIENT = "ingredient"
    PACKAGING = "packaging"
    PESTICIDE = "pesticide"
    FERTILISER = "fertiliser"
    OTHER = "other"


class BatchInput(Model):
    """One thing that went in: a delivery, an ingredient, or a treatment of the plot."""

    __tablename__ = "batch_input"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(link_to("batch"), index=True)
    source_id: Mapped[int | None] = mapped_column(link_to("batch"), index=True)
    event_id: Mapped[int | None] = mapped_column(link_to("trace_event"))
    kind: Mapped[InputKind] = mapped_column(choice(InputKind, "kind"))
    name: Mapped[str]
    quantity_g: Mapped[Quantity] = mapped_column(default=0)
    member_id: Mapped[int | None] = mapped_column(link_to("member"), index=True)
    plot_id: Mapped[int | None] = mapped_column(link_to("plot"))
    supplier: Mapped[str] = mapped_column(default="")
    document: Mapped[str] = mapped_column(default="")
    harvested_on: Mapped[date | None]
    applied_on: Mapped[date | None]
    phi_days: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    batch: Mapped[Batch] = relationship(back_populates="inputs", foreign_keys=[batch_id])
    source: Mapped[Batch | None] = relationship(foreign_keys=[source_id])
    event: Mapped[TraceEvent | None] = relationship()
    member: Mapped[Member | None] = relationship()
    plot: Mapped[Plot | None] = relationship()


class BatchStep(Model):
    """One step of the work, with what went in, came out and was lost, all in grams."""

    __tablename__ = "batch_step"
    __table_args__ = (
        UniqueConstraint("batch_id", "seq"),
        CheckConstraint(
            "in_g + added_g = out_g + loss_g + by_product_g", name="in_equals_out_and_losses"
        ),
        CheckConstraint(
            "in_g >= 0 AND added_g >= 0 AND out_g >= 0 AND loss_g >= 0 AND by_product_g >= 0",
            name="weights_are_not_negative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(link_to("batch"))
    event_id: Mapped[int | None] = mapped_column(link_to("trace_event"))
    seq: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    place: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    in_g: Mapped[Quantity]
    added_g: Mapped[Quantity] = mapped_column(default=0)
    added_what: Mapped[str | None]
    out_g: Mapped[Quantity]
    loss_g: Mapped[Quantity] = mapped_column(default=0)
    loss_reason: Mapped[str | None]
    by_product_g: Mapped[Quantity] = mapped_column(default=0)
    by_product_to: Mapped[str | None]
    operator_id: Mapped[int | None] = mapped_column(link_to("member"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    batch: Mapped[Batch] = relationship(back_populates="steps")
    event: Mapped[TraceEvent | None] = relationship()
    operator: Mapped[Member | None] = relationship()


class NoticeKind(StrEnum):
    """What was declared about a batch."""

    HOLD = "hold"
    RECALL = "recall"


class BatchNotice(Model):
    """A hold or a recall: why, since when, what the buyer should do, and when it ended."""

    __tablename__ = "batch_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(link_to("batch"), index=True)
    event_id: Mapped[int | None] = mapped_column(link_to("trace_event"))
    kind: Mapped[NoticeKind] = mapped_column(choice(NoticeKind, "kind"))
    reason: Mapped[str]
    remedy: Mapped[str] = mapped_column(default="")
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")

    batch: Mapped[Batch] = relationship(back_populates="notices")


class CodeAlias(Model):
    """An address that was printed once and must lead to its batch for ever."""

    __tablename__ = "code_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    gtin: Mapped[str]
    lot: Mapped[str]
    batch_pack_id: Mapped[int] = mapped_column(link_to("batch_pack"))

    __table_args__ = (UniqueConstraint("gtin", "lot"),)


class ProblemState(StrEnum):
    """How far somebody has come with what was reported."""

    RECEIVED = "received"
    LOOKING = "looking"
    ANSWERED = "answered"
    SETTLED = "settled"


class ProblemReason(StrEnum):
    """What is wrong with an order that came, or did not."""

    DAMAGED = "damaged"
    MISSING = "missing"
    WRONG = "wrong"
    SPOILED = "spoiled"
    NOT_ARRIVED = "not_arrived"
    OTHER = "other"


class ProblemReport(Model):
    """What a buyer or a passer-by says is wrong with a pack, a batch or an order."""

    __tablename__ = "problem_report"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('answered', 'settled')) = (answered_at IS NOT NULL)",
            name="answered_when_answered",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    batch_id: Mapped[int | None] = mapped_column(link_to("batch"))
    order_id: Mapped[int | None] = mapped_column(link_to("sales_order"), index=True)
    code_seen: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    phone: Mapped[str | None]
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    state: Mapped[ProblemState] = mapped_column(
        choice(ProblemState, "state"), default=ProblemState.RECEIVED
    )
    reason: Mapped[ProblemReason | None] = mapped_column(choice(ProblemReason, "reason"))
    by_buyer: Mapped[bool] = mapped_column(default=False)
    """Written behind the private link of the order: there the answer is read."""

    photos: Mapped[list["ProblemPhoto"]] = relationship(
        back_populates="report", cascade="all, delete-orphan", order_by="ProblemPhoto.id"
    )


class ProblemPhoto(Model):
    """A photo that came with a report; its files stand under `key`, which nobody can guess."""

    __tablename__ = "problem_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(link_to("problem_report"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str]
    """Under which it was put aside while the form was filled in."""

    report: Mapped[ProblemReport] = relationship(back_populates="photos")
