"""What every table shares: the metadata, its naming rule, and the types for time and money."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    MetaData,
    Text,
    TypeDecorator,
    cast,
    func,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

Money = Annotated[int, mapped_column(BigInteger)]
"""Whole đồng."""

Quantity = Annotated[int, mapped_column(BigInteger)]
"""Pieces of a pack, or grams or millilitres of what is sold by weight or volume."""

IDS_ONCE = {"sqlite_autoincrement": True}
"""For tables from which an undo takes rows out: SQLite gives no id a second time either, so that
the trail of one thing never seems to be that of another."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with a zone: stored in UTC, given back in UTC, refused without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC; a naive value is a mistake of ours and raises `ValueError`."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Return a text column type that accepts the values of `kind` alone, in any database."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def total(column: Any) -> Any:
    """Return the sum of whole numbers as a whole number: PostgreSQL makes it a decimal else."""
    return cast(func.sum(column), BigInteger)


def link_to(table: str) -> Any:
    """Return a foreign key to `table`; rows that others point at are never deleted."""
    return ForeignKey(f"{table}.id", ondelete="RESTRICT")


class Model(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text(), datetime: UtcDateTime()}  # noqa: RUF012
