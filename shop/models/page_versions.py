"""How often each public page has changed, so that a kept copy is checked by one look-up."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model


class PageVersion(Model):
    """A part of public pages; `version` grows whenever something that stands on it changes.

    `kind` and `id` name the part: `shop.page_sources` says which there are and who changes them.
    Versions are moments in microseconds, so that those of a database brought back from a backup
    never come a second time for other words.
    """

    __tablename__ = "page_version"

    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
    next_change_at: Mapped[datetime | None]
    """From when on it is another page although nothing was changed: the next midnight."""
