"""Whether a batch may be sold: what it lacks, the release, the hold, the end of a hold."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import Incomplete, NotAllowed, WrongMove
from shop.models.batches import BatchNotice, BatchState, NoticeKind
from shop.models.inventory import Reservation, ReservationState
from shop.models.journal import TraceEvent
from shop.models.people import AuditEntry, Role
from shop.queries import inventory as stock
from shop.queries import recalls
from shop.services import batch_release, batches, order_payment
from shop.services.actors import SYSTEM, account_actor
from tests.factories import NOW, TODAY, make_account, make_order, make_product
from tests.support.goods import BY, Maker

S = BatchState


@pytest.fixture
def maker(session):
    return Maker.open(session)


def release(session, batch, today=TODAY, **by):
    batch_release.release(session, batch, today=today, **(BY | by))


def lacks(session, batch, today=TODAY):
    with pytest.raises(Incomplete) as refused:
        release(session, batch, today)
    return set(refused.value.values["missing"])


@pytest.mark.both_databases
def test_a_complete_batch_is_released_and_can_be_bought(maker, session):
    batch = maker.packed(units=100)

    release(session, batch)

    sold = stock.available_by_pack(session, [maker.pack.id], sell_through=TODAY)
    assert batch.state is S.RELEASED
    assert batch.released_at == NOW
    assert sold == {maker.pack.id: 100}


def test_what_is_missing_is_named(maker, session):
    empty, dried = maker.batch(), maker.dried_batch()

    assert lacks(session, empty) == {"inputs", "steps", "packs", "packed_on"}
    assert lacks(session, dried) == {"packs", "packed_on"}
    assert dried.state is S.DRAFT


def test_a_product_without_allergens_or_storage_stated_keeps_its_batches_back(session):
    maker = Maker.open(session, storage="", allergens_stated=False)

    assert lacks(session, maker.packed()) == {"allergens", "storage"}


def test_goods_that_never_expire_need_no_date(session):
    maker = Maker.open(session, shelf_life_days=None)

    batch = maker.packed()
    release(session, batch)

    assert batch.expires_on is None
    assert batch.state is S.RELEASED


def test_an_expired_batch_is_not_released_the_day_after_its_last_day(maker, session):
    batch = maker.packed()

    assert lacks(session, batch, batch.expires_on + timedelta(days=1)) == {"not_expired"}
    release(session, batch, batch.expires_on)


def test_a_batch_of_goods_that_were_stopped_meanwhile_is_not_released(maker, session):
    batch = maker.packed()
    delivery = batch.inputs[0].source
    batch_release.hold(session, delivery, reason="Phun sai thuốc", **BY)

    assert lacks(session, batch) == {"sources"}


def test_a_stopped_delivery_goes_into_no_batch(maker, session):
    delivery = maker.delivery()
    batch_release.hold(session, delivery, reason="Ghi nhầm phiếu này", **BY)

    with pytest.raises(WrongMove):
        batches.add_source(session, maker.batch(), delivery, quantity_g=1000, **BY)


def test_releasing_twice_is_releasing_once(maker, session):
    batch = maker.released()
    before = session.scalar(select(func.count(AuditEntry.id)))

    release(session, batch)

    assert session.scalar(select(func.count(AuditEntry.id))) == before


@pytest.mark.both_databases
def test_a_hold_stops_the_batch_and_all_that_was_made_from_it(maker, session):
    batch = maker.released()
    delivery = batch.inputs[0].source

    stopped = batch_release.hold(session, delivery, reason="Nghi chất lượng", **BY)

    assert stopped == [delivery, batch]
    assert batch.state is S.HELD
    assert stock.available_by_pack(session, [maker.pack.id], sell_through=TODAY) == {}
    (notice,) = batch.notices
    assert (notice.kind, notice.reason, notice.declared_at) == (
        NoticeKind.HOLD,
        "Nghi chất lượng",
        NOW,
    )


@pytest.mark.both_databases
def test_a_hold_frees_what_buyers_had_reserved(maker, session):
    batch = maker.released()
    make_order(session, maker.pack, quantity=3)

    batch_release.hold(session, batch, reason="Nghi chất lượng", **BY)

    states = set(session.scalars(select(Reservation.state)))
    (level,) = stock.locked_levels(session, [one.id for one in batch.packs])
    assert states == {ReservationState.RELEASED}
    assert (level.on_hand, level.reserved) == (100, 0)


def test_holding_twice_is_holding_once(maker, session):
    batch = maker.released()
    batch_release.hold(session, batch, reason="Nghi chất lượng", **BY)
    before = session.scalar(select(func.count(TraceEvent.id)))

    again = batch_release.hold(session, batch, reason="Nghi chất lượng", **BY)

    assert again == []
    assert session.scalar(select(func.count(BatchNotice.id))) == 1
    assert session.scalar(select(func.count(TraceEvent.id))) == before


def test_a_draft_cannot_be_held_or_sold_again(maker, session):
    batch = maker.dried_batch()

    with pytest.raises(WrongMove):
        batch_release.hold(session, batch, reason="x", **BY)
    with pytest.raises(WrongMove):
        batch_release.resume(session, batch, outcome="x", **BY)

    assert batch.state is S.DRAFT


def test_a_hold_ends_with_its_outcome(maker, session):
    batch = maker.released()
    batch_release.hold(session, batch, reason="Nghi chất lượng", **BY)

    batch_release.resume(session, batch, outcome="Đã thử lại, đạt", **BY)
    batch_release.resume(session, batch, outcome="Bấm lần nữa", **BY)

    (notice,) = batch.notices
    assert batch.state is S.RELEASED
    assert (notice.ended_at, notice.outcome) == (NOW, "Đã thử lại, đạt")


def test_a_recall_ends_a_hold_and_marks_the_events(maker, session):
    batch = maker.released()
    batch_release.hold(session, batch, reason="Nghi chất lượng", **BY)

    batch_release.recall(session, batch, reason="Sai nhãn", remedy="Đổi gói", **BY)

    newest = session.scalars(select(TraceEvent.body).order_by(TraceEvent.id.desc())).first()
    assert batch.state is S.RECALLED
    assert [notice.ended_at for notice in batch.notices] == [NOW, None]
    assert '"set":["recalled"]' in newest


def test_a_recalled_batch_is_never_sold_again(maker, session):
    batch = maker.released()
    batch_release.recall(session, batch, reason="Sai nhãn", remedy="Đổi gói", **BY)

    with pytest.raises(WrongMove):
        batch_release.resume(session, batch, outcome="Đã dán lại", **BY)

    assert batch.state is S.RECALLED
    assert [notice.ended_at for notice in batch.notices] == [None]


@pytest.mark.both_databases
def test_the_orders_to_call_about_are_those_that_got_the_batch(maker, session):
    batch = maker.released()
    order = make_order(session, maker.pack, quantity=2, payment_way="cod")
    make_order(session, maker.pack, quantity=1)
    order_payment.confirm_by_phone(session, order.id, actor=SYSTEM, now=NOW, today=TODAY)

    found = recalls.orders_with(session, batch.id)

    assert [(row.code, row.packs) for row in found] == [(order.code, 2)]


def test_the_delivery_of_another_product_is_left_alone(maker, session):
    batch = maker.released()
    other = Maker(
        session, maker.seller, make_product(session, maker.seller), maker.pack, maker.plot
    )
    free = other.delivery()

    batch_release.hold(session, free, reason="x", **BY)

    assert batch.state is S.RELEASED


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TREASURER, Role.INSPECTOR])
def test_only_some_may_decide_about_the_sale(maker, session, role):
    account = make_account(session, role=role, seller=maker.seller)
    by = {"actor": account_actor(account, origin="", now=NOW), "now": NOW}
    packed, released = maker.packed(), maker.released()

    for act in (
        lambda: batch_release.release(session, packed, today=TODAY, **by),
        lambda: batch_release.hold(session, released, reason="x", **by),
        lambda: batch_release.recall(session, released, reason="x", remedy="y", **by),
        lambda: batch_release.resume(session, released, outcome="x", **by),
    ):
        with pytest.raises(NotAllowed):
            act()
