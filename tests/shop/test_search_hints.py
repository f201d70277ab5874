"""Codes and names of pages typed into the search field lead there, and are no goods."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_level, make_pack, make_product, make_seller
from tests.shop.test_catalog_views import names
from tests.support.pages import Visitor


@pytest.fixture
def lots(app_session: Session, index: Callable[[], int]) -> list[str]:
    """Two lots of one day and one of another."""
    seller = make_seller(app_session, name="HTX LBT")
    pack = make_pack(app_session, make_product(app_session, seller, name="Món LBT"))
    found = ["LBT-291016-01", "LBT-291016-02", "LBT-291122-01"]
    for lot in found:
        make_level(app_session, pack, lot=lot)
    app_session.commit()
    index()
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("LBT-291016", 2),
        ("lbt 291016", 2),
        ("LBT-291016-07", 2),
        ("LBT291122-99", 1),
        ("LBT-291103-01", 0),
    ],
)
def test_a_lot_that_is_not_there_is_said_beside_those_that_begin_so(
    visitor: Visitor, lots: list[str], typed: str, near: int
) -> None:
    page = visitor.open(f"/san-pham?q={typed}")

    assert f"Không có lô mang mã {typed.upper()}." in page.text
    assert sum(lot in page.text for lot in lots) == near
    assert ("Các lô có mã bắt đầu như vậy" in page.text) is (near > 0)
    assert page.heading.startswith("0 kết quả")
    assert "Đang tìm" not in page.text
    assert page.follow("Tra mã trên gói").heading == "Tra mã trên gói"


def test_a_lot_that_begins_so_can_be_opened(visitor: Visitor, lots: list[str]) -> None:
    page = visitor.open("/san-pham?q=LBT-291122")

    assert "LBT-291122-01" in page.follow("Xem lô LBT-291122-01").text


@pytest.mark.parametrize("typed", ["K7M4-PQ2A", "k7m4pq2a", "7777 abcd"])
def test_what_looks_like_the_code_of_an_order_leads_to_orders(
    visitor: Visitor, index: Callable[[], int], typed: str
) -> None:
    index()

    page = visitor.open(f"/san-pham?q={typed}")

    assert page.follow("Tra đơn hàng").heading == "Tra đơn hàng"
    assert page.heading.startswith("0 kết quả")


@pytest.mark.parametrize(
    ("typed", "link", "address"),
    [
        ("giao hàng", "Giao hàng", "/giao-hang"),
        ("Đổi trả", "Đổi trả và hoàn tiền", "/doi-tra"),
        ("thanh toan", "Giá, phí và cách trả tiền", "/thanh-toan"),
        ("khiếu nại", "Khiếu nại", "/khieu-nai"),
        ("liên hệ", "Về chúng tôi", "/ve-chung-toi"),
        ("đơn hàng của tôi", "Tra đơn hàng", "/tra-cuu/don"),
        ("truy xuất nguồn gốc", "Tra mã trên gói", "/tra-cuu"),
    ],
)
def test_the_name_of_a_page_leads_to_it(
    visitor: Visitor, index: Callable[[], int], typed: str, link: str, address: str
) -> None:
    index()

    page = visitor.open(f"/san-pham?q={typed}")

    assert f'<p class="nhay-toi cum"><a href="{address}">{link}</a></p>' in page.body
    assert "Đang tìm" not in page.text
    assert visitor.open(address).heading


@pytest.mark.parametrize("typed", ["chè la bằng", "giò 500g", "tieu500g", "mien 1kg"])
def test_of_goods_nothing_of_this_is_said(
    visitor: Visitor, index: Callable[[], int], typed: str
) -> None:
    index()

    page = visitor.open(f"/san-pham?q={typed}")

    assert names(page)
    assert "nhay-toi cum" not in page.body
    assert "Không có lô" not in page.text
