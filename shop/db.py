"""The engine and the sessions: one transaction per request, writers first come first served."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import current_app, g, request
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import ConnectionPoolEntry

from shop import page_bumps
from shop.config import Settings
from shop.vault import Vault

page_bumps.listen()

USUAL_PATIENCE = timedelta(seconds=10)
"""How long SQLite waits for another writer where nobody asks for less."""

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
        event.listen(engine, "checkin", _be_patient_again)
    else:
        event.listen(engine, "begin", _limit_patience)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    setattr(connection, "isolation_level", None)  # noqa: B010 - not in the driver's protocol
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_milliseconds(USUAL_PATIENCE)}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    if "patience" in options:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_milliseconds(options['patience'])}")
        connection.info["is_impatient"] = True
    connection.exec_driver_sql(f"BEGIN {options.get('sqlite_begin', 'IMMEDIATE')}")


def _be_patient_again(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """Take back a patience that was one transaction's: the next user of the connection waits."""
    if record.info.pop("is_impatient", False):
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_milliseconds(USUAL_PATIENCE)}")
        cursor.close()


def _limit_patience(connection: Connection) -> None:
    """Let PostgreSQL wait no longer for one lock than this transaction has time."""
    options = connection.get_execution_options()
    if "patience" in options and options.get("isolation_level") != "AUTOCOMMIT":
        wait = _milliseconds(options["patience"])
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait}")


def _milliseconds(time: timedelta) -> int:
    return max(1, time // timedelta(milliseconds=1))  # 0 would be for ever on PostgreSQL


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
        options = reading_options(engine) if only_reads() else {}
        g.db_session = open_session(engine, current_app.extensions["dacsan_settings"], **options)
    found: Session = g.db_session
    return found


def reading_options(engine: Engine) -> dict[str, Any]:
    """Return how a request that only reads sees the database: as it was at one moment.

    Else a page could tell half of what another transaction changed meanwhile.
    """
    if engine.dialect.name == "postgresql":
        return READ_ONLY | {"isolation_level": "REPEATABLE READ"}
    return READ_ONLY


def only_reads() -> bool:
    """Return whether this request's session takes no lock and can write nothing."""
    return request.method in {"GET", "HEAD", "OPTIONS"}


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session of its own that takes no lock, for long reading in a request that writes.

    What that request has written is committed before: nobody waits for it meanwhile.
    """
    session().commit()
    extensions = current_app.extensions
    engine, settings = extensions["dacsan_engine"], extensions["dacsan_settings"]
    with open_session(engine, settings, **READ_ONLY) as own:
        yield own


@contextmanager
def writing(*, patience: timedelta = USUAL_PATIENCE) -> Iterator[Session]:
    """Yield a session of its own that may write, for the rare write in a reading request.

    In a request that writes it would wait for that request's own transaction. Whoever else holds
    what it needs is waited for no longer than `patience` (on PostgreSQL for each lock); then
    `sqlalchemy.exc.OperationalError` is raised.
    """
    extensions = current_app.extensions
    engine, settings = extensions["dacsan_engine"], extensions["dacsan_settings"]
    with open_session(engine, settings, patience=patience) as own:
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
