"""A buyer with a keyboard alone finds the place, and sees what delivery costs before ordering."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import make_engine, open_session
from shop.models.orders import DeliveryMethod, Order
from shop.services.actors import SYSTEM, record_change
from tests.support.chromium import DESK, PHONE, NewPage, assert_accessible, assert_fits
from tests.support.databases import SETTINGS
from tests.support.servers import Server

pytestmark = pytest.mark.browser

FIELD = "Xã, phường"
FEES = [
    {"places": ["46"], "names": ["Huế"], "fee_vnd": 35_000},
    {"places": [], "names": [], "fee_vnd": 22_000},
]


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Session]:
    """The database behind the shop, where parcels cost by place."""
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as opened:
        for way in opened.scalars(select(DeliveryMethod)):
            if way.name == "Gửi bưu kiện":
                fees = {"fee_vnd": 22_000, "fee_table": FEES}
                record_change(opened, SYSTEM, "delivery_changed", way, fees, now=clock.now())
        opened.commit()
        yield opened
    engine.dispose()


def at_checkout(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.get_by_role("link", name="Đặt hàng").click()
    expect(page.get_by_role("combobox", name=FIELD)).to_be_visible()


@pytest.mark.journey
def test_a_place_is_found_and_the_order_placed_by_the_keyboard_alone(
    page: Page, server: Server, books: Session
) -> None:
    at_checkout(page, server)
    field = page.get_by_role("combobox", name=FIELD)
    keys = page.keyboard
    expect(page.get_by_text("Phí giao tùy nơi nhận.")).to_be_visible()

    page.get_by_label("Họ và tên").focus()
    keys.type("Nguyễn Thị Hoa")
    keys.press("Tab")
    keys.type("0912 345 678")
    keys.press("Tab")
    keys.press("Tab")
    expect(field).to_be_focused()
    keys.type("quang tho, quang dien")
    option = page.get_by_role("option", name="(tên cũ)")
    expect(option).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("Có 1 nơi. Bấm mũi tên để chọn.")).to_be_attached()
    assert_accessible(page)
    keys.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("quang tho, quang dien")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "noi-nhan-0")
    keys.press("Enter")

    expect(field).to_have_value("Xã Quảng Điền, Thành phố Huế")
    button = page.get_by_role("button", name="Đặt hàng ·")
    expect(button).to_have_text("Đặt hàng · 125.000 ₫")
    parcel = page.locator("label.chon", has_text="Gửi bưu kiện")
    expect(parcel).to_contain_text("35.000 ₫")
    expect(parcel).to_contain_text("nhận ")
    expect(page.get_by_text("Phí giao tùy nơi nhận.")).to_have_count(0)
    expect(field).to_be_focused()
    assert_fits(page)

    keys.press("Tab")
    keys.type("Thôn Mẫu")
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận đơn")
    order = books.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
    assert (order.commune_code, order.delivery_vnd) == ("19867", 35_000)
    assert order.typed_commune == "quang tho, quang dien"


def test_words_typed_after_a_choice_are_what_counts(
    page: Page, server: Server, books: Session
) -> None:
    at_checkout(page, server)
    field = page.get_by_role("combobox", name=FIELD)
    field.press_sequentially("la bang")
    page.get_by_role("option", name="Xã La Bằng, Tỉnh Thái Nguyên").click()
    expect(field).to_have_value("Xã La Bằng, Tỉnh Thái Nguyên")

    field.fill("tan tien")
    page.get_by_label("Số nhà, đường").focus()
    expect(page.get_by_label("Nơi khác")).to_be_visible()
    chosen = page.get_by_role("radio", name="Xã Tân Tiến").last
    chosen.check()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hoa")
    page.get_by_role("textbox", name="Số điện thoại").fill("0912 345 678")
    page.get_by_label("Số nhà, đường").fill("Thôn Mẫu")
    code = chosen.get_attribute("value")
    page.get_by_role("button", name="Đặt hàng ·").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận đơn")
    order = books.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
    assert order.commune_code == code
    assert order.typed_commune == "tan tien"


def test_typing_waits_for_no_network_and_an_old_answer_is_dropped(
    page: Page, server: Server, books: Session
) -> None:
    at_checkout(page, server)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/xa-phuong?q=la%20b", hold)
    field = page.get_by_role("combobox", name=FIELD)

    field.press_sequentially("la b")
    page.wait_for_timeout(400)
    field.press_sequentially("ang")
    expect(page.get_by_role("option").first).to_have_text("Xã La Bằng, Tỉnh Thái Nguyên")
    assert len(held) == 1
    held[0].fulfill(json=[{"code": "1", "words": "Chậm", "note": ""}])
    page.wait_for_timeout(200)

    expect(page.get_by_role("option", name="Chậm")).to_have_count(0)
    page.route("**/xa-phuong?q=*", lambda route: route.abort())
    field.fill("Xã Nào Đó")
    page.wait_for_timeout(400)
    expect(field).to_have_value("Xã Nào Đó")
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")])
def test_the_list_can_be_read_by_everybody(
    new_page: NewPage, server: Server, books: Session, size: dict[str, int], theme: str
) -> None:
    page = new_page(viewport=size, color_scheme=theme)
    at_checkout(page, server)

    page.get_by_role("combobox", name=FIELD).press_sequentially("tan")
    expect(page.get_by_role("option")).to_have_count(8)
    page.keyboard.press("ArrowDown")

    assert_accessible(page)
    assert_fits(page)


@pytest.mark.journey
def test_a_way_that_does_not_reach_the_place_gives_way_to_one_that_does(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/san-pham/gio-trung-non-khe")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.get_by_role("link", name="Đặt hàng").click()
    cold, fetched = (page.get_by_role("radio", name=name) for name in ("Giao lạnh", "Tự đến lấy"))
    expect(cold).to_be_checked()
    expect(page.get_by_role("radio", name="Gửi bưu kiện")).to_have_count(0)

    field = page.get_by_role("combobox", name=FIELD)
    field.fill("Phường Sài Gòn, Hồ Chí Minh")
    field.press("Tab")

    told = page.get_by_text("Giao lạnh không tới nơi này, nên đang chọn Tự đến lấy.")
    expect(told).to_be_visible()
    expect(fetched).to_be_checked()
    expect(cold).to_be_disabled()
    expect(page.locator("button [data-total]")).to_have_text("95.000\u00a0₫")

    field.fill("Phường Láng, Hà Nội")
    field.press("Tab")
    expect(told).to_have_count(0)
    expect(cold).to_be_enabled()
