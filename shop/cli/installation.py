"""The database of this installation, as a command finds it: there, migrated, of this release."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL

from shop import schema
from shop.cli.failures import Refused
from shop.config import Settings
from shop.db import make_engine


def database_file(settings: Settings) -> Path | None:
    """Return the file of the SQLite database; `None` when it lives on a server."""
    url = make_url(settings.database)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def server_address(settings: Settings) -> URL:
    """Return the address of the database on its server."""
    return make_url(settings.database)


def open_database(settings: Settings) -> Engine:
    """Return an engine on the database; raise `Refused` when it is not there or not up to date.

    Nothing is created and nothing is migrated here.
    """
    file = database_file(settings)
    if file is not None and not file.exists():
        raise Refused("database_missing", where=file)
    engine = make_engine(settings.database)
    require_newest(engine)
    return engine


@contextmanager
def opened_database() -> Iterator[tuple[Engine, Settings]]:
    """Yield the database of the settings in force, and let go of it when the command is done."""
    settings = Settings()
    engine = open_database(settings)
    try:
        yield engine, settings
    finally:
        engine.dispose()


def require_newest(engine: Engine) -> None:
    """Raise `Refused` unless the tables are those of this release."""
    with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
        state, revision = schema.state(connection), schema.current(connection)
    if state == "new":
        raise Refused("database_new", revision=revision)
    if state == "old":
        raise Refused("database_old" if revision else "database_empty", revision=revision)
