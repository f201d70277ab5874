"""What an order owes and what came: sums of posted entries, whatever the order of events."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.models.ledger import LedgerEntry, Posting
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    CreditState,
    Payment,
    PaymentAttempt,
    Refund,
    RefundState,
)
from shop.queries.ledger import balance
from shop.services import order_payment, payments
from shop.services.actors import SYSTEM
from shop.services.payment_attempts import MOVES, move_attempt
from tests.factories import NOW, TODAY, make_level, make_order

PRICE = 115_000
LATER = NOW + timedelta(days=2)


def receive(session: Session, order: Order, amount_vnd: int, reference: str) -> BankCredit:
    return order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=amount_vnd,
        source="feed",
        reference=reference,
        credited_at=NOW,
        actor=SYSTEM,
        now=NOW,
        today=TODAY,
    )


def payment_of(session: Session, order: Order) -> Payment:
    return session.scalars(select(Payment).where(Payment.order_id == order.id)).one()


def crooked_entries(session: Session) -> list[int]:
    return list(
        session.scalars(
            select(Posting.entry_id)
            .group_by(Posting.entry_id)
            .having(func.sum(Posting.amount_vnd) != 0)
        )
    )


@pytest.mark.parametrize(
    ("amounts", "state", "order_state"),
    [
        ([], "unpaid", OrderState.AWAITING_PAYMENT),
        ([15_000], "part_paid", OrderState.AWAITING_PAYMENT),
        ([15_000, 100_000], "paid", OrderState.CONFIRMED),
        ([PRICE], "paid", OrderState.CONFIRMED),
        ([125_000], "overpaid", OrderState.CONFIRMED),
        ([PRICE, 1], "overpaid", OrderState.CONFIRMED),
    ],
)
@pytest.mark.both_databases
def test_the_state_of_a_payment_follows_from_what_came(
    session: Session, amounts: list[int], state: str, order_state: OrderState
) -> None:
    order = make_order(session)

    for number, amount in enumerate(amounts):
        receive(session, order, amount, f"FT{number}")

    assert payment_of(session, order).state == state
    assert order.state is order_state
    assert crooked_entries(session) == []


@given(amounts=st.lists(st.integers(1, 300_000), max_size=5))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_however_money_comes_the_books_agree_with_the_payment(
    session: Session, amounts: list[int]
) -> None:
    order = make_order(session)

    for number, amount in enumerate(amounts):
        receive(session, order, amount, f"{order.code}-{number}")

    payment = payment_of(session, order)
    due = -balance(session, "refunds_due", order_id=order.id)
    owed = PRICE if order.state is OrderState.CONFIRMED else 0
    assert payment.received_vnd == sum(amounts)
    assert due == max(0, sum(amounts) - PRICE)
    assert balance(session, "buyers", order_id=order.id) == owed - (sum(amounts) - due)
    assert crooked_entries(session) == []


def test_what_came_too_much_is_owed_back(session: Session) -> None:
    order = make_order(session)

    receive(session, order, 125_000, "FT1")

    refund = session.scalars(select(Refund)).one()
    assert (refund.amount_vnd, refund.reason, refund.state) == (
        10_000,
        "overpaid",
        RefundState.ASKED,
    )


def test_money_for_a_cancelled_order_is_parked_for_a_person(session: Session) -> None:
    order = make_order(session)
    order_payment.lapse(session, order.id, now=LATER)

    credit = receive(session, order, PRICE, "FT1")

    assert credit.state is CreditState.LATE
    assert order.state is OrderState.CANCELLED
    assert balance(session, "suspense", order_id=order.id) == -PRICE


def test_a_sale_is_posted_with_its_tax_apart_and_taken_back_when_cancelled(
    session: Session,
) -> None:
    order = make_order(session)
    order.lines[0].tax_vnd = 6_667
    receive(session, order, PRICE, "FT1")
    vat = balance(session, "vat", order_id=order.id)

    order_payment.cancel_by_buyer(session, order.id, actor=SYSTEM, now=NOW)

    assert vat == -6_667
    for account in ("vat", "goods", "delivery"):
        assert balance(session, account, order_id=order.id) == 0
    assert balance(session, "refunds_due", order_id=order.id) == -PRICE


def test_the_buyer_gets_back_what_came_in_part_before_cancelling(session: Session) -> None:
    order = make_order(session)
    receive(session, order, 15_000, "FT1")

    order_payment.cancel_by_buyer(session, order.id, actor=SYSTEM, now=NOW)

    assert session.scalars(select(Refund.amount_vnd)).all() == [15_000]


def test_the_paid_attempt_is_settled_and_stays_so(session: Session) -> None:
    order = make_order(session)
    receive(session, order, PRICE, "FT1")

    (attempt,) = payment_of(session, order).attempts

    assert (attempt.state, attempt.settled_at) == (AttemptState.PAID, NOW)
    assert not MOVES[AttemptState.PAID]


@pytest.mark.parametrize("given_up", [AttemptState.EXPIRED, AttemptState.CANCELLED])
def test_a_provider_may_say_paid_after_we_gave_up(
    session: Session, given_up: AttemptState
) -> None:
    attempt = PaymentAttempt(state=AttemptState.PENDING)

    move_attempt(attempt, given_up, now=NOW)
    move_attempt(attempt, AttemptState.PAID, now=LATER)

    assert attempt.settled_at == LATER
    with pytest.raises(WrongMove):
        move_attempt(attempt, AttemptState.FAILED, now=LATER)


def test_money_and_its_entry_are_written_together_or_not_at_all(session: Session) -> None:
    level = make_level(session)
    order = make_order(session, level.batch_pack.pack)
    session.commit()
    receive(session, order, PRICE, "FT1")
    session.rollback()

    assert session.scalars(select(LedgerEntry)).all() == []
    assert payment_of(session, order).received_vnd == 0


def test_only_the_newest_living_account_is_asked_to_be_paid_to(session: Session) -> None:
    order = make_order(session)
    first = payments.receiving_account(session, order.seller_id)
    assert first is not None
    first.is_active = False
    session.flush()

    assert payments.receiving_account(session, order.seller_id) is None
