"""Kill -9 of web servers and worker at random moments of checkout, notice and refund.

`CHAOS_ROUNDS` sets how often something is killed (40), on both databases where it is set;
`CHAOS_SEED` repeats a run.
"""

import json
import os
import random
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from shop import clock, formats
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.jobs import query_attempts, query_refunds, read_notices
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    PaymentAttempt,
    ProviderNotice,
    Refund,
    RefundState,
)
from shop.models.people import Role
from shop.services import provider_accounts
from shop.services.actors import SYSTEM, audit
from tests.factories import make_account
from tests.races.traffic import Buyer, Shop, Told, Treasurer, run_all
from tests.support.big_shelf import fill_shelf
from tests.support.databases import SETTINGS
from tests.support.nursery import Child, Nursery
from tests.support.servers import Server, assert_sound

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "40"))
SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
SKU, SELLER = "LBT-BUP-500", "htx-che-la-bang"
BUYERS, WEBS = 4, 2
PATIENCE = 90.0
THROUGH = ("refund", "attempt_query")

pytestmark = [pytest.mark.race]
if "CHAOS_ROUNDS" in os.environ:
    pytestmark.append(pytest.mark.both_databases)


@dataclass
class Victim:
    """A process that is killed and started again in the same place."""

    start: Callable[[], tuple[Server, Child]]
    is_up: Callable[[Server], bool]
    kills: int = 0

    def __post_init__(self) -> None:
        self._server, self._child = self.start()

    def kill(self) -> None:
        """End it as a power cut does, and start it again at once."""
        self._child.end(signal.SIGKILL)
        self.kills += 1
        self._server, self._child = self.start()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._child.end(signal.SIGINT)

    @property
    def last_words(self) -> str:
        """Return the end of what it logged."""
        return self._server.log.read_text("utf-8", errors="replace")[-2000:]

    @property
    def works(self) -> bool:
        """Return whether it answers, or works; one that ended by itself is started once more.

        As whoever keeps services does: the port of a killed server may be held a moment longer.
        """
        if self.is_up(self._server):
            return True
        if not self._child.is_alive:
            self._server, self._child = self.start()
        return False


@dataclass
class House:
    """Two web servers, a worker, the gateway's simulator in them, and one database."""

    database_url: str
    folder: Path
    engine: Engine
    webs: list[Victim]
    worker: Victim
    shop: Shop
    told: Told = field(default_factory=Told)

    @property
    def settings(self) -> Settings:
        """Return the settings of whoever calls the gateway."""
        return SETTINGS.model_copy(update={"public_url": self.shop.urls[0]})

    @property
    def all(self) -> list[Victim]:
        """Return every process."""
        return [*self.webs, self.worker]

    def wait_until_all_work(self) -> None:
        """Wait until nothing is dead; tell what those said that do not come up."""
        end = time.monotonic() + PATIENCE
        while dead := [one for one in self.all if not one.works]:
            assert time.monotonic() < end, "\n".join(one.last_words for one in dead)
            time.sleep(0.05)


def wait_until(is_true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def steady_port() -> int:
    """Return a free port below those of outgoing connections.

    From above one of them might take it while its server is dead.
    """
    while True:
        with socket.socket() as probe:
            port = random.SystemRandom().randrange(20_000, 32_000)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port


def answers(server: Server) -> bool:
    try:
        return requests.get(f"{server.url}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def has_begun(worker: Server) -> bool:
    return worker.log.exists() and "worker_started" in worker.log.read_text("utf-8")


@pytest.fixture
def house(demo_database_url: str, nursery: Nursery, tmp_path: Path) -> Iterator[House]:
    """Open the shop of the demo with a full shelf and somebody who gives money back."""
    ports = [steady_port() for _ in range(WEBS)]
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as session:
        pack = fill_shelf(session, SKU, 4_000)
        seller = pack.product.seller
        director = make_account(session, role=Role.DIRECTOR, seller=seller)
        audit(session, SYSTEM, "account_opened", director, now=clock.now())
        audit(session, SYSTEM, "role_granted", director.grants[0], now=clock.now())
        account = provider_accounts.active(session, seller.id)[0]
        path = provider_accounts.notify_url("", account)
        shop = Shop(urls, SELLER, pack.id, path, formats.phone(director.phone))
        session.commit()

    def web(port: int, url: str) -> Victim:
        def open_web() -> tuple[Server, Child]:
            words = ("run", "--web-only")
            return nursery.start(*words, url=url, database_url=demo_database_url, port=str(port))

        return Victim(open_web, answers)

    def work() -> tuple[Server, Child]:
        words = ("worker", "--lease", "3")
        return nursery.start(*words, database_url=demo_database_url, public_url=urls[0])

    made = House(
        demo_database_url,
        tmp_path,
        engine,
        [web(port, url) for port, url in zip(ports, urls, strict=True)],
        Victim(work, has_begun),
        shop,
    )
    made.wait_until_all_work()
    yield made
    engine.dispose()


def hasten(house: House) -> None:
    """Let nobody wait out the pause after a try that failed: time passes quickly here."""
    with Session(house.engine) as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.kind.in_(THROUGH), OutboxMessage.state == OutboxState.PENDING)
            .where(OutboxMessage.claimed_until.is_(None))
            .values(due_at=clock.now())
        )
        session.commit()


def kill_at_random(house: House, rounds: int, chance: random.Random) -> None:
    """Kill one, or all, again and again, while people go on with what is left."""
    for number in range(rounds):
        house.wait_until_all_work()
        hasten(house)
        time.sleep(chance.uniform(0.05, 0.8))
        victims = [chance.choice(house.all)] if chance.random() < 0.8 else house.all
        for one in victims:
            one.kill()
        if number == rounds // 2:
            assert_sound(house.database_url, house.folder, pages=False)


def settle_everything(house: House) -> None:
    """Let the worker, the sweeps and the gateway end what they had begun."""
    house.wait_until_all_work()

    def is_quiet() -> bool:
        hasten(house)
        with Session(house.engine) as session:
            waiting = select(func.count()).where(
                OutboxMessage.kind.in_(THROUGH), OutboxMessage.state == OutboxState.PENDING
            )
            return not session.scalar(waiting)

    wait_until(is_quiet)
    now = clock.now()
    read_notices.run(house.engine, house.settings, now=now + timedelta(minutes=2))
    query_attempts.run(house.engine, house.settings, now=now + timedelta(minutes=6))
    for minutes in (2, 60):
        query_refunds.run(house.engine, house.settings, now=now + timedelta(minutes=minutes))
    for one in house.all:
        one.stop()


@dataclass(frozen=True)
class Book:
    """What the gateway has written down by itself."""

    paid: dict[str, int]
    refunds: Counter[tuple[str, int]]

    @classmethod
    def of(cls, folder: Path) -> "Book":
        """Read the simulator's own file; amounts there are in hundredths of a dong."""
        opened = sqlite3.connect(folder / "var/simulators/vnpay.sqlite")
        payments = [json.loads(row[0]) for row in opened.execute("SELECT facts FROM transactions")]
        refunds = opened.execute("SELECT reference, facts FROM refunds").fetchall()
        opened.close()
        return cls(
            {
                one["reference"]: int(one["amount"]) // 100
                for one in payments
                if one["code"] == "00"
            },
            Counter(
                (reference, int(json.loads(facts)["amount"]) // 100)
                for reference, facts in refunds
            ),
        )


def ours(session: Session) -> Book:
    """Return the same out of the shop's books."""
    paid = session.execute(
        select(PaymentAttempt.reference, PaymentAttempt.amount_vnd).where(
            PaymentAttempt.state == AttemptState.PAID, PaymentAttempt.provider == "vnpay"
        )
    )
    gone = session.execute(
        select(PaymentAttempt.reference, Refund.amount_vnd)
        .join(PaymentAttempt, PaymentAttempt.id == Refund.attempt_id)
        .where(Refund.state.in_([RefundState.ACCEPTED, RefundState.SETTLED]))
    )
    return Book(
        {row.reference: row.amount_vnd for row in paid},
        Counter((row.reference, row.amount_vnd) for row in gone),
    )


def test_whatever_dies_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    house: House,
) -> None:
    print(f"CHAOS_SEED={SEED} CHAOS_ROUNDS={ROUNDS}")
    told, stop = house.told, threading.Event()
    people: list[Buyer | Treasurer] = [
        Buyer(house.shop, told, SEED + number) for number in range(BUYERS)
    ]
    people.append(Treasurer(house.shop, told, SEED + BUYERS))

    threads = run_all(people, stop)
    kill_at_random(house, ROUNDS, random.Random(SEED))
    house.wait_until_all_work()
    time.sleep(1.0)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
    settle_everything(house)

    print(f"{len(told.orders)} orders, {len(told.paid)} paid, {len(told.refunds)} refunds")
    assert told.strange == []
    book = Book.of(house.folder)
    with Session(house.engine) as session:
        tokens = set(session.scalars(select(Order.token)))
        placed = select(func.count()).where(Order.payment_way == "vnpay")
        came = select(func.count()).where(BankCredit.source == "vnpay")
        refunds = {str(one.id): one.amount_vnd for one in session.scalars(select(Refund))}
        states = {one.key: one.state for one in session.scalars(select(Refund))}
        confirmed = select(func.count()).where(
            Order.payment_way == "vnpay", Order.state == OrderState.CONFIRMED
        )
        unread = select(func.count()).where(ProviderNotice.outcome == "stored")
        assert ours(session) == book
        assert set(told.orders) <= tokens
        assert len(told.orders) <= (session.scalar(placed) or 0) <= told.checkouts
        assert set(told.paid) <= set(book.paid)
        assert session.scalar(came) == len(book.paid)
        assert session.scalar(confirmed) == len(book.paid)
        assert {number: refunds.get(number) for number, _ in told.refunds} == dict(told.refunds)
        assert len(told.refunds) <= sum(book.refunds.values()) == len(refunds_sent(states))
        assert session.scalar(unread) == 0
    assert all(one.kills for one in house.all)
    assert min(len(told.orders), len(told.paid), len(told.refunds)) >= ROUNDS // 8


def refunds_sent(states: dict[str, RefundState]) -> list[str]:
    """Return the keys of the refunds of this test; those of the demo stay as they are."""
    return [key for key, state in states.items() if state is not RefundState.ASKED]
