"""The first page of every role: each link and button on it opens for that role."""

from urllib.parse import urldefrag, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from shop.models.imports import ImportRun
from shop.models.orders import OrderState
from shop.models.people import Role
from tests import factories
from tests.shop.test_permission_reach import of_the_office
from tests.support.office import Office, sign_in
from tests.support.pages import Page, Visitor

SHUT = {403, 404, 405, 500}
ENDS = {"/dang-xuat"}
"""A button that ends the session with which the others are tried."""


@pytest.fixture
def busy(office: Office) -> Office:
    """An office in which everything waits that a first page may tell of."""
    of_the_office(office)
    office.session.execute(delete(ImportRun))  # it has no counts, which a true one has
    office.order()
    office.cash_order()
    office.packing_order()
    office.late_order()
    failed = office.shipped_order()
    failed.state = OrderState.DELIVERY_FAILED
    office.level(on_hand=1)
    office.session.commit()
    return office


def opened(client: FlaskClient, page: Page) -> dict[str, int]:
    """Return what every link of a page and every form on it answers, by address."""
    answers = {}
    for address in {link.get("href", "") for link in page.root.iter("a")}:
        path = urldefrag(address).url
        if path.startswith("/") and urlsplit(path).path not in ENDS:
            answers[f"GET {path}"] = client.get(path).status_code
    for form in page.root.iter("form"):
        action = form.get("action") or page.path
        method = (form.get("method") or "get").upper()
        if action not in ENDS and method == "POST":
            fields = {one.get("name"): one.get("value", "") for one in form.iter("input")}
            answers[f"POST {action}"] = client.post(action, data=fields).status_code
    return answers


@pytest.mark.parametrize("role", list(Role))
def test_a_home_offers_only_what_its_role_may_open(app: Flask, busy: Office, role: Role) -> None:
    account = busy.account(role)
    if role is Role.MEMBER:
        busy.member(account_id=account.id)
    if role is Role.HELPER:
        factories.make_consent(busy.session, busy.member(), account, today=busy.today)
        busy.session.commit()
    client = sign_in(app, account)
    page = Visitor.of(client).open("/dang-nhap")

    answers = opened(client, page)

    assert len(answers) >= 3
    shut = {what: status for what, status in answers.items() if status in SHUT}
    assert shut == {}


@pytest.mark.parametrize(
    ("role", "is_told"), [(Role.OFFICE, True), (Role.TREASURER, False), (Role.DIRECTOR, True)]
)
def test_orders_to_be_packed_wait_for_those_who_may_pack(
    busy: Office, role: Role, is_told: bool
) -> None:
    page = busy.visitor(role).open("/quan-ly")

    assert ("Cần soạn và gửi" in page.text) is is_told
    assert ("Đơn mới, gọi xác nhận" in page.text) is is_told
