"""The shop that is measured: the demo on SQLite, the application in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, bindparam, select
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from shop import clock, migrate
from shop.app import create_app
from shop.config import Settings
from shop.db import READ_ONLY, make_engine, open_session
from shop.demo import seed
from shop.models.catalog import Product


@contextmanager
def opened() -> Iterator[tuple[Flask, Engine]]:
    """Yield the application and its database, as `make run` opens them."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Settings(var=Path(folder), secret_key=SecretStr("0" * 64), rate_limits=False)
        engine = make_engine(settings.database)
        migrate.upgrade(engine)
        with open_session(engine, settings) as session:
            seed.load(session, today=clock.today())
            session.commit()
        app = create_app(settings)
        yield app, engine
        app.extensions["dacsan_engine"].dispose()
        engine.dispose()


def bare(engine: Engine) -> Flask:
    """Return a Flask application that reads one row by its primary key and answers: the unit."""
    app = Flask("bare")
    row = select(Product.name).where(Product.id == bindparam("id"))
    reading = engine.execution_options(**READ_ONLY)

    @app.get("/<int:product_id>")
    def name(product_id: int) -> str:
        with reading.connect() as connection:
            return str(connection.execute(row, {"id": product_id}).scalar_one())

    return app


def asking(app: Flask, path: str, *, tag: str = "") -> Callable[[], object]:
    """Return what asks for `path` once, as a browser does; an unexpected answer is an error.

    With the `tag` of a kept page the answer is 304, else 200.
    """
    told = [("Accept", "text/html"), ("Accept-Encoding", "br")]
    told += [("If-None-Match", tag)] if tag else []

    def ask() -> object:
        answered, _headers = _answer(app, path, told)
        if answered != ("304" if tag else "200"):
            raise RuntimeError(f"{path}: {answered}")
        return answered

    return ask


def tag_of(app: Flask, path: str) -> str:
    """Return the tag that a browser keeps with the page at `path`."""
    return _answer(app, path, [("Accept", "text/html")])[1]["ETag"]


def _answer(app: Flask, path: str, told: list[tuple[str, str]]) -> tuple[str, Headers]:
    environ = EnvironBuilder(path, headers=told).get_environ()
    _body, answered, headers = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    return answered[:3], headers
