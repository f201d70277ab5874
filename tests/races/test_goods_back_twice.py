"""Two people in the office write down at once that goods are back: they are counted once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from shop import clock
from shop.db import can_be_retried, make_engine, open_session
from shop.errors import WrongMove
from shop.forms.problem import OrderProblem
from shop.models.batches import ProblemReason
from shop.models.catalog import Pack
from shop.models.inventory import MovementKind, StockMovement
from shop.models.returns import GoodsReturn
from shop.queries import goods_returns as queries
from shop.services import goods_returns, order_fulfilment, order_problems
from shop.services.actors import SYSTEM
from tests.support.databases import SETTINGS
from tests.support.office import Office

CLERKS = 6


@pytest.mark.race
@pytest.mark.both_databases
def test_goods_that_two_people_count_come_once(demo_database_url: str, tmp_path: Path) -> None:
    engine = make_engine(demo_database_url, pool_size=CLERKS + 1)
    by: dict[str, Any] = {"actor": SYSTEM, "now": clock.now()}
    with open_session(engine, SETTINGS) as session:
        pack = session.scalars(select(Pack).where(Pack.sku == "LBT-BUP-500")).one()
        order = Office(None, session, pack.product.seller).shipped_order(pack, quantity=3)
        order_fulfilment.deliver(session, order.id, **by)
        report = order_problems.report(
            session,
            order.id,
            OrderProblem(ProblemReason.SPOILED, "Chè ẩm"),
            [],
            folder=tmp_path,
            back={order.lines[0].id: 1},
            **by,
        )
        found = queries.of_report(session, report.id)
        assert found is not None
        return_id = found.id
        goods_returns.decide(session, found, takes=True, text="Gửi về HTX", **by)
        (out,) = queries.still_out(session, order.id)
        session.commit()
    gate = threading.Barrier(CLERKS)

    def count(_number: int) -> str:
        gate.wait(timeout=60)
        while True:
            with open_session(engine, SETTINGS) as session:
                try:
                    goods = session.get_one(GoodsReturn, return_id)
                    goods_returns.receive(
                        session, goods, {(out.order_line_id, out.batch_pack_id): 1}, **by
                    )
                    session.commit()
                except WrongMove:
                    return "late"
                except (DBAPIError, StaleDataError) as error:
                    if not can_be_retried(error):
                        raise
                else:
                    return "counted"

    with ThreadPoolExecutor(CLERKS) as office:
        ends = sorted(office.map(count, range(CLERKS)))

    with open_session(engine, SETTINGS) as session:
        back = session.scalars(
            select(StockMovement).where(
                StockMovement.kind == MovementKind.RETURN,
                StockMovement.order_line_id == out.order_line_id,
            )
        ).all()
        counts = [movement.quantity for movement in back]
        session.rollback()
    engine.dispose()
    assert ends == ["counted", *["late"] * (CLERKS - 1)]
    assert counts == [1]
