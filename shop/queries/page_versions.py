"""The versions of the parts that public pages are made of: the look-up of a kept page."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, literal, or_, select
from sqlalchemy.orm import Session, aliased

from shop.models.page_versions import PageVersion

Part = tuple[str, int]
"""Kind and id."""

_ID, _VERSION = "part_of_", "version_of_"


def columns(**parts: Any) -> list[ColumnElement[Any]]:
    """Return columns for the first statement of a page: id and version of each of its `parts`.

    Each is named by its kind and gives the column its id comes from, or the id.
    """
    found: list[ColumnElement[Any]] = []
    for kind, identity in parts.items():
        row = aliased(PageVersion)
        version = (
            select(row.version)
            .where(row.kind == kind, row.id == identity)
            .correlate_except(row)
            .scalar_subquery()
        )
        known = literal(identity) if isinstance(identity, int) else identity
        found += [known.label(_ID + kind), version.label(_VERSION + kind)]
    return found


def of_row(row: Any) -> dict[Part, int | None]:
    """Return what the `columns` of this row say; a part nobody has seen yet has no version."""
    values: Mapping[str, Any] = row._mapping
    return {
        (name.removeprefix(_ID), values[name]): values[_VERSION + name.removeprefix(_ID)]
        for name in values
        if name.startswith(_ID)
    }


def read(session: Session, parts: Collection[Part], *, now: datetime) -> dict[Part, int | None]:
    """Return the version of each of `parts`, looked up by primary key in one statement.

    A part whose time is up at `now` has none: a page kept until then is another one today.
    """
    values: dict[str, Any] = {}
    for number, (kind, identity) in enumerate(sorted(parts)):
        values |= {f"kind_{number}": kind, f"id_{number}": identity}
    found = {
        (row.kind, row.id): row.version
        for row in session.execute(_read(len(parts)), values)
        if row.next_change_at is None or row.next_change_at > now
    }
    return {part: found.get(part) for part in parts}


@lru_cache(maxsize=16)
def _read(count: int) -> Any:
    table = PageVersion.__table__.columns  # no objects: this is all that a kept page costs
    wanted = (
        and_(table.kind == bindparam(f"kind_{n}"), table.id == bindparam(f"id_{n}"))
        for n in range(count)
    )
    return select(table.kind, table.id, table.version, table.next_change_at).where(or_(*wanted))
