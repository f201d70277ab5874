"""What the services let the office do with orders, stock and money, and what they refuse."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.errors import Changed, NotAllowed, OutOfStock, WrongMove
from shop.models.batches import Batch, BatchState
from shop.models.inventory import (
    Allocation,
    MovementKind,
    PlaceKind,
    StockLevel,
    StockMovement,
    StockShortage,
)
from shop.models.journal import TraceEvent
from shop.models.ledger import LedgerEntry
from shop.models.orders import OrderState
from shop.models.outbox import OutboxMessage
from shop.models.payments import BankCredit, CreditState, Payment, Refund, RefundState
from shop.models.people import AuditEntry, Role
from shop.queries.ledger import balance, standing_sale
from shop.services import (
    batch_release,
    ledger,
    order_fulfilment,
    order_payment,
    payments,
    picking,
    refunds,
    stock_take,
)
from shop.services.actors import BUYER, SYSTEM, account_actor
from shop.services.bank_credits import CreditKnown
from shop.services.order_fulfilment import BatchNotSellable
from shop.services.payments import CashDiffers
from shop.services.stock_take import Count, CountBelowReserved
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_bank_account,
    make_batch,
    make_level,
    make_order,
    make_pack,
    make_place,
    make_seller,
    online_place,
)

LATER = NOW + timedelta(days=2)

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _public_address(session):
    session.info["base_url"] = "https://dacsan.example"


def person(session, role, seller):
    account = make_account(session, role=role, seller=seller)
    return account_actor(account, origin="127.0.0.1", now=NOW)


def pay(session, order, amount_vnd=None, *, reference="FT1", actor=SYSTEM, now=NOW):
    return order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=order.total_vnd if amount_vnd is None else amount_vnd,
        source="hand",
        reference=reference,
        credited_at=now,
        actor=actor,
        now=now,
        today=TODAY,
    )


def paid_order(session, pack=None, **values):
    order = make_order(session, pack, **values)
    pay(session, order)
    return order


def packed_order(session, pack=None, **values):
    order = paid_order(session, pack, **values)
    order_fulfilment.start_packing(session, order.id, actor=SYSTEM, now=NOW)
    return order


def ship(session, order, actor=SYSTEM):
    return order_fulfilment.ship(
        session, order.id, carrier="Bưu điện", tracking_code="", actor=actor, now=NOW, today=TODAY
    )


def delivered_cash_order(session):
    order = make_order(session, payment_way="cod")
    order_payment.confirm_by_phone(session, order.id, actor=SYSTEM, now=NOW, today=TODAY)
    order_fulfilment.start_packing(session, order.id, actor=SYSTEM, now=NOW)
    ship(session, order)
    order_fulfilment.deliver(session, order.id, actor=SYSTEM, now=NOW)
    return order


def allocation_of(session, order):
    return session.scalars(
        select(Allocation).where(Allocation.order_line_id == order.lines[0].id)
    ).one()


def payment_of(session, order):
    return session.scalars(select(Payment).where(Payment.order_id == order.id)).one()


def move_order(session, order, actor):
    """Every use case on an order, each as a call that only needs somebody who acts."""
    asked = {"actor": actor, "now": NOW}
    dated = asked | {"today": TODAY}
    return {
        "receive_transfer": lambda: pay(session, order, actor=actor),
        "confirm_by_phone": lambda: order_payment.confirm_by_phone(session, order.id, **dated),
        "note_failed_call": lambda: order_payment.note_failed_call(
            session, order.id, tries_seen=order.call_tries, **asked
        ),
        "cancel": lambda: order_payment.cancel(session, order.id, reason="x", **asked),
        "accept_late": lambda: order_payment.accept_late(session, order.id, **dated),
        "refuse_late": lambda: order_payment.refuse_late(session, order.id, **asked),
        "close_short": lambda: order_payment.close_short(session, order.id, **dated),
        "start_packing": lambda: order_fulfilment.start_packing(session, order.id, **asked),
        "ship": lambda: ship(session, order, actor),
        "change_batches": lambda: order_fulfilment.change_batches(
            session, order.id, reason="x", **dated
        ),
        "deliver": lambda: order_fulfilment.deliver(session, order.id, **asked),
        "complete": lambda: order_fulfilment.complete(session, order.id, **asked),
        "fail_delivery": lambda: order_fulfilment.fail_delivery(
            session, order.id, reason="x", **asked
        ),
        "try_again": lambda: order_fulfilment.try_again(
            session, order.id, carrier="x", tracking_code="", **asked
        ),
        "take_back": lambda: order_fulfilment.take_back(session, order.id, reason="x", **asked),
        "take_over_cash": lambda: payments.take_over_cash(
            session, order, amount_vnd=1, fee_vnd=0, **asked
        ),
    }


USE_CASES = sorted(move_order(None, None, None))


@pytest.mark.parametrize("use_case", USE_CASES)
def test_the_office_of_another_seller_may_do_nothing_with_an_order(session, use_case):
    order = paid_order(session)
    stranger = person(session, Role.DIRECTOR, make_seller(session))

    with pytest.raises(NotAllowed):
        move_order(session, order, stranger)[use_case]()


@pytest.mark.parametrize("use_case", USE_CASES)
def test_a_member_of_the_same_cooperative_may_do_nothing_with_an_order(session, use_case):
    order = paid_order(session)
    member = person(session, Role.MEMBER, order.seller)

    with pytest.raises(NotAllowed):
        move_order(session, order, member)[use_case]()


@pytest.mark.parametrize("use_case", USE_CASES)
def test_a_buyer_may_do_nothing_that_is_the_offices(session, use_case):
    order = paid_order(session)

    with pytest.raises(NotAllowed):
        move_order(session, order, BUYER)[use_case]()


def test_a_buyer_cancels_by_the_private_link_until_packing_starts(session):
    order = paid_order(session)

    order_payment.cancel_by_buyer(session, order.id, actor=BUYER, now=NOW)

    assert order.state is OrderState.CANCELLED


def test_a_buyer_cannot_cancel_once_packing_has_started(session):
    order = packed_order(session)

    with pytest.raises(WrongMove):
        order_payment.cancel_by_buyer(session, order.id, actor=BUYER, now=NOW)


def test_the_office_can_cancel_while_packing_and_owes_the_money_back(session):
    order = packed_order(session)
    office = person(session, Role.OFFICE, order.seller)

    order_payment.cancel(session, order.id, reason="Hết hàng", actor=office, now=NOW)

    assert order.state is OrderState.CANCELLED
    assert balance(session, "refunds_due", order_id=order.id) == -order.total_vnd


def test_a_treasurer_confirms_money_but_packs_nothing(session):
    order = make_order(session)
    treasurer = person(session, Role.TREASURER, order.seller)

    pay(session, order, actor=treasurer)

    assert order.state is OrderState.CONFIRMED
    with pytest.raises(NotAllowed):
        order_fulfilment.start_packing(session, order.id, actor=treasurer, now=NOW)


def test_the_same_transfer_told_twice_is_one(session):
    order = make_order(session)

    first = pay(session, order, 40_000)
    second = pay(session, order, 40_000)

    assert first.id == second.id
    assert payment_of(session, order).received_vnd == 40_000


def test_a_bank_reference_cannot_count_for_another_amount(session):
    order = make_order(session)
    pay(session, order, 40_000)

    with pytest.raises(CreditKnown) as refused:
        pay(session, order, 50_000)

    assert refused.value.values["order_code"] == order.code


def test_a_bank_reference_cannot_count_for_another_order(session):
    pack = make_level(session).batch_pack.pack
    first, second = make_order(session, pack), make_order(session, pack)
    pay(session, first)

    with pytest.raises(CreditKnown) as refused:
        pay(session, second)

    assert refused.value.values["order_code"] == first.code
    assert payment_of(session, second).received_vnd == 0


def test_a_cash_order_paid_before_needs_no_call(session):
    order = make_order(session, payment_way="cod")

    pay(session, order)

    assert order.state is OrderState.CONFIRMED


def test_partial_payments_add_up_and_the_last_one_confirms(session):
    order = make_order(session)

    pay(session, order, order.total_vnd - 15_000, reference="FT1")
    halfway = order.state
    pay(session, order, 15_000, reference="FT2")

    assert (halfway, order.state) == (OrderState.AWAITING_PAYMENT, OrderState.CONFIRMED)


def test_late_money_waits_for_a_person_and_can_be_accepted(session):
    order = make_order(session)
    order_payment.lapse(session, order.id, now=LATER)
    credit = pay(session, order, now=LATER)
    waiting = credit.state
    treasurer = person(session, Role.TREASURER, order.seller)

    order_payment.accept_late(session, order.id, actor=treasurer, now=LATER, today=TODAY)

    assert (waiting, credit.state) == (CreditState.LATE, CreditState.MATCHED)
    assert order.state is OrderState.CONFIRMED
    assert balance(session, "suspense", order_id=order.id) == 0


def test_late_money_given_back_is_owed_to_the_buyer(session):
    order = make_order(session)
    order_payment.lapse(session, order.id, now=LATER)
    pay(session, order, now=LATER)

    order_payment.refuse_late(session, order.id, actor=SYSTEM, now=LATER)

    assert order.state is OrderState.CANCELLED
    assert balance(session, "refunds_due", order_id=order.id) == -order.total_vnd


def test_a_refund_is_settled_once_however_often_it_is_told(session):
    order = paid_order(session)
    order_payment.cancel(session, order.id, reason="x", actor=SYSTEM, now=NOW)
    refund = session.scalars(select(Refund)).one()
    treasurer = person(session, Role.TREASURER, order.seller)

    for _ in range(2):
        refunds.settle_refund(session, refund.id, reference="FT9", actor=treasurer, now=NOW)

    assert refund.state is RefundState.SETTLED
    assert payment_of(session, order).refunded_vnd == order.total_vnd


def test_the_office_without_a_treasurer_cannot_pay_a_refund(session):
    order = paid_order(session)
    order_payment.cancel(session, order.id, reason="x", actor=SYSTEM, now=NOW)
    refund = session.scalars(select(Refund)).one()

    with pytest.raises(NotAllowed):
        refunds.settle_refund(
            session,
            refund.id,
            reference="FT9",
            actor=person(session, Role.OFFICE, order.seller),
            now=NOW,
        )


def test_cash_that_a_carrier_hands_over_must_add_up(session):
    order = delivered_cash_order(session)

    with pytest.raises(CashDiffers) as refused:
        payments.take_over_cash(
            session, order, amount_vnd=100_000, fee_vnd=5_000, actor=SYSTEM, now=NOW
        )

    assert refused.value.values["difference_vnd"] == order.total_vnd - 105_000


def test_cash_is_handed_over_once(session):
    order = delivered_cash_order(session)
    payments.take_over_cash(
        session, order, amount_vnd=order.total_vnd, fee_vnd=0, actor=SYSTEM, now=NOW
    )

    with pytest.raises(WrongMove):
        payments.take_over_cash(
            session, order, amount_vnd=order.total_vnd, fee_vnd=0, actor=SYSTEM, now=NOW
        )

    assert payments.cash_in_transit(session, order) == 0


def test_an_order_that_is_not_paid_cannot_be_closed(session):
    order = delivered_cash_order(session)
    payment_of(session, order).received_vnd -= 1_000

    with pytest.raises(WrongMove):
        order_fulfilment.complete(session, order.id, actor=SYSTEM, now=NOW)


def short_order(session, **values):
    """An order for two packs whose batch was held before it was confirmed."""
    order = make_order(session, quantity=2, **values)
    batch = session.scalars(select(Batch)).one()
    batch_release.hold(session, batch, reason="kiểm tra", actor=SYSTEM, now=NOW)
    return order, batch


def open_shortages(session):
    return session.scalars(
        select(StockShortage.quantity).where(StockShortage.settled_at.is_(None))
    ).all()


def test_a_call_told_twice_books_one_shortage(session):
    order, _batch = short_order(session, payment_way="cod")
    order_payment.confirm_by_phone(session, order.id, actor=SYSTEM, now=NOW, today=TODAY)

    with pytest.raises(WrongMove):
        order_payment.confirm_by_phone(session, order.id, actor=SYSTEM, now=NOW, today=TODAY)

    assert order.is_short
    assert open_shortages(session) == [2]


def test_a_short_order_waits_for_goods_and_no_call_cancels_it(session):
    order, _batch = short_order(session, payment_way="cod")
    order_payment.confirm_by_phone(session, order.id, actor=SYSTEM, now=NOW, today=TODAY)

    with pytest.raises(WrongMove):
        order_payment.note_failed_call(session, order.id, tries_seen=0, actor=SYSTEM, now=NOW)

    assert (order.state, order.call_tries) == (OrderState.NEW, 0)


def test_a_call_that_is_counted_already_is_not_counted_again(session):
    order = make_order(session, payment_way="cod")

    for _ in range(2):
        order_payment.note_failed_call(session, order.id, tries_seen=0, actor=SYSTEM, now=NOW)

    assert order.call_tries == 1


def test_late_money_for_an_order_that_was_short_posts_its_sale(session):
    order, batch = short_order(session)
    pay(session, order)
    order_payment.cancel(session, order.id, reason="out_of_stock", actor=SYSTEM, now=NOW)
    batch_release.resume(session, batch, outcome="đạt", actor=SYSTEM, now=NOW)
    pay(session, order, reference="FT2", now=LATER)

    order_payment.accept_late(session, order.id, actor=SYSTEM, now=LATER, today=TODAY)

    sales = session.scalars(select(LedgerEntry.key).where(LedgerEntry.kind == "sale")).all()
    assert sales == [f"sale:{order.id}:1", f"sale:{order.id}:2"]
    assert standing_sale(session, order.id).key == f"sale:{order.id}:2"


def test_a_buyer_is_told_when_a_short_order_finds_its_goods(session):
    order, batch = short_order(session, buyer_email="hoa@example.vn")
    pay(session, order)
    batch_release.resume(session, batch, outcome="đạt", actor=SYSTEM, now=NOW)

    order_payment.close_short(session, order.id, actor=SYSTEM, now=NOW, today=TODAY)

    letters = session.scalars(
        select(OutboxMessage.key).where(OutboxMessage.key.contains("confirmed"))
    ).all()
    assert len(letters) == 2


def test_money_goes_to_the_account_the_buyer_was_asked_to_pay_to(session):
    order = make_order(session)
    asked = payments.receiving_account(session, order.seller_id)
    make_bank_account(session, order.seller, number="0000000000999")

    credit = pay(session, order)

    assert credit.bank_account_id == asked.id
    assert balance(session, f"bank:{asked.id}", order_id=order.id) == order.total_vnd


def test_the_same_key_never_stands_for_two_amounts(session):
    order = paid_order(session)
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == "sale")).one()

    with pytest.raises(ValueError, match="other amounts"):
        ledger.post(
            session,
            seller_id=order.seller_id,
            key=entry.key,
            kind="sale",
            text="",
            amounts={"buyers": 1, "goods": -1},
            actor=SYSTEM,
            now=NOW,
        )


def test_a_short_order_does_not_leave(session):
    order = packed_order(session)
    order.is_short = True

    with pytest.raises(WrongMove):
        ship(session, order)


def test_batches_of_an_order_on_its_way_cannot_be_changed(session):
    order = packed_order(session)
    ship(session, order)

    with pytest.raises(WrongMove):
        order_fulfilment.change_batches(
            session, order.id, reason="x", actor=SYSTEM, now=NOW, today=TODAY
        )


def test_the_first_tick_starts_the_packing(session):
    order = paid_order(session)
    allocation = allocation_of(session, order)
    office = person(session, Role.OFFICE, order.seller)

    picking.tick(session, [allocation.id], is_picked=True, actor=office, now=NOW)

    assert order.state is OrderState.PACKING
    assert allocation.picked_at == NOW


def test_a_tick_can_be_taken_back(session):
    order = paid_order(session)
    allocation = allocation_of(session, order)
    picking.tick(session, [allocation.id], is_picked=True, actor=SYSTEM, now=NOW)

    picking.tick(session, [allocation.id], is_picked=False, actor=SYSTEM, now=NOW)

    assert allocation.picked_at is None


def test_nobody_ticks_what_another_seller_packs(session):
    order = paid_order(session)
    stranger = person(session, Role.OFFICE, make_seller(session))

    with pytest.raises(NotAllowed):
        picking.tick(
            session,
            [allocation_of(session, order).id],
            is_picked=True,
            actor=stranger,
            now=NOW,
        )


def test_a_tick_after_the_goods_left_changes_nothing(session):
    order = packed_order(session)
    allocation = allocation_of(session, order)
    ship(session, order)

    picking.tick(session, [allocation.id], is_picked=True, actor=SYSTEM, now=NOW)

    assert allocation.picked_at is None


def other_batch(session, allocation, *, on_hand=10, **batch_values):
    pack = allocation.batch_pack.pack
    return make_level(session, pack, on_hand=on_hand, **batch_values)


def override(session, allocation, level, *, actor=SYSTEM):
    return picking.take_other_batch(
        session,
        allocation.id,
        place_id=level.place_id,
        batch_pack_id=level.batch_pack_id,
        reason="Gói rách",
        actor=actor,
        now=NOW,
        today=TODAY,
    )


def test_staff_may_take_another_batch_and_the_reason_is_recorded(session):
    order = packed_order(session, quantity=3)
    allocation = allocation_of(session, order)
    first = session.get_one(StockLevel, (allocation.place_id, allocation.batch_pack_id))
    level = other_batch(session, allocation)

    override(session, allocation, level, actor=person(session, Role.OFFICE, order.seller))

    given = allocation_of(session, order)
    said = session.scalars(select(AuditEntry).where(AuditEntry.action == "batch_overridden")).one()
    assert (given.batch_pack_id, given.quantity) == (level.batch_pack_id, 3)
    assert (first.reserved, level.reserved) == (0, 3)
    assert said.after == {"lot": level.batch_pack.batch.lot, "reason": "Gói rách"}


@pytest.mark.parametrize(
    "unfit", [{"state": BatchState.HELD}, {"expires_on": TODAY - timedelta(days=1)}]
)
def test_a_batch_that_may_not_be_sold_cannot_be_taken_instead(session, unfit):
    order = packed_order(session)
    allocation = allocation_of(session, order)
    values = {"made_on": None} | unfit
    level = other_batch(session, allocation, **values)

    with pytest.raises(Changed):
        override(session, allocation, level)


def test_a_batch_with_too_little_left_cannot_be_taken_instead(session):
    order = packed_order(session, quantity=3)
    allocation = allocation_of(session, order)
    level = other_batch(session, allocation, on_hand=2)

    with pytest.raises(OutOfStock):
        override(session, allocation, level)


def take_stock(session, level, counted, *, seen=None, actor=SYSTEM, client_id="kk-1"):
    count = Count(
        level.batch_pack_id, counted, level.on_hand if seen is None else seen, "Vỡ một gói"
    )
    stock_take.take_stock(session, level.place, [count], client_id=client_id, actor=actor, now=NOW)


def counted_movements(session):
    return session.scalars(
        select(StockMovement.quantity).where(StockMovement.kind == MovementKind.STOCK_TAKE)
    ).all()


def test_a_stock_take_moves_the_difference_and_writes_an_event(session):
    level = make_level(session, on_hand=10)

    take_stock(session, level, 9, actor=person(session, Role.OFFICE, level.place.seller))

    event = session.scalars(select(TraceEvent)).one()
    assert (level.on_hand, counted_movements(session)) == (9, [-1])
    assert '"stock_taking"' in event.body
    assert '"quantity":9' in event.body


def test_a_count_that_agrees_leaves_an_event_and_no_movement(session):
    level = make_level(session, on_hand=10)

    take_stock(session, level, 10)

    assert counted_movements(session) == []
    assert session.scalars(select(TraceEvent)).one().kind == "ObjectEvent"


def test_the_same_stock_take_sent_twice_is_one(session):
    level = make_level(session, on_hand=10)

    take_stock(session, level, 8, seen=10)
    take_stock(session, level, 8, seen=10)

    assert (level.on_hand, counted_movements(session)) == (8, [-2])


def test_goods_that_left_while_counting_are_noticed(session):
    level = make_level(session, on_hand=10)

    with pytest.raises(Changed) as refused:
        take_stock(session, level, 9, seen=12)

    assert refused.value.values["on_hand"] == 10


def test_a_count_below_what_orders_were_promised_names_these_orders(session):
    level = make_level(session, on_hand=10)
    order = make_order(session, level.batch_pack.pack, quantity=4)

    with pytest.raises(CountBelowReserved) as refused:
        take_stock(session, level, 3)

    assert refused.value.values["order_codes"] == [order.code]
    assert level.on_hand == 10


def test_a_technician_takes_no_stock(session):
    level = make_level(session, on_hand=10)

    with pytest.raises(NotAllowed):
        take_stock(session, level, 9, actor=person(session, Role.TECHNICIAN, level.place.seller))


def quarantined(session, **batch_values):
    pack = make_pack(session)
    place = make_place(session, pack.product.seller, kind=PlaceKind.QUARANTINE)
    batch = make_batch(session, pack.product, **batch_values)
    return make_level(session, pack, on_hand=5, place=place, batch=batch)


def test_goods_come_back_from_quarantine_by_a_persons_word(session):
    level = quarantined(session)
    main = online_place(session, level.place.seller)

    stock_take.put_back(
        session,
        level.place,
        level.batch_pack_id,
        quantity=3,
        reason="Gói còn nguyên",
        actor=SYSTEM,
        now=NOW,
        today=TODAY,
    )

    back = session.get_one(StockLevel, (main.id, level.batch_pack_id))
    assert (level.on_hand, back.on_hand) == (2, 3)


def test_recalled_goods_never_come_back_from_quarantine(session):
    level = quarantined(session, state=BatchState.RECALLED)

    with pytest.raises(BatchNotSellable):
        stock_take.put_back(
            session,
            level.place,
            level.batch_pack_id,
            quantity=3,
            reason="x",
            actor=SYSTEM,
            now=NOW,
            today=TODAY,
        )


def test_goods_in_quarantine_can_be_destroyed_with_an_event(session):
    level = quarantined(session)

    stock_take.destroy(
        session,
        level.place,
        level.batch_pack_id,
        quantity=5,
        reason="Mốc",
        actor=SYSTEM,
        now=NOW,
    )

    event = session.scalars(select(TraceEvent)).one()
    assert level.on_hand == 0
    assert '"action":"DELETE"' in event.body


def test_goods_for_sale_are_not_destroyed_as_if_in_quarantine(session):
    level = make_level(session, on_hand=5)

    with pytest.raises(WrongMove):
        stock_take.destroy(
            session,
            level.place,
            level.batch_pack_id,
            quantity=5,
            reason="x",
            actor=SYSTEM,
            now=NOW,
        )


def test_money_is_recorded_for_the_order_it_is_for(session):
    order = paid_order(session)

    credit = session.scalars(select(BankCredit)).one()

    assert (credit.seller_id, credit.payment_id) == (
        order.seller_id,
        payment_of(session, order).id,
    )
