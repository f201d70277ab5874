"""A buyer with a phone and script: the page counts along, and the order follows the money."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import make_engine, open_session
from shop.models.orders import Order
from shop.services import order_payment
from shop.services.actors import SYSTEM
from tests.support import printed
from tests.support.chromium import DESK, PHONE, NewPage, assert_accessible, assert_fits
from tests.support.databases import SETTINGS
from tests.support.servers import Server

PAGES = [
    "/",
    "/san-pham",
    "/san-pham?q=che",
    "/san-pham/gio-trung-non-khe",
    "/htx/htx-non-khe",
    "/gio-hang",
    "/dang-nhap",
    "/tra-cuu/don",
    "/en/san-pham/che-xanh-la-bang",
]

pytestmark = pytest.mark.browser


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Session]:
    """The database behind the shop."""
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as opened:
        yield opened
    engine.dispose()


def put_into_cart(page: Page, server: Server, slug: str) -> None:
    page.goto(f"{server.url}/san-pham/{slug}")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giỏ hàng")


def fill_in(page: Page) -> None:
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hoa")
    page.get_by_role("textbox", name="Số điện thoại").fill("0912 345 678")
    page.get_by_role("combobox", name="Xã, phường").fill("Phường Văn Miếu - Quốc Tử Giám")
    page.get_by_label("Số nhà, đường hoặc thôn, xóm").fill("12 ngõ Văn Hương")


def pay(books: Session, order: Order, amount_vnd: int, reference: str) -> None:
    order_payment.receive_transfer(
        books,
        order.id,
        amount_vnd=amount_vnd,
        source="hand",
        reference=reference,
        credited_at=clock.now(),
        actor=SYSTEM,
        now=clock.now(),
        today=clock.today(),
    )
    books.commit()


@pytest.mark.journey
def test_the_order_follows_the_money_while_the_page_stays_open(
    page: Page, server: Server, books: Session
) -> None:
    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    bar = page.locator(".day .gia")
    expect(bar).to_contain_text("90.000 ₫")
    page.get_by_label("Chè búp, gói 500 g").check()
    expect(bar).to_contain_text("150.000 ₫")
    page.get_by_role("button", name="Thêm vào giỏ").click()

    page.get_by_role("button", name="Thêm 1").click()
    expect(page.get_by_text("300.000 ₫").first).to_be_visible()
    expect(page.locator("[data-part=cart-count]")).to_have_text("2")
    page.get_by_role("link", name="Đặt hàng").click()

    button = page.get_by_role("button", name=re.compile("^Đặt hàng"))
    expect(button).to_have_text("Đặt hàng · 330.000 ₫")
    page.get_by_label("Tự đến lấy").check()
    expect(button).to_have_text("Đặt hàng · 300.000 ₫")
    page.get_by_label("Gửi bưu kiện").check()
    expect(page.get_by_role("button", name="Tính lại tiền")).to_be_hidden()
    fill_in(page)
    button.click()

    state = page.get_by_role("status")
    expect(state.filter(has_text="Đang chờ tiền về. Tự báo khi nhận được.")).to_be_visible()
    expect(page.get_by_role("button", name="Chép").first).to_be_visible()
    order = books.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
    books.commit()
    pay(books, order, 30_000, "FT-1")
    expect(state.filter(has_text="Đã nhận 30.000 ₫, còn thiếu 300.000 ₫.")).to_be_visible()
    expect(page.get_by_role("button", name="Chép").first).to_be_visible()
    expect(page.get_by_role("img", name=re.compile(r"Mã VietQR trả 300.000"))).to_be_visible()

    pay(books, order, 300_000, "FT-2")
    expect(state.filter(has_text=re.compile(r"Đã nhận 330.000\s₫ lúc"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Mã VietQR"))).to_have_count(0)


@pytest.mark.journey
def test_the_frame_shows_the_batch_of_the_pack_that_is_chosen(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    frame = page.get_by_role("region", name="Lô sẽ gửi")
    lot = frame.locator(".ma-lo").locator("visible=true")
    picture = page.locator("figure img").first
    first, drawn = lot.inner_text(), picture.get_attribute("src")

    page.get_by_role("radio", name="Chè búp, gói 500 g").check(force=True)

    expect(lot).not_to_have_text(first)
    expect(frame.get_by_text("Chè búp, gói 500")).to_have_count(2)
    expect(frame.get_by_text("Chè búp, gói 500").locator("visible=true")).to_have_count(1)
    expect(frame.get_by_role("link", name=first)).to_be_visible()
    expect(picture).not_to_have_attribute("src", drawn or "")
    sent = lot.inner_text()
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.get_by_role("link", name="Đặt hàng").click()
    fill_in(page)
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    expect(page.get_by_role("link", name=f"Lô {sent}")).to_be_visible()


@pytest.mark.journey
def test_the_red_leaves_a_field_as_soon_as_it_is_written_anew(page: Page, server: Server) -> None:
    put_into_cart(page, server, "gio-trung-non-khe")
    page.get_by_role("link", name="Đặt hàng").click()
    page.get_by_label("Họ và tên").fill("Trần Thị Mơ")
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    faults = page.get_by_role("alert")
    expect(faults).to_contain_text("Còn 3 chỗ cần sửa")

    phone = page.get_by_role("textbox", name="Số điện thoại")
    phone.fill("09")
    expect(page.get_by_text("Chưa ghi số điện thoại")).to_have_count(0)
    expect(phone).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Chưa ghi xã, phường")).to_be_visible()
    expect(faults).to_be_visible()

    page.get_by_role("combobox", name="Xã, phường").fill("Láng")
    page.get_by_label("Số nhà, đường").fill("12 Láng Hạ")
    expect(faults).to_have_count(0)


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESK, "dark")])
def test_every_page_of_the_way_can_be_used_by_everybody(
    new_page: NewPage, server: Server, size: dict[str, int], theme: str
) -> None:
    page = new_page(viewport=size, color_scheme=theme)
    order = page.get_by_role("button", name=re.compile("^Đặt hàng"))
    for path in PAGES:
        page.goto(f"{server.url}{path}")
        assert_usable(page)

    put_into_cart(page, server, "gio-trung-non-khe")
    assert_usable(page)
    page.get_by_role("link", name="Đặt hàng").click()
    order.click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_usable(page)
    ask_for_gift_and_invoice(page)
    assert_usable(page)
    fill_in(page)
    page.get_by_role("combobox", name="Xã, phường").fill("tan tien")
    order.click()
    expect(page.get_by_label("Nơi khác")).to_be_visible()
    assert_usable(page)
    page.get_by_role("combobox", name="Xã, phường").fill("Phường Văn Miếu - Quốc Tử Giám")
    order.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận đơn")
    assert_usable(page)
    page.get_by_role("link", name="Sửa thông tin hóa đơn").click()
    expect(page.get_by_label("Tên trên hóa đơn")).to_have_value("Công ty Chè Xanh")
    assert_usable(page)


def ask_for_gift_and_invoice(page: Page) -> None:
    page.get_by_text("Gửi làm quà").click()
    page.get_by_label("Lời trên thiệp").fill("Mừng thọ bà")
    page.get_by_text("Lấy hóa đơn", exact=True).click()
    page.get_by_label("Công ty, tổ chức").check()
    page.get_by_label("Tên trên hóa đơn").fill("Công ty Chè Xanh")
    page.get_by_label("Mã số thuế").fill("0300588569")
    page.get_by_label("Địa chỉ trên hóa đơn").fill("12 ngõ Văn Hương")


def test_the_page_of_an_order_prints_on_one_sheet(
    page: Page, server: Server, books: Session
) -> None:
    put_into_cart(page, server, "che-xanh-la-bang")
    page.get_by_role("link", name="Đặt hàng").click()
    ask_for_gift_and_invoice(page)
    fill_in(page)
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận đơn")

    sheet = page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm"))

    order = books.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
    (held,) = order.lines[0].reservations
    said = printed.words(sheet)
    assert printed.pages(sheet) == 1
    assert f"Đã nhận đơn {order.code[:2]} {order.code[2:]}" in said.replace("\xa0", " ")
    assert held.batch_pack.batch.lot in said
    assert "Mừng thọ bà" in said
    assert f"{server.url}/tra-cuu" in said
    for button in ("Chép", "Hủy đơn", "Báo sự cố", "Về giỏ hàng", "Điều khoản"):
        assert button not in said
    assert order.code in printed.codes(sheet)[0]
    books.commit()


def assert_usable(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.journey
@pytest.mark.parametrize("came_by", ["the checkout", "the order"])
def test_back_from_the_gateway_comes_to_the_order_and_stays(
    page: Page, server: Server, came_by: str
) -> None:
    put_into_cart(page, server, "che-xanh-la-bang")
    page.get_by_role("link", name="Đặt hàng").click()
    fill_in(page)
    page.get_by_label("Thẻ hoặc ví qua").check()
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    page.wait_for_url(re.compile("/gia-lap/"))
    page.go_back()
    page.wait_for_url(re.compile("/don-hang/[^/]+$"))
    if came_by == "the order":
        page.get_by_role("link", name=re.compile("^Trả tiền qua")).click()
        page.wait_for_url(re.compile("/gia-lap/"))
        page.go_back()

    page.wait_for_load_state("networkidle")

    expect(page).to_have_url(re.compile("/don-hang/[^/]+$"))
    expect(page.get_by_role("link", name=re.compile("^Trả tiền qua"))).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("/gio-hang"))
