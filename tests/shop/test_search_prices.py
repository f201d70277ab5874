"""A price in the question of a search narrows the list and stands there as a condition."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from shop.pages import goods_asked, price_asked
from tests.shop.test_catalog_views import names
from tests.support.pages import Visitor


@pytest.mark.parametrize(
    ("typed", "rest", "low", "high"),
    [
        ("dưới 100k", "", 0, 100_000),
        ("dưới 100", "", 0, 100_000),
        ("dưới 100.000", "", 0, 100_000),
        ("DƯỚI 100.000đ", "", 0, 100_000),
        ("chè dưới 100 nghìn", "chè", 0, 100_000),
        ("giá dưới 100.000 ₫ mật ong", "mật ong", 0, 100_000),
        ("từ 50k đến 100k", "", 50_000, 100_000),
        ("từ 50 đến 100k", "", 50_000, 100_000),
        ("50k-100k", "", 50_000, 100_000),
        ("trà 100k - 50k", "trà", 50_000, 100_000),
        ("trên 200k", "", 200_000, 0),
        ("quà từ 200k trở lên", "quà", 200_000, 0),
        ("tea under 100k", "tea", 0, 100_000),
    ],
)
def test_a_price_in_a_question_is_read(
    app: Flask, typed: str, rest: str, low: int, high: int
) -> None:
    with app.test_request_context():
        found = price_asked.narrowed(goods_asked.read(MultiDict({"q": typed})))

    assert found is not None
    assert (found.q, found.price_from, found.price_to) == (rest, low, high)


@pytest.mark.parametrize(
    "typed",
    ["chè", "100k", "giò 500g", "chè dưới 100g", "từ 3 đến 5 kg", "LBT-261016-01", "dưới", "5-6",
     "nước mắm 30 độ", "từ 99999999999k", "0540000001"],
)  # fmt: skip
def test_what_is_no_price_stays_in_the_question(app: Flask, typed: str) -> None:
    with app.test_request_context():
        assert price_asked.narrowed(goods_asked.read(MultiDict({"q": typed}))) is None


def test_the_price_is_a_condition_that_can_be_taken_off(
    visitor: Visitor, index: Callable[[], int]
) -> None:
    index()

    page = visitor.open("/san-pham?q=chè dưới 80k")

    assert "đến 80.000" in page.text
    assert names(page)[0] == "Cao chè vằng Cam Lộ"
    assert "Chè xanh La Bằng" not in names(page)
    assert "Chè xanh La Bằng" in names(page.follow("Bỏ điều kiện đến 80.000 ₫"))
