"""Who comes for goods and who has them sent rush for a batch that ends too soon for a parcel."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shop import clock
from shop.clock import VIETNAM
from shop.db import can_be_retried, make_engine, open_session
from shop.errors import OutOfStock
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack
from shop.models.inventory import Reservation
from shop.models.orders import DeliveryKind, DeliveryMethod, Order, OrderLine
from shop.queries import inventory as stock
from shop.queries.orders import delivery_methods
from tests.factories import make_order
from tests.support.databases import SETTINGS

EACH = 12
"""Buyers of each kind."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A pack of the demo, its two batches, and the day on which the first one ends."""

    engine: Engine
    pack_id: int
    ways: dict[DeliveryKind, int]
    soon: str
    day: date
    portion: int
    """Packs of an order: those who fetch empty the first batch."""


@pytest.fixture
def shelf(demo_database_url: str) -> Iterator[Shelf]:
    """The demo shop on the last day of a batch of which another one follows."""
    engine = make_engine(demo_database_url, pool_size=2 * EACH + 1)
    with open_session(engine, SETTINGS) as session:
        for pack in session.scalars(select(Pack).where(Pack.is_offered).order_by(Pack.id)):
            levels = stock.sellable(
                session, pack.id, seller_id=pack.seller_id, sell_through=clock.today()
            )
            batches = [level.batch_pack.batch for level in levels]
            days = [batch.expires_on for batch in batches]
            methods = {way.kind: way for way in delivery_methods(session, pack.seller_id)}
            if len(levels) < 2 or pack.product.is_chilled or None in days or days[0] == days[1]:
                continue
            first, second = (level.available for level in levels[:2])
            portion = max(1, first // EACH)
            if second >= EACH * portion and len(methods) > 1 and days[0]:
                ways = {kind: way.id for kind, way in methods.items()}
                found = Shelf(engine, pack.id, ways, batches[0].lot, days[0], portion)
                session.rollback()
                break
    yield found
    engine.dispose()


@pytest.mark.race
@pytest.mark.both_databases
def test_no_parcel_gets_a_batch_that_ends_on_its_way(shelf: Shelf) -> None:
    gate = threading.Barrier(2 * EACH)
    morning = datetime.combine(shelf.day, time(8), VIETNAM).astimezone(UTC)

    def buy(number: int) -> str:
        kind = DeliveryKind.PARCEL if number % 2 else DeliveryKind.PICKUP
        gate.wait(timeout=60)
        while True:
            with open_session(shelf.engine, SETTINGS) as session:
                pack = session.get_one(Pack, shelf.pack_id)
                way = session.get_one(DeliveryMethod, shelf.ways[kind])
                try:
                    make_order(
                        session, pack, now=morning, today=shelf.day, quantity=shelf.portion,
                        delivery_method_id=way.id, idempotency_key=f"rush-{number}",
                        expected_total_vnd=pack.price_vnd * shelf.portion + way.fee_vnd,
                    )  # fmt: skip
                    session.commit()
                except OutOfStock:
                    return f"{kind.value} refused"
                except (DBAPIError, StaleDataError) as error:
                    if not can_be_retried(error):
                        raise
                else:
                    return f"{kind.value} ordered"

    with ThreadPoolExecutor(2 * EACH) as crowd:
        ends = Counter(crowd.map(buy, range(2 * EACH)))

    with Session(shelf.engine) as session:
        given = session.execute(
            select(Order.snapshot, Batch.lot, Batch.expires_on, Reservation.made_at)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .join(Reservation, Reservation.order_line_id == OrderLine.id)
            .join(BatchPack, BatchPack.id == Reservation.batch_pack_id)
            .join(Batch, Batch.id == BatchPack.batch_id)
            .where(Order.idempotency_key.like("rush-%"))
        ).all()
    assert ends["parcel ordered"] == EACH
    assert ends["pickup ordered"] >= EACH - 1
    assert {row.lot for row in given} > {shelf.soon}
    assert [row for row in given if f"{row.expires_on}" < row.snapshot["expected_on"]] == []
