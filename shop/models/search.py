"""Words for one thing that an office added to those the shop knows."""

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model, link_to


class SynonymGroup(Model):
    """Words that mean one thing, for searching; whichever of them is typed finds the others."""

    __tablename__ = "synonym_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    words: Mapped[list[str]] = mapped_column(JSON)
    """As they were typed, in NFC: two at the least."""
    key: Mapped[str] = mapped_column(unique=True)
    """The same words folded and in order: a group is there once."""
    added_at: Mapped[datetime]
