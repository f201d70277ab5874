"""Storing many new rows in a few statements, where one by one they would hold the books too long.

A flush asks SQLite for the id of each row in a statement of its own. Here ids are taken first,
which nobody else can do meanwhile, and each table gets its rows at once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, inspect, select, text
from sqlalchemy.orm import RelationshipDirection, Session

from shop.models.base import Model


def insert_all(session: Session, rows: Iterable[Model]) -> None:
    """Store `rows`, which are new and in no session, and give each its id.

    What they point at by a relationship is stored already or among them.
    """
    by_table: dict[str, list[Model]] = {}
    for row in rows:
        by_table.setdefault(row.__tablename__, []).append(row)
    session.flush()
    for table in Model.metadata.sorted_tables:
        if some := by_table.get(table.name):
            _give_ids(session, table, some)
            session.execute(insert(type(some[0])), [_values(row) for row in some])


def insert_pending(session: Session, *models: type[Model]) -> None:
    """Store the rows of `models` that wait in `session` for its next flush, without their ids.

    They are no objects of the session any more.
    """
    for model in models:
        pending = [row for row in session.new if isinstance(row, model)]
        for row in pending:
            session.expunge(row)
        if pending:
            session.execute(insert(model), [_values(row) for row in pending])


def _give_ids(session: Session, table: Table, rows: Sequence[Any]) -> None:
    if "id" not in table.columns:
        return
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        taken = select(func.nextval(sequence)).select_from(func.generate_series(1, len(rows)))
        ids = list(session.scalars(taken))
    else:  # whoever writes to SQLite is alone
        highest = session.scalar(select(func.max(table.columns.id))) or 0
        given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = max(highest, session.scalar(given, {"name": table.name}) or 0)
        ids = list(range(last + 1, last + 1 + len(rows)))
    for row, identity in zip(rows, ids, strict=True):
        row.id = identity


def _values(row: Model) -> dict[str, Any]:
    """Return what is set of `row` by its attributes, links as the ids of what they lead to."""
    mapper, said = inspect(type(row)), vars(row)
    values = {one.key: said[one.key] for one in mapper.column_attrs if one.key in said}
    for link in mapper.relationships:
        if link.direction is RelationshipDirection.MANYTOONE and said.get(link.key) is not None:
            for own, other in link.local_remote_pairs:
                values[str(own.key)] = getattr(said[link.key], str(other.key))
    return values
