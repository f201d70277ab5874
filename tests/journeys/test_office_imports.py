"""A clerk sends a list from the office PC, looks at it, brings it in and takes it back."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.catalog import Pack
from tests.journeys.test_office import books, enter
from tests.support.chromium import DESK, PHONE, NewPage, assert_accessible, assert_fits
from tests.support.imports import csv_file
from tests.support.servers import Server

pytestmark = pytest.mark.browser
__all__ = ["books"]

LIST = csv_file(
    "Mã hàng;Tên hàng;Giá bán;Khối lượng;Tồn;Màu",
    "THU-1;Chè thử một;90.000;200 g;40;xanh",
    "THU-2;Chè thử hai;50,5;100 g;;",
)


def send(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/quan-ly/nhap-tep")
    page.get_by_label("Tệp có gì").select_option("products")
    upload = {"name": "hang.csv", "mimeType": "text/csv", "buffer": LIST}
    page.get_by_label("Tệp", exact=True).set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Xem trước").click()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_of_an_import_fit_and_can_be_used_by_everybody(
    new_page: NewPage, server: Server, viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    enter(page, server, "office")

    page.goto(f"{server.url}/quan-ly/nhap-tep")
    assert_fits(page)
    assert_accessible(page)
    send(page, server)

    assert_fits(page)
    assert_accessible(page)


@pytest.mark.journey
def test_a_clerk_brings_a_list_in_and_takes_it_back(
    desk: Page, server: Server, books: Session
) -> None:
    enter(desk, server, "office")

    send(desk, server)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Xem trước, chưa ghi gì")
    expect(desk.get_by_text("Chưa rõ giá “50,5”")).to_be_visible()
    for box in desk.get_by_role("checkbox").all():
        box.check()
    desk.get_by_label("Chỉ các dòng đúng").check()
    desk.get_by_role("button", name="Nhập vào sổ").click()
    expect(desk.get_by_role("status").first).to_contain_text("Đã nhập tệp hang.csv")
    assert count(books) == 1
    desk.get_by_role("button", name="Rút lại lần nhập này").click()

    expect(desk.get_by_text("Mọi món đã về như trước.")).to_be_visible()
    assert_accessible(desk)
    assert count(books) == 0


def count(books: Session) -> int | None:
    """Return how many packs of the list are there; an open look would keep the shop waiting."""
    found = books.scalar(select(func.count()).where(Pack.sku == "THU-1"))
    books.rollback()
    return found
