"""What a page claims ends with its day, for who opens it and for who kept it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.jobs import turn_pages
from shop.models.page_versions import PageVersion
from tests import factories
from tests.support.kept import copies, is_confirmed
from tests.support.whole_batch import Statements, Whole, make_whole_batch

LAST_SECOND = datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)
MIDNIGHT = LAST_SECOND + timedelta(seconds=1)
DAY = date(2026, 11, 22)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let the shop believe it is `moment`."""
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def whole(app_session: Session, monkeypatch: pytest.MonkeyPatch) -> Whole:
    """A batch whose paper, the whole day long, holds for the last time."""
    set_clock(monkeypatch, LAST_SECOND)
    whole = make_whole_batch(app_session)
    whole.certificate.expires_on = DAY
    app_session.commit()
    return whole


def claiming(whole: Whole) -> list[str]:
    return ["/", "/san-pham", f"/san-pham/{whole.product.slug}", whole.path]


def test_midnight_turns_in_viet_nam() -> None:
    assert clock.next_midnight(LAST_SECOND) == MIDNIGHT
    assert clock.next_midnight(MIDNIGHT) == MIDNIGHT + timedelta(days=1)
    assert clock.day_of(LAST_SECOND) == DAY


def test_a_claim_is_gone_at_midnight_also_from_a_kept_page(
    client: FlaskClient, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = f'data-claim="{whole.certificate.id}"'.encode()
    pages = claiming(whole)
    kept = copies(client, pages)
    still = {is_confirmed(client, path, kept[path].tag) for path in pages}

    set_clock(monkeypatch, MIDNIGHT)

    answers = {path: client.get(path, headers={"If-None-Match": kept[path].tag}) for path in pages}
    assert still == {True}
    assert {mark in copy.body for copy in kept.values()} == {True}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {mark in answer.data for answer in answers.values()} == {False}


def test_a_claim_begins_at_midnight_also_on_a_kept_page(
    client: FlaskClient, app_session: Session, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole.certificate.issued_on, whole.certificate.expires_on = DAY + timedelta(days=1), None
    app_session.commit()
    mark, kept = f'data-claim="{whole.certificate.id}"', client.get(whole.path)

    set_clock(monkeypatch, MIDNIGHT)

    answer = client.get(whole.path, headers={"If-None-Match": kept.headers["ETag"]})
    assert mark not in kept.text
    assert answer.status_code == 200
    assert mark in answer.text


def test_after_midnight_pages_are_kept_again_once_the_worker_has_turned_them(
    app: Flask,
    client: FlaskClient,
    app_session: Session,
    whole: Whole,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_clock(monkeypatch, MIDNIGHT)
    before = client.get(whole.path).headers["ETag"]
    is_early = is_confirmed(client, whole.path, before)
    engine, settings = (app.extensions[f"dacsan_{name}"] for name in ("engine", "settings"))

    said = turn_pages.run(engine, settings, now=MIDNIGHT)
    again = turn_pages.run(engine, settings, now=MIDNIGHT)

    after = client.get(whole.path).headers["ETag"]
    parts = app_session.scalar(select(func.count()).select_from(PageVersion))
    until = set(app_session.scalars(select(PageVersion.next_change_at)))
    assert not is_early
    assert after != before
    assert is_confirmed(client, whole.path, after)
    assert (said, again) == (f"{parts} parts of pages turned", "0 parts of pages turned")
    assert until == {MIDNIGHT + timedelta(days=1)}


def test_a_part_whose_time_is_up_confirms_nothing(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    tag = client.get(whole.path).headers["ETag"]
    row = app_session.get_one(PageVersion, ("batch", whole.batch.id))
    row.next_change_at = LAST_SECOND
    app_session.commit()

    assert not is_confirmed(client, whole.path, tag)


def test_a_page_asked_for_again_after_a_change_takes_one_statement_more(
    app: Flask, client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    pages = {whole.path: 4, f"/san-pham/{whole.product.slug}": 6, "/san-pham": 4}
    kept = copies(client, pages)
    factories.make_notice(app_session, whole.batch)
    app_session.commit()

    taken = {}
    for path, copy in kept.items():
        with Statements(app.extensions["dacsan_engine"]) as statements:
            answer = client.get(path, headers={"If-None-Match": copy.tag})
        taken[path] = len(statements.asked) - 1
        assert answer.status_code == 200

    assert {path: count for path, count in taken.items() if count > pages[path]} == {}
