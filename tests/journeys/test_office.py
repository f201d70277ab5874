"""A clerk at the office PC and a director with a phone: the pages fit, read well, and work."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import make_engine, open_session
from shop.demo import sign_ins
from shop.models.catalog import Pack, Seller
from shop.models.inventory import Place
from shop.models.orders import Order
from shop.models.payments import Refund
from shop.models.people import Member
from tests.support.chromium import DESK, PHONE, NewPage, assert_accessible, assert_fits
from tests.support.databases import SETTINGS
from tests.support.office import Office
from tests.support.servers import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def office(books: Session) -> Office:
    """The office of the demo's tea cooperative."""
    seller = books.scalars(select(Seller).where(Seller.lot_prefix == "LBT")).one()
    return Office(None, books, seller)


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Session]:
    """The database behind the server."""
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def pack(office: Office) -> Pack:
    """A pack of the demo that is in stock."""
    found = office.session.scalars(select(Pack).where(Pack.sku == "LBT-MOCCAU-200")).one()
    office.session.commit()
    return found


def enter(page: Page, server: Server, role: str = "director") -> None:
    phone, password = next(
        (phone, password) for name, phone, password in sign_ins() if name == role
    )
    page.goto(f"{server.url}/dang-nhap")
    page.get_by_label("Số điện thoại").fill(phone)
    page.get_by_role("textbox", name="Mật khẩu hoặc mã PIN").fill(password)
    page.get_by_label("Máy của tôi").check()
    page.get_by_role("button", name="Đăng nhập").click()
    if role == "director":
        expect(page.get_by_role("heading", level=1)).to_have_text("Mã của điện thoại")
        page.get_by_label("Mã 6 số").fill(page.locator("[data-training-code]").inner_text())
        page.get_by_role("button", name="Đi tiếp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc hôm nay")


MEMBER_PAGES = ("", "/sua", "/nuong/moi", "/giay-nho")
"""Below the page of one member, who has somebody that helps."""


def addresses(office: Office, pack: Pack) -> list[str]:
    """Return every kind of page of the office's orders, money and stock, with something on it."""
    new, paid, late = office.cash_order(pack), office.paid_order(pack), office.late_order(pack)
    packing, cash = office.packing_order(pack), office.delivered_cash_order(pack)
    office.pay(office.order(pack), 200_000)
    refund_id = office.session.scalars(select(Refund.id).order_by(Refund.id.desc())).first()
    place = office.session.scalars(
        select(Place).where(Place.seller_id == office.seller.id, Place.sells_online)
    ).one()
    member = office.session.scalars(select(Member).where(Member.full_name == "Đỗ Thị Quế")).one()
    office.session.commit()
    orders = [f"/quan-ly/don-hang/{order.code}" for order in (new, paid, late, packing, cash)]
    return [
        "/quan-ly",
        "/en/quan-ly",
        "/quan-ly/don-hang",
        *orders,
        f"{orders[1]}/huy",
        f"{orders[1]}/phieu",
        f"{orders[1]}/hoan-tien",
        f"/quan-ly/tien/hoan/{refund_id}",
        "/quan-ly/cua-hang/hoan-tien",
        f"{orders[3]}/gui",
        "/quan-ly/soan-hang",
        "/quan-ly/tien",
        f"/quan-ly/tien/chuyen-khoan/{new.code}",
        f"/quan-ly/tien/cod/{cash.code}",
        "/quan-ly/ton-kho",
        f"/quan-ly/ton-kho/{place.id}/kiem-ke",
        "/quan-ly/nguoi-dung",
        "/quan-ly/nguoi-dung/moi",
        "/quan-ly/lich-su",
        "/quan-ly/lich-su?q=che&tu=31/11/2026",
        "/quan-ly/xa-vien",
        "/quan-ly/xa-vien/moi",
        "/quan-ly/xa-vien/nguoi-giup/moi",
        *(f"/quan-ly/xa-vien/{member.id}{page}" for page in MEMBER_PAGES),
    ]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_the_office_fit_and_can_be_used_by_everybody(
    new_page: NewPage, server: Server, office: Office, pack: Pack, viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    enter(page, server)

    for address in addresses(office, pack):
        page.goto(f"{server.url}{address}")
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.journey
def test_a_clerk_takes_the_money_picks_and_sends_an_order(
    desk: Page, server: Server, office: Office, pack: Pack
) -> None:
    order: Order = office.order(pack, quantity=2)
    enter(desk, server, "office")

    desk.get_by_role("searchbox").fill(order.code.lower())
    desk.get_by_role("searchbox").press("Enter")
    desk.get_by_role("link", name=order.code[2:]).click()
    desk.get_by_role("link", name="Ghi nhận chuyển khoản").click()
    desk.get_by_label("Số tiền về").fill(f"{order.total_vnd // 1000}k")
    expect(desk.get_by_text("Hiểu là")).to_contain_text("₫")
    desk.get_by_label("Mã giao dịch").fill("FT26326123456")
    desk.get_by_role("button", name="Ghi nhận").click()
    expect(desk.get_by_role("status").first).to_contain_text("Đã ghi nhận")

    desk.get_by_role("link", name="Soạn hàng", exact=True).click()
    desk.get_by_role("button", name="Đã soạn 2").click()
    expect(desk.get_by_role("button", name="Đã soạn 2")).to_have_attribute("aria-pressed", "true")
    desk.get_by_role("link", name=order.code[2:]).click()
    desk.get_by_role("link", name="Gửi hàng").or_(
        desk.get_by_role("link", name="Giao cho khách đến lấy")
    ).click()
    desk.get_by_label("Ai chở hàng").fill("Bưu điện")
    desk.get_by_role("button", name="Hàng đã rời kho").click()
    desk.get_by_role("button", name="Đã giao tới khách").click()
    desk.get_by_role("button", name="Hoàn tất đơn").click()

    expect(desk.get_by_role("status").first).to_have_text("Đơn đã hoàn tất.")


def test_the_pick_list_prints_with_its_boxes_and_without_the_menu(
    desk: Page, server: Server, office: Office, pack: Pack
) -> None:
    office.paid_order(pack)
    enter(desk, server)
    desk.goto(f"{server.url}/quan-ly/soan-hang")

    desk.emulate_media(media="print")

    expect(desk.locator(".o-danh-dau").first).to_be_visible()
    expect(desk.get_by_role("navigation", name="Mục lục")).to_be_hidden()
    expect(desk.get_by_text("Lấy lô khác").first).to_be_hidden()
    assert desk.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
