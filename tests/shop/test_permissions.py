"""Every route is decided: for everybody, or for those who may do one thing, within their reach."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from shop.models.people import Grant, GrantScope, Role
from shop.services.permissions import ALLOWED, Action
from tests.support.office import open_office, sign_in

UNDECIDED = object()
DUMMIES = {"int": "999999", "default": "khong-co", "path": "khong-co", "string": "khong-co"}
OPEN_UNDER_OFFICE: set[str] = set()
"""Endpoints below `/quan-ly` that everybody may see: there are none."""

OPEN_TO_INSPECTORS = {"/quan-ly/noi-ban": Action.SEE_OFFICE}
"""Choosing for whom the office is shown changes nothing but one's own cookie."""


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


def test_what_is_for_whoever_is_signed_in_is_marked_so_and_shut_to_others(without_tokens):
    """The table of `docs/reference/permissions.md` says so of each, and of no other."""
    marked, asks = set(), set()
    for rule in without_tokens.url_map.iter_rules():
        view = without_tokens.view_functions[rule.endpoint]
        if decision(without_tokens, rule) is not None:
            continue
        if getattr(view, "needs_sign_in", False):
            marked.add(rule.rule)
        for method, address in requests_of(rule):
            answer = without_tokens.test_client().open(address, method=method)
            is_sent = answer.status_code == 303 and answer.location.startswith("/dang-nhap")
            if answer.status_code == 401 or (is_sent and not rule.rule.startswith("/dang-")):
                asks.add(rule.rule)

    assert "/tai-khoan" in marked
    assert marked == asks


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


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(without_tokens, office, role):
    """Every cell of the table, over HTTP: an address that names nothing shows the decision."""
    client = client_with(office, role)

    wrong = {}
    for rule, action in decided(without_tokens):
        for method, address in requests_of(rule):
            is_refused = client.open(address, method=method).status_code == 403
            if is_refused is (role in ALLOWED[action]):
                wrong[method, address] = action

    assert wrong == {}


def test_a_role_that_has_ended_opens_nothing(without_tokens, office):
    account = office.account(Role.DIRECTOR)
    client = sign_in(without_tokens, account)
    office.session.query(Grant).filter_by(account_id=account.id).update({"until": office.now})
    office.session.commit()

    opened = [
        (method, address)
        for rule, _action in decided(without_tokens)
        for method, address in requests_of(rule)
        if client.open(address, method=method).status_code != 403
    ]

    assert opened == []


def test_who_may_only_look_is_given_nothing_that_changes(app):
    """An inspector reads; a route that changes something is decided by what inspectors lack."""
    changing = {
        rule.rule: action
        for rule, action in decided(app)
        if "POST" in rule.methods and Role.INSPECTOR in ALLOWED[action]
    }

    assert changing == OPEN_TO_INSPECTORS


def client_with(office, role):
    """Return the client of somebody with `role`: over everything for the administrator."""
    account = office.account(None if role is Role.ADMIN else role)
    if role is Role.ADMIN:
        office.session.add(
            Grant(account_id=account.id, role=role, scope=GrantScope.ALL, seller_id=None)
        )
        office.session.commit()
    return sign_in(office.app, account)


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
