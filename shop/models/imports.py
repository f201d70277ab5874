"""Files that were brought in: each run, what it made and changed, and whether it was undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, choice, link_to
from shop.models.catalog import Seller


class ImportAct(StrEnum):
    """What a run did to one thing."""

    CREATED = "created"
    CHANGED = "changed"
    STOCKED = "stocked"
    """Packs were put into a batch of their own, as goods that were there before the books."""


class ImportRun(Model):
    """One file that somebody let in, once: `token` is that of the page it was confirmed on."""

    __tablename__ = "import_run"
    __table_args__ = (Index(None, "seller_id", "kind", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    account_id: Mapped[int | None] = mapped_column(link_to("account"))
    """Who confirmed it; nobody's account where the command line did."""
    kind: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    """SHA-256 of the file's bytes."""
    file_name: Mapped[str]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    """Rows of the file by what became of them: `new`, `changed`, `unchanged`, `refused`."""
    imported_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(link_to("account"))

    seller: Mapped[Seller] = relationship()
    rows: Mapped[list["ImportRow"]] = relationship(back_populates="run", order_by="ImportRow.id")


class ImportRow(Model):
    """One thing that a run made or changed, with what stood there before and after."""

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(link_to("import_run"), index=True)
    number: Mapped[int]
    """The row of the file that said so first."""
    act: Mapped[ImportAct] = mapped_column(choice(ImportAct, "act"))
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    title: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    kept_because: Mapped[str | None]
    """After an undo: the code of the reason why this could not be taken back."""

    run: Mapped[ImportRun] = relationship(back_populates="rows")
