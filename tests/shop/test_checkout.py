"""A buyer's way from the shelf to an order: list, product, cart, checkout, private page."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.models.catalog import Pack, Seller
from shop.models.inventory import StockLevel
from shop.models.orders import Order, OrderState
from tests.factories import (
    make_bank_account,
    make_commune,
    make_delivery,
    make_level,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.pages import Page, Visitor

BUYER = {
    "name": "Nguyễn Thị Hoa",
    "phone": "0912 345 678",
    "commune": "La Bằng",
    "street": "Xóm La Bằng",
}


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A seller that takes transfers and sends parcels."""
    made = make_seller(app_session, slug="htx-la-bang", short_name="HTX La Bằng")
    make_bank_account(app_session, made)
    make_delivery(app_session, made)
    make_commune(app_session)
    return made


@pytest.fixture
def pack(app_session: Session, seller: Seller) -> Pack:
    """Ten packs of tea on the shelf."""
    product = make_product(app_session, seller, slug="che-la-bang", name="Chè La Bằng")
    made = make_pack(app_session, product)
    make_level(app_session, made, on_hand=10, expires_on=date(2099, 1, 1))
    app_session.commit()
    return made


def fill_cart(visitor: Visitor) -> Page:
    return visitor.open("/san-pham").follow("Chè La Bằng").submit(press="Thêm vào giỏ")


def test_a_buyer_without_script_gets_from_the_list_to_a_private_order_page(
    visitor: Visitor, pack: Pack, app_session: Session
) -> None:
    cart = fill_cart(visitor)

    checkout = cart.follow("Đặt hàng")
    placed = checkout.submit(BUYER, press="Đặt hàng ·")

    order = app_session.scalars(select(Order)).one()
    level = app_session.scalars(select(StockLevel)).one()
    assert placed.path == f"/don-hang/{order.token}"
    assert "115.000 ₫" in placed.text
    assert (order.state, order.total_vnd) == (OrderState.AWAITING_PAYMENT, 115_000)
    assert (order.commune_code, order.province_code) == ("05818", "19")
    assert (level.on_hand, level.reserved) == (10, 1)
