"""Market stalls: who stands there and where the money of its QR goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model, link_to


class Stall(Model):
    """A stall of a market point, or a shop by the road."""

    __tablename__ = "stall"
    __table_args__ = (UniqueConstraint("seller_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    owner_id: Mapped[int | None] = mapped_column(link_to("member"))
    code: Mapped[str]
    name: Mapped[str]
    goods: Mapped[str] = mapped_column(default="")
    memo_prefix: Mapped[str]
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
