"""The small shop that has seen everything once: made once in a run, and broken by many tests."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.support import postgres
from tests.support.databases import hasten
from tests.support.run import Run


@pytest.fixture(scope="session")
def sqlite_shop(run: Run) -> str:
    """The address of the small shop on SQLite."""
    return f"sqlite:///{run.once('small_shop.sqlite', lambda path: _fill(f'sqlite:///{path}'))}"


@pytest.fixture(scope="session")
def postgres_shop(run: Run, postgres_socket: Path) -> str:
    """The address of the small shop on PostgreSQL."""

    def make(note: Path) -> None:
        postgres.copy_database(postgres_socket, "template0", "small_shop")
        _fill(postgres.url(postgres_socket, "small_shop"))
        note.touch()

    run.once("small_shop", make)
    return postgres.url(postgres_socket, "small_shop")


@pytest.fixture
def shop_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    """The small shop on the database of this test; nobody may commit to it."""
    url: str = request.getfixturevalue(f"{database_kind}_shop")
    return url


def _fill(url: str) -> None:
    from shop import migrate
    from shop.db import make_engine
    from tests.support.small_shop import open_small_shop

    engine = make_engine(url)
    hasten(engine)
    migrate.upgrade(engine)
    with Session(engine, expire_on_commit=False) as session:
        open_small_shop(session)
        session.commit()
    engine.dispose()
