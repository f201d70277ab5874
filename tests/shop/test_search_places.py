"""A place is found by what it is and was called, and is never read as something else."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.shop.test_catalog_views import names
from tests.support.pages import Visitor

NINH_BINH = ["Cơm cháy Ninh Bình", "Giò trứng Nộn Khê"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "question", ["Nam Định", "nam dinh", "tỉnh Nam Định", "Hà Nam", "huyện Kim Sơn"]
)
def test_goods_of_the_province_of_today_are_found_by_a_name_of_before(
    visitor: Visitor, index: Callable[[], int], question: str
) -> None:
    index()

    page = visitor.open(f"/san-pham?q={question}")

    assert sorted(names(page)) == NINH_BINH
    assert f"“{question}” nay thuộc Ninh Bình." in page.text
    assert "Đang tìm" not in page.text


@pytest.mark.parametrize("question", ["đà lạt", "TP Đà Lạt", "Lâm Đồng", "Bình Thuận"])
def test_of_a_place_where_nothing_is_sold_nothing_is_found(
    app: Flask, visitor: Visitor, index: Callable[[], int], question: str
) -> None:
    index()

    page = visitor.open(f"/san-pham?q={question}")

    assert f"Chưa tìm thấy “{question}”" in page.text
    assert "Đang có hàng" in page.text
    assert "Đang tìm" not in page.text
    assert ("nay thuộc Lâm Đồng" in page.text) is (question != "Lâm Đồng")
    assert app.test_client().get(f"/goi-y?q={question}").json == []


def test_a_place_is_suggested_by_a_name_of_before(app: Flask, index: Callable[[], int]) -> None:
    index()

    assert sorted(app.test_client().get("/goi-y?q=Nam Định").json) == NINH_BINH
