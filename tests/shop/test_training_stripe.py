"""Whoever practises sees it on every page; a shop that sells for real never shows it."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.catalog import Product, SellerMode
from tests.factories import make_seller
from tests.support.applications import MakeSettings
from tests.support.pages import Visitor

STRIPE = "Đang tập. Không có đơn thật, không mất tiền."
SAMPLES = "Dữ liệu mẫu, không có thật."
PAGES = [
    "/",
    "/san-pham",
    "/san-pham?q=khong-co-mon-nay",
    "/gio-hang",
    "/tra-cuu",
    "/tra-cuu/don",
    "/dang-nhap",
    "/bao-su-co",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_demo_says_that_nothing_is_real(visitor: Visitor, path: str) -> None:
    page = visitor.open(path)

    assert page.text.count(STRIPE) == 2
    assert SAMPLES in page.text


def test_a_page_that_is_not_there_says_so_too(visitor: Visitor) -> None:
    assert STRIPE in visitor.open("/khong-co-trang-nay", status=404).text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_says_so_before_a_seller_is_there(
    make_settings: MakeSettings, database_url: str, path: str
) -> None:
    from shop.app import create_app

    empty = create_app(make_settings(database_url=database_url))

    page = Visitor.of(empty.test_client()).open(path)

    assert STRIPE not in page.text
    assert SAMPLES not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_a_shop_that_sells_says_so(
    visitor: Visitor, app: Flask, app_session: Session, path: str
) -> None:
    make_seller(app_session, mode=SellerMode.LIVE)
    app_session.commit()

    assert STRIPE not in visitor.open(path).text


def test_the_page_of_a_product_entered_in_the_demo_says_so(
    visitor: Visitor, app_session: Session
) -> None:
    product = app_session.scalars(select(Product).where(Product.packs.any())).first()
    assert product is not None
    product.is_sample = False
    app_session.commit()

    assert SAMPLES in visitor.open(f"/san-pham/{product.slug}").text
