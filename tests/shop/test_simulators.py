"""The simulator under the shop's own address: its pages, and who may order what goes wrong."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from integrations.payments import providers
from integrations.payments.vnpay.simulator.records import Records
from shop import clock
from shop.models.catalog import Seller
from shop.models.orders import Order
from shop.models.payments import ProviderAccount
from shop.models.people import Role
from shop.services import provider_accounts
from shop.services.actors import SYSTEM
from tests.shop.test_provider_payments import account, demo_database_url, order, pay
from tests.support.office import Office, open_office
from tests.support.pages import Visitor

__all__ = ["account", "demo_database_url", "order"]

PROVIDER = next(iter(providers().values()))
HOME = f"/gia-lap/{PROVIDER.name}"


@pytest.fixture
def contract(office: Office) -> ProviderAccount:
    """A contract of the office with the simulator."""
    made = provider_accounts.open_simulator(
        office.session, office.seller, PROVIDER, actor=SYSTEM, now=clock.now()
    )
    office.session.commit()
    return made


def code_of(contract: ProviderAccount) -> str:
    return str(contract.settings[PROVIDER.merchant_field])


def faults_of(app: Flask, contract: ProviderAccount) -> str:
    records = Records(app.extensions["dacsan_settings"].var / "simulators")
    return records.take_fault(code_of(contract), "query")


def test_the_first_page_says_what_it_is_and_leads_to_a_site(
    client: FlaskClient, contract: ProviderAccount
) -> None:
    page = client.get(f"{HOME}/")
    found = client.get(f"{HOME}/site?ma={code_of(contract).lower()}")
    unknown = client.get(f"{HOME}/site?ma=KHONGCO1")
    nowhere = client.get(f"{HOME}/khac")

    assert page.status_code == 200
    assert "<h1>VNPay giả lập</h1>" in page.text
    assert page.text.index("Nơi này đóng vai") < page.text.index("This is a simulator")
    assert found.location == f"{HOME}/site/{code_of(contract)}"
    assert (unknown.status_code, "Không có mã website" in unknown.text) == (404, True)
    assert (nowhere.status_code, "Ở đây không có trang này." in nowhere.text) == (404, True)
    assert client.get(HOME).status_code in {200, 308}


def test_faults_are_ordered_by_who_may_enter_the_contract_alone(
    app: Flask, app_session: Session, office: Office, contract: ProviderAccount
) -> None:
    asked = {"terminal": code_of(contract), "query": "500"}
    stranger, clerk = app.test_client(), office.client(Role.OFFICE)
    neighbour = open_office(app, app_session).client(Role.DIRECTOR)

    sent_to_sign_in = stranger.post(f"{HOME}/dat", data=asked)
    refused = [one.post(f"{HOME}/dat", data=asked).status_code for one in (clerk, neighbour)]
    director = office.client(Role.DIRECTOR)
    from_elsewhere = [
        director.post(f"{HOME}/dat", data=asked, headers={name: value}).status_code
        for name, value in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")]
    ]
    before = faults_of(app, contract)
    done = office.client(Role.DIRECTOR).post(f"{HOME}/dat", data=asked)

    assert sent_to_sign_in.status_code == 303
    assert sent_to_sign_in.location.startswith("/dang-nhap?next=")
    assert refused == from_elsewhere == [403, 403]
    assert before == ""
    assert done.location == f"{HOME}/site/{code_of(contract)}"
    assert faults_of(app, contract) == "500"


def test_the_orders_of_a_training_shop_lead_to_the_simulators_side(
    app: Flask, visitor: Visitor, account: ProviderAccount, order: Order, app_session: Session
) -> None:
    office = Office(app, app_session, app_session.get_one(Seller, account.seller_id))
    app_session.commit()
    side = f"{HOME}/site/{code_of(account)}"

    for_buyer = visitor.open(f"/don-hang/{order.token}").links()
    for_office = office.visitor(Role.DIRECTOR).open(f"/quan-ly/don-hang/{order.code}").links()

    assert for_buyer["Xem phía cổng giả lập"] == side
    assert for_office["Xem phía cổng giả lập"] == side


def test_a_proof_in_other_letters_pays_nothing(
    client: FlaskClient, app: Flask, order: Order, account: ProviderAccount
) -> None:
    pay(client, order, code="24")
    asked = {"terminal": code_of(account), "reference": f"{order.code}-1", "code": "00"}

    came = client.post(f"{HOME}/paymentv2/chon", data=asked | {"proof": "é"})

    records = Records(app.extensions["dacsan_settings"].var / "simulators")
    known = records.transaction(code_of(account), f"{order.code}-1")
    assert came.status_code == 400
    assert known is not None
    assert known.code == "24"


def test_a_notice_of_another_site_is_not_told_again(
    app: Flask, office: Office, contract: ProviderAccount
) -> None:
    records = Records(app.extensions["dacsan_settings"].var / "simulators")
    records.promise_notice("KHAC0001", "TT-1", "a=1", 0.0)
    (notice,) = records.notices("KHAC0001")
    records.note_answer(notice.id, "00", None)

    office.client(Role.DIRECTOR).post(
        f"{HOME}/dat", data={"terminal": code_of(contract), "again": str(notice.id)}
    )

    assert records.notices("KHAC0001")[0].due is None
