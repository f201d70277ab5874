"""Placing an order against one row written to the same disk as safely."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import replace

from flask import Flask
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from benchmarks import pages
from benchmarks.shop import asking, bare
from benchmarks.turns import Figure, compare
from shop import clock
from shop.config import Settings
from shop.db import open_session
from shop.models.batches import BatchPack
from shop.models.catalog import Pack, Seller
from shop.models.inventory import StockLevel
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.services import orders
from shop.services.actors import BUYER
from shop.services.orders import Checkout

UNIT = "ghi một dòng xuống đĩa — one row written to disk"


def figures(app: Flask, engine: Engine) -> Iterator[Figure]:
    """Yield checkout: order, lines, snapshot, hold of stock, payment, letters, one commit."""
    settings: Settings = app.extensions["dacsan_settings"]
    numbers = itertools.count()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_row (n INTEGER, said TEXT)"))

    def row() -> None:
        with engine.begin() as connection:
            said = {"n": next(numbers), "said": "x" * 500}
            connection.execute(text("INSERT INTO bench_row VALUES (:n, :said)"), said)

    seller_id, pack_id, checkout = _goods(engine)

    def place() -> None:
        now = clock.now()
        with open_session(engine, settings) as session:
            seller = session.get_one(Seller, seller_id)
            asked = replace(checkout, idempotency_key=secrets.token_urlsafe())
            wanted = [(pack_id, 1)]
            orders.place(session, seller, wanted, asked, actor=BUYER, now=now, today=clock.today())
            session.commit()

    yield compare("đặt hàng — checkout", place, UNIT, row, limit=40.0)
    unit = asking(bare(engine), "/1")
    yield compare("đặt hàng — checkout", place, pages.UNIT, unit, limit=80.0)


def _goods(engine: Engine) -> tuple[int, int, Checkout]:
    """Return seller, pack and filled-in form for goods of which there is no end."""
    with Session(engine) as session:
        method, pack = session.execute(
            select(DeliveryMethod, Pack)
            .join(Pack, Pack.seller_id == DeliveryMethod.seller_id)
            .join(BatchPack, BatchPack.pack_id == Pack.id)
            .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
            .where(DeliveryMethod.kind == DeliveryKind.PICKUP, StockLevel.on_hand > 0)
            .order_by(StockLevel.on_hand.desc())
            .limit(1)
        ).one()
        session.execute(update(StockLevel).values(on_hand=StockLevel.on_hand + 1_000_000))
        found = (
            pack.seller_id,
            pack.id,
            Checkout(
                buyer_name="Nguyễn Thị Hoa",
                buyer_phone="+84912345678",
                buyer_email="",
                street="12 xóm La Bằng",
                commune="Xã La Bằng",
                commune_code="05818",
                province="Tỉnh Thái Nguyên",
                province_code="19",
                delivery_method_id=method.id,
                payment_way="vietqr",
                note="",
                keeps_phone=True,
                expected_total_vnd=pack.price_vnd + method.fee_vnd,
                idempotency_key="",
            ),
        )
        session.commit()
    return found
