"""A migrated database for each test: made once in a run, then copied.

`session` and `engine` are on SQLite; a test marked `both_databases` runs twice, one marked
`postgres` on PostgreSQL alone. `demo_database_url` is the same with the demo loaded.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from shop import clock, migrate
from shop.config import Settings
from shop.db import make_engine, open_session
from tests.support import postgres
from tests.support.run import Run

_numbers = itertools.count(1)

SETTINGS = Settings(secret_key=SecretStr("0" * 64))
"""The settings of every test: what one closes under the master key another can open."""


class CopyDatabase:
    """Makes databases that are gone after the test."""

    def __init__(self, copy: Callable[[str], str]) -> None:
        self._copy = copy
        self.made: list[str] = []
        """The addresses of the databases made so far."""

    def __call__(self, *, demo: bool = False) -> str:
        """Return the address of a new migrated database, with the demo in it when asked."""
        self.made.append(self._copy("demo" if demo else "migrated"))
        return self.made[-1]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked `both_databases` on each."""
    if "database_kind" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("both_databases"):
        on_postgres = pytest.param("postgres", marks=pytest.mark.postgres)
        metafunc.parametrize("database_kind", ["sqlite", on_postgres], indirect=True)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgres`."""
    if hasattr(request, "param"):
        return str(request.param)
    return "postgres" if request.node.get_closest_marker("postgres") else "sqlite"


@pytest.fixture(scope="session")
def postgres_socket(run: Run) -> Path:
    """The folder of the socket of this run's PostgreSQL server."""
    if postgres.binaries() is None:
        pytest.skip("missing: the programs of PostgreSQL (Debian: postgresql)")
    return postgres.start(run)


@pytest.fixture
def copy_database(
    database_kind: str, run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[CopyDatabase]:
    """Make migrated databases of this test's kind, as many as it needs."""
    names: list[str] = []

    def copy_file(template: str) -> str:
        path = tmp_path / f"dacsan-{next(_numbers)}.sqlite"
        shutil.copyfile(_sqlite_template(run, template), path)
        return f"sqlite:///{path}"

    def copy_on_server(template: str) -> str:
        names.append(f"test_{os.getpid()}_{next(_numbers)}")
        postgres.copy_database(socket, _postgres_template(run, socket, template), names[-1])
        return postgres.url(socket, names[-1])

    if database_kind == "sqlite":
        yield CopyDatabase(copy_file)
        return
    socket: Path = request.getfixturevalue("postgres_socket")
    yield CopyDatabase(copy_on_server)
    for name in names:
        postgres.drop_database(socket, name)


@pytest.fixture
def database_url(copy_database: CopyDatabase) -> str:
    """The address of a migrated database of this test's own."""
    return copy_database()


@pytest.fixture
def demo_database_url(copy_database: CopyDatabase) -> str:
    """The address of a database of this test's own with the demo in it."""
    return copy_database(demo=True)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database of this test's own."""
    made = make_engine(database_url)
    hasten(made)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a migrated database of this test's own; objects stay loaded after a commit."""
    with open_session(engine, SETTINGS) as opened:
        yield opened


def hasten(engine: Engine) -> None:
    """Let SQLite not wait for the disk: what a power cut would lose does not matter to a test."""
    if engine.dialect.name == "sqlite":
        event.listen(
            engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF")
        )


def _sqlite_template(run: Run, template: str) -> Path:
    def make(path: Path) -> None:
        if template == "demo":
            shutil.copyfile(_sqlite_template(run, "migrated"), path)
        _fill(f"sqlite:///{path}", FILL[template])

    return run.once(f"{template}.sqlite", make)


def _postgres_template(run: Run, socket: Path, template: str) -> str:
    name = f"{template}_template"

    def make(note: Path) -> None:
        below = "template0"
        if template == "demo":
            below = _postgres_template(run, socket, "migrated")
        postgres.copy_database(socket, below, name)
        _fill(postgres.url(socket, name), FILL[template])
        note.touch()

    run.once(name, make)
    return name


def _fill(url: str, change: Callable[[Engine], None]) -> None:
    engine = make_engine(url)
    hasten(engine)
    try:
        change(engine)
    finally:
        engine.dispose()


def _load_demo(engine: Engine) -> None:
    from shop.demo import seed

    with open_session(engine, SETTINGS) as session:
        seed.load(session, today=clock.today())
        session.commit()


FILL: dict[str, Callable[[Engine], None]] = {"migrated": migrate.upgrade, "demo": _load_demo}
"""What goes into each template; the demo stands on the migrated one."""
