"""Every route is decided: for everybody, or for those who may do one thing, within their reach."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from shop.models.batches import ProblemReport
from shop.models.inventory import Allocation
from shop.models.orders import DeliveryMethod
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import BankCredit, Refund
from shop.models.people import Role
from shop.services import order_payment
from shop.services.actors import SYSTEM
from shop.services.permissions import ALLOWED, Action
from tests.support.office import open_office, sign_in

UNDECIDED = object()
DUMMIES = {"int": "999999", "default": "khong-co", "path": "khong-co", "string": "khong-co"}
OPEN_UNDER_OFFICE: set[str] = set()
"""Endpoints below `/quan-ly` that everybody may see: there are none."""


def decision(app: Flask, rule: Rule) -> object:
    return getattr(app.view_functions[rule.endpoint], "decided_by", UNDECIDED)


def decided(app: Flask) -> list[tuple[Rule, Action]]:
    """Return the routes that are for those who may do something."""
    found = [(rule, decision(app, rule)) for rule in app.url_map.iter_rules()]
    return [(rule, action) for rule, action in found if isinstance(action, Action)]


def address_of(rule: Rule) -> str:
    """Return an address of the route that names nothing that is there."""

    def dummy(found: re.Match[str]) -> str:
        one_of = re.search(r'any\("?([^",)]+)', found[0])
        return one_of[1] if one_of else DUMMIES[found[1] or "default"]

    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", dummy, rule.rule)


def requests_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield the methods of a route, each with an address that names nothing that is there."""
    for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
        yield method, address_of(rule)


@pytest.fixture
def without_tokens(app):
    """Forms need no token here: the decision alone is asked."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_every_route_is_decided(app):
    undecided = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if decision(app, rule) is UNDECIDED
    ]

    assert undecided == []


def test_nothing_of_the_office_is_open(app):
    opened = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/quan-ly") and not isinstance(decision(app, rule), Action)
    }

    assert opened == OPEN_UNDER_OFFICE


def test_every_action_is_allowed_to_somebody():
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())


def test_who_has_not_signed_in_is_asked_to_on_every_route(without_tokens):
    client = without_tokens.test_client()

    answers = {
        (method, address): client.open(address, method=method)
        for rule, _action in decided(without_tokens)
        for method, address in requests_of(rule)
    }

    assert len(answers) > 60
    wrong = {
        request: answer.status_code
        for request, answer in answers.items()
        if answer.status_code != 303 or not answer.location.startswith("/dang-nhap?next=")
    }
    assert wrong == {}


def test_who_has_no_role_for_it_is_refused_on_every_route(without_tokens, office):
    by_action = {}
    for action in Action:
        others = [role for role in Role if role not in ALLOWED[action]]
        by_action[action] = others[0]
    clients = {role: office.client(role) for role in set(by_action.values())}

    wrong = {}
    for rule, action in decided(without_tokens):
        for method, address in requests_of(rule):
            answer = clients[by_action[action]].open(address, method=method)
            if answer.status_code != 403:
                wrong[method, address] = answer.status_code

    assert wrong == {}


def test_a_role_at_another_seller_opens_nothing_here(without_tokens, app_session, office):
    """The director of one cooperative asks for everything of another by its true address."""
    level = office.level()
    pack = level.batch_pack.pack
    order = office.paid_order(pack)
    returned = office.paid_order(pack)
    order_payment.cancel(office.session, returned.id, reason="x", actor=SYSTEM, now=office.now)
    office.session.commit()
    allocation = office.session.query(Allocation).filter_by(order_line_id=order.lines[0].id).one()
    refund = office.session.query(Refund).one()
    report = ProblemReport(seller_id=office.seller.id, text="Có mùi lạ", made_at=office.now)
    office.session.add(report)
    office.session.commit()
    message = OutboxMessage(
        seller_id=office.seller.id,
        key="mail:x",
        kind="mail",
        subject="x",
        payload={},
        state=OutboxState.DEAD,
        created_at=office.now,
        due_at=office.now,
    )
    office.session.add(message)
    office.session.commit()
    stranger = open_office(without_tokens, app_session).client(Role.DIRECTOR)
    things = {
        "<code>": order.code,
        "<int:allocation_id>": allocation.id,
        "<int:refund_id>": refund.id,
        "<int:report_id>": report.id,
        "<int:credit_id>": office.session.query(BankCredit).filter_by(source="feed").first().id,
        "<int:place_id>": level.place_id,
        "<int:batch_pack_id>": level.batch_pack_id,
        "<int:batch_id>": level.batch_pack.batch_id,
        "<int:message_id>": message.id,
        "<int:product_id>": pack.product_id,
        "<int:method_id>": office.session.query(DeliveryMethod).first().id,
    }
    office.session.commit()

    asked, wrong = 0, {}
    for rule, _action in decided(without_tokens):
        address = rule.rule
        for placeholder, value in things.items():
            address = address.replace(placeholder, str(value))
        if address == rule.rule or "<" in address:
            continue
        for method, _ in requests_of(rule):
            asked += 1
            answer = stranger.open(address, method=method)
            if answer.status_code != 404:
                wrong[method, address] = answer.status_code

    assert asked > 30
    assert wrong == {}


def test_a_role_for_one_thing_does_not_do_another_in_the_same_cooperative(without_tokens, office):
    """A treasurer who packs for one seller cannot pack for the other one."""
    order = office.paid_order()
    account = office.account(Role.TREASURER)
    other = open_office(without_tokens, office.session)
    other.grant(account, Role.OFFICE)
    client = sign_in(without_tokens, account)

    answer = client.post(f"/quan-ly/don-hang/{order.code}/soan")

    assert answer.status_code == 403


def test_a_form_without_its_token_changes_nothing(office):
    order = office.paid_order()
    client = office.client(Role.DIRECTOR)

    answer = client.post(f"/quan-ly/don-hang/{order.code}/soan")

    assert answer.status_code == 400
    assert office.fresh(order).state.value == "confirmed"


@pytest.mark.parametrize("path", ["/quan-ly", "/quan-ly/don-hang.csv", "/quan-ly/nguoi-dung"])
def test_pages_of_the_office_are_kept_nowhere(office, path):
    answer = office.client(Role.DIRECTOR).get(path)

    assert answer.headers["Cache-Control"] == "no-store"
