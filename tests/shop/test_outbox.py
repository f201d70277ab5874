"""Promises to tell someone outside: in order, once at a time, and never forgotten."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.config import Settings
from shop.errors import NotAllowed, WrongMove
from shop.jobs.outbox import Delivery, deliver_due
from shop.jobs.queue import Bell, ring_after_commit
from shop.models.orders import Order
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.people import AuditEntry, Role
from shop.queries import outbox as queries
from shop.services import outbox, outbox_delivery
from shop.services.actors import account_actor
from tests.factories import make_account, make_order, make_seller
from tests.support.applications import MakeSettings
from tests.support.mail_server import MailServer, mail_server, silent_server

LEASE = timedelta(seconds=30)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server of this test's own."""
    with mail_server() as running:
        yield running


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """Settings that put letters into files."""
    return make_settings()


def delivery(engine: Engine, settings: Settings, lease: timedelta = LEASE) -> Delivery:
    return Delivery(engine, settings, "worker", lease)


def ordered(session: Session, **values: Any) -> Order:
    """A committed order of a buyer with an address, so that one letter is promised."""
    order = make_order(session, buyer_email="hoa@example.com", now=clock.now(), **values)
    session.commit()
    return order


def promise(session: Session, number: int, *, subject: str = "") -> OutboxMessage:
    """A committed promise of a letter about an order that exists."""
    order_id = session.scalar(select(Order.id).limit(1)) or make_order(session).id
    message = outbox.promise(
        session,
        kind="mail",
        subject=subject or f"test:{number}",
        key=f"mail:test:{number}",
        payload={
            "to": f"so-{number}@example.com",
            "template": "order_placed",
            "order_id": order_id,
            "locale": "vi",
        },
        now=clock.now(),
    )
    session.commit()
    return message


def letters(settings: Settings) -> list[EmailMessage]:
    """The letters that lie in files, by name."""
    found: list[Any] = [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted((settings.var / "mail").iterdir())
    ]
    return found


def make_due(session: Session) -> None:
    """Let the time of every waiting message come."""
    session.execute(update(OutboxMessage).values(due_at=clock.now(), claimed_until=None))
    session.commit()


@pytest.mark.both_databases
def test_a_promise_is_kept_and_its_answer_stored(
    engine: Engine, session: Session, settings: Settings
) -> None:
    ordered(session)

    delivered = deliver_due(delivery(engine, settings))

    message = session.scalars(select(OutboxMessage)).one()
    (letter,) = letters(settings)
    assert delivered == 1
    assert message.state is OutboxState.SENT
    assert message.sent_at is not None
    assert message.answer is not None
    assert message.answer["message_id"] == letter["Message-ID"]
    assert (message.claimed_by, message.claimed_until) == (None, None)


def test_a_promise_made_twice_is_one(session: Session) -> None:
    first = promise(session, 1)

    again = promise(session, 1)

    assert again is first


def test_the_letter_goes_over_smtp_where_a_server_is_set(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    order = ordered(session)

    deliver_due(delivery(engine, make_settings(mail_url=server.url)))

    (letter,) = server.letters
    message = session.scalars(select(OutboxMessage)).one()
    assert letter["To"] == "hoa@example.com"
    assert order.code in letter["Subject"]
    assert message.answer is not None
    assert message.answer["reply"] == "Message accepted"


@pytest.mark.both_databases
def test_messages_of_one_subject_wait_for_the_earlier_one(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    for number, subject in enumerate(["order:1", "order:1", "order:2"]):
        promise(session, number, subject=subject)
    server.recipient_answer = "451 come back later"
    worker = delivery(engine, make_settings(mail_url=server.url))

    tried = deliver_due(worker)
    tries = session.scalars(select(OutboxMessage.tries).order_by(OutboxMessage.id)).all()
    server.recipient_answer = "250 OK"
    make_due(session)
    deliver_due(worker)

    arrived = [letter["To"] for letter in server.letters]
    assert (tried, tries) == (2, [1, 0, 1])
    assert arrived.index("so-0@example.com") < arrived.index("so-1@example.com")
    assert len(arrived) == 3


@pytest.mark.both_databases
def test_a_message_that_was_given_up_blocks_no_later_one(
    engine: Engine, session: Session, settings: Settings
) -> None:
    given_up = promise(session, 1, subject="order:1")
    promise(session, 2, subject="order:1")
    given_up.state = OutboxState.DEAD
    session.commit()

    deliver_due(delivery(engine, settings))

    assert [letter["To"] for letter in letters(settings)] == ["so-2@example.com"]


def test_an_address_that_does_not_exist_is_given_up_at_once(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    message = promise(session, 1)
    server.recipient_answer = "550 no such mailbox"

    deliver_due(delivery(engine, make_settings(mail_url=server.url)))

    session.refresh(message)
    assert message.state is OutboxState.DEAD
    assert message.last_error == "550 no such mailbox"
    assert message.answer is None


def test_a_letter_the_server_will_not_have_is_given_up_at_once(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    message = promise(session, 1)
    server.data_answer = "554 looks like nothing we take"

    deliver_due(delivery(engine, make_settings(mail_url=server.url)))

    session.refresh(message)
    assert message.state is OutboxState.DEAD


def test_a_server_that_is_away_is_tried_again_later(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    message = promise(session, 1)
    settings = make_settings(mail_url="smtp://127.0.0.1:1")
    before = clock.now()

    deliver_due(delivery(engine, settings))

    session.refresh(message)
    assert message.state is OutboxState.PENDING
    assert "ConnectionRefusedError" in message.last_error
    assert message.due_at >= before + outbox_delivery.FIRST_PAUSE


def test_the_pauses_grow_up_to_two_hours_and_last_more_than_a_day() -> None:
    pauses = [outbox_delivery.pause(tries) for tries in range(1, outbox_delivery.MOST_TRIES)]

    shortest = [timedelta(seconds=min(10 * 3**number, 7200)) for number in range(len(pauses))]
    assert all(
        least <= pause <= least * 1.25 for least, pause in zip(shortest, pauses, strict=True)
    )
    assert sum(shortest, timedelta()) > timedelta(hours=24)


@pytest.mark.both_databases
def test_after_the_last_try_a_message_is_given_up(
    engine: Engine, session: Session, make_settings: MakeSettings
) -> None:
    message = promise(session, 1)
    message.tries = outbox_delivery.MOST_TRIES - 1
    session.commit()

    deliver_due(delivery(engine, make_settings(mail_url="smtp://127.0.0.1:1")))

    session.refresh(message)
    assert (message.state, message.tries) == (OutboxState.DEAD, outbox_delivery.MOST_TRIES)


@pytest.mark.both_databases
def test_a_person_has_a_message_tried_again_and_the_audit_says_so(
    engine: Engine, session: Session, settings: Settings
) -> None:
    message = promise(session, 1)
    message.state, message.tries, message.last_error = OutboxState.DEAD, 20, "550 no"
    session.commit()
    clerk = account_actor(make_account(session, role=Role.ADMIN), origin="", now=clock.now())

    outbox.retry(session, message, actor=clerk, now=clock.now())
    session.commit()
    deliver_due(delivery(engine, settings))

    session.refresh(message)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "message_retried")).one()
    assert message.state is OutboxState.SENT
    assert (entry.actor_id, entry.before) == (
        clerk.account_id,
        {"tries": 20, "error": "550 no"},
    )


def test_only_who_sees_the_orders_of_a_seller_has_its_messages_tried_again(
    session: Session,
) -> None:
    message = promise(session, 1)
    message.seller_id, message.state = make_seller(session).id, OutboxState.DEAD
    stranger = make_account(session, role=Role.OFFICE, seller=make_seller(session))

    with pytest.raises(NotAllowed):
        outbox.retry(
            session,
            message,
            actor=account_actor(stranger, origin="", now=clock.now()),
            now=clock.now(),
        )


def test_what_was_not_given_up_cannot_be_retried(session: Session) -> None:
    message = promise(session, 1)
    admin = account_actor(make_account(session, role=Role.ADMIN), origin="", now=clock.now())

    with pytest.raises(WrongMove):
        outbox.retry(session, message, actor=admin, now=clock.now())


@pytest.mark.parametrize("drip", [b"", b"2"], ids=["silent", "dripping"])
def test_a_server_that_never_answers_is_left_before_the_claim_ends(
    engine: Engine, session: Session, make_settings: MakeSettings, drip: bytes
) -> None:
    message = promise(session, 1)
    lease = timedelta(seconds=5)

    with silent_server(drip=drip) as url:
        started = time.monotonic()
        deliver_due(delivery(engine, make_settings(mail_url=url), lease))
        lasted = time.monotonic() - started

    session.refresh(message)
    assert lasted < lease.total_seconds()
    assert message.state is OutboxState.PENDING
    assert message.last_error


def test_a_letter_whose_server_hung_up_after_the_last_byte_comes_again_under_the_same_id(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    message = promise(session, 1)
    server.hangs_up_after_data = True
    worker = delivery(engine, make_settings(mail_url=server.url))

    deliver_due(worker)
    state_between = session.scalar(select(OutboxMessage.state))
    server.hangs_up_after_data = False
    make_due(session)
    deliver_due(worker)

    session.refresh(message)
    first, second = server.message_ids
    assert state_between is OutboxState.PENDING
    assert message.state is OutboxState.SENT
    assert first == second


def test_letters_of_different_promises_have_different_ids(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    for number in range(3):
        promise(session, number)

    deliver_due(delivery(engine, make_settings(mail_url=server.url)))

    assert len(set(server.message_ids)) == 3


def test_no_password_goes_to_another_machine_in_the_clear(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    message = promise(session, 1)
    not_loopback = f"smtp://la:bang@0.0.0.0:{server.port}"  # leads here all the same

    deliver_due(delivery(engine, make_settings(mail_url=not_loopback)))

    session.refresh(message)
    assert message.state is OutboxState.PENDING
    assert "offers no TLS" in message.last_error
    assert server.letters == []


@pytest.mark.both_databases
def test_a_claimed_message_is_nobody_elses_until_the_claim_ends(
    engine: Engine, session: Session
) -> None:
    promise(session, 1)
    now = clock.now()

    def claim(name: str, after: timedelta) -> OutboxMessage | None:
        claimed = outbox_delivery.claim(session, claimant=name, lease=LEASE, now=now + after)
        session.commit()
        return claimed

    first = claim("a", timedelta())
    meanwhile = claim("b", LEASE - timedelta(seconds=1))
    afterwards = claim("b", LEASE)

    assert first is not None
    assert meanwhile is None
    assert afterwards is not None
    assert (afterwards.claimed_by, afterwards.tries) == ("b", 2)


@pytest.mark.both_databases
def test_a_worker_that_comes_back_after_its_claim_changes_nothing(
    engine: Engine, session: Session
) -> None:
    promise(session, 1)
    now = clock.now()
    with Session(engine, expire_on_commit=False) as other:
        late = outbox_delivery.claim(other, claimant="late", lease=LEASE, now=now)
        other.commit()
    assert late is not None
    in_charge = outbox_delivery.claim(session, claimant="new", lease=LEASE, now=now + LEASE)
    session.commit()

    was_noted = outbox_delivery.mark_failed(session, late, "too slow", is_final=True, now=now)
    session.commit()

    assert in_charge is not None
    session.refresh(in_charge)
    assert not was_noted
    assert (in_charge.claimed_by, in_charge.state) == ("new", OutboxState.PENDING)


@pytest.mark.both_databases
def test_a_message_over_which_every_worker_died_is_given_up(
    engine: Engine, session: Session, settings: Settings
) -> None:
    message = promise(session, 1)
    message.tries = outbox_delivery.MOST_TRIES
    session.commit()

    delivered = deliver_due(delivery(engine, settings))

    session.refresh(message)
    assert delivered == 0
    assert message.state is OutboxState.DEAD
    assert message.last_error


@pytest.mark.both_databases
def test_workers_side_by_side_deliver_each_message_once(
    engine: Engine, session: Session, make_settings: MakeSettings, server: MailServer
) -> None:
    for number in range(40):
        promise(session, number, subject=f"order:{number % 15}")
    settings = make_settings(mail_url=server.url)
    counts: list[int] = []

    def work(name: str) -> None:
        done = 0
        worker = Delivery(engine, settings, name)
        for _ in range(200):
            done += deliver_due(worker)
            with Session(engine) as own:
                if not queries.backlog(own).pending:
                    break
        counts.append(done)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    arrived = [letter["To"] for letter in server.letters]
    assert sorted(arrived) == sorted(f"so-{number}@example.com" for number in range(40))
    assert sum(counts) == 40
    for subject in range(15):
        numbers = range(subject, 40, 15)
        places = [arrived.index(f"so-{number}@example.com") for number in numbers]
        assert places == sorted(places)


def test_a_kind_that_nobody_delivers_waits_and_says_so(
    engine: Engine, session: Session, settings: Settings
) -> None:
    message = promise(session, 1)
    message.kind = "pigeon"
    session.commit()

    deliver_due(delivery(engine, settings))

    session.refresh(message)
    assert message.state is OutboxState.PENDING
    assert "pigeon" in message.last_error


def test_a_letter_lies_in_its_file_whole_and_alone(
    engine: Engine, session: Session, settings: Settings
) -> None:
    order = ordered(session)

    deliver_due(delivery(engine, settings))
    make_due(session)
    session.execute(update(OutboxMessage).values(state=OutboxState.PENDING))
    session.commit()
    deliver_due(delivery(engine, settings))

    files = [path.name for path in (settings.var / "mail").iterdir()]
    day = clock.day_of(order.placed_at)
    assert files == [f"{day}-mail-buyer-{order.id}-placed-1.eml"]


@contextmanager
def listening(settings: Settings) -> Iterator[threading.Event]:
    """Listen inside the block; the event is set by a ring."""
    heard = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    listener = Bell(settings).listen(heard.set)
    listener.start()
    for number, handler in before.items():
        signal.signal(number, handler)
    try:
        yield heard
    finally:
        listener.stop()


@pytest.fixture
def heard(settings: Settings) -> Iterator[threading.Event]:
    """Set when a ring is heard; somebody listens during the test."""
    with listening(settings) as event:
        yield event


def test_a_commit_with_a_promise_rings(
    engine: Engine, session: Session, settings: Settings, heard: threading.Event
) -> None:
    ring_after_commit(engine, settings)
    make_order(session, buyer_email="hoa@example.com")
    too_early = heard.wait(0.3)

    session.commit()

    assert not too_early
    assert heard.wait(5)


def test_the_bell_rings_over_redis_too(
    engine: Engine, session: Session, make_settings: MakeSettings, redis_url: str
) -> None:
    settings = make_settings(redis_url=redis_url)
    ring_after_commit(engine, settings)

    with listening(settings) as heard:
        ordered(session)

        assert heard.wait(5)


def test_a_savepoint_does_not_ring_and_does_not_swallow_the_ring(
    engine: Engine, session: Session, settings: Settings, heard: threading.Event
) -> None:
    ring_after_commit(engine, settings)
    make_order(session)
    with session.begin_nested():
        make_order(session, buyer_email="hoa@example.com")
    too_early = heard.wait(0.3)

    session.commit()

    assert not too_early
    assert heard.wait(5)


def test_a_rollback_rings_for_nothing(
    engine: Engine, session: Session, settings: Settings, heard: threading.Event
) -> None:
    ring_after_commit(engine, settings)
    make_order(session, buyer_email="hoa@example.com")
    session.rollback()

    make_seller(session)
    session.commit()

    assert not heard.wait(0.8)


def test_many_rings_that_nobody_hears_are_one(settings: Settings) -> None:
    bell = Bell(settings)

    for _ in range(5):
        bell.ring_now()

    assert bell._huey.pending_count() == 1


def test_a_bell_that_rested_rings_again(settings: Settings, heard: threading.Event) -> None:
    bell = Bell(settings, rest_seconds=0)
    for _ in range(3):
        bell.ring()

        assert heard.wait(5)
        heard.clear()
        if ringer := bell._ringer:
            ringer.join(5)
        assert bell._ringer is None


def test_a_bell_that_cannot_ring_breaks_no_commit(
    engine: Engine, session: Session, make_settings: MakeSettings, tmp_path: Path
) -> None:
    ring_after_commit(engine, make_settings(redis_url="redis://127.0.0.1:1"))

    order = ordered(session)

    assert session.get(Order, order.id) is not None
