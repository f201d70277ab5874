"""A file is brought in whole or not at all, whatever dies meanwhile, and buyers are not lost."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shop import clock, formats
from shop.db import make_engine, open_session
from shop.forms.tables import MOST_ROWS
from shop.models.batches import Batch
from shop.models.catalog import Pack, Seller
from shop.models.imports import ImportRun
from shop.models.people import Member, Role
from shop.services.actors import SYSTEM, audit
from tests.factories import PASSWORD, make_account
from tests.races.buyers import BUYER, fill_cart
from tests.support.databases import SETTINGS
from tests.support.imports import csv_file
from tests.support.nursery import Child, Nursery
from tests.support.pages import Page, Visitor
from tests.support.redis import free_port
from tests.support.servers import wait_until_healthy

pytestmark = pytest.mark.race

SELLER, SEED = "htx-che-la-bang", 20261122
PATIENCE = 60.0
GOODS, LOTS = 60, 40
FILES = {
    "products": csv_file(
        "sku,ten,gia,khoi_luong_g",
        *(f"CHET-{number},Chè thử chết {number},90000,200" for number in range(GOODS)),
    ),
    "batches": csv_file(
        "lo,sku,NSX,so goi",
        *(f"CHET-L-{number},CHET-{number},15/10/2026,4" for number in range(LOTS)),
    ),
    "members": csv_file(
        "ma,ho ten,ma thua,dien tich",
        *(f"CHET-{number},Nguyễn Thị Mẫu,CHET-T-{number},2 sào" for number in range(GOODS)),
    ),
}
"""In the order in which they are brought in: lots are of goods that are there."""

THOUSAND = {
    "products": csv_file(
        "sku,ten,gia,khoi_luong_g",
        *(f"CHET-{number},Chè thử chết {number},90000,200" for number in range(MOST_ROWS)),
    ),
    "batches": csv_file(
        "lo,sku,NSX,so goi",
        *(f"CHET-L-{number},CHET-{number},15/10/2026,4" for number in range(MOST_ROWS)),
    ),
}
"""The most that one file may hold."""

COUNTED = {"products": (Pack.sku, GOODS), "batches": (Batch.lot, LOTS),
           "members": (Member.code, GOODS)}  # fmt: skip


@dataclass
class Books:
    """What is written down of the files, seen from outside of every process."""

    url: str
    engine: Engine

    def count(self, kind: str) -> int:
        """Return how many things of a file are there."""
        with Session(self.engine) as session:
            return (
                session.scalar(select(func.count()).where(COUNTED[kind][0].startswith("CHET-")))
                or 0
            )

    def runs(self) -> int:
        """Return how many runs are on record."""
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(ImportRun)) or 0

    def is_being_written(self) -> bool:
        """Return whether a process holds what an import holds from its beginning to its end."""
        with open_session(self.engine, SETTINGS, patience=timedelta(milliseconds=1)) as session:
            try:
                session.scalars(
                    select(Seller).where(Seller.slug == SELLER).with_for_update(key_share=True)
                ).one()
            except OperationalError:
                return True
            return False


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Books]:
    engine = make_engine(demo_database_url)
    yield Books(demo_database_url, engine)
    engine.dispose()


def wait_until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


@pytest.mark.both_databases
def test_an_import_that_is_killed_leaves_nothing_and_comes_in_whole_afterwards(
    books: Books, nursery: Nursery, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    for done, (kind, content) in enumerate(FILES.items()):
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(content)

        def bring_in(kind: str = kind, file: Path = file) -> Child:
            words = ("import", kind, str(file), "--seller", SELLER, "--tick", "same_person")
            return nursery.start(*words, database_url=books.url)[1]

        killed = bring_in()
        wait_until(books.is_being_written)
        time.sleep(chance.uniform(0, 0.15))
        killed.end(9)
        left, runs = books.count(kind), books.runs()
        for _ in range(2):
            again = bring_in()
            wait_until(lambda again=again: not again.is_alive)

        assert (left, runs) in {(0, done), (COUNTED[kind][1], done + 1)}
        assert (books.count(kind), books.runs()) == (COUNTED[kind][1], done + 1)


@dataclass
class Office:
    """Somebody of the office at a web server that is killed and started again."""

    books: Books
    nursery: Nursery
    phone: str

    def __post_init__(self) -> None:
        self._port = str(free_port())
        self.url = f"http://127.0.0.1:{self._port}"
        self._start()
        self.visitor = Visitor.at(self.url)
        self.visitor.open("/dang-nhap").send(
            {"phone": self.phone, "password": PASSWORD, "machine": "mine"}, press="Đăng nhập"
        )

    def _start(self) -> None:
        words = ("run", "--web-only")
        server, self._web = self.nursery.start(
            *words, url=self.url, database_url=self.books.url, port=self._port
        )
        wait_until_healthy(server)

    def look_at(self, kind: str, content: bytes) -> Page:
        """Send a file and return the page on which it is confirmed."""
        start = self.visitor.open(f"/quan-ly/nhap-tep?loai={kind}")
        return start.upload(
            "file", content, f"{kind}.csv", form="/quan-ly/nhap-tep", press="Xem trước"
        )

    def confirm(self, page: Page) -> int:
        """Confirm a file, with every question answered; 0 where nobody answers."""
        said = {"tick": ["same_person"]} if "same_person" in page.body else {}
        with suppress(requests.RequestException):
            return page.send(said, press="Nhập vào sổ").status
        return 0

    def lose_power(self) -> None:
        """Kill the web server and start it again."""
        self._web.end(9)
        self._start()


@pytest.fixture
def office(books: Books, nursery: Nursery) -> Office:
    with open_session(books.engine, SETTINGS) as session:
        seller = session.scalars(select(Seller).where(Seller.slug == SELLER)).one()
        account = make_account(session, role=Role.OFFICE, seller=seller)
        audit(session, SYSTEM, "account_opened", account, now=clock.now())
        audit(session, SYSTEM, "role_granted", account.grants[0], now=clock.now())
        session.commit()
        return Office(books, nursery, formats.phone(account.phone))


@pytest.mark.both_databases
def test_a_file_confirmed_while_the_web_dies_is_there_whole_or_not_and_never_twice(
    books: Books, office: Office
) -> None:
    chance = random.Random(SEED)
    for done, (kind, content) in enumerate(FILES.items()):
        page = office.look_at(kind, content)
        sent = threading.Thread(target=office.confirm, args=(page,))
        sent.start()
        wait_until(lambda sent=sent: books.is_being_written() or not sent.is_alive())
        time.sleep(chance.uniform(0, 0.15))
        office.lose_power()
        sent.join(PATIENCE)
        left, runs = books.count(kind), books.runs()
        answers = [office.confirm(page) for _ in range(2)]

        assert (left, runs) in {(0, done), (COUNTED[kind][1], done + 1)}
        assert answers == [200, 200]
        assert (books.count(kind), books.runs()) == (COUNTED[kind][1], done + 1)


def test_who_orders_while_a_file_comes_in_is_served_or_keeps_what_was_typed(
    books: Books, office: Office, nursery: Nursery, tmp_path: Path
) -> None:
    with Session(books.engine) as session:
        pack_id = session.scalars(select(Pack.id).where(Pack.sku == "LBT-BUP-500")).one()
    buyer = Visitor.at(office.url)
    form = fill_cart(buyer, seller=SELLER, pack_id=pack_id, quantity=1)
    file = tmp_path / "hang.csv"
    file.write_bytes(FILES["products"])
    words = ("import", "products", str(file), "--seller", SELLER)
    importing = nursery.start(*words, database_url=books.url)[1]
    wait_until(books.is_being_written)

    answer = form.send({**BUYER, "phone": "0912345678"}, press="Đặt hàng")
    if answer.status == 503:
        wait_until(lambda: not importing.is_alive)
        answer = form.send({**BUYER, "phone": "0912345678"}, press="Đặt hàng")

    assert answer.path.startswith("/don-hang/")
    wait_until(lambda: not importing.is_alive)
    assert books.count("products") == GOODS


def test_others_are_served_while_a_thousand_lots_come_in(books: Books, office: Office) -> None:
    with Session(books.engine) as session:
        pack_id = session.scalars(select(Pack.id).where(Pack.sku == "LBT-BUP-500")).one()
    buyer = Visitor.at(office.url)
    form = fill_cart(buyer, seller=SELLER, pack_id=pack_id, quantity=1)
    office.confirm(office.look_at("products", THOUSAND["products"]))
    page = office.look_at("batches", THOUSAND["batches"])
    answers: list[int] = []
    importing = threading.Thread(target=lambda: answers.append(office.confirm(page)))
    importing.start()
    wait_until(lambda: books.is_being_written() or not importing.is_alive())

    answer = form.send({**BUYER, "phone": "0912345678"}, press="Đặt hàng")

    importing.join(PATIENCE)
    assert answer.path.startswith("/don-hang/")
    assert answers == [200]
    assert books.count("batches") == MOST_ROWS
