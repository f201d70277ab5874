"""Placing an order: prices as shown, the batch that expires first, all or nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import Changed, FieldRefused, NotFound, OutOfStock
from shop.models.batches import Batch, BatchPack, BatchState
from shop.models.catalog import Pack, SellerMode, TaxRate
from shop.models.inventory import Place, PlaceKind, Reservation, ReservationState, StockLevel
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage
from shop.models.payments import AttemptState, Payment
from shop.services import order_fulfilment, order_payment, orders
from shop.services.actors import BUYER, SYSTEM
from shop.services.orders import ALPHABET, is_order_code
from tests.factories import (
    NOW,
    TODAY,
    make_bank_account,
    make_checkout,
    make_delivery,
    make_level,
    make_order,
    make_pack,
    make_place,
    make_product,
    make_seller,
)

QUARANTINE = Place.kind == PlaceKind.QUARANTINE


def held_by_lot(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(Batch.lot, func.sum(Reservation.quantity))
        .join(BatchPack, BatchPack.id == Reservation.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Reservation.state == ReservationState.HELD)
        .group_by(Batch.lot)
    )
    return {lot: int(quantity) for lot, quantity in rows}


@pytest.fixture
def shelf(session: Session) -> Pack:
    """The shelf of `commerce.md` 11: A, B, C without expiry, and D that is held."""
    pack = make_pack(session)
    make_level(session, pack, on_hand=3, lot="A", expires_on=date(2026, 12, 10))
    make_level(session, pack, on_hand=2, lot="B", expires_on=date(2026, 12, 5))
    make_level(session, pack, on_hand=9, lot="C", expires_on=None)
    make_level(
        session, pack, on_hand=5, lot="D", expires_on=date(2026, 12, 1), state=BatchState.HELD
    )
    return pack


@pytest.mark.both_databases
def test_the_batch_that_expires_first_is_used_first(session: Session, shelf: Pack) -> None:
    make_delivery(session, shelf.product.seller, days=0)

    make_order(session, shelf, quantity=4)

    assert held_by_lot(session) == {"A": 2, "B": 2}


@pytest.mark.both_databases
def test_goods_must_last_until_they_are_at_the_door(session: Session, shelf: Pack) -> None:
    make_delivery(session, shelf.product.seller, days=15)

    make_order(session, shelf, quantity=4)

    assert held_by_lot(session) == {"A": 3, "C": 1}


def test_batches_of_one_day_go_by_the_day_they_were_made_then_by_lot(session: Session) -> None:
    pack = make_pack(session)
    ends = date(2027, 1, 1)
    for lot, day in [("Z", 1), ("B", 2), ("A", 2)]:
        made_on = date(2026, 11, day)
        make_level(session, pack, on_hand=1, lot=lot, made_on=made_on, expires_on=ends)
    make_delivery(session, pack.product.seller, days=0)

    make_order(session, pack, quantity=2)

    assert held_by_lot(session) == {"Z": 1, "A": 1}


@pytest.mark.both_databases
def test_an_order_that_cannot_be_covered_holds_nothing(session: Session) -> None:
    scarce = make_pack(session)
    make_level(session, scarce, on_hand=1)
    plenty = make_pack(session, scarce.product)
    make_level(session, plenty, on_hand=9)
    seller = scarce.product.seller
    method = make_delivery(session, seller)
    make_bank_account(session, seller)
    session.commit()

    with pytest.raises(OutOfStock) as refused:
        orders.place(
            session,
            seller,
            [(plenty.id, 2), (scarce.id, 2)],
            make_checkout(
                delivery_method_id=method.id, expected_total_vnd=4 * 90_000 + method.fee_vnd
            ),
            actor=BUYER,
            now=NOW,
            today=TODAY,
        )
    session.rollback()

    assert refused.value.values["available"] == 1
    assert session.scalars(select(StockLevel.reserved)).all() == [0, 0]
    assert session.scalars(select(Order)).all() == []


def test_the_same_key_gives_back_the_same_order(session: Session) -> None:
    pack = make_level(session).batch_pack.pack

    first = make_order(session, pack, idempotency_key="k")
    second = make_order(session, pack, idempotency_key="k", quantity=3)

    assert first is second
    assert sum(held_by_lot(session).values()) == 1


def test_a_total_the_buyer_has_not_seen_is_refused(session: Session) -> None:
    pack = make_level(session).batch_pack.pack

    with pytest.raises(Changed):
        make_order(session, pack, expected_total_vnd=1)


def test_goods_of_another_seller_cannot_be_ordered_along(session: Session) -> None:
    mine, other = make_level(session).batch_pack.pack, make_level(session).batch_pack.pack
    method = make_delivery(session, mine.product.seller)
    checkout = make_checkout(delivery_method_id=method.id, expected_total_vnd=205_000)

    with pytest.raises(NotFound):
        orders.place(
            session,
            mine.product.seller,
            [(mine.id, 1), (other.id, 1)],
            checkout,
            actor=BUYER,
            now=NOW,
            today=TODAY,
        )


def test_the_order_keeps_names_and_prices_of_its_moment(session: Session) -> None:
    pack = make_level(session).batch_pack.pack
    order = make_order(session, pack)
    was = order.snapshot["lines"][0]["title"], order.lines[0].unit_price_vnd

    pack.product.name, pack.price_vnd = "Tên khác", 1_000
    session.flush()

    assert was == (order.snapshot["lines"][0]["title"], 90_000)
    assert order.lines[0].title == was[0]


def test_the_tax_inside_a_price_is_that_of_the_day(session: Session) -> None:
    for basis, start, end in [(800, 2025, date(2026, 12, 31)), (1000, 2027, None)]:
        session.add(
            TaxRate(
                tax_class="standard",
                valid_from=date(start, 1, 1),
                valid_to=end,
                rate_basis_points=basis,
                source="",
            )
        )
    pack = make_level(session).batch_pack.pack
    later = date(2027, 1, 1)

    before = make_order(session, pack).lines[0]
    after = make_order(session, pack, now=NOW + (later - TODAY), today=later).lines[0]

    assert (before.tax_basis_points, before.tax_vnd) == (800, 6_667)
    assert (after.tax_basis_points, after.tax_vnd) == (1000, 8_182)


def test_a_code_is_two_letters_and_six_that_nobody_mistakes(session: Session) -> None:
    pack = make_level(session, on_hand=60).batch_pack.pack

    codes = {make_order(session, pack).code for _ in range(50)}

    assert len(codes) == 50
    assert all(is_order_code(code) and code.startswith("NK") for code in codes)
    assert set("".join(code[2:] for code in codes)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01ILO")


def test_training_orders_begin_with_tt(session: Session) -> None:
    seller = make_seller(session, mode=SellerMode.TRAINING)
    pack = make_pack(session, make_product(session, seller))
    make_level(session, pack)

    assert make_order(session, pack).code.startswith("TT")


def test_private_links_cannot_be_guessed(session: Session) -> None:
    pack = make_level(session).batch_pack.pack

    tokens = {make_order(session, pack).token for _ in range(5)}

    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 32


def test_a_transfer_waits_a_day_for_its_money(session: Session) -> None:
    order = make_order(session)

    payment = session.scalars(select(Payment)).one()
    (attempt,) = payment.attempts
    assert (order.state, order.hold_until) == (
        OrderState.AWAITING_PAYMENT,
        NOW + timedelta(hours=24),
    )
    assert (attempt.reference, attempt.state) == (order.code, AttemptState.PENDING)
    assert payment.missing_vnd == order.total_vnd


def test_cash_is_refused_to_who_turned_away_two_parcels(session: Session) -> None:
    pack = make_level(session).batch_pack.pack
    fail_to_deliver(session, pack, reason="refused")
    take_back(session, fail_to_deliver(session, pack, reason="refused"))

    with pytest.raises(FieldRefused) as refused:
        make_order(session, pack, payment_way="cod")

    assert refused.value.sentence_code == "cod_refused_before"
    assert make_order(session, pack).payment_way == "vietqr"


@pytest.mark.parametrize("reason", ["damaged", "no_answer"])
def test_who_never_refused_a_parcel_may_pay_in_cash(session: Session, reason: str) -> None:
    pack = make_level(session).batch_pack.pack
    fail_to_deliver(session, pack, reason="refused")
    for _ in range(2):
        take_back(session, fail_to_deliver(session, pack, reason=reason))

    assert make_order(session, pack, payment_way="cod").payment_way == "cod"


def fail_to_deliver(session: Session, pack: Pack, *, reason: str) -> Order:
    order = make_order(session, pack, payment_way="cod")
    by = {"actor": SYSTEM, "now": NOW}
    order_payment.confirm_by_phone(session, order.id, today=TODAY, **by)
    order_fulfilment.start_packing(session, order.id, **by)
    order_fulfilment.ship(
        session, order.id, carrier="Bưu điện", tracking_code="EB1", today=TODAY, **by
    )
    return order_fulfilment.fail_delivery(session, order.id, reason=reason, **by)


def take_back(session: Session, order: Order) -> None:
    if order.seller_id not in set(session.scalars(select(Place.seller_id).where(QUARANTINE))):
        make_place(session, order.seller, kind=PlaceKind.QUARANTINE)
    order_fulfilment.take_back(session, order.id, reason="not_delivered", actor=SYSTEM, now=NOW)


def test_a_wait_that_runs_out_frees_the_stock_once(session: Session) -> None:
    level = make_level(session)
    order = make_order(session, level.batch_pack.pack, quantity=4)

    for _ in range(2):
        order_payment.lapse(session, order.id, now=NOW + timedelta(hours=24))

    assert (order.state, order.cancel_reason) == (OrderState.CANCELLED, order_payment.LAPSED)
    assert level.reserved == 0


def test_a_wait_that_has_time_left_holds_on(session: Session) -> None:
    level = make_level(session)
    order = make_order(session, level.batch_pack.pack, quantity=4)

    order_payment.lapse(session, order.id, now=NOW + timedelta(hours=23))

    assert (order.state, level.reserved) == (OrderState.AWAITING_PAYMENT, 4)


def test_buyer_and_office_are_promised_a_letter_in_the_same_transaction(session: Session) -> None:
    pack = make_level(session).batch_pack.pack
    pack.product.seller.email = "htx@example.com"
    session.commit()

    order = make_order(session, pack, buyer_email="hoa@example.com")
    promised = set(session.scalars(select(OutboxMessage.key)))
    session.rollback()

    assert promised == {f"mail:buyer:{order.id}:placed:1", f"mail:office:{order.id}:placed"}
    assert session.scalars(select(OutboxMessage)).all() == []
