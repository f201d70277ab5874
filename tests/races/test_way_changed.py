"""A notice that a payment succeeded comes while its buyer chooses to pay in another way."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import make_engine, open_session
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    Payment,
    PaymentAttempt,
    ProviderAccount,
    Refund,
)
from shop.services import order_payment, provider_accounts
from shop.services.actors import SYSTEM
from tests.races.test_notices import PROVIDER, choose, order_at
from tests.support.databases import SETTINGS
from tests.support.servers import Serve

ROUNDS = 4


@pytest.mark.race
@pytest.mark.both_databases
@pytest.mark.parametrize("way", ["vietqr", "cod"])
def test_a_notice_while_the_way_is_changed_pays_once(
    demo_database_url: str, serve: Serve, way: str
) -> None:
    servers = serve(demo_database_url, processes=2)
    engine = make_engine(demo_database_url)
    for number in range(ROUNDS):
        query = urlsplit(choose(order_at(servers[0], demo_database_url), silent=True)).query
        with open_session(engine, SETTINGS) as session:
            newest = select(PaymentAttempt).order_by(PaymentAttempt.id.desc()).limit(1)
            attempt = session.scalars(newest).one()
            account = session.get_one(ProviderAccount, attempt.provider_account_id)
            path = urlsplit(provider_accounts.notify_url("", account)).path
            order = attempt.payment.order
            order_id, page = order.id, f"{servers[0].url}/don-hang/{order.token}"
        ends = at_once(page, f"{servers[1].url}{path}?{query}", way)
        assert ends in {(303, "00"), (409, "00")}
        with open_session(engine, SETTINGS) as session:
            assert_paid_once(session, order_id, way if ends[0] == 303 else PROVIDER.name)
            assert_paid_twice_is_owed_back(session, order_id, f"FT-{number}")
    engine.dispose()


def at_once(page: str, notice: str, way: str) -> tuple[int, str]:
    """Let the buyer change the way while the provider tells; return what both were answered."""
    buyer = requests.Session()
    found = re.search(r'name="csrf_token" value="([^"]+)"', buyer.get(page, timeout=30).text)
    assert found
    data, gate = {"csrf_token": found[1], "way": way}, threading.Barrier(2)

    def change() -> int:
        gate.wait(timeout=60)
        came = buyer.post(f"{page}/cach-tra", data=data, allow_redirects=False, timeout=60)
        return came.status_code

    def tell() -> str:
        gate.wait(timeout=60)
        return str(json.loads(requests.get(notice, timeout=60).content)["RspCode"])

    with ThreadPoolExecutor(2) as both:
        changed, told = both.submit(change), both.submit(tell)
        return changed.result(), told.result()


def assert_paid_once(session: Session, order_id: int, way: str) -> None:
    order = session.get_one(Order, order_id)
    payment = session.scalars(select(Payment).where(Payment.order_id == order_id)).one()
    assert (order.state, order.payment_way) == (OrderState.CONFIRMED, way)
    assert payment.received_vnd == order.total_vnd
    assert payment.attempts[0].state is AttemptState.PAID
    assert sum(one.state is AttemptState.PAID for one in payment.attempts) == 1


def assert_paid_twice_is_owed_back(session: Session, order_id: int, reference: str) -> None:
    """Whoever pays in the other way as well gets all of it back."""
    order = session.get_one(Order, order_id)
    order_payment.receive_transfer(
        session,
        order_id,
        amount_vnd=order.total_vnd,
        source="hand",
        reference=reference,
        credited_at=clock.now(),
        actor=SYSTEM,
        now=clock.now(),
        today=clock.today(),
    )
    session.commit()
    payment = session.scalars(select(Payment).where(Payment.order_id == order_id)).one()
    owed = session.scalars(select(Refund).where(Refund.payment_id == payment.id)).one()
    came = session.scalars(select(BankCredit).where(BankCredit.payment_id == payment.id)).all()
    assert (owed.amount_vnd, len(came)) == (order.total_vnd, 2)
