"""Ways in, in a real browser: a printed card, a phone for codes, two who help somebody back."""

import io
import re
from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.demo import PASSWORD
from shop.models.catalog import Seller
from shop.models.people import Account, Role
from shop.services import cards
from shop.services.actors import SYSTEM
from tests import factories
from tests.support.chromium import DESK, PHONE, NewPage, assert_accessible, assert_fits
from tests.support.second_step import Phone
from tests.support.servers import Server

pytestmark = pytest.mark.browser

CLERK, DIRECTOR = "0540000002", "0540000001"


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Session]:
    """The database behind the server."""
    engine = make_engine(demo_database_url)
    with open_session(engine, Settings()) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def seller(books: Session) -> Seller:
    """The demo's tea cooperative."""
    return books.scalars(select(Seller).where(Seller.lot_prefix == "LBT")).one()


def grower(books: Session, seller: Seller) -> Account:
    """A member of the tea cooperative."""
    found = next(
        one
        for one in books.scalars(select(Account).order_by(Account.id))
        if [given.role for given in one.grants] == [Role.MEMBER]
        and one.grants[0].seller_id == seller.id
    )
    books.commit()
    return found


def check(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def enter(page: Page, server: Server, phone: str, password: str = PASSWORD) -> None:
    page.goto(f"{server.url}/dang-nhap")
    page.get_by_label("Số điện thoại").fill(phone)
    page.get_by_role("textbox", name="Mật khẩu hoặc mã PIN").fill(password)
    page.get_by_label("Máy của tôi").check()
    page.get_by_role("button", name="Đăng nhập").click()


def pass_training(page: Page) -> None:
    page.get_by_label("Mã 6 số").fill(page.locator("[data-training-code]").inner_text())
    page.get_by_role("button", name="Đi tiếp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc hôm nay")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_on_the_way_in_fits_and_can_be_used_by_everybody(
    new_page: NewPage, server: Server, books: Session, seller: Seller, viewport: dict[str, int]
) -> None:
    treasurer = factories.make_account(books, role=Role.TREASURER, seller=seller)
    member = factories.make_account(
        books, role=Role.MEMBER, seller=seller, name="Trần Thị Lan", is_in_use=False
    )
    card = cards.issue(books, member, seller, actor=SYSTEM, now=clock.now())
    books.commit()
    page, phone = new_page(viewport=viewport), Phone()

    for address in ("/dang-nhap", "/dang-nhap?kieu=pin", "/en/dang-nhap", "/dang-nhap/the/khong"):
        page.goto(f"{server.url}{address}")
        check(page)
    page.goto(f"{server.url}/dang-nhap/the/{card.token}")
    check(page)
    enter(page, server, f"0{treasurer.phone[3:]}", factories.PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Cài máy tạo mã")
    check(page)
    secret = page.locator(".ma-lo").inner_text().replace(" ", "")
    page.get_by_label("Mã 6 số").fill(phone.set_up(treasurer.id, secret))
    page.get_by_role("button", name="Xong, dùng máy này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng")
    check(page)
    page.goto(f"{server.url}/tai-khoan/may-tao-ma")
    check(page)
    page.goto(f"{server.url}/tai-khoan")
    check(page)
    page.get_by_role("button", name="Thoát", exact=True).click()

    enter(page, server, DIRECTOR)
    check(page)
    pass_training(page)
    for part in ("the", "lay-lai"):
        page.goto(f"{server.url}/quan-ly/nguoi-dung/{member.id}/{part}")
        check(page)
    page.get_by_label("Vì sao").fill("quên mã PIN")
    page.get_by_label("Nhận ra người này bằng cách nào").fill("gặp mặt")
    page.get_by_role("button", name="Nhờ người thứ hai xác nhận").click()
    check(page)


@pytest.mark.journey
def test_a_clerk_prints_a_card_and_the_grower_is_in_by_scanning_it(
    new_page: NewPage, server: Server, books: Session, seller: Seller
) -> None:
    account = grower(books, seller)
    account.is_in_use = False  # as the office has just opened it: no second person is asked
    books.commit()
    office, grower_s = new_page(viewport=DESK), new_page(viewport=PHONE)
    enter(office, server, CLERK)
    office.goto(f"{server.url}/quan-ly/nguoi-dung/{account.id}/the")
    token = office.locator("form[target=_blank] input[name=csrf_token]").get_attribute("value")
    printed = office.request.post(office.url, form={"csrf_token": token or ""})
    with pypdfium2.PdfDocument(io.BytesIO(printed.body())) as document:
        picture = document[0].render(scale=150 / 72).to_pil()
        words = document[0].get_textpage().get_text_bounded()
    (code,) = zxingcpp.read_barcodes(picture)
    pin = re.search(r"Mã PIN của thẻ:\D+(\d{3}) (\d{3})", words)
    assert pin is not None

    grower_s.goto(code.text)
    grower_s.get_by_label("Mã PIN của thẻ").fill("".join(pin.groups()))
    grower_s.get_by_label("Máy của tôi").check()
    grower_s.get_by_role("button", name="Đăng nhập").click()
    grower_s.wait_for_url(lambda url: "/dang-nhap" not in url)
    grower_s.goto(f"{server.url}/tai-khoan")

    expect(grower_s.get_by_role("heading", level=1)).to_have_text(account.name)
    expect(grower_s.get_by_text("vào bằng thẻ")).to_be_visible()
    grower_s.go_back()
    assert code.text.rsplit("/", 1)[1] not in grower_s.url
    office.goto(f"{server.url}/quan-ly/nguoi-dung/{account.id}/the")
    office.get_by_role("button", name="Thu hồi thẻ").click()
    grower_s.goto(f"{server.url}/tai-khoan")
    expect(grower_s.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
