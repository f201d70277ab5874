"""What machines ask a web process: whether it lives, whether it can work, how much waits."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from shop import clock, schema
from shop.app import create_app
from shop.models.outbox import JobRun
from tests.factories import make_order
from tests.support.applications import MakeSettings

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


class Ask(Protocol):
    """Opens shops of this test's own."""

    def __call__(self, database_url: str, *, metrics_token: str = "") -> FlaskClient:
        """Return a client of a shop on the database at `database_url`."""


@pytest.fixture
def ask(make_settings: MakeSettings) -> Iterator[Ask]:
    """Open shops whose connections are closed after the test."""
    engines: list[Engine] = []

    def open_shop(database_url: str, *, metrics_token: str = "") -> FlaskClient:
        settings = make_settings(database_url=database_url, metrics_token=metrics_token)
        app = create_app(settings)
        engines.append(app.extensions["dacsan_engine"])
        return app.test_client()

    yield open_shop
    for engine in engines:
        engine.dispose()


@pytest.fixture
def client(ask: Ask, database_url: str) -> FlaskClient:
    """A client of a shop without a demo, whose figures need a token from elsewhere."""
    return ask(database_url, metrics_token="bí mật")


def test_a_process_says_that_it_lives_without_asking_the_database(ask: Ask) -> None:
    answer = ask(NOWHERE).get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.both_databases
def test_a_process_on_the_tables_of_its_release_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "database": "ok", "tables": "current"}


@pytest.mark.both_databases
@pytest.mark.parametrize(("revision", "tables"), [("9999", "new"), ("", "old")])
def test_a_process_on_other_tables_is_not_ready(
    client: FlaskClient, session: Session, revision: str, tables: str
) -> None:
    session.execute(text("DELETE FROM alembic_version"))
    if revision:
        session.execute(text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})
    session.commit()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "ok", "tables": tables}


def test_a_process_without_its_database_is_not_ready(ask: Ask) -> None:
    answer = ask(NOWHERE).get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "unreachable"}


def test_the_newest_revision_by_file_name_is_the_one_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS.parent))

    assert ScriptDirectory.from_config(config).get_current_head() == schema.revisions()[-1]


@pytest.mark.both_databases
def test_the_figures_say_how_much_waits_and_when_each_job_last_ended(
    client: FlaskClient, session: Session
) -> None:
    make_order(session, buyer_email="hoa@example.com")
    now = clock.now()
    session.add(JobRun(job="heartbeat", due_at=now, worker="a", finished_at=now))
    session.commit()

    lines = client.get("/metrics").text.splitlines()

    assert 'dacsan_outbox_messages{state="pending"} 1.0' in lines
    assert 'dacsan_outbox_messages{state="dead"} 0.0' in lines
    assert any(line.startswith("dacsan_outbox_late_seconds ") for line in lines)
    finished = next(line for line in lines if 'finished_timestamp_seconds{job="hea' in line)
    assert abs(float(finished.split()[1]) - now.timestamp()) < 1
    assert "dacsan_log_leaves 0.0" in lines


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "192.0.2.7", 404),
        ({"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1", 404),
        ({"Authorization": "Bearer bí mật"}, "192.0.2.7", 200),
        ({"Authorization": "Bearer bí mật", "X-Forwarded-For": "192.0.2.7"}, "127.0.0.1", 200),
        ({"Authorization": "Bearer wrong"}, "127.0.0.1", 404),
        ({"Authorization": "Bearer "}, "192.0.2.7", 404),
    ],
)
def test_the_figures_are_for_this_machine_or_for_the_token(
    client: FlaskClient, headers: dict[str, str], address: str, status: int
) -> None:
    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert answer.status_code == status


def test_without_a_token_set_an_empty_one_opens_nothing(ask: Ask, database_url: str) -> None:
    answer = ask(database_url).get(
        "/metrics",
        headers={"Authorization": "Bearer "},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )

    assert answer.status_code == 404
