"""The contract of a way to be paid: every provider found, each against its own simulator."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests
from werkzeug.test import Client

from integrations import payments
from integrations.errors import BadSignature, Rejected, Unauthorized, Unreachable
from integrations.http import InboundRequest
from integrations.payments.protocol import (
    Capability,
    Merchant,
    Outcome,
    PaymentQuery,
    PaymentRequest,
    Redirect,
    RefundRequest,
    RefundState,
    Verdict,
)
from integrations.simulation import session_to

SHOP = "https://shop.example"
NOW = datetime.now(UTC).replace(microsecond=0)


class Stage:
    """One provider with its simulator, and a contract of one shop with it."""

    def __init__(self, provider, folder):
        self.provider = provider
        self.settings = provider.simulator_settings("http://simulator.example/gia-lap")
        self.merchant = Merchant(self.settings, f"{SHOP}/webhooks/{provider.name}/t0ken")
        self.application = provider.simulate()(folder, self.find)
        self.browser = Client(self.mounted)
        session = session_to(self.mounted, "http://simulator.example")
        self.connection = provider.connect(self.settings, client=session, sleep=lambda _: None)

    def find(self, code):
        return self.merchant if code == self.settings[self.provider.merchant_field] else None

    def mounted(self, environ, start_response):
        environ["SCRIPT_NAME"] = "/gia-lap"
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/gia-lap")
        return self.application(environ, start_response)

    def request(self, **values):
        return PaymentRequest(
            **{
                "reference": "NK7K2QF9-1",
                "amount_vnd": 150_000,
                "description": "Đơn NK 7K2QF9",
                "return_url": f"{SHOP}/payments/x/t0ken/return",
                "payer_address": "203.0.113.7",
                "created_at": NOW,
                "expires_at": NOW + timedelta(minutes=30),
            }
            | values
        )

    def open(self, request):
        """Open the payment page as a browser does."""
        action = self.connection.payments.create(request)
        assert isinstance(action, Redirect)
        parts = urlsplit(action.url)
        return self.browser.get(f"{parts.path}?{parts.query}")

    def pay(self, request=None, *, code=None):
        """Choose how the payment ends and return the address the browser is sent back to."""
        page = self.open(request or self.request())
        assert page.status_code == 200, page.text
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page.text))
        first = re.search(r'<button name="code" value="([^"]+)"', page.text)[1]
        action = re.search(r'<form method="post" action="([^"]+)"', page.text)[1]
        came = self.browser.post(action, data=fields | {"code": code or first, "silent": "1"})
        assert came.status_code == 303
        return came.location

    def read(self, address):
        return self.connection.read_notification(
            InboundRequest("GET", urlsplit(address).path, urlsplit(address).query)
        )

    def refund(self, amount_vnd, key="refund-1", **values):
        return self.connection.refunds.create(
            RefundRequest(
                key=key,
                reference="NK7K2QF9-1",
                amount_vnd=amount_vnd,
                total_vnd=150_000,
                paid_created_at=NOW,
                reason="Hết hàng",
                requested_by="ke toan",
                **values,
            )
        )

    def query(self, reference="NK7K2QF9-1"):
        return self.connection.transactions.query(PaymentQuery(reference, NOW))


@pytest.fixture(params=sorted(payments.providers()))
def stage(request, tmp_path):
    """Each provider in turn."""
    return Stage(payments.providers()[request.param], tmp_path)


def test_there_are_providers_to_try():
    assert payments.providers()


def test_a_provider_says_what_it_is_in_both_languages(stage):
    provider = stage.provider

    assert {Capability.REDIRECT, Capability.QUERY} <= provider.capabilities
    for texts in (provider.choice, provider.consequence, *(one.label for one in provider.fields)):
        assert set(texts) == {"vi", "en"}
    assert any(field.is_secret for field in provider.fields)
    assert provider.merchant_field in {field.name for field in provider.fields}


def test_a_payment_comes_back_signed_and_paid(stage):
    told = stage.read(stage.pay())

    assert (told.reference, told.amount_vnd, told.outcome) == (
        "NK7K2QF9-1",
        150_000,
        Outcome.PAID,
    )
    assert told.provider_reference
    assert told.text


def test_a_query_tells_what_became_of_a_payment(stage):
    stage.open(stage.request())
    waiting = stage.query()
    stage.pay()

    paid = stage.query()

    assert (waiting.outcome, paid.outcome) == (Outcome.PENDING, Outcome.PAID)
    assert paid.amount_vnd == 150_000


def test_a_payment_nobody_came_for_is_unknown(stage):
    assert stage.query("NK000000-9").outcome is Outcome.UNKNOWN


def test_one_letter_changed_in_a_notice_is_noticed(stage):
    address = stage.pay()

    for position in range(address.index("?") + 1, len(address)):
        changed = "0" if address[position] != "0" else "1"
        with pytest.raises(BadSignature):
            stage.read(address[:position] + changed + address[position + 1 :])


def test_an_older_secret_is_accepted_while_it_is_being_changed(stage):
    address = stage.pay()
    secret = next(field.name for field in stage.provider.fields if field.is_secret)
    rotated = stage.settings | {secret: f"NEWSECRET0123456789 {stage.settings[secret]}"}

    told = stage.provider.connect(rotated).read_notification(
        InboundRequest("GET", "/", urlsplit(address).query)
    )

    assert told.outcome is Outcome.PAID


def test_a_wrong_secret_is_told_as_such(stage):
    secret = next(field.name for field in stage.provider.fields if field.is_secret)
    session = session_to(stage.mounted, "http://simulator.example")
    wrong = stage.provider.connect(stage.settings | {secret: "WRONG"}, client=session)

    with pytest.raises(Unauthorized) as refusal:
        wrong.check()

    assert refusal.value.text
    assert "WRONG" not in repr(refusal.value) + repr(wrong)


def test_the_right_settings_pass_the_check(stage):
    assert stage.connection.check()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_an_answer(stage, verdict):
    reply = stage.connection.answer(verdict)

    assert reply.status == 200
    assert reply.body


def test_a_refund_is_accepted_then_settled(stage):
    stage.pay()

    accepted = stage.refund(150_000)
    asked = stage.query()

    assert accepted.state is RefundState.ACCEPTED
    assert asked.refund in {RefundState.ACCEPTED, RefundState.SETTLED}


def test_the_same_refund_asked_again_is_not_made_twice(stage):
    stage.pay()
    first = stage.refund(50_000)

    again = stage.refund(50_000)
    fresh = Stage.refund(_without_memory(stage), 50_000, is_repeat=True)

    assert again == first
    assert fresh.state is RefundState.ACCEPTED
    with pytest.raises(Rejected):  # had it been made twice, 100.000 would not be left
        stage.refund(100_001, key="refund-2")


def test_an_earlier_refund_of_the_same_amount_is_not_taken_for_a_repeat(stage):
    stage.pay()
    first = stage.refund(50_000)
    stage = _without_memory(stage)

    second = stage.refund(
        50_000, key="refund-2", is_repeat=True, earlier=frozenset({first.provider_reference})
    )

    assert second.provider_reference != first.provider_reference
    with pytest.raises(Rejected):  # both were made: 50.000 are left
        stage.refund(50_001, key="refund-3")


def test_a_repeat_that_arrived_the_first_time_returns_that_refund(stage):
    stage.pay()
    first = stage.refund(50_000)

    again = _without_memory(stage).refund(50_000, is_repeat=True)

    assert again.provider_reference == first.provider_reference


def _without_memory(stage):
    session = session_to(stage.mounted, "http://simulator.example")
    stage.connection = stage.provider.connect(stage.settings, client=session)
    return stage


def test_more_than_was_paid_is_not_refunded(stage):
    stage.pay()

    with pytest.raises(Rejected):
        stage.refund(150_001)


def test_what_was_not_paid_is_not_refunded(stage):
    stage.open(stage.request())

    with pytest.raises(Rejected) as refusal:
        stage.refund(150_000)

    assert refusal.value.code
    assert refusal.value.text


NO_AMOUNT = [0, -1, 10**13, True, 10_000.0, 10_000.5, float("nan"), "10000", None]


@pytest.mark.parametrize("amount_vnd", NO_AMOUNT)
def test_an_amount_that_is_none_is_refused_before_anything_is_called(stage, amount_vnd):
    down = _Down()
    stage.connection = stage.provider.connect(stage.settings, client=down)

    with pytest.raises(Rejected):
        stage.connection.payments.create(stage.request(amount_vnd=amount_vnd))
    with pytest.raises(Rejected):
        stage.refund(amount_vnd)

    assert down.calls == 0


@pytest.mark.parametrize("name", ["created_at", "expires_at"])
def test_a_time_without_its_zone_is_refused_by_its_name(stage, name):
    with pytest.raises(Rejected) as refusal:
        stage.connection.payments.create(stage.request(**{name: NOW.replace(tzinfo=None)}))

    assert refusal.value.code == name
    assert refusal.value.text


def test_a_question_after_a_time_without_its_zone_is_refused(stage):
    with pytest.raises(Rejected):
        stage.connection.transactions.query(PaymentQuery("NK1", NOW.replace(tzinfo=None)))


class _Down:
    """A client that reaches nobody."""

    def __init__(self):
        self.calls = 0

    def request(self, method, url, **options):
        self.calls += 1
        raise requests.ConnectTimeout("nobody there")


def test_reading_is_tried_again_and_writing_is_not(stage):
    down = _Down()
    stage.connection = stage.provider.connect(stage.settings, client=down, sleep=lambda _: None)

    with pytest.raises(Unreachable):
        stage.query()
    tries = down.calls
    with pytest.raises(Unreachable) as failed:
        stage.refund(10_000)

    assert tries > 1
    assert down.calls == tries + 1
    assert failed.value.retryable
    assert not failed.value.unclear
