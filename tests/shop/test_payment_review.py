"""Money that a provider took and looks into: seen by the office, never lost, nothing decided."""

from datetime import timedelta

import pytest

from integrations.payments import providers
from integrations.payments.protocol import Outcome, PaymentNotification
from shop.errors import InReview
from shop.models.orders import OrderState
from shop.models.payments import AttemptState, PaymentAttempt
from shop.models.people import Role
from shop.presentation import order_code
from shop.queries.orders import lapsed_holds
from shop.services import order_payment, provider_accounts, provider_payments
from shop.services.actors import BUYER, SYSTEM
from tests.support.pages import Visitor

PROVIDER = next(iter(providers().values()))


def told(office, order, outcome, *, code="07", number="14812345", at=None):
    """Let the provider say how the first try of an order ended."""
    attempt = office.session.query(PaymentAttempt).filter_by(reference=f"{order.code}-1").one()
    account = office.session.get(provider_accounts.ProviderAccount, attempt.provider_account_id)
    said = PaymentNotification(
        attempt.reference,
        order.total_vnd,
        outcome,
        number,
        code,
        "Đã trừ tiền, đang nghi gian lận.",
        office.now,
        bank="NCB",
    )
    verdict = provider_payments.take(
        office.session, account, said, now=at or office.now, today=office.today
    )
    office.session.commit()
    return verdict


@pytest.fixture
def order(office):
    """An order whose payment its provider looks into."""
    provider_accounts.open_simulator(
        office.session, office.seller, PROVIDER, actor=SYSTEM, now=office.now
    )
    made = office.order(payment_way=PROVIDER.name)
    told(office, made, Outcome.REVIEW)
    return made


def test_the_office_is_told_of_a_payment_in_review_in_three_places(office, order):
    visitor = office.visitor(Role.TREASURER)
    words = f"{PROVIDER.title} đang kiểm tra lần trả của đơn {order_code(order.code)}".replace(
        "\N{NO-BREAK SPACE}", " "
    )

    home, money = visitor.open("/quan-ly"), visitor.open("/quan-ly/tien")
    sheet = visitor.open(f"/quan-ly/don-hang/{order.code}")

    assert words in home.text
    for page in (home, money, sheet):
        assert "mã 07: Đã trừ tiền, đang nghi gian lận" in page.text
        assert f"số của {PROVIDER.title}: 14812345" in page.text
    assert "Cổng đang kiểm tra" in money.text
    assert "Đang trả qua cổng thanh toán" not in money.text
    assert "ngân hàng NCB" in sheet.text


def test_the_hold_does_not_lapse_while_the_payment_is_in_review(office, order):
    late = office.now + timedelta(hours=5)

    order_payment.lapse(office.session, order.id, now=late)

    assert order.id not in lapsed_holds(office.session, late)
    assert order.state is OrderState.AWAITING_PAYMENT
    told(office, order, Outcome.PAID, code="00", at=late)
    assert office.fresh(order).state is OrderState.CONFIRMED


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.CANCELLED, Outcome.EXPIRED])
def test_a_review_that_ends_without_money_lets_the_order_lapse(office, order, outcome):
    late = office.now + timedelta(hours=5)
    told(office, order, outcome, code="02", at=late)

    ids = lapsed_holds(office.session, late)
    order_payment.lapse(office.session, order.id, now=late)
    office.session.commit()

    assert order.id in ids
    assert office.fresh(order).state is OrderState.CANCELLED
    assert "đang kiểm tra lần trả" not in office.visitor().open("/quan-ly").text


def test_the_buyer_can_neither_cancel_nor_pay_again_during_a_review(office, order):
    buyer = Visitor.of(office.app.test_client())
    page = buyer.open(f"/don-hang/{order.token}")

    with pytest.raises(InReview):
        order_payment.cancel_by_buyer(office.session, order.id, actor=SYSTEM, now=office.now)
    office.session.rollback()
    with pytest.raises(InReview):
        provider_payments.begin_again(office.session, order.id, actor=BUYER, now=office.now)
    office.session.rollback()

    assert f"Chưa hủy đơn được trong khi {PROVIDER.title} kiểm tra tiền." in page.text
    assert f"{PROVIDER.title} đang kiểm tra lần trả vừa rồi." in page.text
    assert "Hủy đơn này" not in page.text
    assert office.fresh(order).state is OrderState.AWAITING_PAYMENT


def test_the_task_stays_when_the_office_cancels_and_money_then_is_late(office, order):
    order_payment.cancel(office.session, order.id, reason="x", actor=SYSTEM, now=office.now)
    office.session.commit()

    during = office.visitor().open("/quan-ly").text
    told(office, order, Outcome.PAID, code="00")
    after = office.visitor().open("/quan-ly").text

    assert "đang kiểm tra lần trả của đơn" in during
    assert "đang kiểm tra lần trả của đơn" not in after
    assert "Tiền về muộn" in after


def test_a_try_in_review_is_asked_after_each_half_hour_until_it_ends(office, order):
    session, now = office.session, office.now + timedelta(hours=6)
    attempt = session.query(PaymentAttempt).filter_by(reference=f"{order.code}-1").one()

    def is_asked(minutes):
        at = now + timedelta(minutes=minutes)
        rows = provider_payments.waiting(session, begun_by=at, now=at)
        return attempt.id in [attempt_id for attempt_id, _account in rows]

    before = is_asked(0)
    provider_payments.note_question(session, attempt.id, now=now)
    between, after = is_asked(29), is_asked(30)
    told(office, order, Outcome.FAILED, code="02", at=now)

    assert (before, between, after) == (True, False, True)
    assert attempt.state is AttemptState.FAILED
    assert not is_asked(90)
