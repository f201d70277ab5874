"""The office enters contracts with payment providers, tries them, closes them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop.models.catalog import Seller, SellerMode
from shop.models.payments import ProviderAccount
from shop.models.people import AuditEntry, Role
from shop.services import provider_accounts
from shop.services.actors import SYSTEM
from tests.factories import NOW, PASSWORD, make_account, make_seller
from tests.support.pages import Page, Visitor

PROVIDER = next(iter(providers().values()))
ADDRESS = "/quan-ly/cua-hang/thanh-toan"
SECRET = next(field.name for field in PROVIDER.fields if field.is_secret)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests open their own sellers."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A seller of real goods, with a director."""
    made = make_seller(app_session, mode=SellerMode.LIVE)
    make_account(app_session, phone="+84912345678", role=Role.DIRECTOR, seller=made)
    app_session.commit()
    return made


def director(client: FlaskClient) -> Visitor:
    visitor = Visitor.of(client)
    visitor.open("/dang-nhap").submit(
        {"phone": "0912345678", "password": PASSWORD, "machine": "mine"}, press="Đăng nhập"
    )
    return visitor


def fill_in(visitor: Visitor, *, status: int = 200, **values: str) -> Page:
    typed = PROVIDER.simulator_settings("http://127.0.0.1:9/cong") | values
    form = visitor.open(f"{ADDRESS}/{PROVIDER.name}/moi")
    return form.submit(typed, press="Lưu hợp đồng", status=status)


def accounts(session: Session) -> list[ProviderAccount]:
    session.expire_all()
    found = list(session.scalars(select(ProviderAccount).order_by(ProviderAccount.id)))
    session.commit()
    return found


def test_a_contract_is_entered_once_and_its_secret_never_shown(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client))

    (account,) = accounts(app_session)
    secret = provider_accounts.values(app_session, account)[SECRET]
    assert "Đã ghi hợp đồng." in page.text
    assert provider_accounts.notify_url("", account) in page.text
    assert secret not in page.body
    assert (account.mode, account.is_active) == ("live", True)
    told = app_session.scalars(
        select(AuditEntry).where(AuditEntry.action == "provider_account_opened")
    ).one()
    assert secret not in repr(told.after)


def test_what_cannot_be_is_refused_beside_its_field_and_the_rest_stays(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client), status=422, tmn_code="NONKHE")

    assert "Mã website gồm đúng 8 chữ hoặc số." in page.text
    assert 'value="NONKHE"' in page.body
    assert accounts(app_session) == []


def test_a_new_contract_closes_the_one_before(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    visitor = director(client)
    fill_in(visitor)

    fill_in(visitor, tmn_code="LABANG02")

    assert [one.is_active for one in accounts(app_session)] == [False, True]


def test_trying_a_contract_says_what_is_wrong(client: FlaskClient, seller: Seller) -> None:
    page = fill_in(director(client))

    tried = page.submit(press="Thử kết nối")

    assert "Chưa kết nối được." in tried.text


def test_a_closed_contract_takes_notices_but_no_buyers(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client))

    page = page.submit(press="Đóng")
    closed = provider_accounts.active(app_session, seller.id)
    app_session.commit()
    page.submit(press="Mở lại")

    assert closed == []
    assert len(provider_accounts.active(app_session, seller.id)) == 1


def test_a_seller_in_training_has_simulators_alone(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    seller.mode = SellerMode.TRAINING
    provider_accounts.open_simulator(app_session, seller, PROVIDER, actor=SYSTEM, now=NOW)
    app_session.commit()
    visitor = director(client)

    page = visitor.open(f"{ADDRESS}/{PROVIDER.name}/moi")

    assert page.heading == "Thanh toán qua cổng"
    assert "giả lập để tập" in page.text
    assert f"Thêm hợp đồng {PROVIDER.title}" not in page.text


def test_the_form_says_when_a_provider_could_not_reach_the_server(
    client: FlaskClient, seller: Seller
) -> None:
    page = director(client).open(f"{ADDRESS}/{PROVIDER.name}/moi")

    assert "Máy chủ chưa có địa chỉ https công khai." in page.text


def test_a_contract_of_another_seller_is_not_there(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    other = make_seller(app_session)
    theirs = provider_accounts.open_simulator(app_session, other, PROVIDER, actor=SYSTEM, now=NOW)
    app_session.commit()
    page = fill_in(director(client))

    for act in ("thu", "dong", "mo"):
        answer = client.post(
            f"{ADDRESS}/{theirs.id}/{act}",
            data={"csrf_token": page.fields(form="/thu")["csrf_token"]},
        )
        assert answer.status_code == 404
