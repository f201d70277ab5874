"""Bring a database to the newest tables, or say which ones it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect

LOCK = 0x_DAC_5A_14
"""Key of the advisory lock that lets one process migrate a PostgreSQL database at a time."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run every migration up to `revision` in one transaction.

    SQLite recreates tables to change them: with foreign keys on, that would empty the tables
    that point at them, so the step runs on an engine of its own with the keys off and proves
    afterwards that none is broken. Raises `RuntimeError` when one is.
    """
    with _maintenance_engine(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        if current_revision(connection) == head_revision():
            return
        _run(connection, revision)


@contextmanager
def emptied(engine: Engine) -> Iterator[Connection]:
    """Yield a connection on which every table is new and empty; it commits at the end, or not.

    Whoever fails on the way leaves the old tables with everything in them.
    """
    with _maintenance_engine(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        else:
            for name in inspect(connection).get_table_names():
                connection.exec_driver_sql(f'DROP TABLE "{name}"')
        _run(connection, "head")
        yield connection


def _run(connection: Connection, revision: str) -> None:
    command.upgrade(_config(connection), revision)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"foreign keys broken by the migration: {broken[:5]}")


def current_revision(connection: Connection) -> str | None:
    """Return the revision the database stands at; `None` before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the newest revision of this release."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revisions() -> list[str]:
    """Return every revision of this release, the newest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()]


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _maintenance_engine(engine: Engine) -> Engine:
    own = create_engine(engine.url, poolclass=NullPool)
    if own.dialect.name == "sqlite":

        @event.listens_for(own, "connect")
        def _keys_off(connection, _record):  # type: ignore[no-untyped-def]
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA busy_timeout=60000")

        @event.listens_for(own, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return own
