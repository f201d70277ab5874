"""Giving money back: how much, by whom, in which way, and what the books say of it."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from integrations.payments import providers
from integrations.payments.protocol import (
    Outcome,
    PaymentNotification,
    PaymentReport,
    RefundReport,
)
from integrations.payments.protocol import RefundState as Told
from shop.errors import Changed, NotAllowed, WrongMove
from shop.invariants import DATA_RULES, prove
from shop.models.ledger import LedgerEntry
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import Payment, ProviderAccount, Refund, RefundState, RefundWay
from shop.models.people import AuditEntry, Role
from shop.queries.ledger import balance
from shop.services import (
    order_fulfilment,
    order_payment,
    provider_accounts,
    provider_payments,
    refund_delivery,
    refund_promises,
    refund_rules,
    refunds,
)
from shop.services.actors import SYSTEM, Actor, account_actor
from shop.services.refund_promises import MOVES, RefundTooMuch
from shop.services.refund_rules import NoWayBack, RefundNeedsSecond, SamePerson
from tests.factories import NOW, TODAY, make_account, make_level, make_order

pytestmark = pytest.mark.both_databases

PROVIDER = next(iter(providers().values()))
PRICE = 115_000
HAND, THROUGH = RefundWay.HAND, RefundWay.PROVIDER
AT = "14000001"


@pytest.fixture
def order(session: Session) -> Order:
    """An order of one pack that was paid through a provider."""
    pack = make_level(session).batch_pack.pack
    account = provider_accounts.open_simulator(
        session, pack.product.seller, PROVIDER, actor=SYSTEM, now=NOW
    )
    made = make_order(session, pack, payment_way=PROVIDER.name)
    pay(session, account, made)
    return made


@pytest.fixture
def by_transfer(session: Session) -> Order:
    """An order of one pack that was paid by a transfer."""
    made = make_order(session)
    receive(session, made, PRICE)
    return made


def pay(session: Session, account: ProviderAccount, order: Order) -> None:
    told = PaymentNotification(
        f"{order.code}-1", order.total_vnd, Outcome.PAID, AT, "00", "", paid_at=NOW
    )
    provider_payments.take(session, account, told, now=NOW, today=TODAY)


def receive(session: Session, order: Order, amount_vnd: int) -> None:
    order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=amount_vnd,
        source="feed",
        reference=f"FT-{order.code}",
        credited_at=NOW,
        actor=SYSTEM,
        now=NOW,
        today=TODAY,
    )


def person(session: Session, order: Order, role: Role = Role.TREASURER) -> Actor:
    account = make_account(session, role=role, seller=order.seller)
    return account_actor(account, origin="127.0.0.1", now=NOW)


def ask(
    session: Session,
    order: Order,
    actor: Actor,
    amount_vnd: int = 20_000,
    *,
    way: RefundWay = HAND,
    seen: int = 0,
) -> Refund:
    return refunds.ask(
        session,
        order.id,
        amount_vnd=amount_vnd,
        reason="damaged",
        way=way,
        seen=seen,
        actor=actor,
        now=NOW,
    )


def payment_of(session: Session, order: Order) -> Payment:
    return session.scalars(select(Payment).where(Payment.order_id == order.id)).one()


def told(state: Told, *, number: str = "14000002", code: str = "00") -> RefundReport:
    return RefundReport(state, code, "VNPay nói vậy.", number)


def faults(session: Session) -> list[str]:
    """Return which rules about money and repeats the database breaks."""
    session.flush()
    rules = [rule for rule in DATA_RULES if rule.invariant in {1, 4, 5}]
    return [one.rule.name for one in prove(session.connection(), now=NOW, rules=rules)]


def acts(session: Session) -> list[str]:
    return [
        one
        for one in session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        if one.startswith("refund")
    ]


def test_a_part_goes_back_and_the_order_lacks_nothing(
    session: Session, by_transfer: Order
) -> None:
    treasurer = person(session, by_transfer)
    order_fulfilment.start_packing(session, by_transfer.id, actor=SYSTEM, now=NOW)
    order_fulfilment.ship(
        session,
        by_transfer.id,
        carrier="Bưu điện",
        tracking_code="",
        actor=SYSTEM,
        now=NOW,
        today=TODAY,
    )
    order_fulfilment.deliver(session, by_transfer.id, actor=SYSTEM, now=NOW)

    refund = ask(session, by_transfer, treasurer)
    asked = payment_of(session, by_transfer).missing_vnd
    refunds.settle_refund(session, refund.id, reference="FT9", actor=treasurer, now=NOW)
    order_fulfilment.complete(session, by_transfer.id, actor=SYSTEM, now=NOW)

    payment = payment_of(session, by_transfer)
    assert (asked, payment.missing_vnd, payment.surplus_vnd) == (0, 0, 0)
    assert (payment.state, by_transfer.state) == ("part_refunded", OrderState.COMPLETED)
    assert balance(session, "buyers", order_id=by_transfer.id) == 0
    assert balance(session, "refunds_due", order_id=by_transfer.id) == 0
    assert faults(session) == []


def test_the_vat_inside_goes_down_in_the_same_share(session: Session, by_transfer: Order) -> None:
    by_transfer.lines[0].tax_vnd = 6_667

    ask(session, by_transfer, person(session, by_transfer), 57_500)

    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "allowance")).one()
    assert {one.account: one.amount_vnd for one in entry.postings} == {
        "goods": 54_166,
        "vat": 3_334,
        "buyers": -57_500,
    }


def test_never_more_goes_back_than_came_and_is_not_promised(
    session: Session, by_transfer: Order
) -> None:
    treasurer = person(session, by_transfer)
    ask(session, by_transfer, treasurer, 100_000)

    with pytest.raises(RefundTooMuch) as refused:
        ask(session, by_transfer, treasurer, 15_001, seen=1)

    assert refused.value.values["left_vnd"] == 15_000


def test_an_order_that_waits_for_its_money_gives_none_back(session: Session) -> None:
    order = make_order(session)
    receive(session, order, 50_000)

    with pytest.raises(RefundTooMuch):
        ask(session, order, person(session, order), 1_000)


def test_surplus_and_a_part_of_the_price_go_back_beside_each_other(session: Session) -> None:
    order = make_order(session)
    receive(session, order, PRICE + 9_000)
    treasurer = person(session, order)

    ask(session, order, treasurer, 20_000, seen=1)

    payment = payment_of(session, order)
    left = refund_rules.refundable_vnd(session, order, payment)
    assert (left, payment.missing_vnd, payment.overpaid_vnd) == (95_000, 0, 9_000)
    assert balance(session, "refunds_due", order_id=order.id) == -29_000
    assert faults(session) == []


def test_cancelling_after_a_part_went_back_owes_the_rest(
    session: Session, by_transfer: Order
) -> None:
    treasurer = person(session, by_transfer)
    refund = ask(session, by_transfer, treasurer)
    refunds.settle_refund(session, refund.id, reference="FT9", actor=treasurer, now=NOW)

    order_payment.cancel(session, by_transfer.id, reason="x", actor=SYSTEM, now=NOW)

    assert payment_of(session, by_transfer).remitted_vnd == 0
    assert balance(session, "refunds_due", order_id=by_transfer.id) == -95_000
    for account in ("buyers", "goods", "vat", "delivery"):
        assert balance(session, account, order_id=by_transfer.id) == 0
    assert faults(session) == []


def test_the_same_form_sent_twice_is_one_refund(session: Session, by_transfer: Order) -> None:
    treasurer = person(session, by_transfer)

    first, again = (ask(session, by_transfer, treasurer) for _ in range(2))

    assert first.id == again.id
    assert payment_of(session, by_transfer).remitted_vnd == 20_000


def test_who_did_not_see_the_last_refund_is_told(session: Session, by_transfer: Order) -> None:
    ask(session, by_transfer, person(session, by_transfer))

    with pytest.raises(Changed):
        ask(session, by_transfer, person(session, by_transfer))


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TECHNICIAN, Role.INSPECTOR])
def test_who_may_not_refund_is_refused(session: Session, by_transfer: Order, role: Role) -> None:
    with pytest.raises(NotAllowed):
        ask(session, by_transfer, person(session, by_transfer, role))


def limited(session: Session, order: Order, limit: int) -> None:
    refund_rules.change_limit(session, order.seller, limit, actor=SYSTEM, now=NOW)


def test_above_the_limit_another_person_confirms_and_not_the_first(
    session: Session, order: Order
) -> None:
    limited(session, order, 19_999)
    first, second = person(session, order), person(session, order, Role.DIRECTOR)
    refund = ask(session, order, first, way=THROUGH)
    waiting = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "refund")).all()

    with pytest.raises(SamePerson):
        refunds.confirm(session, refund.id, actor=first, now=NOW)
    for _ in range(2):
        refunds.confirm(session, refund.id, actor=second, now=NOW)

    promised = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "refund")).all()
    assert waiting == []
    assert [one.key for one in promised] == [f"refund:{refund.key}"]
    assert acts(session) == [
        "refund_limit_changed",
        "refund_asked",
        "refund_way_chosen",
        "refund_confirmed",
    ]


def test_at_the_limit_one_person_is_enough(session: Session, order: Order) -> None:
    limited(session, order, 20_000)

    refund = ask(session, order, person(session, order), way=THROUGH)

    assert refund_rules.is_sent(session, refund)


def test_a_large_sum_in_small_parts_needs_two_persons(
    session: Session, by_transfer: Order
) -> None:
    limited(session, by_transfer, 30_000)
    treasurer = person(session, by_transfer)
    first = ask(session, by_transfer, treasurer)
    refunds.settle_refund(session, first.id, reference="FT1", actor=treasurer, now=NOW)

    second = ask(session, by_transfer, treasurer, seen=1)

    with pytest.raises(RefundNeedsSecond):
        refunds.settle_refund(session, second.id, reference="FT2", actor=treasurer, now=NOW)


def test_by_hand_above_the_limit_nothing_is_written_down_before_the_second(
    session: Session, by_transfer: Order
) -> None:
    limited(session, by_transfer, 0)
    first, second = person(session, by_transfer), person(session, by_transfer)
    refund = ask(session, by_transfer, first)
    with pytest.raises(RefundNeedsSecond):
        refunds.settle_refund(session, refund.id, reference="FT9", actor=first, now=NOW)

    refunds.confirm(session, refund.id, actor=second, now=NOW)
    refunds.settle_refund(session, refund.id, reference="FT9", actor=first, now=NOW)

    assert refund.state is RefundState.SETTLED
    assert (refund.proposed_by_id, refund.confirmed_by_id) == (
        first.account_id,
        second.account_id,
    )


def test_the_database_itself_wants_two_different_persons(session: Session, order: Order) -> None:
    refund = ask(session, order, person(session, order))
    refund.confirmed_by_id = refund.proposed_by_id

    with pytest.raises(IntegrityError, match="two_persons"):
        session.flush()


def test_a_second_person_who_says_no_ends_it_and_nothing_is_owed(
    session: Session, order: Order
) -> None:
    limited(session, order, 0)
    refund = ask(session, order, person(session, order), way=THROUGH)

    refunds.refuse(session, refund.id, reason="nhầm đơn", actor=person(session, order), now=NOW)

    assert (refund.state, refund.details["refused"]) == (RefundState.REJECTED, "nhầm đơn")
    assert payment_of(session, order).remitted_vnd == 0
    for account in ("refunds_due", "buyers"):
        assert balance(session, account, order_id=order.id) == 0
    assert faults(session) == []


def test_no_to_money_of_a_cancelled_order_leaves_it_owed(session: Session, order: Order) -> None:
    limited(session, order, 0)
    order_payment.cancel(session, order.id, reason="x", actor=SYSTEM, now=NOW)
    refund = session.scalars(select(Refund)).one()
    first = person(session, order)
    refunds.choose(session, refund.id, THROUGH, actor=first, now=NOW)

    refunds.refuse(session, refund.id, reason="gọi khách đã", actor=first, now=NOW)

    assert (refund.state, refund.way) == (RefundState.ASKED, RefundWay.NONE)
    assert balance(session, "refunds_due", order_id=order.id) == -PRICE
    with pytest.raises(WrongMove):
        refunds.refuse(session, refund.id, reason="lại nữa", actor=first, now=NOW)


def test_money_that_came_by_transfer_has_no_way_through_a_provider(
    session: Session, by_transfer: Order
) -> None:
    with pytest.raises(NoWayBack):
        ask(session, by_transfer, person(session, by_transfer), way=THROUGH)


def test_one_refund_of_a_payment_at_a_time_goes_through_its_provider(
    session: Session, order: Order
) -> None:
    treasurer = person(session, order)
    first = ask(session, order, treasurer, way=THROUGH)

    with pytest.raises(NoWayBack), session.begin_nested():
        ask(session, order, treasurer, 30_000, way=THROUGH, seen=1)
    refund_delivery.begin(session, first.id, now=NOW)
    refund_delivery.take(session, first.id, told(Told.SETTLED), now=NOW)
    again = ask(session, order, treasurer, 95_000, way=THROUGH, seen=1)

    assert again.attempt_id == first.attempt_id


def test_accepted_then_settled_is_posted_once_to_the_clearing_account(
    session: Session, order: Order
) -> None:
    refund = ask(session, order, person(session, order), way=THROUGH)
    errand = refund_delivery.begin(session, refund.id, now=NOW)
    assert errand is not None

    for report in (
        told(Told.ACCEPTED),
        told(Told.ACCEPTED),
        told(Told.SETTLED),
        told(Told.SETTLED),
    ):
        refund_delivery.take(session, refund.id, report, now=NOW)

    held = balance(session, f"clearing:{PROVIDER.name}", order_id=order.id)
    assert (refund.state, refund.reference) == (RefundState.SETTLED, "14000002")
    assert held == PRICE - 20_000
    assert payment_of(session, order).refunded_vnd == 20_000
    assert (errand.request.key, errand.request.is_repeat) == (refund.key, False)
    assert faults(session) == []
    assert acts(session)[-3:] == ["refund_sent", "refund_accepted", "refund_settled"]


def test_whoever_asks_a_second_time_asks_as_a_repeat_under_the_same_key(
    session: Session, order: Order
) -> None:
    refund = ask(session, order, person(session, order), way=THROUGH)

    first, second = (refund_delivery.begin(session, refund.id, now=NOW) for _ in range(2))

    assert first is not None
    assert second is not None
    assert (first.request.is_repeat, second.request.is_repeat) == (False, True)
    assert first.request.key == second.request.key


def test_numbers_of_earlier_refunds_are_told_so_that_none_is_taken_for_this_one(
    session: Session, order: Order
) -> None:
    treasurer = person(session, order)
    first = ask(session, order, treasurer, way=THROUGH)
    refund_delivery.begin(session, first.id, now=NOW)
    refund_delivery.take(session, first.id, told(Told.SETTLED, number="77"), now=NOW)
    second = ask(session, order, treasurer, way=THROUGH, seen=1)
    errand = refund_delivery.begin(session, second.id, now=NOW)
    refund_delivery.take(session, second.id, told(Told.ACCEPTED, number=""), now=NOW)

    of_the_first = PaymentReport(
        f"{order.code}-1", 20_000, Outcome.PAID, "77", "06", "", refund=Told.SETTLED
    )
    state = refund_delivery.take_query(session, second.id, of_the_first, now=NOW)

    assert errand is not None
    assert errand.request.earlier == {"77"}
    assert state is RefundState.ACCEPTED


def test_a_rejected_refund_stays_owed_under_a_new_key(session: Session, order: Order) -> None:
    treasurer = person(session, order)
    refund = ask(session, order, treasurer, way=THROUGH)
    refund_delivery.begin(session, refund.id, now=NOW)
    refund_delivery.take(session, refund.id, told(Told.ACCEPTED), now=NOW)

    refund_delivery.take(session, refund.id, told(Told.REJECTED, code="09"), now=NOW)

    new = session.scalars(select(Refund).where(Refund.follows_id == refund.id)).one()
    assert (refund.state, refund.details["code"]) == (RefundState.REJECTED, "09")
    assert (new.state, new.way, new.amount_vnd) == (RefundState.ASKED, RefundWay.NONE, 20_000)
    assert new.key != refund.key
    assert balance(session, "refunds_due", order_id=order.id) == -20_000
    assert payment_of(session, order).remitted_vnd == 20_000
    refunds.settle_refund(session, new.id, reference="FT9", actor=treasurer, now=NOW)
    assert payment_of(session, order).missing_vnd == 0
    assert faults(session) == []


def test_what_may_be_on_its_way_is_neither_refused_nor_paid_by_hand(
    session: Session, order: Order
) -> None:
    treasurer = person(session, order)
    refund = ask(session, order, treasurer, way=THROUGH)

    with pytest.raises(WrongMove):
        refunds.settle_refund(session, refund.id, reference="FT9", actor=treasurer, now=NOW)
    with pytest.raises(WrongMove):
        refunds.refuse(session, refund.id, reason="x", actor=treasurer, now=NOW)
    with pytest.raises(WrongMove):
        refunds.give_up(session, refund.id, reason="x", actor=treasurer, now=NOW)


def test_after_the_machine_gave_up_a_person_may_say_that_it_did_not_go(
    session: Session, order: Order
) -> None:
    treasurer = person(session, order)
    refund = ask(session, order, treasurer, way=THROUGH)
    message = refund_rules.message_of(session, refund)
    assert message is not None
    message.state = OutboxState.DEAD

    new = refunds.give_up(session, refund.id, reason="đã xem ở cổng", actor=treasurer, now=NOW)

    assert refund.state is RefundState.REJECTED
    assert (new.amount_vnd, new.state) == (20_000, RefundState.ASKED)
    assert faults(session) == []


def test_a_refund_is_asked_after_at_growing_intervals(session: Session, order: Order) -> None:
    refund = ask(session, order, person(session, order), way=THROUGH)
    refund_delivery.begin(session, refund.id, now=NOW)
    refund_delivery.take(session, refund.id, told(Told.ACCEPTED), now=NOW)

    turns = []
    for minute in range(24 * 60):
        now = NOW + timedelta(minutes=minute)
        if refund_delivery.waiting(session, now=now):
            refund_delivery.question(session, refund.id, now=now)
            turns.append(minute)

    gaps = [after - before for before, after in itertools.pairwise(turns)]
    assert turns[0] == 1
    assert gaps == sorted(gaps)
    assert len(turns) < 80


def test_a_settled_or_rejected_refund_goes_nowhere_any_more(session: Session) -> None:
    assert MOVES[RefundState.SETTLED] == MOVES[RefundState.REJECTED] == frozenset()
    assert set(MOVES) == set(RefundState)


def test_a_move_that_the_table_does_not_have_is_refused(session: Session, order: Order) -> None:
    refund = ask(session, order, person(session, order))
    refund_promises.move_refund(refund, RefundState.SETTLED, now=NOW)

    with pytest.raises(WrongMove):
        refund_promises.move_refund(refund, RefundState.ACCEPTED, now=NOW)
