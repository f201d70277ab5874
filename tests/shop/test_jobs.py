"""Periodic jobs: each turn is done once, and does what its name says."""

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop import clock
from shop.config import Settings
from shop.jobs import append_log, clean_up, heartbeat, lapse_holds
from shop.jobs.deliverers import deliverers
from shop.jobs.schedule import Job, Timetable, jobs
from shop.models.catalog import SellerMode
from shop.models.inventory import ReservationState
from shop.models.journal import LogCheckpoint, LogLeaf, TraceEvent
from shop.models.orders import Cart, CartLine, Order, OrderState
from shop.models.outbox import JobRun, OutboxMessage
from shop.models.people import SignIn, UnknownNumber
from shop.queries import log
from shop.queries.outbox import last_finished_runs
from shop.services import transparency
from tests.factories import NOW, make_account, make_level, make_order, make_pack, make_seller
from tests.support.applications import MakeSettings
from traceability.log import tree


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """Settings of this test's own."""
    return make_settings()


def counting_job(done: list[str], every: timedelta = timedelta(minutes=1)) -> Job:
    """A job that notes each of its turns."""

    def run(_engine: Engine, _settings: Settings, *, now: datetime) -> str:
        done.append(now.isoformat())
        return "counted"

    return Job("count", every, timedelta(), run)


def timetable(engine: Engine, settings: Settings, job: Job, name: str = "a") -> Timetable:
    return Timetable(engine, settings, name, [job])


def make_event(session: Session, seller_id: int, number: int, **values: Any) -> TraceEvent:
    """An event as far as the log looks at it."""
    event = TraceEvent(
        **{
            "seller_id": seller_id,
            "event_id": f"ni:///sha-256;{number:064x}?ver=CBV2.0",
            "event_hash": f"ni:///sha-256;{number:064x}?ver=CBV2.0",
            "client_id": f"client-{number}",
            "kind": "ObjectEvent",
            "happened_at": NOW,
            "recorded_at": NOW,
            "body": json.dumps({"number": number}),
        }
        | values
    )
    session.add(event)
    session.flush()
    return event


def test_every_job_of_the_design_is_on_the_timetable() -> None:
    found = {job.name: job.every for job in jobs()}

    assert found["lapse_holds"] == timedelta(minutes=1)
    assert found["append_log"] == timedelta(seconds=20)
    assert found["clean_up"] == timedelta(days=1)
    assert found["heartbeat"] <= timedelta(minutes=1)
    assert "mail" in deliverers()


def test_turns_begin_at_the_same_moments_for_every_worker() -> None:
    job = counting_job([], timedelta(seconds=20))

    due = {job.due_at(NOW + timedelta(seconds=second)) for second in range(40)}

    assert due == {NOW, NOW + timedelta(seconds=20)}


def test_the_daily_turn_is_at_three_in_the_morning_in_viet_nam() -> None:
    job = next(job for job in jobs() if job.name == "clean_up")

    due_at = job.due_at(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))

    assert due_at.astimezone(clock.VIETNAM) == datetime(2026, 11, 22, 3, 0, tzinfo=clock.VIETNAM)


@pytest.mark.both_databases
def test_a_turn_is_taken_by_one_of_many_workers(engine: Engine, settings: Settings) -> None:
    done: list[str] = []
    ready = threading.Barrier(4)

    def work(name: str) -> None:
        own = timetable(engine, settings, counting_job(done), name)
        for minute in range(5):
            ready.wait()
            own.run_due(NOW + timedelta(minutes=minute))

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 5
    assert len(set(done)) == 5


@pytest.mark.both_databases
def test_a_turn_leaves_who_took_it_when_it_ended_and_what_it_did(
    engine: Engine, session: Session, settings: Settings
) -> None:
    timetable(engine, settings, counting_job([])).run_due(NOW)

    run = session.scalars(select(JobRun)).one()
    assert (run.job, run.due_at, run.worker, run.result) == ("count", NOW, "a", "counted")
    assert run.finished_at is not None
    assert list(last_finished_runs(session)) == ["count"]


def test_a_job_that_breaks_stops_no_other_and_says_so(
    engine: Engine, session: Session, settings: Settings
) -> None:
    done: list[str] = []

    def breaks(_engine: Engine, _settings: Settings, *, now: datetime) -> str:
        raise ZeroDivisionError(now)

    both = [Job("breaks", timedelta(minutes=1), timedelta(), breaks), counting_job(done)]

    Timetable(engine, settings, "a", both).run_due(NOW)

    broken = session.get_one(JobRun, ("breaks", NOW))
    assert len(done) == 1
    assert (broken.finished_at, broken.result) == (None, "ZeroDivisionError")


@pytest.mark.both_databases
def test_orders_whose_wait_is_over_lapse_and_free_their_stock(
    engine: Engine, session: Session, settings: Settings
) -> None:
    waiting, over = make_order(session), make_order(session, payment_way="cod")
    later = NOW + timedelta(hours=23)
    fresh = make_order(session, now=later)
    waiting.hold_until = NOW + timedelta(days=3)
    session.commit()

    result = lapse_holds.run(engine, settings, now=NOW + timedelta(hours=24, minutes=1))

    session.expire_all()
    states = {
        order.id: [held.state for held in order.lines[0].reservations]
        for order in (waiting, over, fresh)
    }
    assert result == "1 lapsed, 0 refused"
    assert (waiting.state, over.state, fresh.state) == (
        OrderState.AWAITING_PAYMENT,
        OrderState.CANCELLED,
        OrderState.AWAITING_PAYMENT,
    )
    assert states[over.id] == [ReservationState.RELEASED]
    assert states[fresh.id] == [ReservationState.HELD]
    assert over.cancel_reason == "hold_lapsed"


def test_one_order_that_cannot_lapse_keeps_no_other(
    engine: Engine, session: Session, settings: Settings
) -> None:
    free = make_order(session)
    shared = {column.key: getattr(free, column.key) for column in Order.__table__.columns}
    own = {"id": free.id + 1, "code": "NKXXXXXX", "token": "t", "idempotency_key": "k"}
    without_moves = Order(**shared | own)
    session.add(without_moves)
    make_order(session)
    session.commit()

    result = lapse_holds.run(engine, settings, now=NOW + timedelta(hours=25))

    states = session.scalars(select(Order.state).order_by(Order.id)).all()
    assert result == "2 lapsed, 1 refused"
    assert states == [OrderState.CANCELLED, OrderState.AWAITING_PAYMENT, OrderState.CANCELLED]


@pytest.mark.both_databases
def test_events_of_live_sellers_become_leaves_in_order_and_once(
    engine: Engine, session: Session, settings: Settings
) -> None:
    live = make_seller(session)
    training = make_seller(session, mode=SellerMode.TRAINING)
    events = [make_event(session, live.id, number) for number in range(3)]
    make_event(session, training.id, 99)
    session.commit()

    append_log.run(engine, settings, now=NOW)
    append_log.run(engine, settings, now=NOW)

    leaves = session.execute(
        select(LogLeaf.position, LogLeaf.event_id).order_by(LogLeaf.position)
    ).all()
    assert leaves == [(number, event.id) for number, event in enumerate(events)]


def test_a_leaf_is_the_hash_of_the_entry_that_is_described(
    engine: Engine, session: Session, settings: Settings
) -> None:
    body = '{"số":1}'
    moment = datetime(2026, 11, 22, 4, 57, 41, 120000, tzinfo=UTC)
    event = make_event(session, make_seller(session).id, 7, body=body, recorded_at=moment)
    session.commit()

    append_log.run(engine, settings, now=NOW)

    entry = (
        f'{{"event":"{event.event_hash}","record":"{hashlib.sha256(body.encode()).hexdigest()}",'
        '"recorded_at":"2026-11-22T04:57:41.120000Z"}'
    )
    leaf = session.scalars(select(LogLeaf)).one()
    assert leaf.leaf_hash == hashlib.sha256(b"\x00" + entry.encode()).hexdigest()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_the_root_of_a_checkpoint_is_that_of_the_standard(
    engine: Engine, session: Session, settings: Settings, size: int
) -> None:
    seller = make_seller(session)
    for number in range(size):
        make_event(session, seller.id, number)
    session.commit()

    append_log.run(engine, settings, now=NOW)

    checkpoint = session.scalars(select(LogCheckpoint)).one()
    leaves = [bytes.fromhex(leaf) for leaf in session.scalars(select(LogLeaf.leaf_hash))]
    assert checkpoint.size == size
    assert checkpoint.root == tree.root(leaves).hex()


def test_a_checkpoint_is_published_once_a_day_and_only_when_the_log_grew(
    engine: Engine, session: Session, settings: Settings
) -> None:
    seller = make_seller(session)
    days = timedelta(days=1)

    for number, moment in enumerate([NOW, NOW + timedelta(hours=1), NOW + days, NOW + 2 * days]):
        if number < 3:
            make_event(session, seller.id, number)
            session.commit()
        append_log.run(engine, settings, now=moment)

    published = session.execute(
        select(LogCheckpoint.size, LogCheckpoint.published_at).order_by(LogCheckpoint.size)
    ).all()
    assert published == [(1, NOW), (3, NOW + days)]


def test_an_event_that_was_committed_late_is_found_the_next_day(
    engine: Engine, session: Session, settings: Settings
) -> None:
    seller = make_seller(session)
    make_event(session, seller.id, 1, id=1)
    make_event(session, seller.id, 3, id=log.OVERLAP * 3)
    session.commit()
    append_log.run(engine, settings, now=NOW)
    make_event(session, seller.id, 2, id=2)
    session.commit()

    on_the_same_day = append_log.run(engine, settings, now=NOW + timedelta(hours=1))
    on_the_next = append_log.run(engine, settings, now=NOW + timedelta(days=1))

    assert on_the_same_day == "0 appended"
    assert on_the_next == "1 appended, root of 3"


@pytest.mark.both_databases
def test_two_workers_that_append_at_once_leave_no_gap_and_no_double(
    engine: Engine, session: Session, settings: Settings
) -> None:
    seller = make_seller(session)
    for number in range(30):
        make_event(session, seller.id, number)
    session.commit()
    ready = threading.Barrier(3)

    def append() -> None:
        ready.wait()
        for _ in range(20):
            with Session(engine) as own:
                try:
                    transparency.append_events(own, above=0, now=NOW, most=5)
                    own.commit()
                except IntegrityError:
                    own.rollback()

    threads = [threading.Thread(target=append) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    positions = session.scalars(select(LogLeaf.position).order_by(LogLeaf.position)).all()
    assert positions == list(range(30))


@pytest.mark.both_databases
def test_cleaning_up_keeps_what_may_still_be_needed(
    engine: Engine, session: Session, settings: Settings
) -> None:
    account = make_account(session)
    day = timedelta(days=1)
    for name, seen, ended in (
        ("living", NOW, None),
        ("ended lately", NOW - 89 * day, NOW - 89 * day),
        ("ended long ago", NOW - 91 * day, NOW - 91 * day),
        ("never ended, run out", NOW - 91 * day, None),
    ):
        session.add(
            SignIn(
                token_hash=name,
                account_id=account.id,
                created_at=seen,
                seen_at=seen,
                ended_at=ended,
            )
        )
    pack = make_pack(session)
    full = Cart(token_hash="old and full", updated_at=NOW - 61 * day)
    waiting = Cart(token_hash="full", updated_at=NOW - 59 * day)
    for cart in (full, waiting):
        cart.lines = [CartLine(pack_id=pack.id, quantity=1, seen_price_vnd=1)]
    session.add_all(
        [
            full,
            waiting,
            Cart(token_hash="old and empty", updated_at=NOW - 61 * day),
            Cart(token_hash="empty", updated_at=NOW - 59 * day),
            JobRun(job="count", due_at=NOW - 8 * day, worker="a"),
            JobRun(job="count", due_at=NOW - 6 * day, worker="a"),
            UnknownNumber(phone_hash="old", tried_at=NOW - 8 * day),
            UnknownNumber(phone_hash="new", tried_at=NOW - 6 * day),
        ]
    )
    session.commit()

    result = clean_up.run(engine, settings, now=NOW)

    assert result == (
        "2 sign_ins, 0 buyer_sign_ins, 0 buyer_codes, 0 buyers_of_orders, 2 carts, 1 job_runs, "
        "0 stock_watches, 1 unknown_numbers, 0 waiting_photos, 0 problem_photos, "
        "0 review_photos, 0 waiting_files"
    )
    assert set(session.scalars(select(SignIn.token_hash))) == {"living", "ended lately"}
    assert set(session.scalars(select(Cart.token_hash))) == {"full", "empty"}
    assert session.scalars(select(CartLine.cart_id)).all() == [waiting.id]
    assert session.scalar(select(func.count()).select_from(JobRun)) == 1
    assert set(session.scalars(select(UnknownNumber.phone_hash))) == {"new"}


@pytest.mark.both_databases
def test_the_heartbeat_counts_what_waits_and_what_was_given_up(
    engine: Engine, session: Session, settings: Settings
) -> None:
    make_order(session, make_level(session).batch_pack.pack, buyer_email="hoa@example.com")
    session.commit()

    beat = heartbeat.run(engine, settings, now=NOW + timedelta(minutes=2))

    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
    assert beat == "pending=1 dead=0 late_s=120"
