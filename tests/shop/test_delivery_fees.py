"""What delivery costs by place and weight: one table for page, checkout, order and legal page."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.delivery_fees import Shipment, least, most, price
from shop.errors import Changed, FieldRefused
from shop.forms.fee_tables import NamedPlace, fee_table_as_typed, read_fee_table
from shop.forms.values import ValueRefused
from shop.messages_forms import sentence
from shop.models.catalog import Pack, Seller
from shop.models.orders import DeliveryKind, DeliveryMethod, Order
from tests.factories import (
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
PLACE = "Đặt hàng ·"
TYPED = """\
xã Quảng Điền (Huế) | 2 kg | 10k
Huế, Đà Nẵng | 2 kg | 25k
Huế, Đà Nẵng | đến 5 kg | 35.000
Cả nước | 2 kg | 40k | +8k/kg"""
CODES = {
    "xã Quảng Điền (Huế)": NamedPlace("19867", "xã Quảng Điền (Huế)"),
    "Huế": NamedPlace("46", "Huế"),
    "Đà Nẵng": NamedPlace("48", "Đà Nẵng"),
}
FEES = [
    # commune, province, grams, fee or obstacle
    ("19867", "46", 200, 10_000),
    ("19867", "46", 2_000, 10_000),
    ("19867", "46", 2_001, "delivery_too_heavy"),
    ("19900", "46", 2_000, 25_000),
    ("19900", "46", 2_001, 35_000),
    (None, "46", 5_000, 35_000),
    (None, "48", 5_001, "delivery_too_heavy"),
    ("05818", "19", 1, 40_000),
    ("05818", "19", 2_000, 40_000),
    ("05818", "19", 2_001, 48_000),
    ("05818", "19", 3_000, 48_000),
    ("05818", "19", 3_001, 56_000),
    (None, "01", 12_000, 120_000),
    (None, None, 200, 40_000),
]


def find(words: str) -> NamedPlace:
    if words not in CODES:
        raise ValueRefused("fee_place_unknown", typed=words)
    return CODES[words]


def table() -> list[dict[str, Any]]:
    return read_fee_table(TYPED, find_place=find)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


def stock(session: Session) -> Pack:
    """Packs of 1 kg for 90.000 ₫ in Thái Nguyên, and three communes to send them to."""
    seller = make_seller(session, slug="htx-la-bang", short_name="HTX La Bằng")
    product = make_product(session, seller, slug="che-la-bang", name="Chè La Bằng")
    pack = make_pack(session, product, label="gói 1 kg", net_quantity=1000, mass_g=1000)
    make_level(session, pack, on_hand=50, expires_on=LATER)
    make_commune(session)
    hue = {"province_code": "46", "province": "Thành phố Huế"}
    make_commune(session, code="19867", name="Xã Quảng Điền", **hue)
    make_commune(session, code="19900", name="Xã Phú Vinh", **hue)
    return pack


@pytest.fixture
def pack(app_session: Session) -> Pack:
    """The shelf behind the pages."""
    made = stock(app_session)
    app_session.commit()
    return made


@pytest.fixture
def way(app_session: Session, pack: Pack) -> DeliveryMethod:
    """Parcels by the table."""
    made = make_delivery(
        app_session, pack.product.seller, name="Gửi bưu kiện", fee_vnd=10_000, fee_table=table()
    )
    app_session.commit()
    return made


def checkout(visitor: Visitor, commune: str, quantity: int = 1) -> Page:
    """Return the form after the first press: what it costs there was not known before."""
    page = visitor.open("/san-pham/che-la-bang")
    page = page.submit({"quantity": str(quantity)}, press="Thêm vào giỏ").follow("Đặt hàng")
    typed = {"name": "Nguyễn Thị Hoa", "phone": "0912 345 678", "street": "Xóm 1"}
    return page.submit(typed | {"commune": commune, "payment_way": "cod"}, press=PLACE)


def orders(session: Session) -> list[Order]:
    session.expire_all()
    found = list(session.scalars(select(Order).order_by(Order.id)))
    session.commit()
    return found


@pytest.mark.parametrize(("commune", "province", "grams", "expected"), FEES)
def test_the_most_specific_place_and_the_first_step_that_holds_decide(
    commune: str | None, province: str | None, grams: int, expected: int | str
) -> None:
    found = price(table(), Shipment(grams, province_code=province, commune_code=commune))

    assert (found.obstacle or found.fee_vnd) == expected


@pytest.mark.both_databases
def test_the_order_is_charged_by_the_table(session: Session) -> None:
    pack = stock(session)
    way = make_delivery(session, pack.product.seller, fee_vnd=10_000, fee_table=table())
    wrong = []

    for commune, province, grams, expected in FEES:
        if grams % 1000 or province is None:
            continue
        where: dict[str, Any] = {"commune_code": commune, "province_code": province}
        fee = expected if isinstance(expected, int) else 0
        asked = {"delivery_method_id": way.id, "expected_total_vnd": grams * 90 + fee}
        try:
            order = make_order(session, pack, quantity=grams // 1000, **asked, **where)
            said: int | str = order.delivery_vnd
        except FieldRefused as refused:
            said = refused.sentence_code
        if said != expected:
            wrong.append((commune, province, grams, expected, said))

    assert wrong == []


def test_a_place_without_a_row_is_not_reached() -> None:
    near = [row for row in table() if row["places"]]

    found = price(near, Shipment(200, province_code="01"))

    assert found.obstacle == "delivery_does_not_reach"


def test_least_and_most_are_those_of_the_weight() -> None:
    assert (least(table(), 1_000).fee_vnd, most(table(), 1_000)) == (10_000, 40_000)
    assert (least(table(), 4_000).fee_vnd, most(table(), 4_000)) == (35_000, 56_000)
    assert least(table()[:3], 9_000).obstacle == "delivery_too_heavy"
    assert most(table()[:3], 9_000) is None


def test_what_is_read_can_be_typed_again_and_is_the_same() -> None:
    assert read_fee_table(fee_table_as_typed(table()), find_place=find) == table()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Huế | 2 kg", "Dòng 1: “Huế | 2 kg” chưa đủ phần."),
        ("Huế | 2 kg | 25k\nHuế nhé | 2 kg | 25k", "Dòng 2: Không thấy tỉnh “Huế nhé”."),
        (
            "Huế | 2 kg | 25k\nĐà Nẵng, Huế | 2 kg | 30k",
            "Dòng 2: Cùng nơi, cùng cân nặng",
        ),
        ("Huế | 2 kg | 25k\nHuế | 1 kg | 30k", "Dòng 1: Nặng hơn mà rẻ hơn dòng 2"),
        ("Huế | 2 kg | 25k | 5k\nHuế | 5 kg | 40k", "Dòng 2: Dòng 1 đã tính thêm mỗi kg"),
        ("Huế | | 25k | 5k", "Dòng 1: Phí thêm mỗi kg cần một mức cân nặng."),
        ("Huế | x | 25k\nHuế | 2 kg | nhiều", "Dòng 2: Chưa đọc được số tiền “nhiều”."),
        (" , | 2 kg | 25k", "Dòng 1: Không thấy tỉnh"),
        ("Huế | 2 kg | 25k\n" * 81, "Bảng phí nhiều nhất 80 dòng."),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_number(typed: str, said: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_fee_table(typed, find_place=find)

    assert said in sentence(refused.value)


@pytest.mark.both_databases
def test_a_buyer_sees_the_fee_of_her_place_and_weight_before_the_last_button(
    visitor: Visitor, app_session: Session, way: DeliveryMethod
) -> None:
    shown = checkout(visitor, "Phú Vinh, Huế", quantity=2)
    before = orders(app_session)
    shown.submit(press="Đặt hàng · 205.000 ₫")

    assert "Tổng tiền bây giờ là 205.000 ₫. Xem lại rồi bấm Đặt hàng." in shown.text
    assert before == []
    (order,) = orders(app_session)
    assert (order.goods_vnd, order.delivery_vnd, order.total_vnd) == (180_000, 25_000, 205_000)
    assert "25.000 ₫" in visitor.open(f"/don-hang/{order.token}").text


def test_before_a_place_is_said_the_fee_begins_somewhere(
    visitor: Visitor, way: DeliveryMethod
) -> None:
    page = visitor.open("/san-pham/che-la-bang").submit(press="Thêm vào giỏ").follow("Đặt hàng")

    assert "từ 10.000 ₫" in page.text


@pytest.mark.both_databases
def test_a_table_changed_between_page_and_button_is_told_and_orders_nothing(
    visitor: Visitor, app_session: Session, way: DeliveryMethod
) -> None:
    shown = checkout(visitor, "La Bằng")
    assert "Đặt hàng · 130.000 ₫" in shown.text
    way.fee_table = [{"places": [], "names": [], "up_to_g": 2000, "fee_vnd": 60_000}]
    app_session.commit()

    told = shown.submit(press=PLACE)
    before = orders(app_session)
    told.submit(press="Đặt hàng · 150.000 ₫")

    assert "Tổng tiền bây giờ là 150.000 ₫." in told.text
    assert before == []
    assert [order.delivery_vnd for order in orders(app_session)] == [60_000]


@pytest.mark.both_databases
def test_the_service_reads_the_fee_as_it_is_and_refuses_another_total(session: Session) -> None:
    pack = stock(session)
    way = make_delivery(session, pack.product.seller, fee_vnd=10_000, fee_table=table())
    where = {"commune_code": "05818", "province_code": "19", "delivery_method_id": way.id}

    with pytest.raises(Changed) as changed:
        make_order(session, pack, quantity=1, expected_total_vnd=100_000, **where)

    assert changed.value.values["total_vnd"] == 130_000


def test_a_way_that_takes_no_such_weight_or_place_says_so(
    visitor: Visitor, app_session: Session, way: DeliveryMethod
) -> None:
    way.fee_table = [row for row in table() if row["places"]]
    make_delivery(app_session, way_seller(app_session), name="Xe tải", fee_vnd=90_000, position=1)
    app_session.commit()
    page = visitor.open("/san-pham/che-la-bang").submit({"quantity": "3"}, press="Thêm vào giỏ")
    buyer = {"name": "Hoa", "phone": "0912345678", "street": "Xóm 1", "payment_way": "cod"}
    chosen = buyer | {"delivery_method": str(way.id)}

    form = page.follow("Đặt hàng")
    heavy = form.submit(chosen | {"commune": "Quảng Điền, Huế"}, press=PLACE, status=422)
    far = form.submit(chosen | {"commune": "La Bằng"}, press=PLACE, status=422)

    assert "Cách giao này không nhận đơn nặng như vậy." in heavy.text
    assert "Cách giao này chưa tới tỉnh đã chọn." in far.text
    assert orders(app_session) == []


def way_seller(session: Session) -> Seller:
    return session.scalars(select(Seller)).one()


def test_whoever_asks_for_a_place_is_told_the_fee_of_one_pack_there(
    visitor: Visitor, app_session: Session, pack: Pack, way: DeliveryMethod
) -> None:
    big = make_pack(app_session, pack.product, label="thùng 4 kg", mass_g=4000, position=1)
    make_level(app_session, big, on_hand=5, expires_on=LATER)
    app_session.commit()
    ask = "/san-pham/che-la-bang/giao-den?noi="

    assert "từ 25.000 ₫ đến 35.000 ₫" in visitor.open(f"{ask}Phú Vinh, Huế").text
    assert "10.000 ₫" in visitor.open(f"{ask}Quảng Điền, Huế").text
    assert "từ 40.000 ₫ đến 56.000 ₫" in visitor.open(f"{ask}La Bằng").text


@pytest.mark.both_databases
def test_product_page_and_legal_page_name_the_range(
    visitor: Visitor, app_session: Session, way: DeliveryMethod
) -> None:
    said = "từ 10.000 ₫ đến 40.000 ₫, nặng hơn thêm nhiều nhất 8.000 ₫ mỗi kg"

    product = visitor.open("/san-pham/che-la-bang")
    legal = visitor.open("/htx/htx-la-bang/giao-hang")

    assert said in product.text
    assert '"maxValue":40000' in product.body.replace(" ", "")
    assert said in legal.text
    assert "Huế, Đà Nẵng | đến 2 kg | 25.000 ₫" in legal.text


def test_cold_goods_name_the_places_of_the_table(
    visitor: Visitor, app_session: Session, pack: Pack
) -> None:
    pack.product.is_chilled = True
    near = [row for row in table() if row["places"]]
    make_delivery(
        app_session, pack.product.seller, kind=DeliveryKind.OWN, name="Giao lạnh", days=1,
        is_chilled=True, fee_vnd=10_000, fee_table=near,
    )  # fmt: skip
    app_session.commit()

    page = visitor.open("/san-pham/che-la-bang")

    assert "Giao lạnh tới xã Quảng Điền (Huế), Huế, Đà Nẵng." in page.text


def test_a_kept_product_page_follows_the_table(
    visitor: Visitor, app_session: Session, way: DeliveryMethod
) -> None:
    before = visitor.open("/san-pham/che-la-bang")
    way.fee_table, way.fee_vnd = [{"places": [], "names": [], "fee_vnd": 70_000}], 70_000
    app_session.commit()

    assert "70.000 ₫" not in before.text
    assert "70.000 ₫" in visitor.open("/san-pham/che-la-bang").text
