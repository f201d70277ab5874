"""The engine and the sessions: one transaction per request, writers first come first served."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, g, request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from shop.config import Settings
from shop.vault import Vault

READ_ONLY = {"sqlite_begin": "DEFERRED", "postgresql_readonly": True}
SERIALIZATION_FAILURES = {"40001", "40P01", "23505"}
"""Serialization failure, deadlock, and a unique key that another transaction took first: asked
again, the request sees what the other one wrote."""


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Return an engine whose transactions lose no write, on SQLite and PostgreSQL alike.

    SQLite begins no transaction before the first write by itself, so reads that a write
    rests on would be unprotected: here a transaction begins IMMEDIATE, or as the execution
    option `sqlite_begin` says.
    """
    # an error that reaches the log must not carry the phone number it stumbled over
    engine = create_engine(url, pool_size=pool_size, max_overflow=10, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    setattr(connection, "isolation_level", None)  # noqa: B010 - not in the driver's protocol
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    connection.exec_driver_sql(f"BEGIN {options.get('sqlite_begin', 'IMMEDIATE')}")


def open_session(engine: Engine | Connection, settings: Settings, **options: Any) -> Session:
    """Return a session that knows the public address, which events carry, and opens secrets."""
    bound = engine.execution_options(**options) if options else engine
    info = {
        "base_url": settings.base_url,
        "allow_http": settings.allow_http,
        "vault": Vault(settings),
    }
    return Session(bound, expire_on_commit=False, info=info)


def session() -> Session:
    """Return this request's session; requests that only read take no lock."""
    if "db_session" not in g:
        engine: Engine = current_app.extensions["dacsan_engine"]
        options: dict[str, Any] = READ_ONLY if only_reads() else {}
        g.db_session = open_session(engine, current_app.extensions["dacsan_settings"], **options)
    found: Session = g.db_session
    return found


def only_reads() -> bool:
    """Return whether this request's session takes no lock and can write nothing."""
    return request.method in {"GET", "HEAD", "OPTIONS"}


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session of its own that may write, for the rare write in a reading request.

    In a request that writes it would wait for that request's own transaction.
    """
    extensions = current_app.extensions
    with open_session(extensions["dacsan_engine"], extensions["dacsan_settings"]) as own:
        yield own


def close_session(_error: BaseException | None = None) -> None:
    """End this request's session; what was not committed is gone."""
    found: Session | None = g.pop("db_session", None)
    if found is not None:
        found.close()


def can_be_retried(error: DBAPIError | StaleDataError) -> bool:
    """Return whether the transaction would succeed if repeated.

    Either the database broke it off, or a row it had read was changed by another one meanwhile.
    """
    if isinstance(error, StaleDataError):
        return True
    return getattr(error.orig, "sqlstate", None) in SERIALIZATION_FAILURES
