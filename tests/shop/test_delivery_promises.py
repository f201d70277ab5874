"""Where and when goods can be had is said on their page, before anything is in a cart."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.delivery_days import Timetable, days_promised
from shop.formats import day
from shop.models.batches import Batch
from shop.models.catalog import Pack, Seller
from shop.models.orders import DeliveryKind, DeliveryMethod
from tests.factories import (
    make_commune,
    make_delivery,
    make_level,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.pages import Visitor

LATER = date(2099, 1, 1)
ASK = "/san-pham/gio-trung/giao-den"


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A live cooperative in Ninh Bình."""
    return make_seller(app_session, slug="htx-non-khe", short_name="HTX Nộn Khê")


@pytest.fixture
def roll(app_session: Session, seller: Seller) -> Pack:
    """A pork roll that must stay cold, ten in stock."""
    product = make_product(
        app_session, seller, slug="gio-trung", name="Giò trứng", is_chilled=True
    )
    pack = make_pack(app_session, product)
    make_level(app_session, pack, lot="GT-1", expires_on=LATER)
    make_commune(app_session)
    make_commune(
        app_session, code="14728", name="Xã Yên Từ", province_code="37", province="Tỉnh Ninh Bình"
    )
    app_session.commit()
    return pack


@pytest.fixture
def cold(app_session: Session, roll: Pack) -> DeliveryMethod:
    """Chilled delivery in Ninh Bình, at the door the day after."""
    way = make_delivery(
        app_session, roll.product.seller, kind=DeliveryKind.OWN, name="Giao lạnh", days=1,
        is_chilled=True, province_codes=["37"], cutoff="10:00",
    )  # fmt: skip
    app_session.commit()
    return way


@pytest.mark.both_databases
def test_cold_goods_name_the_places_and_no_way_that_is_not_cold(
    visitor: Visitor, app_session: Session, seller: Seller, cold: DeliveryMethod
) -> None:
    make_delivery(app_session, seller, name="Gửi bưu kiện")
    app_session.commit()

    page = visitor.open("/san-pham/gio-trung")

    early, late = days_promised(Timetable(days=1, cutoff=time(10)), clock.today(), is_chilled=True)
    assert early != late
    assert early is not None
    assert late is not None
    assert "Giao lạnh tới Ninh Bình." in page.text
    assert "Nơi khác chưa giao được." in page.text
    assert f"hôm nay đặt trước 10:00 nhận {day(early)}, sau đó nhận {day(late)}" in page.text
    assert "Gửi bưu kiện" not in page.text
    assert "Thêm vào giỏ" in page.text


def test_cold_goods_that_no_way_takes_have_no_button_and_say_so(
    visitor: Visitor, app_session: Session, seller: Seller, roll: Pack
) -> None:
    make_delivery(app_session, seller, name="Gửi bưu kiện")
    app_session.commit()

    page = visitor.open("/san-pham/gio-trung")

    assert "lúc này chưa giao được nên chưa bán." in page.text
    assert "Gọi HTX Nộn Khê để hỏi." in page.text
    assert "Thêm vào giỏ" not in page.text


@pytest.mark.both_databases
def test_a_place_is_told_the_day_and_the_fee_or_why_not_and_what_to_do(
    visitor: Visitor, app_session: Session, seller: Seller, cold: DeliveryMethod
) -> None:
    make_delivery(
        app_session, seller, kind=DeliveryKind.PICKUP, name="Tự đến lấy", days=0, fee_vnd=0,
        is_chilled=True,
    )  # fmt: skip
    app_session.commit()
    asked = visitor.open("/san-pham/gio-trung").follow("Xem nơi của bạn")

    near = asked.submit({"noi": "yen tu, ninh binh"}, form=ASK, press="Xem ngày nhận")
    far = asked.submit({"noi": "Xã La Bằng"}, form=ASK, press="Xem ngày nhận")
    whole = asked.submit({"noi": "Thái Nguyên"}, form=ASK, press="Xem ngày nhận")
    nowhere = asked.submit({"noi": "Atlantis"}, form=ASK, press="Xem ngày nhận")

    assert "xã Yên Từ, Ninh Bình" in near.text
    assert "25.000 ₫" in near.text
    assert "Chưa giao tận nơi được món này." not in near.text
    for page in (far, whole):
        assert "Chưa giao tận nơi được món này. Tự đến lấy thì được" in page.text
        assert "Cách giao này chưa tới tỉnh đã chọn." in page.text
        assert "Gọi HTX Nộn Khê" in page.text
    assert "Chưa thấy nơi này." in nowhere.text


def test_stock_that_ends_before_the_day_is_not_promised(
    visitor: Visitor, app_session: Session, roll: Pack, cold: DeliveryMethod
) -> None:
    batch = app_session.scalars(select(Batch)).one()
    batch.expires_on = clock.today()
    app_session.commit()

    page = visitor.open(f"{ASK}?noi=Xã Yên Từ, Ninh Bình")

    assert "Hàng đang có không còn hạn tới ngày nhận." in page.text


def test_a_page_of_places_reads_whatever_is_asked(visitor: Visitor, roll: Pack) -> None:
    for typed in ("%00", "%", "x" * 400, "%F0%9F%8D%9C", "' OR 1=1 --", ",,,,", "cop%C3%A9%CC%81"):
        page = visitor.open(f"{ASK}?noi={typed}&ma=1")

        assert 'id="ngay-nhan"' not in page.body

    visitor.open("/san-pham/khong-co/giao-den", status=404)
