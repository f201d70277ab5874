"""The demo: complete, marked as samples, and as fresh on every day as on the first."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import make_engine, open_session
from shop.demo import PASSWORD, seed, sign_ins
from shop.demo.files import AS_OF, batch_records
from shop.models.batches import Batch, BatchKind, BatchPack, BatchState
from shop.models.catalog import Certificate, Pack, Product, Seller, SellerMode
from shop.models.inventory import StockLevel, StockMovement
from shop.models.journal import TraceEvent
from shop.models.orders import DeliveryMethod, Order
from shop.models.payments import BankAccount
from shop.models.people import Account, Grant, Member
from shop.models.stalls import Stall
from shop.queries import inventory as stock
from shop.services import labels, second_factor
from shop.services import sign_ins as signing
from shop.services.actors import BUYER, account_actor
from shop.services.orders import Checkout, place
from shop.services.permissions import Action
from tests.support.applications import MakeSettings


@pytest.fixture
def demo(demo_database_url: str, make_settings: MakeSettings) -> Session:
    engine = make_engine(demo_database_url)
    with open_session(engine, make_settings(database_url=demo_database_url)) as session:
        yield session
    engine.dispose()


def counted(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_demo_holds_all_that_the_data_hold(demo: Session) -> None:
    found = [counted(demo, model) for model in (Seller, Member, Product, Pack, Certificate, Stall)]

    retail = demo.scalar(select(func.count()).where(Batch.kind == BatchKind.RETAIL))

    assert found == [5, 31, 15, 34, 44, 10]
    assert retail == 40


def test_stock_equals_the_stock_in_the_data(demo: Session, shared: Path) -> None:
    products = json.loads((shared / "data/products.json").read_text("utf-8"))["products"]
    wanted = {sku: left for product in products for sku, left in product["stock"].items()}
    packs = {pack.sku: pack.id for pack in demo.scalars(select(Pack))}

    found = stock.available_by_pack(demo, packs.values(), sell_through=clock.today())

    assert {sku: found.get(packs[sku], 0) for sku in wanted} == wanted


def test_loading_again_changes_nothing(demo: Session) -> None:
    tables = (Seller, Batch, TraceEvent, StockMovement, StockLevel, Account)
    before = [counted(demo, table) for table in tables]

    seed.load(demo, today=clock.today() + timedelta(days=3))

    assert [counted(demo, table) for table in tables] == before


def test_days_move_with_the_day_of_loading_and_lots_follow() -> None:
    as_made = batch_records(AS_OF)

    later = batch_records(AS_OF + timedelta(days=40))

    assert [one["expires_on"] + timedelta(days=40) for one in as_made] == [
        one["expires_on"] for one in later
    ]
    assert all(f"{one['packed_on']:%y%m%d}" in one["lot"] for one in later)


def test_after_400_days_one_can_still_buy_a_pork_roll(
    session: Session, make_settings: MakeSettings
) -> None:
    today = clock.today() + timedelta(days=400)
    session.info["base_url"] = "http://127.0.0.1:8000"
    seed.load(session, today=today)
    roll = session.scalars(select(Pack).where(Pack.sku == "NKG-500")).one()
    seller = roll.product.seller
    pickup = session.scalars(
        select(DeliveryMethod).where(
            DeliveryMethod.seller_id == seller.id, DeliveryMethod.kind == "pickup"
        )
    ).one()
    checkout = Checkout(
        buyer_name="Nguyễn Thị Hoa", buyer_phone="+84912345678", buyer_email="", street="Xóm 1",
        commune="Xã Yên Từ", commune_code="14728", province="Tỉnh Ninh Bình",
        province_code="37", delivery_method_id=pickup.id, payment_way="vietqr", note="",
        keeps_phone=False, expected_total_vnd=roll.price_vnd, idempotency_key="one",
    )  # fmt: skip
    now = clock.now() + timedelta(days=400)

    order = place(session, seller, [(roll.id, 1)], checkout, actor=BUYER, now=now, today=today)

    assert order.code.startswith("TT")
    assert order.lines[0].reservations[0].quantity == 1


def test_every_seller_account_and_paper_of_the_demo_is_marked_as_a_sample(
    demo: Session,
) -> None:
    marked = {
        model.__name__: demo.scalar(select(func.count()).where(model.is_sample.is_(False)))
        for model in (Seller, Member, Product, Certificate, Stall, Account, BankAccount)
    }
    modes = set(demo.scalars(select(Seller.mode)))
    numbers = demo.scalars(select(Certificate.number)).all()
    bins = set(demo.scalars(select(BankAccount.bank_bin)))

    assert set(marked.values()) == {0}
    assert modes == {SellerMode.TRAINING}
    assert all("MAU" in number for number in numbers)
    assert bins == {"999999"}


def test_every_label_of_the_demo_says_sample_and_opens_the_address_it_shows(
    demo: Session,
) -> None:
    from traceability.labels import qr

    for batch_pack in demo.scalars(select(BatchPack)):
        label = labels.label(demo, batch_pack)

        picture = qr.png(label.digital_link, band=label.band)

        image = Image.open(__import__("io").BytesIO(picture.content))
        assert label.band == "MẪU"
        assert zxingcpp.read_barcode(image).text == label.digital_link


def test_batches_show_as_recalled_expired_draft_and_sold_out(demo: Session) -> None:
    states = dict(
        demo.execute(
            select(Batch.state, func.count())
            .where(Batch.kind == BatchKind.RETAIL)
            .group_by(Batch.state)
        ).all()
    )
    expired = demo.scalar(
        select(func.count()).where(
            Batch.kind == BatchKind.RETAIL,
            Batch.state == BatchState.RELEASED,
            Batch.expires_on < clock.today(),
        )
    )

    assert states[BatchState.RECALLED] == 2
    assert states[BatchState.DRAFT] == 2
    assert expired == 6


def test_two_people_of_the_demo_may_refund_so_that_the_second_can_agree(demo: Session) -> None:
    phones = {role: f"+84{phone[1:]}" for role, phone, _password in sign_ins()}
    found = {}
    for role in ("director", "treasurer"):
        account = demo.scalars(select(Account).where(Account.phone == phones[role])).one()
        actor = account_actor(account, origin="", now=clock.now())
        seller_id = demo.scalars(
            select(Grant.seller_id).where(Grant.account_id == account.id).limit(1)
        ).one()
        found[seller_id] = found.get(seller_id, 0) + actor.may(Action.REFUND, seller_id)
        assert second_factor.is_training(demo, account, now=clock.now())

    assert list(found.values()) == [2]


def test_the_printed_sign_ins_open(demo: Session) -> None:
    for _role, phone, password in sign_ins():
        token, row = signing.sign_in(
            demo,
            phone=f"+84{phone[1:]}",
            password=password,
            is_shared_computer=False,
            device="",
            now=clock.now(),
        )

        assert token
        assert row.account.is_sample
    assert password == PASSWORD
    assert counted(demo, Order) == 0
