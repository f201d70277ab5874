"""The application in this process: settings, the app and a client, each test its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

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


@pytest.fixture
def app(make_settings: MakeSettings, demo_database_url: str, run: Run) -> Iterator[Flask]:
    """The application on a database with the demo; its errors reach the test.

    Templates are compiled once in a run.
    """
    from shop.app import create_app

    made = create_app(make_settings(database_url=demo_database_url))
    made.testing = True
    (run.folder / "templates").mkdir(exist_ok=True)
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(run.folder / "templates"))
    engine: Engine = made.extensions["dacsan_engine"]
    hasten(engine)
    yield made
    engine.dispose()


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
