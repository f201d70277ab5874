"""A buyer whose line breaks at any step: nothing typed is lost, nothing is ordered twice."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from shop.models.orders import Order
from tests.journeys.test_buying import fill_in
from tests.support.chromium import NewPage
from tests.support.line import Line, line_to
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.journey]

PLACED = re.compile(r"Đã nhận đơn TT\s[A-Z0-9]{6}")
TOLD = re.compile(r"Đơn TT\s[A-Z0-9]{6} đã tới HTX")


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with line_to(server.url) as laid:
        yield laid


@pytest.fixture
def before(books: Engine) -> int:
    """How many orders there were."""
    return orders(books)


def orders(books: Engine) -> int:
    with Session(books) as session:
        return session.scalar(select(func.count(Order.id))) or 0


def button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Đặt hàng"))


def at_the_checkout(page: Page, line: Line) -> None:
    page.goto(f"{line.url}/san-pham/gio-trung-non-khe")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.get_by_role("link", name="Đặt hàng").click()
    fill_in(page)


def press_and_hear_nothing(page: Page, pressed: Locator) -> None:
    """Press, and wait for the page that the worker, or the browser itself, shows instead."""
    pressed.click(no_wait_after=True)
    expect(page.locator("body")).to_contain_text(re.compile("Mất mạng|ERR_[A-Z]+"))


def order_and_hear_nothing(page: Page, line: Line) -> None:
    line.loses_answers_to = b"POST /dat-hang"
    press_and_hear_nothing(page, button(page))
    line.loses_answers_to = b""


@pytest.mark.parametrize("workers", ["allow", "block"])
def test_after_a_lost_answer_back_shows_that_the_order_arrived(
    new_page: NewPage, line: Line, books: Engine, before: int, workers: str
) -> None:
    page = new_page(service_workers=workers)
    at_the_checkout(page, line)
    order_and_hear_nothing(page, line)
    assert {said.split()[1] for said in line.lost} == {b"303"}

    page.go_back()

    expect(page.get_by_text(TOLD)).to_be_visible()
    page.get_by_role("link", name="Xem đơn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PLACED)
    assert orders(books) == before + 1


@pytest.mark.parametrize("workers", ["allow", "block"])
def test_after_a_lost_answer_loading_again_leads_to_the_one_order(
    new_page: NewPage, line: Line, books: Engine, before: int, workers: str
) -> None:
    page = new_page(service_workers=workers)
    at_the_checkout(page, line)
    order_and_hear_nothing(page, line)
    if workers == "allow":
        expect(page.get_by_role("alert")).to_contain_text("chưa biết tới nơi chưa")

    page.reload()

    expect(page.get_by_role("heading", level=1)).to_have_text(PLACED)
    assert orders(books) == before + 1


def test_a_line_that_breaks_before_the_order_leaves_it_to_be_sent_again(
    new_page: NewPage, line: Line, books: Engine, before: int
) -> None:
    page = new_page()
    at_the_checkout(page, line)
    line.is_down = True
    press_and_hear_nothing(page, button(page))
    assert orders(books) == before
    line.is_down = False

    page.go_back()
    expect(page.get_by_text(TOLD)).to_have_count(0)
    expect(page.get_by_label("Họ và tên")).to_have_value("Nguyễn Thị Hoa")
    page.wait_for_load_state("networkidle")
    button(page).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(PLACED)
    assert orders(books) == before + 1


def test_goods_go_into_the_cart_once_although_the_browser_tries_again_by_itself(
    new_page: NewPage, line: Line
) -> None:
    page = new_page()
    page.goto(f"{line.url}/san-pham/che-xanh-la-bang")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.goto(f"{line.url}/san-pham/gio-trung-non-khe")
    line.loses_answers_to = b"POST /gio-hang"
    press_and_hear_nothing(page, page.get_by_role("button", name="Thêm vào giỏ"))
    line.loses_answers_to = b""
    assert len(line.lost) > 1, "this browser tries again by itself"

    page.goto(f"{line.url}/gio-hang")

    rolls = page.get_by_role("textbox", name=re.compile("Giò trứng Nộn Khê"))
    expect(rolls).to_have_value("1")
    page.goto(f"{line.url}/san-pham/gio-trung-non-khe")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    expect(rolls).to_have_value("2")
