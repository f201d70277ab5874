"""The append-only record of what happened to batches, and the log over it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Quantity, link_to


class TraceEvent(Model):
    """One EPCIS 2.0 event as canonical JSON; neither changed nor deleted, by trigger."""

    __tablename__ = "trace_event"
    __table_args__ = (
        UniqueConstraint("event_id", "is_error_declaration"),
        Index(None, "seller_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    event_id: Mapped[str]
    event_hash: Mapped[str]
    is_error_declaration: Mapped[bool] = mapped_column(default=False)
    client_id: Mapped[str | None] = mapped_column(unique=True)
    """The id the form gave the entry: the same entry sent twice is one event."""
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[str]


class LineageEdge(Model):
    """What one event carried from one batch into another."""

    __tablename__ = "lineage_edge"
    __table_args__ = (
        Index(None, "from_batch_id", "to_batch_id"),
        Index(None, "to_batch_id", "from_batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(link_to("trace_event"))
    from_batch_id: Mapped[int] = mapped_column(link_to("batch"))
    to_batch_id: Mapped[int] = mapped_column(link_to("batch"))
    quantity_g: Mapped[Quantity]

    event: Mapped[TraceEvent] = relationship()


class LogLeaf(Model):
    """One event's place in the transparency log."""

    __tablename__ = "log_leaf"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(link_to("trace_event"), unique=True)
    leaf_hash: Mapped[str]
    appended_at: Mapped[datetime]


class LogCheckpoint(Model):
    """The root of the log at a size, as it was published."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str]
    published_at: Mapped[datetime]
