"""From an empty database to today's tables, on SQLite and PostgreSQL."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from shop import migrate
from shop.migrations.append_only import TABLES
from shop.models import Model
from shop.models.catalog import Seller
from shop.models.inventory import StockLevel
from shop.models.journal import TraceEvent
from tests.factories import make_level, make_order
from tests.support.small_shop import open_small_shop

EARLIER = migrate.revisions()[1:]
"""Every revision before the newest one."""


@pytest.mark.both_databases
def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, Model.metadata)

    assert differences == []


@pytest.mark.both_databases
def test_migrating_a_database_that_is_up_to_date_changes_nothing(engine: Engine) -> None:
    before = sorted(inspect(engine).get_table_names())

    migrate.upgrade(engine)

    assert sorted(inspect(engine).get_table_names()) == before


@pytest.mark.parametrize("revision", [None, *EARLIER])
def test_a_database_of_an_earlier_revision_comes_to_the_newest_with_its_rows(
    revision: str | None, tmp_path: object
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/old.sqlite")
    if revision is not None:
        migrate.upgrade(engine, revision)

    migrate.upgrade(engine)

    with engine.begin() as connection:
        assert migrate.current_revision(connection) == migrate.head_revision()
    engine.dispose()


@pytest.mark.both_databases
@pytest.mark.parametrize("table", TABLES)
def test_what_is_only_added_to_refuses_change_and_removal(session: Session, table: str) -> None:
    open_small_shop(session)
    session.commit()
    column = inspect(session.get_bind()).get_pk_constraint(table)["constrained_columns"][0]
    assert session.scalar(text(f"SELECT count(*) FROM {table}"))

    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()


@pytest.mark.both_databases
def test_no_level_can_hold_less_than_is_reserved(session: Session) -> None:
    level = make_level(session, on_hand=3)
    level.reserved = 4

    with pytest.raises(IntegrityError, match="never_oversold"):
        session.flush()


@pytest.mark.both_databases
def test_tables_can_be_emptied_only_as_a_whole(engine: Engine, session: Session) -> None:
    make_order(session)
    session.commit()
    session.close()

    with pytest.raises(ZeroDivisionError), migrate.emptied(engine):
        raise ZeroDivisionError
    with Session(engine) as after:
        kept = after.scalar(select(func.count()).select_from(Seller))
    with migrate.emptied(engine) as connection, Session(connection) as inside:
        left = [
            inside.scalar(select(func.count()).select_from(one))
            for one in (Seller, StockLevel, TraceEvent)
        ]

    assert kept
    assert left == [0, 0, 0]
