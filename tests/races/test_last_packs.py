"""Fifty buyers, twenty packs, several server processes: nobody gets what is not there."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.models.catalog import Pack
from shop.models.inventory import (
    Place,
    Reservation,
    ReservationState,
    StockLevel,
)
from shop.models.orders import Order, OrderLine
from shop.queries import inventory as stock
from shop.services.actors import SYSTEM
from shop.services.stock_take import Count, take_stock
from tests.races.buyers import fill_cart, rush, send
from tests.support import guard
from tests.support.databases import CopyDatabase
from tests.support.pages import Visitor
from tests.support.redis import free_port
from tests.support.run import Run
from tests.support.servers import Serve, Server, wait_until_healthy
from tests.support.shared import CHECKOUT

SKU = "LBT-DINH-100"
SELLER = "htx-che-la-bang"
BUYERS, PACKS = 50, 20


@pytest.fixture
def shop_with_20_packs(copy_database: CopyDatabase) -> str:
    """A demo shop in which a stock take left exactly 20 packs of one kind."""
    url = copy_database(demo=True)
    engine = make_engine(url)
    with open_session(engine, Settings()) as session:
        pack = session.scalars(select(Pack).where(Pack.sku == SKU)).one()
        levels = stock.sellable(
            session, pack.id, seller_id=pack.seller_id, sell_through=clock.today()
        )
        surplus = sum(level.available for level in levels) - PACKS
        _take_away(session, levels[-1], surplus)
        session.commit()
    engine.dispose()
    return url


def _take_away(session: Session, level: StockLevel, surplus: int) -> None:
    count = Count(
        batch_pack_id=level.batch_pack_id,
        counted=level.on_hand - surplus,
        seen=level.on_hand,
        reason="đếm lại",
    )
    place = session.get_one(Place, level.place_id)
    take_stock(session, place, [count], client_id="recount", actor=SYSTEM, now=clock.now())


def _pack_id(url: str) -> int:
    engine = make_engine(url)
    with Session(engine) as session:
        found = session.scalars(select(Pack.id).where(Pack.sku == SKU)).one()
    engine.dispose()
    return found


@pytest.mark.race
@pytest.mark.both_databases
def test_fifty_buyers_of_twenty_packs_get_twenty(shop_with_20_packs: str, serve: Serve) -> None:
    servers = serve(shop_with_20_packs, processes=3)

    ends = rush(
        [server.url for server in servers],
        seller=SELLER,
        pack_id=_pack_id(shop_with_20_packs),
        buyers=BUYERS,
    )

    assert ends == {"ordered": PACKS, "refused": BUYERS - PACKS}
    engine = make_engine(shop_with_20_packs)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == PACKS
        assert session.scalar(select(func.sum(OrderLine.quantity))) == PACKS
        held = select(func.sum(Reservation.quantity)).where(
            Reservation.state == ReservationState.HELD
        )
        assert session.scalar(held) == PACKS
        assert session.scalar(select(func.sum(StockLevel.reserved))) == PACKS
    engine.dispose()


@pytest.mark.race
@pytest.mark.both_databases
def test_one_checkout_sent_many_times_at_once_is_one_order(
    shop_with_20_packs: str, serve: Serve
) -> None:
    (server,) = serve(shop_with_20_packs)
    visitor = Visitor.at(server.url)
    form = fill_cart(visitor, seller=SELLER, pack_id=_pack_id(shop_with_20_packs), quantity=2)
    gate = threading.Barrier(8)
    ends: list[str] = []

    def press() -> None:
        gate.wait(timeout=60)
        ends.append(send(form, phone="0912345678"))

    crowd = [threading.Thread(target=press) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert ends == ["ordered"] * 8
    engine = make_engine(shop_with_20_packs)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 1
    engine.dispose()


@pytest.fixture
def naive_servers(tmp_path: Path, run: Run) -> Iterator[list[Server]]:
    """Two processes of the naive shop on one database with 20 packs."""
    database = tmp_path / "naive.sqlite"
    connection = sqlite3.connect(database)
    connection.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE stock (left INTEGER);"
        f"INSERT INTO stock VALUES ({PACKS}); CREATE TABLE sales (id INTEGER PRIMARY KEY);"
    )
    connection.close()
    servers = []
    for _ in range(2):
        port = free_port()
        log = tmp_path / f"naive-{port}.log"
        command = [sys.executable, "-m", "tests.races.naive_shop", str(port), str(database)]
        process: subprocess.Popen[bytes] = guard.start(
            command, owner=run.owner, log=log, cwd=CHECKOUT
        )
        servers.append(Server(f"http://127.0.0.1:{port}", log, process))
    for server in servers:
        wait_until_healthy(server)
    yield servers
    for server in servers:
        server.kill()


@pytest.mark.race
def test_the_same_harness_sees_a_naive_shop_oversell(naive_servers: list[Server]) -> None:
    ends = rush([one.url for one in naive_servers], seller="x", pack_id=1, buyers=BUYERS)

    assert ends["ordered"] > PACKS
