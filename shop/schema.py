"""Which tables a database has, told without Alembic and Flask: starts and checks are quick."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, inspect, text

MIGRATIONS = Path(__file__).with_name("migrations") / "versions"


@cache
def revisions() -> tuple[str, ...]:
    """Return the revisions this release knows, oldest first: the numbers in their files' names."""
    return tuple(sorted(path.name[:4] for path in MIGRATIONS.glob("[0-9]*.py")))


def current(connection: Connection) -> str | None:
    """Return the revision the database stands at; `None` before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def state(connection: Connection) -> str:
    """Return `current`, `old` (or empty), or `new` when a later release made the tables."""
    found = current(connection)
    if found == revisions()[-1]:
        return "current"
    return "old" if found is None or found in revisions() else "new"


def look(url: str) -> tuple[str, str | None]:
    """Return the state and the revision of the database at `url`; raises `DBAPIError`."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return state(connection), current(connection)
    finally:
        engine.dispose()


def has_rows(url: str, table: str, condition: str = "1 = 1") -> bool:
    """Return whether a row of `table` meets `condition`, both of our own writing."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            question = text(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1")  # noqa: S608
            return connection.scalar(question) is not None
    finally:
        engine.dispose()
