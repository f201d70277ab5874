"""Worker processes that die at any moment: every promise is kept, and no letter comes anew."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.db import open_session
from shop.models.orders import Order
from shop.models.outbox import OutboxMessage, OutboxState
from shop.services import outbox
from tests.support.databases import SETTINGS
from tests.support.mail_server import MailServer, mail_server
from tests.support.servers import PatchTree, Server, StartProgram
from tests.support.shared import CHECKOUT
from tests.support.small_shop import open_small_shop

pytestmark = pytest.mark.race

MESSAGES = 50
PATIENCE = 60.0
LEASE = "2"


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes a while for each letter, so that a worker is always busy."""
    with mail_server() as running:
        running.seconds_per_letter = 0.1
        yield running


@pytest.fixture
def start_worker(
    start_program: StartProgram, database_url: str, server: MailServer
) -> "StartWorker":
    """Start worker processes on the database of this test."""
    return StartWorker(start_program, {"database_url": database_url, "mail_url": server.url})


class StartWorker:
    """Starts workers with the same settings."""

    def __init__(self, start_program: StartProgram, settings: dict[str, str]) -> None:
        self.start_program = start_program
        self.settings = settings

    def __call__(self, tree: Path = CHECKOUT) -> Server:
        """Start one and return when it works."""
        worker = self.start_program("worker", "--lease", LEASE, tree=tree, **self.settings)
        wait_for_words("worker_started", worker)
        return worker


def wait_for_words(words: str, worker: Server) -> None:
    """Wait until a worker logs `words`."""
    wait_until(lambda: words in worker.log.read_text("utf-8"))


def wait_until(is_true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def promise_letters(engine: Engine, *, first: int = 0, count: int = MESSAGES) -> None:
    """Promise letters to `count` people about one order; every fifth pair shares a subject."""
    with Session(engine) as session:
        order_id = session.scalar(select(Order.id).limit(1))
        for number in range(first, first + count):
            outbox.promise(
                session,
                kind="mail",
                subject=f"test:{number - number % 5 % 2}",
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


@pytest.fixture(autouse=True)
def small_shop(engine: Engine) -> None:
    """A shop with orders to write about, in which every rule is kept."""
    with open_session(engine, SETTINGS) as session:
        open_small_shop(session)
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == OutboxState.PENDING)
            .values(due_at=clock.now() + timedelta(days=1))
        )
        session.commit()


def pending(engine: Engine) -> int:
    """How many of the test's own messages wait."""
    with Session(engine) as session:
        return len(states(session, OutboxState.PENDING))


def states(session: Session, state: OutboxState) -> list[OutboxMessage]:
    """The test's own messages in a state."""
    return list(
        session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.key.startswith("mail:test:"), OutboxMessage.state == state
            )
        )
    )


def letters_of_the_test(server: MailServer) -> list[Message]:
    """The letters promised here; the shop writes to its own buyers too as days pass."""
    return [letter for letter in server.letters if str(letter["To"]).startswith("so-")]


def recipients(server: MailServer) -> Counter[str]:
    """How often each of them was written to."""
    return Counter(str(letter["To"]) for letter in letters_of_the_test(server))


def sent_by(worker: Server) -> set[int]:
    """The messages that a worker says it sent."""
    lines = [json.loads(line) for line in worker.log.read_text("utf-8").splitlines()]
    return {line["message"] for line in lines if line["event"] == "message_sent"}


def everybody(count: int = MESSAGES) -> set[str]:
    return {f"so-{number}@example.com" for number in range(count)}


@pytest.mark.both_databases
def test_every_letter_is_sent_although_workers_are_killed_again_and_again(
    engine: Engine, server: MailServer, start_worker: StartWorker
) -> None:
    promise_letters(engine)
    chance = random.Random(20261122)

    for _ in range(4):
        worker = start_worker()
        wait_for_words("message_sent", worker)
        time.sleep(chance.uniform(0.0, 0.5))
        worker.kill()
    left = pending(engine)
    start_worker()
    wait_until(lambda: not pending(engine))

    with Session(engine) as session:
        messages = states(session, OutboxState.SENT)
    letters = letters_of_the_test(server)
    ids = {(str(letter["To"]), str(letter["Message-ID"])) for letter in letters}
    assert left > 0
    assert sum(message.tries for message in messages) > MESSAGES
    assert len(messages) == MESSAGES
    assert all(message.answer for message in messages)
    assert recipients(server).keys() == everybody()
    assert len(ids) == MESSAGES


@pytest.mark.both_databases
def test_two_workers_send_each_letter_once(
    engine: Engine, server: MailServer, start_worker: StartWorker
) -> None:
    workers = [start_worker(), start_worker()]

    promise_letters(engine)
    wait_until(lambda: not pending(engine))

    with Session(engine) as session:
        ids = {message.id for message in states(session, OutboxState.SENT)}
    shares = [len(ids & sent_by(worker)) for worker in workers]
    assert recipients(server) == Counter(everybody())
    assert sum(shares) == MESSAGES
    assert min(shares) > 0


def test_two_workers_without_the_claim_would_send_letters_twice(
    engine: Engine, server: MailServer, start_worker: StartWorker, patch_tree: PatchTree
) -> None:
    naive = patch_tree(
        "shop/queries/outbox.py",
        "or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now)",
        "OutboxMessage.tries < 20",
    )
    start_worker(naive)
    start_worker(naive)

    promise_letters(engine, count=6)
    wait_until(lambda: not pending(engine))

    assert max(recipients(server).values()) > 1


def test_nothing_is_lost_with_the_store_of_the_bell(
    engine: Engine, server: MailServer, start_worker: StartWorker, tmp_path: Path
) -> None:
    server.seconds_per_letter = 0.0
    start_worker()
    promise_letters(engine, count=5)
    wait_until(lambda: not pending(engine))
    store = list((tmp_path / "var").glob("jobs.sqlite*"))

    for path in store:
        path.unlink()
    promise_letters(engine, first=5, count=5)

    wait_until(lambda: not pending(engine))
    assert store
    assert recipients(server) == Counter(everybody(10))
