"""A buyer's way from the shelf to an order, on which nothing typed is lost."""

import re
import threading
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop import clock
from shop.models.batches import BatchPack
from shop.models.catalog import Pack, Seller, SellerMode
from shop.models.inventory import Reservation, ReservationState, StockLevel
from shop.models.orders import DeliveryKind, DeliveryMethod, Order, OrderState
from shop.models.people import AuditEntry
from shop.services.payments import receiving_account
from tests.factories import (
    make_bank_account,
    make_commune,
    make_delivery,
    make_level,
    make_order,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.pages import Page, Visitor

LATER = date(2099, 1, 1)
BUYER = {
    "name": "Nguyễn Thị Hoa",
    "phone": "0912 345 678",
    "commune": "La Bằng",
    "street": "Xóm La Bằng",
}
PLACE = "Đặt hàng ·"


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A seller that takes transfers and sends parcels."""
    made = make_seller(app_session, slug="htx-la-bang", short_name="HTX La Bằng")
    make_bank_account(app_session, made)
    make_delivery(app_session, made, name="Gửi bưu kiện")
    make_commune(app_session)
    return made


@pytest.fixture
def pack(app_session: Session, seller: Seller) -> Pack:
    """Ten packs of tea on the shelf."""
    product = make_product(app_session, seller, slug="che-la-bang", name="Chè La Bằng")
    made = make_pack(app_session, product)
    make_level(app_session, made, on_hand=10, expires_on=LATER)
    app_session.commit()
    return made


def fill_cart(visitor: Visitor) -> Page:
    return visitor.open("/san-pham").follow("Chè La Bằng").submit(press="Thêm vào giỏ")


def open_checkout(visitor: Visitor) -> Page:
    return fill_cart(visitor).follow("Đặt hàng")


def refused(page: Page, values: Mapping[str, str]) -> Page:
    return page.submit(BUYER | values, press=PLACE, status=422)


def orders(session: Session) -> list[Order]:
    session.expire_all()
    found = list(session.scalars(select(Order).order_by(Order.id)))
    session.commit()
    return found


@pytest.mark.both_databases
def test_a_buyer_without_script_gets_from_the_list_to_a_private_order_page(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    placed = open_checkout(visitor).submit(BUYER, press=PLACE)

    (order,) = orders(app_session)
    level = app_session.scalars(select(StockLevel)).one()
    assert placed.path == f"/don-hang/{order.token}"
    assert "115.000 ₫" in placed.text
    assert (order.state, order.total_vnd) == (OrderState.AWAITING_PAYMENT, 115_000)
    assert (order.commune_code, order.province_code) == ("05818", "19")
    assert (order.commune, order.typed_commune) == ("Xã La Bằng", "La Bằng")
    assert (level.on_hand, level.reserved) == (10, 1)
    assert "Giỏ chưa có gì." in visitor.open("/gio-hang").text


def test_the_order_keeps_what_the_buyer_gave_and_who_placed_it(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    asked = {"note": "Giao giờ hành chính", "keeps_phone": "1", "email": "hoa@example.com"}

    open_checkout(visitor).submit(BUYER | asked, press=PLACE)

    (order,) = orders(app_session)
    entry = app_session.scalars(
        select(AuditEntry).where(AuditEntry.action == "order_placed")
    ).one()
    assert order.buyer_phone == "+84912345678"
    assert (order.note, order.buyer_email) == ("Giao giờ hành chính", "hoa@example.com")
    assert order.snapshot["consent"] == {"keep_phone": True}
    assert (entry.subject_id, entry.actor_kind, entry.origin) == (order.id, "buyer", "127.0.0.1")


def test_a_tap_on_the_number_that_was_meant_mends_it_and_does_not_order_yet(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    asked = open_checkout(visitor).submit(
        BUYER | {"phone": "912 345 678"}, press=PLACE, status=422
    )

    mended = asked.submit(press="Đúng, 0912 345 678")
    before = orders(app_session)
    mended.submit(press=PLACE)

    app_session.rollback()
    assert "Xem lại rồi bấm Đặt hàng." in mended.text
    assert before == []
    assert [order.buyer_phone for order in orders(app_session)] == ["+84912345678"]


def test_consent_is_not_given_unless_ticked(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    open_checkout(visitor).submit(BUYER, press=PLACE)

    assert orders(app_session)[0].snapshot["consent"] == {"keep_phone": False}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Chưa ghi họ và tên. Ví dụ Nguyễn Thị Hoa"),
        ("phone", "0912 345 67", "Số điện thoại thiếu 1 số."),
        ("phone", "", "Chưa ghi số điện thoại."),
        ("email", "hoa@", "Địa chỉ thư chưa đúng."),
        ("commune", "", "Chưa ghi xã, phường."),
        ("street", "", "Chưa ghi số nhà, đường hoặc thôn, xóm."),
        ("note", "x" * 501, "Dài quá 500 chữ."),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    visitor: Visitor, pack: Pack, app_session: Session, field: str, typed: str, sentence: str
) -> None:
    page = refused(open_checkout(visitor), {field: typed})

    assert sentence in page.text
    assert f'id="loi-{field}"' in page.body
    assert "Còn 1 chỗ cần sửa:" in page.text
    for name, value in (BUYER | {field: typed}).items():
        assert value in page.body, name
    assert orders(app_session) == []


def test_markup_in_a_name_stays_words(visitor: Visitor, pack: Pack, app_session: Session) -> None:
    page = refused(open_checkout(visitor), {"name": "<b>Hoa</b>"})
    placed = page.submit({"name": "Hoa", "street": "Ngõ <5> & 6"}, press=PLACE)

    assert "<b>Hoa" not in page.body
    assert "Ngõ <5> & 6" in placed.text


def test_a_commune_that_stands_in_two_provinces_is_asked_about(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    make_commune(
        app_session, code="11111", name="Xã La Bằng", province_code="37", province="Tỉnh Ninh Bình"
    )
    app_session.commit()

    page = refused(open_checkout(visitor), {})
    placed = page.submit({"commune_code": "11111"}, press=PLACE)

    (order,) = orders(app_session)
    assert "Có nơi tên gần như vậy. Chọn đúng nơi nhận." in page.text
    assert (order.commune_code, order.province) == ("11111", "Tỉnh Ninh Bình")
    assert "Tỉnh Ninh Bình" in placed.text


def test_an_answer_about_another_commune_does_not_count(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    for code, province in (("11111", "37"), ("22222", "38")):
        make_commune(
            app_session, code=code, name="Xã Tân Tiến", province_code=province, province=province
        )
    app_session.commit()

    page = refused(open_checkout(visitor), {"commune": "Tân Tiến"})
    page.submit({"commune": "La Bằng", "commune_code": "11111"}, press=PLACE)

    assert orders(app_session)[0].commune_code == "05818"


def test_an_unknown_commune_never_blocks_the_order(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    page = refused(open_checkout(visitor), {"commune": "Xã Nào Đó, huyện Cũ"})
    page.submit({"province_code": "19"}, press=PLACE)

    (order,) = orders(app_session)
    assert "Chưa có trong danh sách xã mới." in page.text
    assert (order.commune, order.commune_code) == ("Xã Nào Đó, huyện Cũ", None)
    assert order.typed_commune == "Xã Nào Đó, huyện Cũ"
    assert (order.province, order.province_code) == ("Tỉnh Thái Nguyên", "19")


def test_nowhere_of_the_proposed_keeps_what_was_typed(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    page = refused(open_checkout(visitor), {"commune": "Là Bảng"})
    again = page.submit({"commune_code": "khac"}, press=PLACE, status=422)
    again.submit({"province_code": "19"}, press=PLACE)

    assert orders(app_session)[0].commune == "Là Bảng"


def test_a_total_that_was_not_shown_is_shown_before_it_counts(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    express = make_delivery(app_session, seller, name="Giao nhanh", fee_vnd=60_000, position=1)
    app_session.commit()

    page = open_checkout(visitor).submit(BUYER | {"delivery_method": str(express.id)}, press=PLACE)
    before = orders(app_session)
    page.submit(press="Đặt hàng · 150.000 ₫")

    assert (
        "Phí giao tới xã La Bằng là 60.000 ₫. "
        "Tổng tiền bây giờ là 150.000 ₫. Xem lại rồi bấm Đặt hàng."
    ) in page.text
    assert before == []
    assert orders(app_session)[0].total_vnd == 150_000


def test_a_fee_that_the_place_decides_is_told_with_the_place(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    way = app_session.scalars(select(DeliveryMethod)).one()
    way.fee_table = [
        {"places": ["19"], "names": ["Thái Nguyên"], "fee_vnd": 35_000},
        {"places": [], "names": [], "fee_vnd": 25_000},
    ]
    app_session.commit()
    page = open_checkout(visitor)
    assert "Phí giao tùy nơi nhận." in page.text

    asked = page.submit(BUYER, press=PLACE)
    placed = asked.submit(press="Đặt hàng · 125.000 ₫")

    assert "Phí giao tới xã La Bằng là 35.000 ₫. Tổng tiền bây giờ là 125.000 ₫." in asked.text
    assert "Phí giao tùy nơi nhận." not in asked.text
    assert placed.path == f"/don-hang/{orders(app_session)[0].token}"


@pytest.mark.parametrize("seen", ["", "x", "90000", "9" * 40 + "-1", "-", "90000-25000-1"])
def test_what_cannot_be_read_of_the_sums_seen_tells_the_total_alone(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session, seen: str
) -> None:
    changed = {"seen": seen, "total_vnd": "1"}

    page = open_checkout(visitor).submit(BUYER | changed, press=PLACE)

    assert "Tổng tiền bây giờ là 115.000 ₫." in page.text
    assert "Phí giao tới" not in page.text
    assert orders(app_session) == []


def test_the_total_can_be_counted_again_without_ordering(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    express = make_delivery(app_session, seller, name="Giao nhanh", fee_vnd=60_000, position=1)
    app_session.commit()

    page = open_checkout(visitor).submit(
        BUYER | {"delivery_method": str(express.id)}, press="Tính lại tiền"
    )

    assert "Đặt hàng · 150.000 ₫" in page.text
    assert orders(app_session) == []


def test_goods_that_must_stay_cold_go_only_where_cold_delivery_reaches(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    pack.product.is_chilled = True
    cold = make_delivery(
        app_session,
        seller,
        name="Giao lạnh",
        days=1,
        fee_vnd=40_000,
        is_chilled=True,
        province_codes=["37"],
        position=1,
    )
    make_commune(
        app_session, code="14728", name="Xã Yên Từ", province_code="37", province="Tỉnh Ninh Bình"
    )
    app_session.commit()

    first = open_checkout(visitor)
    far = refused(first, {})
    near = far.submit({"commune": "Yên Từ", "delivery_method": str(cold.id)}, press=PLACE)

    assert "Gửi chuyển phát" not in first.text
    assert "giao tới Ninh Bình" in first.text
    assert "Cách giao này chưa tới tỉnh đã chọn." in far.text
    assert "Giao lạnh" in near.text
    assert orders(app_session)[0].delivery_vnd == 40_000


def test_who_fetches_the_goods_needs_no_address(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    pickup = make_delivery(
        app_session, seller, kind=DeliveryKind.PICKUP, name="Tự đến lấy", fee_vnd=0, position=1
    )
    app_session.commit()

    page = open_checkout(visitor).submit(
        {"name": "Hoa", "phone": "0912345678", "delivery_method": str(pickup.id)}, press=PLACE
    )
    page.submit(press=PLACE)

    (order,) = orders(app_session)
    assert (order.total_vnd, order.street, order.commune) == (90_000, "", "")


def test_what_is_brought_is_proposed_before_what_is_fetched(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    make_delivery(
        app_session, seller, kind=DeliveryKind.PICKUP, name="Tự đến lấy", fee_vnd=0, position=-1
    )
    app_session.commit()

    assert "Đặt hàng · 115.000 ₫" in open_checkout(visitor).text


def test_cash_at_the_door_waits_for_the_call(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    placed = open_checkout(visitor).submit(BUYER | {"payment_way": "cod"}, press=PLACE)

    (order,) = orders(app_session)
    assert (order.state, order.payment_way) == (OrderState.NEW, "cod")
    assert "Người giao thu 115.000 ₫ khi giao." in placed.text
    assert "HTX gọi xác nhận trước khi gửi." in placed.text
    assert "ma.png" not in placed.body


@pytest.mark.parametrize(
    ("limit", "takes_cod", "sentence"),
    [
        (100_000, True, "Đơn quá 100.000 ₫ nên cần trả trước. Chọn quét mã VietQR."),
        (3_000_000, False, "Cách giao này chưa nhận tiền tại nhà. Chọn quét mã VietQR."),
    ],
)
def test_cash_is_shown_with_what_stands_against_it(
    visitor: Visitor,
    pack: Pack,
    seller: Seller,
    app_session: Session,
    limit: int,
    takes_cod: bool,
    sentence: str,
) -> None:
    seller.settings = {"cod_max_vnd": limit}
    app_session.scalars(select(DeliveryMethod)).one().takes_cod = takes_cod
    app_session.commit()

    page = open_checkout(visitor)
    answer = refused(page, {"payment_way": "cod"})

    assert sentence in page.text
    assert 'id="loi-payment_way"' in answer.body
    assert orders(app_session) == []


def test_without_a_bank_account_only_cash_is_offered(
    visitor: Visitor, pack: Pack, app_session: Session, seller: Seller
) -> None:
    account = receiving_account(app_session, seller.id)
    assert account is not None
    account.is_active = False
    app_session.commit()

    page = open_checkout(visitor)

    assert "Quét mã VietQR" not in page.text
    page.submit(BUYER, press=PLACE)
    assert orders(app_session)[0].payment_way == "cod"


@pytest.mark.both_databases
def test_a_form_that_is_sent_twice_places_one_order(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    page = open_checkout(visitor)

    first = page.submit(BUYER, press=PLACE)
    second = page.submit(BUYER, press=PLACE)

    assert len(orders(app_session)) == 1
    assert first.path == second.path


def test_the_key_of_another_browser_opens_no_order(
    app: Flask, visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    mine, theirs = open_checkout(visitor), open_checkout(Visitor.of(app.test_client()))
    mine.submit(BUYER | {"key": "1"}, press=PLACE)

    theirs.submit(BUYER | {"key": "1", "name": "Trần Văn Nam"}, press=PLACE)

    assert [order.buyer_name for order in orders(app_session)] == [
        "Nguyễn Thị Hoa",
        "Trần Văn Nam",
    ]


def test_what_another_buyer_took_meanwhile_is_told_before_paying(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    page = open_checkout(visitor)
    make_order(app_session, pack, quantity=10)
    app_session.commit()

    told = page.submit(BUYER, press=PLACE, status=409)

    assert "Chè La Bằng, gói 200 g vừa hết hàng. Bỏ món này?" in told.text
    assert "Xóm La Bằng" in told.body
    assert len(orders(app_session)) == 1
    assert "Giỏ chưa có gì." in told.submit(press="Bỏ món này").text


@pytest.mark.both_databases
def test_instead_of_what_is_gone_one_tap_takes_another_pack_and_keeps_what_was_typed(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    big = make_pack(app_session, pack.product, label="Gói 500 g", net_quantity=500)
    big.price_vnd = 150_000
    make_level(app_session, big, expires_on=LATER)
    app_session.commit()
    page = open_checkout(visitor)
    make_order(app_session, pack, quantity=10)
    app_session.commit()

    asked = page.submit(BUYER | {"note": "Gọi trước"}, press=PLACE, status=409)
    taken = asked.submit(press="Lấy gói 500 g thay, 150.000 ₫")
    placed = taken.submit(press="Đặt hàng · 175.000 ₫")

    order = orders(app_session)[-1]
    assert "Chè La Bằng, gói 200 g vừa hết hàng. Bỏ món này hay chọn gói 500 g?" in asked.text
    assert "Đã đổi món ấy." in taken.text
    assert "vừa hết hàng" not in taken.text
    assert placed.path == f"/don-hang/{order.token}"
    assert [line.pack_id for line in order.lines] == [big.id]
    assert (order.note, order.buyer_name, order.street) == (
        "Gọi trước",
        "Nguyễn Thị Hoa",
        "Xóm La Bằng",
    )


def test_what_is_gone_is_left_out_and_the_rest_is_ordered(
    visitor: Visitor, pack: Pack, app_session: Session, seller: Seller
) -> None:
    other = make_pack(
        app_session, make_product(app_session, seller, slug="mat-ong", name="Mật ong", kind="Mật")
    )
    make_level(app_session, other, expires_on=LATER)
    app_session.commit()
    visitor.open("/san-pham/mat-ong").submit(press="Thêm vào giỏ")
    page = open_checkout(visitor)
    make_order(app_session, pack, quantity=10)
    app_session.commit()

    asked = page.submit(BUYER, press=PLACE)
    assert len(orders(app_session)) == 1
    left = asked.submit({"street": "Xóm Mới"}, press="Bỏ món này")
    left.submit(press="Đặt hàng ·")

    order = orders(app_session)[-1]
    assert "Đã bỏ món ấy." in left.text
    assert "Chè La Bằng" not in left.text
    assert ([line.pack_id for line in order.lines], order.street) == ([other.id], "Xóm Mới")


@pytest.mark.parametrize(
    "pressed",
    [
        {"without": "x"},
        {"without": "999999999999999999999"},
        {"instead": "1-"},
        {"instead": "-"},
        {"instead": "abc-def"},
        {"instead": "999-999"},
        {},
    ],
)
def test_a_forged_change_of_the_order_changes_nothing(
    visitor: Visitor, pack: Pack, app_session: Session, pressed: dict[str, str]
) -> None:
    (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', open_checkout(visitor).body)[:1]
    filled = BUYER | {"seller": "htx-la-bang", "csrf_token": token} | pressed

    page = visitor.post("/dat-hang/mon-het", filled)

    assert "Xóm La Bằng" in page.body
    assert "Chè La Bằng" in page.body
    assert orders(app_session) == []


def test_goods_that_would_not_last_the_way_are_refused_with_what_was_typed(
    visitor: Visitor, pack: Pack, app_session: Session, seller: Seller
) -> None:
    level = app_session.scalars(select(StockLevel)).one()
    batch = app_session.get_one(BatchPack, level.batch_pack_id).batch
    batch.expires_on = clock.today()
    app_session.commit()

    page = open_checkout(visitor).submit(BUYER, press=PLACE, status=409)

    assert "Chè La Bằng, gói 200 g vừa hết hàng. Bỏ món này?" in page.text
    assert "Xóm La Bằng" in page.body
    assert app_session.scalars(select(Reservation)).all() == []


def test_a_price_that_rose_meanwhile_is_told_before_it_counts(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    page = open_checkout(visitor)
    pack.price_vnd = 99_000
    app_session.commit()

    answer = page.submit(BUYER, press=PLACE)

    assert "Giá Chè La Bằng, gói 200 g vừa đổi: 90.000 ₫ thành 99.000 ₫." in answer.text
    assert "Tiền hàng bây giờ là 99.000 ₫." in answer.text
    assert orders(app_session) == []


def test_a_cart_of_two_sellers_is_two_orders(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    other = make_seller(app_session, slug="htx-khac", short_name="HTX Khác")
    make_bank_account(app_session, other)
    make_delivery(app_session, other)
    roll = make_product(app_session, other, slug="gio", name="Giò")
    make_level(app_session, make_pack(app_session, roll), expires_on=LATER)
    app_session.commit()
    fill_cart(visitor)
    visitor.open("/san-pham/gio").submit(press="Thêm vào giỏ")

    visitor.open("/dat-hang?seller=htx-la-bang").submit(BUYER, press=PLACE)
    left = visitor.open("/gio-hang")

    (order,) = orders(app_session)
    assert [line.title for line in order.lines] == ["Chè La Bằng, gói 200 g"]
    assert "Giò" in left.text
    assert "Chè La Bằng" not in left.text


def test_a_checkout_without_goods_leads_to_the_cart(visitor: Visitor, pack: Pack) -> None:
    assert visitor.open("/dat-hang").path == "/gio-hang"


def test_a_forged_checkout_is_turned_away(
    client: FlaskClient, pack: Pack, app_session: Session
) -> None:
    client.post("/gio-hang", data={"pack": pack.id})

    came = client.post("/dat-hang", data=BUYER | {"seller": "htx-la-bang", "payment_way": "cod"})

    assert came.status_code == 400
    assert orders(app_session) == []


def test_the_checkout_is_kept_by_nobody(client: FlaskClient, pack: Pack) -> None:
    client.post("/gio-hang", data={"pack": pack.id})

    came = client.get("/dat-hang?seller=htx-la-bang")

    assert came.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in came.text


def test_a_training_seller_says_so_on_every_page_of_the_way(
    visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    seller.mode = SellerMode.TRAINING
    app_session.commit()
    stripe = "Đang tập. Không có đơn thật, không mất tiền."

    cart = fill_cart(visitor)
    checkout = cart.follow("Đặt hàng")
    placed = checkout.submit(BUYER, press=PLACE)

    assert all(stripe in page.text for page in (cart, checkout, placed))
    assert orders(app_session)[0].code.startswith("TT")


@pytest.mark.both_databases
def test_the_last_pack_goes_to_one_of_two_buyers(
    app: Flask, pack: Pack, app_session: Session
) -> None:
    level = app_session.scalars(select(StockLevel)).one()
    make_order(app_session, pack, quantity=level.on_hand - 1)
    app_session.commit()
    pages = [open_checkout(Visitor.of(app.test_client())) for _ in range(2)]
    came: list[str] = []

    def send(page: Page) -> None:
        try:
            came.append(page.submit(BUYER, press=PLACE).path)
        except AssertionError as refusal:
            came.append(f"refused {refusal}"[:40])

    hands = [threading.Thread(target=send, args=(page,)) for page in pages]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    app_session.expire_all()
    held = app_session.scalars(
        select(Reservation.quantity).where(Reservation.state == ReservationState.HELD)
    ).all()
    assert len(orders(app_session)) == 2
    assert sum(path.startswith("/don-hang/") for path in came) == 1
    assert sum(held) == level.on_hand


@pytest.mark.both_databases
@pytest.mark.parametrize("token", ["", "cũ"])
def test_a_checkout_without_its_session_comes_back_as_it_was_typed(
    app: Flask, client: FlaskClient, pack: Pack, app_session: Session, token: str
) -> None:
    page = open_checkout(Visitor.of(client))
    client.delete_cookie("dacsan")
    filled = BUYER | {"note": "Gọi trước khi giao", "csrf_token": token}

    again = page.submit(filled, press=PLACE, status=400)
    none_yet = orders(app_session)
    done = again.submit(press=PLACE)

    assert "Những gì đã ghi vẫn còn, bấm Đặt hàng lần nữa." in again.text
    assert none_yet == []
    (order,) = orders(app_session)
    assert (order.buyer_name, order.note) == (BUYER["name"], "Gọi trước khi giao")
    assert order.code in done.text


def test_back_from_the_page_of_a_provider_finds_the_order(
    app: Flask, visitor: Visitor, pack: Pack, seller: Seller, app_session: Session
) -> None:
    open_checkout(visitor).submit(BUYER, press=PLACE)
    (order,) = orders(app_session)
    by_transfer = visitor.open("/dat-hang").path
    order.payment_way = next(iter(providers()))
    app_session.commit()

    back = [visitor.open(f"/dat-hang{query}").path for query in ("", f"?seller={seller.slug}")]
    elsewhere = visitor.open("/dat-hang?seller=htx-khac").path
    stranger = Visitor.of(app.test_client()).open("/dat-hang").path
    order.hold_until = clock.now()
    app_session.commit()
    too_late = visitor.open("/dat-hang").path

    assert back == [f"/don-hang/{order.token}"] * 2
    assert {by_transfer, elsewhere, stranger, too_late} == {"/gio-hang"}
