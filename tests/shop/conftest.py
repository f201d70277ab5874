"""The small shop that has seen everything once: made once in a run, and broken by many tests."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.databases import SETTINGS, hasten
from tests.support.run import Run


@pytest.fixture(scope="session")
def sqlite_shop(run: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of this worker's small shop on SQLite."""
    made = run.once("small_shop.sqlite", lambda path: _fill(f"sqlite:///{path}"))
    own = tmp_path_factory.mktemp("small_shop") / "small_shop.sqlite"
    shutil.copyfile(made, own)
    return f"sqlite:///{own}"


@pytest.fixture(scope="session")
def postgres_shop(run: Run, postgres_socket: Path) -> str:
    """The address of this worker's small shop on PostgreSQL.

    Taking constraints off locks whole tables: two workers would wait for each other.
    """

    def make(note: Path) -> None:
        postgres.copy_database(postgres_socket, "template0", "small_shop")
        _fill(postgres.url(postgres_socket, "small_shop"))
        note.touch()

    run.once("small_shop", make)
    own = f"small_shop_{os.getpid()}"
    postgres.copy_database(postgres_socket, "small_shop", own)
    return postgres.url(postgres_socket, own)


@pytest.fixture
def shop_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    """The small shop on the database of this test; nobody may commit to it."""
    url: str = request.getfixturevalue(f"{database_kind}_shop")
    return url


def _fill(url: str) -> None:
    from shop import migrate
    from shop.db import make_engine, open_session
    from tests.support.small_shop import open_small_shop

    engine = make_engine(url)
    hasten(engine)
    migrate.upgrade(engine)
    with open_session(engine, SETTINGS) as session:
        open_small_shop(session)
        session.commit()
    engine.dispose()
