"""Notices that are refused again and again are told, and read again once the secret is right."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop import clock
from shop.cli import main
from shop.models.catalog import Seller
from shop.models.orders import Order, OrderState
from shop.models.payments import AttemptState, ProviderAccount, ProviderNotice
from shop.models.people import Role
from shop.queries import refused_notices
from tests.factories import make_account
from tests.shop.test_notices_again import outcomes, state_of
from tests.shop.test_office_providers import director
from tests.shop.test_provider_payments import (
    account,
    attempts,
    demo_database_url,
    order,
    pay,
    tell,
)

__all__ = ["account", "demo_database_url", "order"]

PROVIDER = next(iter(providers().values()))
SECRET = next(field.name for field in PROVIDER.fields if field.is_secret)


@pytest.fixture
def query(client: FlaskClient, app_session: Session, order: Order) -> str:
    """A notice that is signed well, for a contract whose secret is then typed wrong."""
    return urlsplit(pay(client, order)).query


def put_secret(session: Session, account: ProviderAccount, text: str) -> None:
    account.secrets_encrypted = session.info["vault"].close({SECRET: text})
    session.commit()


def refused(
    client: FlaskClient, session: Session, account: ProviderAccount, query: str, times: int
) -> str:
    """Let a notice be refused so often; return the secret that would have fitted."""
    right = session.info["vault"].open(account.secrets_encrypted)[SECRET]
    put_secret(session, account, "TYPEDWRONG")
    assert {tell(client, account, query) for _ in range(times)} == {"97"}
    return str(right)


def home(client: FlaskClient, session: Session, account: ProviderAccount, role: Role) -> str:
    seller = session.get_one(Seller, account.seller_id)
    make_account(session, phone="+84912345678", role=role, seller=seller)
    session.commit()
    return director(client).open("/quan-ly").text


def test_whoever_keeps_the_contract_is_told_of_notices_refused_today(
    client: FlaskClient, app_session: Session, account: ProviderAccount, query: str
) -> None:
    refused(client, app_session, account, query, 3)

    page = home(client, app_session, account, Role.DIRECTOR)

    assert f"3 thông báo của {PROVIDER.title} bị từ chối vì sai chữ ký hôm nay" in page
    assert "Khóa bí mật có thể sai." in page


@pytest.mark.parametrize(("times", "is_active"), [(2, True), (3, False)])
def test_a_few_refused_notices_or_those_of_a_closed_contract_are_told_to_nobody(
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    query: str,
    times: int,
    *,
    is_active: bool,
) -> None:
    refused(client, app_session, account, query, times)
    account.is_active = is_active
    app_session.commit()

    assert refused_notices.refused(app_session, clock.now().replace(hour=0)) == []


def test_whoever_keeps_the_contract_is_told_that_it_cannot_be_opened(
    client: FlaskClient, app_session: Session, account: ProviderAccount
) -> None:
    account.secrets_encrypted = "closed under another key"

    page = home(client, app_session, account, Role.DIRECTOR)

    assert f"Máy không mở được khóa của hợp đồng {PROVIDER.title}" in page


def test_refused_notices_are_read_again_once_the_secret_is_right(
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
    query: str,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = app.extensions["dacsan_settings"]
    monkeypatch.setenv("DACSAN_DATABASE_URL", settings.database)
    monkeypatch.setenv("DACSAN_VAR", str(settings.var))
    monkeypatch.setenv("DACSAN_SECRET_KEY", "0" * 64)
    right = refused(client, app_session, account, query, 2)

    assert main(["notices"]) == 0
    still = outcomes(app_session)
    put_secret(app_session, account, right)
    assert main(["notices"]) == 0

    assert still == ["not_signed", "not_signed"]
    assert outcomes(app_session) == ["recorded", "repeated"]
    assert state_of(app_session, order) is OrderState.CONFIRMED


def test_asking_for_the_head_of_a_notice_changes_nothing(
    client: FlaskClient, app_session: Session, account: ProviderAccount, query: str
) -> None:
    came = client.head(f"/webhooks/{account.provider}/{account.token}?{query}")

    assert came.status_code == 405
    assert app_session.scalars(select(ProviderNotice)).all() == []
    assert attempts(app_session)[0].state is AttemptState.PENDING
