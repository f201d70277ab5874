"""The databases that tests stand on are the real ones, and no test sees another's rows."""

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from shop.models.people import Account
from tests.support.databases import CopyDatabase


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_migrated_database(session: Session, turn: int) -> None:
    before = session.scalar(select(func.count(Account.id)))

    session.execute(text("CREATE TABLE only_here (turn integer)"))
    session.commit()

    assert before == 0


@pytest.mark.both_databases
def test_the_database_is_of_the_kind_asked_for(engine: Engine, database_kind: str) -> None:
    name = {"sqlite": "sqlite", "postgres": "postgresql"}[database_kind]

    assert engine.dialect.name == name


@pytest.mark.postgres
def test_a_test_marked_postgres_runs_on_postgresql_alone(engine: Engine) -> None:
    with engine.connect() as connection:
        version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()

    assert int(version) >= 150000


@pytest.mark.both_databases
def test_copies_are_apart(copy_database: CopyDatabase) -> None:
    assert copy_database() != copy_database()
