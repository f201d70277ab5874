"""Paying through a provider: to its page and back, and what its notices do to an order."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop import clock
from shop.models.catalog import Pack, Seller
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    CreditState,
    PaymentAttempt,
    ProviderAccount,
    ProviderNotice,
)
from shop.queries.ledger import balance
from shop.services import order_payment, provider_accounts
from shop.services.actors import SYSTEM
from tests.factories import make_level, make_order, make_pack, make_product, make_seller
from tests.support.pages import Visitor

PROVIDER = next(iter(providers().values()))


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests open their own seller."""
    return database_url


@pytest.fixture
def account(app_session: Session) -> ProviderAccount:
    """A contract with the simulator of a provider."""
    seller = make_seller(app_session)
    made = provider_accounts.open_simulator(
        app_session, seller, PROVIDER, actor=SYSTEM, now=clock.now()
    )
    app_session.commit()
    return made


@pytest.fixture
def order(app_session: Session, account: ProviderAccount) -> Order:
    """An order that is to be paid through the provider."""
    pack: Pack = make_pack(
        app_session, make_product(app_session, app_session.get_one(Seller, account.seller_id))
    )
    make_level(app_session, pack, on_hand=10)
    made = make_order(
        app_session, pack, now=clock.now(), today=clock.today(), payment_way=PROVIDER.name
    )
    app_session.commit()
    return made


def attempts(session: Session) -> list[PaymentAttempt]:
    session.expire_all()
    found = list(session.scalars(select(PaymentAttempt).order_by(PaymentAttempt.id)))
    session.commit()
    return found


def pay(client: FlaskClient, order: Order, *, code: str = "") -> str:
    """Go to the provider's page, choose how it ends; return the address that leads back."""
    page = client.get(f"/don-hang/{order.token}/tra-tien").text
    address = re.search(r'content="0; url=([^"]+)"', page)
    assert address, page
    parts = urlsplit(address[1].replace("&amp;", "&"))
    page = client.get(f"{parts.path}?{parts.query}").text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    codes = re.findall(r'<button name="code" value="([^"]+)"', page)
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert action, page
    came = client.post(action[1], data=fields | {"code": code or codes[0], "silent": "1"})
    assert came.status_code == 303
    return str(came.location)


def tell(client: FlaskClient, account: ProviderAccount, query: str) -> str:
    """Call as the provider's server does and return the code of the answer."""
    came = client.get(f"/webhooks/{account.provider}/{account.token}?{query}")
    assert came.status_code == 200
    return str(json.loads(came.data)["RspCode"])


def test_a_notice_confirms_the_order_and_the_money_stands_with_the_provider(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    address = pay(client, order)

    answered = tell(client, account, urlsplit(address).query)

    app_session.refresh(order)
    assert answered == "00"
    assert order.state is OrderState.CONFIRMED
    assert balance(app_session, f"clearing:{account.provider}", order_id=order.id) == (
        order.total_vnd
    )
    app_session.commit()
    assert "Đã nhận" in visitor.open(f"/don-hang/{order.token}").text


def test_coming_back_changes_nothing_and_leads_to_the_order(
    client: FlaskClient, app_session: Session, order: Order
) -> None:
    address = urlsplit(pay(client, order))

    came = client.get(f"{address.path}?{address.query}")

    app_session.refresh(order)
    assert came.location == f"/don-hang/{order.token}"
    assert order.state is OrderState.AWAITING_PAYMENT


def test_the_same_notice_again_is_known_and_counts_once(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query

    answers = [tell(client, account, query) for _ in range(3)]

    assert answers == ["00", "02", "02"]
    assert len(app_session.scalars(select(BankCredit)).all()) == 1
    assert [one.outcome for one in app_session.scalars(select(ProviderNotice))] == [
        "recorded",
        "repeated",
        "repeated",
    ]


def test_a_forged_notice_is_stored_and_believed_by_nobody(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    last = "0" if query[-1] != "0" else "1"

    answers = [tell(client, account, query[:-1] + last), tell(client, account, query)]

    assert answers == ["97", "00"]
    assert app_session.scalars(select(ProviderNotice.outcome)).first() == "not_signed"


def test_a_try_that_failed_is_recorded_and_another_may_begin(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    answered = tell(client, account, urlsplit(pay(client, order, code="24")).query)
    page = visitor.open(f"/don-hang/{order.token}")

    left = page.submit(press=f"Trả lại qua {PROVIDER.title}")
    second = tell(client, account, urlsplit(pay(client, order)).query)

    assert (answered, second) == ("00", "00")
    assert "Lần trả vừa rồi đã hủy." in page.text
    assert left.heading == f"Sang trang {PROVIDER.title}"
    assert [one.state for one in attempts(app_session)] == [
        AttemptState.CANCELLED,
        AttemptState.PAID,
    ]


def test_money_for_an_order_that_lapsed_is_parked_for_a_person(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    order_payment.lapse(app_session, order.id, now=clock.now() + timedelta(hours=1))
    app_session.commit()

    answered = tell(client, account, query)

    app_session.refresh(order)
    credit = app_session.scalars(select(BankCredit)).one()
    assert answered == "00"
    assert (order.state, credit.state) == (OrderState.CANCELLED, CreditState.LATE)
    assert balance(app_session, "suspense", order_id=order.id) == -order.total_vnd


def test_money_that_may_be_fraud_waits_for_a_person(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    answered = tell(client, account, urlsplit(pay(client, order, code="07")).query)

    app_session.refresh(order)
    assert answered == "00"
    assert attempts(app_session)[0].state is AttemptState.REVIEW
    assert order.state is OrderState.AWAITING_PAYMENT


def test_a_notice_for_nobody_finds_no_page(client: FlaskClient, account: ProviderAccount) -> None:
    assert client.get(f"/webhooks/{account.provider}/other?a=1").status_code == 404
    assert client.get(f"/webhooks/khac/{account.token}").status_code == 404
    assert client.get(f"/payments/{account.provider}/other/return").status_code == 404


def test_secrets_stand_in_the_database_only_encrypted(
    app_session: Session, account: ProviderAccount
) -> None:
    values = provider_accounts.values(app_session, account)
    hidden = [values[field.name] for field in PROVIDER.fields if field.is_secret]

    assert hidden
    assert all(secret not in repr(account.settings) for secret in hidden)
    assert all(secret not in account.secrets_encrypted for secret in hidden)


def test_every_page_of_the_way_says_that_it_is_a_simulator(
    app: Flask, client: FlaskClient, order: Order
) -> None:
    page = client.get(f"/don-hang/{order.token}/tra-tien").text
    address = re.search(r'content="0; url=([^"]+)"', page)
    assert address
    parts = urlsplit(address[1].replace("&amp;", "&"))

    assert parts.path.startswith(f"/gia-lap/{PROVIDER.name}/")
    assert "giả lập" in client.get(f"{parts.path}?{parts.query}").text
