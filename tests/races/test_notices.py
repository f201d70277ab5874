"""A provider's notices against real servers: many at once, the buyer's page, the whole way."""

import json
import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop import clock
from shop.db import make_engine, open_session
from shop.jobs import query_attempts
from shop.models.catalog import Pack
from shop.models.ledger import LedgerEntry
from shop.models.orders import Order, OrderState
from shop.models.payments import PaymentAttempt, ProviderAccount, ProviderNotice
from shop.services import order_payment, provider_accounts
from tests.races.buyers import BUYER, fill_cart
from tests.support.databases import SETTINGS
from tests.support.pages import Visitor
from tests.support.servers import Serve, Server, StartProgram

PROVIDER = next(iter(providers().values()))
SKU, SELLER = "LBT-BUP-500", "htx-che-la-bang"
COPIES = 20


def order_at(server: Server, database_url: str) -> str:
    """Order a pack, to be paid through the provider; return the address of its payment page."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        pack_id = session.scalars(select(Pack.id).where(Pack.sku == SKU)).one()
    engine.dispose()
    form = fill_cart(Visitor.at(server.url), seller=SELLER, pack_id=pack_id, quantity=2)
    left = form.submit(
        BUYER | {"phone": "0912345678", "payment_way": PROVIDER.name}, press="Đặt hàng"
    )
    found = re.search(r'content="0; url=([^"]+)"', left.body)
    assert found, left.body
    return found[1].replace("&amp;", "&")


def choose(address: str, *, silent: bool = False) -> str:
    """Let the payment succeed on the provider's page; return where the browser is sent."""
    browser = requests.Session()
    page = browser.get(address, timeout=30).text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    code = re.search(r'<button name="code" value="([^"]+)"', page)
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert code, page
    assert action, page
    parts = urlsplit(address)
    came = browser.post(
        f"{parts.scheme}://{parts.netloc}{action[1]}",
        data=fields | {"code": code[1]} | ({"silent": "1"} if silent else {}),
        allow_redirects=False,
        timeout=30,
    )
    assert came.status_code == 303
    return came.headers["Location"]


def state_of(database_url: str) -> OrderState:
    engine = make_engine(database_url)
    with Session(engine) as session:
        state = session.scalars(select(Order.state)).one()
    engine.dispose()
    return state


@pytest.mark.race
@pytest.mark.both_databases
def test_the_provider_tells_the_shop_and_the_buyers_page_shows_it(
    demo_database_url: str, serve: Serve
) -> None:
    (server,) = serve(demo_database_url)

    back = choose(order_at(server, demo_database_url))
    page = requests.get(back, timeout=30)
    deadline = time.monotonic() + 30
    while "tien-ve" not in page.text and time.monotonic() < deadline:
        time.sleep(0.2)
        page = requests.get(page.url, timeout=30)

    assert urlsplit(page.url).path.startswith("/don-hang/")
    assert "tien-ve" in page.text
    assert state_of(demo_database_url) is OrderState.CONFIRMED


@pytest.mark.race
@pytest.mark.both_databases
def test_twenty_copies_of_a_notice_at_once_are_one_posting(
    demo_database_url: str, serve: Serve
) -> None:
    servers = serve(demo_database_url, processes=2)
    query = urlsplit(choose(order_at(servers[0], demo_database_url), silent=True)).query
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as session:
        attempt = session.scalars(select(PaymentAttempt)).one()
        account = session.get_one(ProviderAccount, attempt.provider_account_id)
        path = urlsplit(provider_accounts.notify_url("", account)).path
    gate = threading.Barrier(COPIES)

    def tell(number: int) -> str:
        gate.wait(timeout=60)
        url = servers[number % 2].url
        came = requests.get(f"{url}{path}?{query}", timeout=60)
        return str(json.loads(came.content)["RspCode"])

    with ThreadPoolExecutor(COPIES) as crowd:
        answers = Counter(crowd.map(tell, range(COPIES)))

    assert answers == {"00": 1, "02": COPIES - 1}
    with Session(engine) as session:
        receipts = (
            select(func.count()).select_from(LedgerEntry).where(LedgerEntry.kind == "receipt")
        )
        assert session.scalar(receipts) == 1
        assert session.scalar(select(func.count()).select_from(ProviderNotice)) == COPIES
    engine.dispose()
    assert state_of(demo_database_url) is OrderState.CONFIRMED


@pytest.mark.race
@pytest.mark.both_databases
@pytest.mark.parametrize("has_lapsed", [False, True])
def test_a_payment_whose_notice_was_lost_is_asked_after(
    demo_database_url: str, serve: Serve, *, has_lapsed: bool
) -> None:
    (server,) = serve(demo_database_url)
    choose(order_at(server, demo_database_url), silent=True)
    settings = SETTINGS.model_copy(update={"public_url": server.url})
    engine, now = make_engine(demo_database_url), clock.now()
    early = query_attempts.run(engine, settings, now=now)
    if has_lapsed:
        with open_session(engine, settings) as session:
            order_id = session.scalars(select(Order.id)).one()
            order_payment.lapse(session, order_id, now=now + timedelta(minutes=31))
            session.commit()

    told = query_attempts.run(engine, settings, now=now + timedelta(minutes=32))
    again = query_attempts.run(engine, settings, now=now + timedelta(minutes=33))

    engine.dispose()
    assert (early, told, again) == (
        "0 asked, 0 settled",
        "1 asked, 1 settled",
        "0 asked, 0 settled",
    )
    wanted = OrderState.CANCELLED if has_lapsed else OrderState.CONFIRMED
    assert state_of(demo_database_url) is wanted


@pytest.mark.race
@pytest.mark.both_databases
def test_a_buyer_who_comes_back_learns_of_the_payment_although_its_notice_was_lost(
    demo_database_url: str, serve: Serve, start_program: StartProgram
) -> None:
    (server,) = serve(demo_database_url)
    start_program("worker", database_url=demo_database_url, public_url=server.url)
    back = choose(order_at(server, demo_database_url), silent=True)

    page = requests.get(back, timeout=30)
    deadline = time.monotonic() + 40
    while "tien-ve" not in page.text and time.monotonic() < deadline:
        time.sleep(0.3)
        page = requests.get(page.url, timeout=30)

    assert "tien-ve" in page.text
    assert state_of(demo_database_url) is OrderState.CONFIRMED
