"""Who wants to be told when a sold-out pack can be had again, until they were told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, link_to
from shop.models.catalog import Pack


class StockWatch(Model):
    """One person who waits for one pack; the row goes once it has served."""

    __tablename__ = "stock_watch"
    __table_args__ = (
        UniqueConstraint("pack_id", "phone", "email"),
        CheckConstraint("(phone = '') <> (email = '')", name="one_way_to_tell"),
        Index(None, "seller_id", "turn_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    pack_id: Mapped[int] = mapped_column(link_to("pack"))
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(unique=True)
    locale: Mapped[str] = mapped_column(default="vi")
    asked_at: Mapped[datetime]
    turn_at: Mapped[datetime | None]
    """When it was this person's turn: the letter was promised, or the call is due."""
    told_at: Mapped[datetime | None]

    pack: Mapped[Pack] = relationship()
