"""Provinces and communes as dated data: the units of 2025 with the names people still use."""

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Model


class Commune(Model):
    """A xã, phường or đặc khu and the province it lies in."""

    __tablename__ = "commune"
    __table_args__ = (Index(None, "folded_name"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str]
    province_code: Mapped[str]
    province: Mapped[str]
    old_names: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
