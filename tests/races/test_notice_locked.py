"""A notice that comes while somebody else holds the database is answered in time."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from shop.db import make_engine, open_session
from shop.models.ledger import LedgerEntry
from shop.models.orders import OrderState
from shop.models.payments import AttemptState, PaymentAttempt, ProviderAccount
from shop.services import provider_accounts
from tests.races.test_notices import choose, order_at, state_of
from tests.support.databases import SETTINGS
from tests.support.servers import Serve

IN_TIME = 5.0
"""Seconds after which a provider gives up waiting for an answer (`payments.md` A.5)."""

HELD = {
    "the order": "SELECT id FROM sales_order FOR UPDATE",
    "the notices": "LOCK TABLE provider_notice IN EXCLUSIVE MODE",
    "the contracts": "LOCK TABLE provider_account IN ACCESS EXCLUSIVE MODE",
    "the goods": "SELECT place_id FROM stock_level FOR UPDATE",
}
"""What somebody may hold on PostgreSQL; on SQLite whoever writes holds everything."""


@contextmanager
def held(engine: Engine, what: str) -> Iterator[None]:
    """Hold what the notice needs, in a transaction that changes nothing."""
    with engine.connect() as connection:  # on SQLite this begins IMMEDIATE
        is_server = engine.dialect.name == "postgresql"
        connection.execute(text(HELD[what] if is_server else "SELECT 1"))
        yield
        connection.rollback()


def tell(address: str) -> tuple[int, str, float]:
    """Call as the provider does; return the status, the code, and the seconds it took."""
    began = time.monotonic()
    came = requests.get(address, timeout=60)
    took = time.monotonic() - began
    return came.status_code, str(json.loads(came.content)["RspCode"]), took


@pytest.mark.race
@pytest.mark.both_databases
def test_a_notice_is_put_off_in_time_while_somebody_else_changes_its_order(
    demo_database_url: str, serve: Serve
) -> None:
    put_off_and_taken_later(demo_database_url, serve, "the order")


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.parametrize("what", [what for what in HELD if what != "the order"])
def test_a_notice_is_put_off_in_time_whatever_else_somebody_holds(
    demo_database_url: str, serve: Serve, what: str
) -> None:
    put_off_and_taken_later(demo_database_url, serve, what)


def put_off_and_taken_later(demo_database_url: str, serve: Serve, what: str) -> None:
    """Tell of a payment while `what` is held, and again afterwards."""
    (server,) = serve(demo_database_url)
    query = urlsplit(choose(order_at(server, demo_database_url), silent=True)).query
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as session:
        account = session.scalars(
            select(ProviderAccount).join(
                PaymentAttempt, PaymentAttempt.provider_account_id == ProviderAccount.id
            )
        ).one()
        address = server.url + urlsplit(provider_accounts.notify_url("", account)).path

    with held(engine, what):
        status, code, took = tell(f"{address}?{query}")
    with Session(engine) as session:
        between = session.scalars(select(PaymentAttempt.state)).one()
    again = tell(f"{address}?{query}")[:2]
    repeated = tell(f"{address}?{query}")[:2]

    assert (status, code) == (200, "99")
    assert took < IN_TIME
    assert between is AttemptState.PENDING
    assert (again, repeated) == ((200, "00"), (200, "02"))
    with Session(engine) as session:
        receipts = (
            select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "receipt")
        )
        assert session.scalar(receipts) == 1
    engine.dispose()
    assert state_of(demo_database_url) is OrderState.CONFIRMED


@pytest.mark.race
def test_whoever_sends_a_notice_slowly_keeps_nobody_waiting(
    demo_database_url: str, serve: Serve
) -> None:
    (server,) = serve(demo_database_url)
    order_at(server, demo_database_url)
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as session:
        account = session.scalars(select(ProviderAccount).limit(1)).one()
        path = urlsplit(provider_accounts.notify_url("", account)).path
    host = urlsplit(server.url)
    head = f"POST {path} HTTP/1.1\r\nHost: {host.netloc}\r\nContent-Length: 4000\r\n\r\nabc"

    with socket.create_connection((host.hostname, host.port)) as slow:
        slow.sendall(head.encode())
        time.sleep(1)  # the server reads what has come and waits for the rest
        with open_session(engine, SETTINGS, patience=timedelta(seconds=1)) as session:
            may_write = session.scalar(text("SELECT 1"))  # begins IMMEDIATE

    assert may_write == 1
    engine.dispose()
