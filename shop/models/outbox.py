"""Promises to tell someone outside, kept in the transaction that made them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model, choice, link_to


class OutboxState(StrEnum):
    """How far a promise is."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"


class OutboxMessage(Model):
    """One thing to tell someone outside; its key never changes, so saying it twice is harmless."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int | None] = mapped_column(link_to("seller"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    """What it is about; messages of one subject go in the order they were written."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState, "state"))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    last_error: Mapped[str] = mapped_column(default="")


class JobRun(Model):
    """One turn of a periodic job: the row is unique, so the turn is taken once."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    worker: Mapped[str]
    finished_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(default="")
