"""What is declared about rows and pages is what pages really show."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Column, Enum, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.models import Model
from shop.models.base import UtcDateTime
from shop.page_sources import STANDS_ON, UNSEEN, always
from tests import factories
from tests.support.kept import copies, paths, wrongly_kept
from tests.support.whole_batch import Statements, Whole, make_whole_batch, stop_clock

READ_BUT_NEVER_CHANGED = {"page_version", "trace_event"}


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def whole(app_session: Session, monkeypatch: pytest.MonkeyPatch) -> Whole:
    stop_clock(monkeypatch)
    whole = make_whole_batch(app_session)
    factories.make_delivery(app_session, whole.seller, note="Trong ngày")
    other = factories.make_pack(app_session, factories.make_product(app_session, whole.seller))
    factories.make_level(app_session, other, lot="KHAC-1")
    factories.make_notice(
        app_session, factories.make_batch(app_session, whole.product, lot="THU-1")
    )
    factories.make_certificate(app_session, whole.seller, batches=[whole.batch], kind="organic")
    app_session.commit()
    return whole


def test_pages_read_only_tables_that_are_declared_to_show(
    app: Flask, client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    addresses = paths(app_session)
    app_session.commit()
    with Statements(app.extensions["dacsan_engine"]) as statements:
        copies(client, addresses)

    said = " ".join(" ".join(statements.asked).split())
    read = set(re.findall(r"(?:FROM|JOIN) (\w+)", said)) & set(Model.metadata.tables)
    assert read & UNSEEN - READ_BUT_NEVER_CHANGED == set()
    assert {model.__tablename__ for model in STANDS_ON} & read > {"batch", "product", "member"}


OTHERS: dict[type[Any], Callable[[Any], Any]] = {
    bool: lambda value: not value,
    int: lambda value: (value or 0) + 1,
    str: lambda value: f"{value or ''}9",
    date: lambda value: (value or factories.TODAY) + timedelta(days=1),
    datetime: lambda value: (value or factories.NOW) + timedelta(hours=1),
}
"""By the kind of a column: another value than this one."""


def changed(column: Column[Any], value: Any) -> Any:
    """Return another value for this column, or the same where there is none to be had."""
    if column.foreign_keys or column.primary_key or isinstance(column.type, Enum | JSON):
        return value
    kind = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    return OTHERS[kind](value)


def groups() -> Iterator[tuple[type[Model], list[str]]]:
    """Yield columns that are changed together, of every table whose rows show.

    Those that are said not to show come together, and so do those of tables whose rows always
    count: a column that is forgotten cannot hide behind another one there.
    """
    for model, standing in STANDS_ON.items():
        names = [attribute.key for attribute in inspect(model).column_attrs]
        shows = standing.seen or frozenset(names) - standing.unseen
        yield model, [name for name in names if name not in shows]
        if all(target.when is always for target in standing.on):
            yield model, [name for name in names if name in shows]
        else:
            yield from ((model, [name]) for name in names if name in shows)


def change(session: Session, model: type[Model], names: list[str]) -> bool:
    """Give every row other values in these columns; return whether the tables let us."""
    mapper = inspect(model)
    for row in session.scalars(select(model)):
        for name in names:
            setattr(row, name, changed(mapper.columns[name], getattr(row, name)))
    try:
        is_changed = bool(session.dirty)
        session.commit()
    except IntegrityError:
        session.rollback()
        session.expire_all()
        return False
    return is_changed


def test_whatever_column_changes_no_page_with_other_bytes_keeps_its_tag(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    addresses = paths(app_session)
    app_session.commit()
    before, complaints, tried = copies(client, addresses), [], set[str]()
    for model, names in groups():
        possible = [names] if change(app_session, model, names) else [[name] for name in names]
        for some in possible:
            if some is names or change(app_session, model, some):
                after = copies(client, addresses)
                told = f"{model.__name__} {' '.join(some)}"
                complaints += [f"{told}: {path}" for path in wrongly_kept(before, after)]
                before = after
                tried.add(model.__name__)

    assert complaints == []
    assert len(tried) > 12
