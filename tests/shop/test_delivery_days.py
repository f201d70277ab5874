"""The day goods are at the door is promised, kept with the order, and outlived by the batch."""

import csv
import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.clock import VIETNAM, day_of
from shop.delivery_days import Timetable, delivery_day
from shop.demo.files import DATA
from shop.errors import FieldRefused, OutOfStock
from shop.models.batches import Batch
from shop.models.catalog import Pack
from shop.models.inventory import Reservation
from shop.models.orders import DeliveryKind, DeliveryMethod, Order
from tests.factories import make_delivery, make_level, make_order, make_pack, make_product

TABLE = Path(__file__).with_name("delivery_days.csv")
LATER = date(2099, 1, 1)


def moment(text: str) -> datetime:
    written = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)
    return written.astimezone(UTC)


def place(session: Session, pack: Pack, way: DeliveryMethod, now: datetime, **where: Any) -> Order:
    return make_order(
        session, pack, now=now, today=day_of(now), delivery_method_id=way.id, **where
    )


@pytest.fixture
def roll(session: Session) -> Pack:
    """A pork roll that must stay cold."""
    product = make_product(session, name="Giò trứng Nộn Khê", is_chilled=True)
    return make_pack(session, product)


@pytest.fixture
def cold(session: Session, roll: Pack) -> DeliveryMethod:
    """The chilled delivery of the cooperative of Nộn Khê, as the demo has it."""
    sellers = tomllib.loads((DATA / "sellers.toml").read_text(encoding="utf-8"))["seller"]
    ways = next(one["delivery"] for one in sellers if one["code"] == "NKG")
    values = next(way for way in ways if way["kind"] == "own")
    return make_delivery(session, roll.product.seller, **values | {"kind": DeliveryKind.OWN})


def test_the_table_of_days_for_pork_roll_holds(
    session: Session, roll: Pack, cold: DeliveryMethod
) -> None:
    make_level(session, roll, on_hand=50, expires_on=LATER)
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    wrong = []

    for row in rows:
        where = {name: row[name] for name in ("commune_code", "commune", "province_code")}
        for written, expected in list(row.items())[3:]:
            try:
                order = place(session, roll, cold, moment(written), **where)
                said = date.fromisoformat(order.snapshot["expected_on"]).strftime("%d/%m/%Y")
            except FieldRefused as refused:
                said = refused.sentence_code
            if said != expected:
                wrong.append((row["commune"], written, expected, said))

    assert len(rows) == 10
    assert wrong == []


def test_no_batch_that_ends_before_the_day_at_the_door_is_reserved(
    session: Session, roll: Pack, cold: DeliveryMethod
) -> None:
    make_level(session, roll, on_hand=1, lot="SOM", expires_on=date(2026, 11, 30))
    make_level(session, roll, on_hand=1, lot="KIP", expires_on=date(2026, 12, 1))
    saturday_night = moment("28/11/2026 22:00")

    place(session, roll, cold, saturday_night)

    lots = session.scalars(select(Batch.lot).join(Batch.packs).join(Reservation)).all()
    assert lots == ["KIP"]
    with pytest.raises(OutOfStock):
        place(session, roll, cold, saturday_night)


def test_cold_goods_do_not_go_a_way_that_takes_more_than_a_day(
    session: Session, roll: Pack
) -> None:
    slow = make_delivery(session, roll.product.seller, is_chilled=True, days=2)
    make_level(session, roll, on_hand=1, expires_on=LATER)

    with pytest.raises(FieldRefused) as refused:
        place(session, roll, slow, moment("24/11/2026 09:00"))

    assert refused.value.sentence_code == "delivery_too_slow"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("27/11/2026 14:59", date(2026, 11, 30)),  # two days on is a Sunday: handed over on Monday
        ("27/11/2026 15:00", date(2026, 11, 30)),
        ("28/11/2026 15:00", date(2026, 12, 2)),
        ("31/12/2026 23:59", date(2027, 1, 4)),
    ],
)
def test_goods_that_keep_wait_out_a_day_of_rest(now: str, expected: date) -> None:
    table = Timetable(
        days=2, cutoff=time(15), weekdays=[7], days_off=[date(2027, 1, 1), date(2026, 12, 31)]
    )

    assert delivery_day(table, moment(now), is_chilled=False) == expected


def test_a_calendar_that_never_opens_promises_nothing() -> None:
    table = Timetable(days=1, weekdays=range(1, 8))

    assert delivery_day(table, moment("24/11/2026 09:00"), is_chilled=True) is None
