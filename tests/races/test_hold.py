"""A batch is held while its orders are paid, lapse and are cancelled: no pack is counted twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shop import clock
from shop.db import can_be_retried, make_engine, open_session
from shop.invariants import prove
from shop.models.batches import BatchPack
from shop.models.catalog import Pack
from shop.models.inventory import (
    Allocation,
    Reservation,
    ReservationState,
    StockLevel,
    StockShortage,
)
from shop.models.orders import Order, OrderLine
from shop.models.payments import Payment
from shop.queries import batches
from shop.services import batch_release, order_payment
from shop.services.actors import SYSTEM
from tests.factories import make_order
from tests.support.databases import SETTINGS

SKU = "LBT-BUP-500"
ORDERS = 12
"""As many of each kind: paid, lapsed, cancelled."""

Act = Callable[[Session], object]


@pytest.fixture
def engine(demo_database_url: str) -> Iterator[Engine]:
    """The demo shop, with a connection for everybody who acts."""
    made = make_engine(demo_database_url, pool_size=3 * ORDERS + 1)
    yield made
    made.dispose()


@pytest.fixture
def waiting_orders(engine: Engine) -> list[int]:
    """Orders for one pack, all waiting for their money; the batch to expire first serves some."""
    with open_session(engine, SETTINGS) as session:
        pack = session.scalars(select(Pack).where(Pack.sku == SKU)).one()
        made = [
            make_order(session, pack, now=clock.now(), today=clock.today()).id
            for _ in range(3 * ORDERS)
        ]
        session.commit()
    return made


def at_the_edge(engine: Engine, act: Act) -> None:
    """Do `act` in one transaction, again from the start when the database broke it off."""
    while True:
        with open_session(engine, SETTINGS) as session:
            try:
                act(session)
                session.commit()
            except (DBAPIError, StaleDataError) as error:
                if not can_be_retried(error):
                    raise
            else:
                return


def pay(order_id: int) -> Act:
    def act(session: Session) -> None:
        order = session.get_one(Order, order_id)
        order_payment.receive_transfer(
            session,
            order_id,
            amount_vnd=order.total_vnd,
            source="hand",
            reference=f"FT{order_id}",
            credited_at=clock.now(),
            actor=SYSTEM,
            now=clock.now(),
            today=clock.today(),
        )

    return act


def lapse(order_id: int) -> Act:
    later = clock.now() + timedelta(days=2)
    return lambda session: order_payment.lapse(session, order_id, now=later)


def cancel(order_id: int) -> Act:
    return lambda session: order_payment.cancel_by_buyer(
        session, order_id, actor=SYSTEM, now=clock.now()
    )


def hold(order_id: int) -> Act:
    """Hold the batch of which an order has packs."""

    def act(session: Session) -> None:
        batch_id = session.scalars(
            select(BatchPack.batch_id)
            .join(Reservation, Reservation.batch_pack_id == BatchPack.id)
            .join(OrderLine, OrderLine.id == Reservation.order_line_id)
            .where(OrderLine.order_id == order_id)
            .limit(1)
        ).one()
        batch = batches.whole_batch(session, batch_id, locked=True)
        assert batch is not None
        batch_release.hold(session, batch, reason="kiểm tra", actor=SYSTEM, now=clock.now())

    return act


@pytest.mark.race
@pytest.mark.both_databases
def test_a_hold_in_the_midst_of_payments_and_lapses_counts_every_pack_once(
    engine: Engine, waiting_orders: list[int]
) -> None:
    kinds = [pay, lapse, cancel]
    acts = [kinds[number % 3](order_id) for number, order_id in enumerate(waiting_orders)]
    acts.insert(len(acts) // 3, hold(waiting_orders[0]))
    gate = threading.Barrier(len(acts))

    def rush(act: Act) -> None:
        gate.wait(timeout=60)
        at_the_edge(engine, act)

    with ThreadPoolExecutor(len(acts)) as crowd:
        list(crowd.map(rush, acts))

    with Session(engine) as session:
        assert list(prove(session.connection(), now=clock.now())) == []
        still = select(Reservation.id).where(Reservation.state == ReservationState.HELD)
        assert session.scalars(still).all() == []
        given = session.scalars(select(Allocation.quantity)).all()
        short = session.scalars(select(StockShortage.quantity)).all()
        assert sum(given) + sum(short) == ORDERS
        assert sum(session.scalars(select(StockLevel.reserved))) == sum(given)
        paid = session.scalars(select(Payment.received_vnd).where(Payment.received_vnd > 0)).all()
        assert len(paid) == ORDERS
