"""The application in this process: settings, the app and a client, each test its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine, event, make_url
from sqlalchemy.orm import Session

from shop import clock
from shop.config import Settings
from shop.db import open_session
from tests.support.databases import hasten
from tests.support.pages import Visitor
from tests.support.run import Run


class MakeSettings(Protocol):
    """Makes settings that touch nothing outside of the test's own folder."""

    def __call__(self, **values: Any) -> Settings:
        """Return settings with `values`; limits on how often one may ask are off unless set."""


@pytest.fixture
def make_settings(tmp_path: Path, run: Run) -> MakeSettings:
    """Make settings with a folder for data of their own; compressed static files are shared."""

    def make(**values: Any) -> Settings:
        given = {"var": tmp_path / "var", "secret_key": "0" * 64, "rate_limits": False} | values
        settings = Settings(**given)
        compressed = run.folder / "static"
        compressed.mkdir(exist_ok=True)
        settings.var.mkdir(parents=True, exist_ok=True)
        if not (settings.var / "static").exists():
            (settings.var / "static").symlink_to(compressed)
        return settings

    return make


class Stage:
    """The one application of a worker and a kind of database, set up anew for each test.

    To make an application, and to put its statements into the words of the database, takes
    longer than most tests; what a test can change of it is put back.
    """

    def __init__(self, settings: Settings, templates: Path) -> None:
        from shop.app import create_app

        self._settings = settings
        self.app = create_app(settings)
        self.app.testing = True
        self.app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
        del self.app.wsgi_app
        made: list[dict[str, Any]] = [vars(self.app), self.app.config, self.app.extensions]
        self._made = [(values, dict(values)) for values in made]
        engine: Engine = self.app.extensions["dacsan_engine"]
        hasten(engine)
        event.listen(engine, "do_connect", self._connect)
        self.engine = engine

    def _connect(self, dialect: Dialect, _record: Any, cargs: list[Any], cparams: Any) -> None:
        args, named = dialect.create_connect_args(make_url(self._settings.database))
        cargs[:] = args
        cparams.clear()
        cparams.update(named)

    def set_up(self, settings: Settings) -> Flask:
        """Return the application as it would be if it had just been made with `settings`."""
        from shop.app import in_front
        from shop.jobs.queue import ring_after_commit
        from shop.security import limiter

        for values, made in [(vars(self._settings), vars(settings)), *self._made]:
            values.clear()
            values.update(made)
        limiter.enabled = settings.rate_limits
        ring_after_commit(self.engine, self._settings)
        self.app.wsgi_app = in_front(self.app, self._settings)
        return self.app


_stages: dict[str, Stage] = {}


@pytest.fixture
def app(
    make_settings: MakeSettings, demo_database_url: str, database_kind: str, run: Run
) -> Iterator[Flask]:
    """The application on a database with the demo; its errors reach the test.

    Templates are compiled once in a run.
    """
    settings = make_settings(database_url=demo_database_url)
    if database_kind not in _stages:
        (run.folder / "templates").mkdir(exist_ok=True)
        _stages[database_kind] = Stage(settings.model_copy(), run.folder / "templates")
    stage = _stages[database_kind]
    yield stage.set_up(settings)
    stage.engine.dispose()
    assert not has_app_context(), "the next test would find what this one left in `g`"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of `app` with cookies of its own."""
    return app.test_client()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody without script who opens pages of `app` and fills in forms."""
    return Visitor.of(app.test_client())


@pytest.fixture
def app_session(app: Flask) -> Iterator[Session]:
    """A session on the database of `app`; commit before the next request, or it waits for you."""
    with open_session(
        app.extensions["dacsan_engine"], app.extensions["dacsan_settings"]
    ) as opened:
        yield opened


@pytest.fixture
def index(app: Flask, app_session: Session) -> Callable[[], int]:
    """Build the index of the search field from what is committed, as the worker does."""
    from shop.services import search

    settings = app.extensions["dacsan_settings"]

    def build() -> int:
        goods = search.rebuild(app_session, search.folder(settings), today=clock.today())
        app_session.rollback()
        return goods

    return build
