"""`dacsan check` finds each way in which the data can break a rule, and names the row."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from shop.db import make_engine
from shop.invariants import DATA_RULES, Finding, at_one_moment, prove
from shop.invariants.guards import GUARDED
from tests.factories import NOW
from tests.shop.breakages import BREAKAGES, PUPIL, Breakage
from tests.support.breaking import drop_guards, engine_for_breaking, stored, without_guards
from tests.support.small_shop import AFTERWARDS
from traceability.epcis import CONTEXT, canonical_json, event_hash


@pytest.fixture
def connection(shop_url: str) -> Iterator[Connection]:
    """A connection to the small shop on which everything may be broken until the test ends."""
    engine = engine_for_breaking(shop_url)
    with engine.connect() as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def rows_found(connection: Connection) -> list[tuple[str, str]]:
    return [(one.rule.name, one.row) for one in prove(connection, now=AFTERWARDS)]


@pytest.mark.both_databases
def test_a_shop_that_went_through_the_services_breaks_no_rule(shop_url: str) -> None:
    engine: Engine = make_engine(shop_url)

    with at_one_moment(engine).connect() as connection:
        found = rows_found(connection)

    engine.dispose()
    assert found == []


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "breakage",
    [pytest.param(one, id=f"{one.rule}-{n}") for n, one in enumerate(BREAKAGES)],
)
def test_each_breakage_is_found_alone_and_named_by_its_row(
    connection: Connection, breakage: Breakage
) -> None:
    row = connection.execute(text(breakage.target)).scalar_one()

    for change in breakage.changes:
        apply(connection, change, row)

    assert row is not None
    assert rows_found(connection) == [(breakage.rule, str(row))]


def apply(connection: Connection, change: str, row: object) -> None:
    """Do what one line of the table of breakages says."""
    if change.startswith("{"):
        kind, number, *name = change.strip("{}").split(":")
        heavy = kind == "heavy"
        with without_guards(connection, "trace_event"):
            add_event(connection, int(number), name[0] if name else kind, heavy=heavy)
        return
    values = {
        "row": row,
        "inside": stored(connection, NOW + timedelta(minutes=19, seconds=30)),
        "after": stored(connection, NOW + timedelta(minutes=85)),
        "ordinary": stored(connection, NOW + timedelta(minutes=16)),
        "early": stored(connection, datetime(2020, 1, 1, tzinfo=UTC)),
        "late": stored(connection, datetime(2040, 1, 1, tzinfo=UTC)),
        "told_late": json.dumps({"expected_on": "2040-01-01"}),
    }
    words = change.split()
    table = words[1] if words[0] == "UPDATE" else words[2]
    with without_guards(connection, table):
        done = connection.execute(
            text(change), {name: values[name] for name in values if f":{name}" in change}
        )
    assert done.rowcount > 0


def add_event(connection: Connection, number: int, name: str, *, heavy: bool) -> None:
    """Add an event of the training seller, rightly hashed, without an entry's own id."""
    event = {
        "type": "TransformationEvent",
        "eventTime": "2026-11-22T10:00:00.000+07:00",
        "eventTimeZoneOffset": "+07:00",
        "inputQuantityList": [{"epcClass": f"urn:x:{name}", "quantity": 1, "uom": "KGM"}],
        "outputQuantityList": [
            {"epcClass": "urn:x:out", "quantity": 2 if heavy else 1, "uom": "KGM"}
        ],
    }
    digest = event_hash(event, CONTEXT)
    happened_at = stored(connection, datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    connection.execute(
        text(
            "INSERT INTO trace_event (id, seller_id, event_id, event_hash, is_error_declaration, "
            "kind, happened_at, recorded_at, body) "
            f"SELECT :number, {PUPIL}, :digest, :digest, FALSE, :kind, :at, :at, :body"
        ),
        {
            "number": number,
            "digest": digest,
            "kind": event["type"],
            "at": happened_at,
            "body": canonical_json(event).decode(),
        },
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("table", sorted(GUARDED))
def test_a_table_without_its_guard_is_found(connection: Connection, table: str) -> None:
    drop_guards(connection, table)

    assert rows_found(connection) == [(f"{table}_not_guarded", table)]


def test_a_guard_that_refuses_nothing_is_found(connection: Connection) -> None:
    connection.exec_driver_sql("DROP TRIGGER posting_no_update")
    connection.exec_driver_sql(
        "CREATE TRIGGER posting_no_update BEFORE UPDATE ON posting "
        "WHEN 1 = 0 BEGIN SELECT RAISE(ABORT, 'never'); END"
    )

    assert rows_found(connection) == [("posting_not_guarded", "posting")]


@pytest.mark.postgres
def test_a_guard_whose_function_does_nothing_is_found(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$"
    )

    assert {name for name, _ in rows_found(connection)} == {
        f"{table}_not_guarded" for table in GUARDED
    }


def test_every_rule_over_the_tables_has_a_breakage() -> None:
    guards = {f"{table}_not_guarded" for table in GUARDED}

    assert {one.rule for one in BREAKAGES} | guards == {rule.name for rule in DATA_RULES}


def test_the_rules_prove_every_invariant_over_the_tables() -> None:
    assert {rule.invariant for rule in DATA_RULES} == {1, 2, 3, 4, 5, 6, 7, 9}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_finding_says_what_is_wrong_in_both_languages(connection: Connection, lang: str) -> None:
    for breakage in BREAKAGES:
        row = connection.execute(text(breakage.target)).scalar_one()
        savepoint = connection.begin_nested()
        for change in breakage.changes:
            apply(connection, change, row)
        found: list[Finding] = list(prove(connection, now=AFTERWARDS))
        savepoint.rollback()

        assert found
        for one in found:
            assert "{" not in one.sentence(lang)
            assert json.dumps(one.as_json(lang))


def test_the_proof_imports_nothing_of_what_it_proves() -> None:
    code = (
        "import sys, shop.invariants, shop.invariants.claims; "
        "print([n for n in sys.modules if n.startswith('shop.')])"
    )

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    loaded = [name for name in eval(said) if not name.startswith("shop.invariants")]
    assert loaded == []
