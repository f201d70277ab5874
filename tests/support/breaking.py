"""Breaking one thing in a database behind the back of its constraints, as a mistake of ours would.

All happens inside one transaction that the test rolls back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text


def engine_for_breaking(url: str) -> Engine:
    """Return an engine whose connections check no keys, so that anything can be written."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _loosen_sqlite)
        event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN"))
    return engine


def _loosen_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA ignore_check_constraints=ON")


def stored(connection: Connection, moment: datetime) -> datetime | str:
    """Return `moment` as the columns of this database hold it."""
    if connection.dialect.name == "postgresql":
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@contextmanager
def without_guards(connection: Connection, table: str) -> Iterator[None]:
    """Take all constraints off `table` for good, and its triggers until the block ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = connection.execute(
            text(
                "SELECT conname FROM pg_constraint "
                "WHERE conrelid = to_regclass(:table) AND contype IN ('c', 'u')"
            ),
            {"table": table},
        ).scalars()
        for name in list(names):
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        return
    guards = connection.execute(
        text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
        {"table": table},
    ).scalars()
    again = list(guards)
    connection.exec_driver_sql(f"CREATE TABLE loose AS SELECT * FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE loose RENAME TO {table}")
    yield
    for guard in again:
        connection.exec_driver_sql(guard)


def drop_guards(connection: Connection, table: str) -> None:
    """Take the triggers off `table`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for verb in ("update", "delete", "replace"):
        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
