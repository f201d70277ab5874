"""The private page of an order: pay, follow, cancel, look up, and what a recall does to it."""

import io
import re
from datetime import date, datetime, timedelta

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from integrations import vietqr
from shop import clock
from shop.app import create_app
from shop.models.batches import Batch
from shop.models.catalog import Pack, Seller, SellerMode
from shop.models.inventory import PlaceKind
from shop.models.orders import Order, OrderState, Parcel
from shop.models.payments import Refund
from shop.services import order_fulfilment, order_moves, order_payment, refunds
from shop.services.actors import SYSTEM
from tests.factories import (
    make_bank_account,
    make_level,
    make_notice,
    make_order,
    make_pack,
    make_place,
    make_product,
    make_seller,
)
from tests.support.applications import MakeSettings
from tests.support.pages import Page, Visitor

LATER = date(2099, 1, 1)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests place their own orders."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A live seller with an account at Vietcombank."""
    app_session.info["base_url"] = "https://dacsan.example"
    made = make_seller(app_session, order_prefix="NK", short_name="HTX Nộn Khê")
    make_bank_account(
        app_session, made, bank_bin="970436", number="0011001932418", holder="HTX NON KHE"
    )
    return made


@pytest.fixture
def pack(app_session: Session, seller: Seller) -> Pack:
    """Ten packs of one batch."""
    product = make_product(app_session, seller, name="Chè La Bằng")
    made = make_pack(app_session, product)
    make_level(app_session, made, on_hand=10, lot="LB-1", expires_on=LATER)
    app_session.commit()
    return made


def place(session: Session, pack: Pack, **values: object) -> Order:
    """An order over 115.000 ₫ that was placed this moment."""
    order = make_order(session, pack, now=clock.now(), today=clock.today(), **values)  # type: ignore[arg-type]
    session.commit()
    return order


def receive(session: Session, order: Order, amount_vnd: int, reference: str = "FT1") -> None:
    order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=amount_vnd,
        source="hand",
        reference=reference,
        credited_at=clock.now(),
        actor=SYSTEM,
        now=clock.now(),
        today=clock.today(),
    )
    session.commit()


def move(session: Session, order: Order, *states: OrderState, at: datetime | None = None) -> None:
    for state in states:
        order_moves.move(session, order, state, actor=SYSTEM, now=at or clock.now())
    session.commit()


def page_of(visitor: Visitor, order: Order) -> Page:
    return visitor.open(f"/don-hang/{order.token}")


def ends_the_asking(fragment: str) -> bool:
    return re.search(r"<div[^>]* data-done", fragment) is not None


def test_a_waiting_order_shows_how_to_pay_it(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)

    page = page_of(visitor, order)

    assert page.heading == f"Đã nhận đơn {order.code[:2]} {order.code[2:]}"
    assert "Đang chờ tiền về. Tự báo khi nhận được." in page.text
    assert "Vietcombank" in page.text
    assert "HTX NON KHE" in page.text
    assert "•••• 2418" in page.text
    assert "0011001932418" not in page.text
    assert re.search(rf"Nội dung chuyển khoản ?{order.code}", page.text)
    assert "Giữ hàng đến" in page.text


def test_the_code_pays_the_missing_amount_to_the_right_account(
    client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 15_000)

    came = client.get(f"/don-hang/{order.token}/ma.png")
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(came.data)))

    code = vietqr.decode(found.text)
    assert came.mimetype == "image/png"
    assert came.headers["Cache-Control"] == "no-store"
    assert (code.bin, code.account) == ("970436", "0011001932418")
    assert (code.amount_vnd, code.memo) == (100_000, order.code)


def test_a_returned_order_asks_for_nothing_once_its_money_went_back(
    client: FlaskClient, visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    make_place(app_session, order.seller, name="Hàng trả", kind=PlaceKind.QUARANTINE)
    receive(app_session, order, order.total_vnd)
    now, by = clock.now(), {"actor": SYSTEM, "now": clock.now()}
    order_fulfilment.start_packing(app_session, order.id, **by)
    order_fulfilment.ship(
        app_session, order.id, carrier="Bưu điện", tracking_code="", today=clock.today(), **by
    )
    order_fulfilment.deliver(app_session, order.id, **by)
    order_fulfilment.take_back(app_session, order.id, reason="damaged", **by)
    refund = app_session.scalars(select(Refund)).one()
    refunds.settle_refund(app_session, refund.id, reference="FT9", actor=SYSTEM, now=now)
    app_session.commit()

    page = page_of(visitor, order)
    picture = client.get(f"/don-hang/{order.token}/ma.png")

    assert "Hàng đã trả lại." in page.text
    assert "đã trả lại 115.000" in page.text.replace("\u00a0", " ")
    assert "còn thiếu" not in page.text
    assert picture.status_code == 404


@pytest.mark.parametrize("is_sample", [True, False])
def test_the_picture_of_a_sample_says_not_to_pay(
    client: FlaskClient, pack: Pack, seller: Seller, app_session: Session, is_sample: bool
) -> None:
    seller.is_sample = is_sample
    order = place(app_session, pack)

    came = client.get(f"/don-hang/{order.token}/ma.png")

    picture = Image.open(io.BytesIO(came.data))
    assert (picture.height > picture.width) is is_sample


def test_money_that_came_in_part_leaves_the_rest_to_pay(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 15_000)

    page = page_of(visitor, order)

    assert "Đã nhận 15.000 ₫, còn thiếu 100.000 ₫." in page.text
    assert "ma.png" in page.body


def test_a_paid_order_says_when_and_shows_no_code(
    visitor: Visitor, client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 115_000)

    page = page_of(visitor, order)

    assert "Đã nhận 115.000 ₫ lúc" in page.text
    assert "ma.png" not in page.body
    assert client.get(f"/don-hang/{order.token}/ma.png").status_code == 404


def test_too_much_money_is_promised_back(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 125_000)

    assert "Nhận thừa 10.000 ₫. HTX sẽ trả lại 10.000 ₫." in page_of(visitor, order).text


def test_a_wait_that_ran_out_offers_to_order_again(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    order_payment.lapse(app_session, order.id, now=clock.now() + timedelta(days=2))
    app_session.commit()

    page = page_of(visitor, order)
    cart = page.submit(press="Đặt lại")

    assert "Hết giờ giữ hàng." in page.text
    assert cart.path == "/gio-hang"
    assert "Chè La Bằng" in cart.text


def test_a_wait_that_ran_out_is_told_before_anybody_cleans_up(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    order.hold_until = clock.now() - timedelta(minutes=1)
    app_session.commit()

    page = page_of(visitor, order)

    assert "Hết giờ giữ hàng." in page.text
    assert "ma.png" not in page.body


def test_money_that_came_too_late_is_said_to_be_looked_at(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    order_payment.lapse(app_session, order.id, now=clock.now() + timedelta(days=2))
    receive(app_session, order, 115_000)

    sentence = "Tiền về sau khi hết giờ giữ hàng. HTX đang xem còn hàng không."
    assert sentence in page_of(visitor, order).text


@pytest.mark.both_databases
def test_the_live_part_answers_only_when_something_changed(
    client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    address = f"/don-hang/{order.token}/trang-thai"

    first = client.get(address)
    same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    receive(app_session, order, 115_000)
    news = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, same.status_code, news.status_code) == (200, 304, 200)
    assert "Đang chờ tiền về." in first.text
    assert "Đã nhận 115.000" in news.text
    assert (ends_the_asking(first.text), ends_the_asking(news.text)) == (False, True)
    assert "Cookie" not in first.headers.get("Vary", "")


def test_compression_does_not_hide_that_nothing_changed(
    client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    address, packed = f"/don-hang/{order.token}/trang-thai", {"Accept-Encoding": "gzip"}

    first = client.get(address, headers=packed)
    same = client.get(address, headers=packed | {"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Encoding"] == "gzip"
    assert same.status_code == 304


def test_the_page_knows_the_version_of_what_it_shows(
    visitor: Visitor, client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)

    page = page_of(visitor, order)
    version = client.get(f"/don-hang/{order.token}/trang-thai").headers["ETag"]

    (live,) = [part for part in page.root.iter("div") if part.get("data-part") == "live-status"]
    assert live.get("data-version") == version


def test_after_a_gap_only_what_is_newer_is_told(
    client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    address = f"/don-hang/{order.token}/trang-thai"
    shown = client.get(address).text.split('data-number="')[1].split('"')[0]

    nothing = client.get(f"{address}?since={shown}")
    receive(app_session, order, 15_000)
    news = client.get(f"{address}?since={shown}")
    again = client.get(f"{address}?since={news.text.split('data-number=')[1].split(chr(34))[1]}")

    assert (nothing.status_code, news.status_code, again.status_code) == (304, 200, 304)
    assert "còn thiếu" in news.text


def test_the_timeline_shows_what_is_done_and_what_is_to_come(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 115_000)
    move(app_session, order, OrderState.PACKING, OrderState.SHIPPED)
    order.parcels.append(Parcel(carrier="Bưu điện", tracking_code="VN123", shipped_at=clock.now()))
    app_session.commit()

    text = page_of(visitor, order).text

    stations = ["Đã đặt", "Đã trả tiền", "Đang soạn", "Đã gửi", "Bưu điện VN123", "Đã giao"]
    places = [text.index(words, text.index("Đơn đang ở đâu")) for words in stations]
    assert places == sorted(places)
    assert text.count("chưa tới") == 1


def test_a_failed_delivery_says_why(visitor: Visitor, pack: Pack, app_session: Session) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 115_000)
    states = (OrderState.PACKING, OrderState.SHIPPED, OrderState.DELIVERY_FAILED)
    move(app_session, order, *states)
    order.parcels.append(
        Parcel(carrier="Bưu điện", shipped_at=clock.now(), failed_reason="wrong_address")
    )
    app_session.commit()

    text = page_of(visitor, order).text

    assert "Giao không thành công" in text
    assert "Sai địa chỉ" in text


@pytest.mark.both_databases
def test_each_line_leads_to_the_batches_in_it(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    make_level(app_session, pack, on_hand=5, lot="LB-0", expires_on=date(2098, 1, 1))
    app_session.commit()
    order = place(app_session, pack, quantity=7)
    held = page_of(visitor, order)
    receive(app_session, order, order.total_vnd)

    given = page_of(visitor, order)

    for page in (held, given):
        assert f'href="/01/{pack.gtin}/10/LB-0"' in page.body
        assert f'href="/01/{pack.gtin}/10/LB-1"' in page.body


def test_a_recall_of_a_batch_in_the_order_stands_above_all(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 115_000)
    before = page_of(visitor, order)
    batch = app_session.query(Batch).one()
    make_notice(app_session, batch, reason="Có mùi lạ")
    app_session.commit()

    page = page_of(visitor, order)

    assert "Trong đơn này có lô đang thu hồi." not in before.text
    assert page.body.index("Trong đơn này có lô đang thu hồi.") < page.body.index("<header")
    assert "Lô LB-1" in page.text
    assert "Có mùi lạ" in page.text
    assert 'role="alert"' in page.body


def test_a_buyer_may_cancel_until_packing_starts(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, 115_000)

    page = page_of(visitor, order).submit(press="Hủy đơn này")

    app_session.refresh(order)
    assert order.state is OrderState.CANCELLED
    assert "Đơn đã hủy. HTX sẽ trả lại 115.000 ₫." in page.text


def test_a_buyer_may_not_cancel_what_is_being_packed(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    page = page_of(visitor, order)
    receive(app_session, order, 115_000)
    move(app_session, order, OrderState.PACKING)

    answer = page.submit(press="Hủy đơn này", status=409)

    app_session.refresh(order)
    assert order.state is OrderState.PACKING
    assert "Việc này không còn làm được" in answer.text
    assert "Hủy đơn này" not in page_of(visitor, order).text


def test_bought_again_says_what_is_gone(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack, quantity=10)
    receive(app_session, order, order.total_vnd)
    states = (OrderState.PACKING, OrderState.SHIPPED, OrderState.DELIVERED)
    move(app_session, order, *states)

    cart = page_of(visitor, order).submit(press="Mua lại")

    assert "Chè La Bằng, gói 200 g vừa hết hàng nên không tính vào đơn." in cart.text


def test_bought_again_tells_what_costs_another_price_now(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    receive(app_session, order, order.total_vnd)
    move(app_session, order, OrderState.PACKING, OrderState.SHIPPED, OrderState.DELIVERED)
    pack.price_vnd = 99_000
    app_session.commit()

    cart = page_of(visitor, order).submit(press="Mua lại")

    assert "vừa đổi: 90.000 ₫ thành 99.000 ₫." in cart.text


def test_the_page_leads_to_the_report_of_a_problem(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)

    assert page_of(visitor, order).links()["Báo sự cố"] == f"/don-hang/{order.token}/su-co"


def test_a_private_page_is_kept_and_found_by_nobody(
    client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)

    came = client.get(f"/don-hang/{order.token}")

    assert came.headers["Cache-Control"] == "no-store"
    assert came.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in came.text
    assert client.get("/don-hang/khong-co").status_code == 404


def test_training_orders_say_so(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    seller.mode = SellerMode.TRAINING
    order = place(app_session, pack)

    assert "Đang tập. Không có đơn thật, không mất tiền." in page_of(visitor, order).text


@pytest.mark.parametrize("shape", ["{}", "{} ", " nk-{}", "spaced"])
def test_code_and_last_digits_open_the_order(
    visitor: Visitor, pack: Pack, app_session: Session, shape: str
) -> None:
    order = place(app_session, pack)
    typed = {
        "{}": order.code,
        "{} ": f"{order.code} ",
        " nk-{}": f" {order.code[:2].lower()}-{order.code[2:].lower()}",
        "spaced": f"{order.code[:2]} {order.code[2:]}",
    }[shape]

    page = visitor.open("/tra-cuu/don").submit(
        {"code": typed, "digits": "5678"}, form="/tra-cuu/don"
    )

    assert page.path == f"/don-hang/{order.token}"


def test_wrong_digits_and_unknown_codes_get_the_same_answer(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    form = visitor.open("/tra-cuu/don")

    def ask(code: str, digits: str) -> str:
        page = form.submit({"code": code, "digits": digits}, form="/tra-cuu/don", status=404)
        assert "Không tìm thấy đơn với mã và số này." in page.text
        seen = str(page.fields(form="/tra-cuu/don")["csrf_token"])
        return page.body.replace(code, "").replace(seen, "")

    answers = {
        ask(order.code, "0000"),
        ask("NKZZZZZZ", "0000"),
        ask("NKZZZZZZ", "5678"),
        ask(order.code, ""),
    }

    assert len(answers) == 1


def test_wrong_tries_at_one_code_are_limited(
    make_settings: MakeSettings, database_url: str, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    strict = create_app(make_settings(database_url=database_url, rate_limits=True))
    strict.config["WTF_CSRF_ENABLED"] = False
    client = strict.test_client()

    came = [
        client.post("/tra-cuu/don", data={"code": order.code, "digits": f"{n:04}"}).status_code
        for n in range(8)
    ]

    assert came == [404] * 6 + [429] * 2


def test_a_right_answer_is_never_counted_as_a_try(
    make_settings: MakeSettings, database_url: str, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    strict = create_app(make_settings(database_url=database_url, rate_limits=True))
    strict.config["WTF_CSRF_ENABLED"] = False
    client = strict.test_client()
    right = {"code": order.code, "digits": order.buyer_phone[-4:]}

    came = {client.post("/tra-cuu/don", data=right).status_code for _ in range(40)}

    assert came == {303}


def test_the_code_comes_along_from_the_search_field(visitor: Visitor, pack: Pack) -> None:
    page = visitor.open("/tra-cuu/don?code=NK7K2QF9")

    assert 'value="NK7K2QF9"' in page.body


def test_asking_again_costs_one_statement_while_nothing_changed(
    app: Flask, client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    order = place(app_session, pack)
    address = f"/don-hang/{order.token}/trang-thai"
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    seen: list[str] = []
    engine = app.extensions["dacsan_engine"]
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))

    came = client.get(address, headers=known)

    assert came.status_code == 304
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 1
