"""A cart keeps what was put aside by seller, and tells what changed meanwhile."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import NotFound, OutOfStock
from shop.models.catalog import Pack, ProductState
from shop.models.orders import Cart
from shop.services import cart_substitutes, carts
from tests.factories import (
    NOW,
    TODAY,
    make_level,
    make_order,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.pages import Page, Visitor

LATER = date(2099, 1, 1)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


def put(session: Session, pack: Pack, quantity: int, token: str | None = None) -> str:
    token, _ = carts.add(session, token, pack_id=pack.id, quantity=quantity, now=NOW, today=TODAY)
    return token


def only_group(session: Session, token: str) -> carts.Group:
    (group,) = carts.review(session, carts.find(session, token), today=TODAY)
    return group


def on_shelf(session: Session, *, on_hand: int = 10, **product: Any) -> Pack:
    pack = make_pack(session, make_product(session, **product))
    make_level(session, pack, on_hand=on_hand, expires_on=LATER)
    return pack


def fetch_cart(visitor: Visitor, slug: str, quantity: int = 1) -> Page:
    page = visitor.open(f"/san-pham/{slug}")
    for _ in range(quantity):
        cart = page.submit(press="Thêm vào giỏ")
    return cart


@pytest.mark.both_databases
def test_one_press_that_comes_again_puts_in_nothing(session: Session) -> None:
    pack = on_shelf(session)
    token = None
    for press in ("a", "a", "b", "b", "", ""):
        token, entry = carts.add(
            session, token, pack_id=pack.id, quantity=1, now=NOW, today=TODAY, press=press
        )

    assert entry.quantity == 4


def test_the_same_pack_twice_is_one_line(session: Session) -> None:
    pack = on_shelf(session)

    token = put(session, pack, 2)
    put(session, pack, 3, token)

    assert [entry.quantity for entry in only_group(session, token).entries] == [5]


def test_a_cart_has_one_group_per_seller(session: Session) -> None:
    token = put(session, on_shelf(session), 1)
    put(session, on_shelf(session), 2, token)

    groups = carts.review(session, carts.find(session, token), today=TODAY)

    assert [group.goods_vnd for group in groups] == [90_000, 180_000]


def test_no_more_goes_in_than_is_in_stock(session: Session) -> None:
    pack = on_shelf(session, on_hand=3)

    token = put(session, pack, 50)

    assert only_group(session, token).entries[0].quantity == 3


def test_a_pack_that_is_sold_out_does_not_go_in(session: Session) -> None:
    pack = make_pack(session)

    with pytest.raises(OutOfStock):
        put(session, pack, 1)


def test_a_pack_that_is_not_on_offer_does_not_go_in(session: Session) -> None:
    pack = on_shelf(session, state=ProductState.DRAFT)

    with pytest.raises(NotFound):
        put(session, pack, 1)


def test_a_line_is_cut_to_what_is_left_and_says_so(session: Session) -> None:
    pack = on_shelf(session, on_hand=5)
    token = put(session, pack, 4)

    make_order(session, pack, quantity=3)
    entry = only_group(session, token).entries[0]

    assert (entry.wanted, entry.quantity, entry.is_cut) == (4, 2, True)


def test_a_changed_price_is_remembered_until_the_line_is_touched(session: Session) -> None:
    pack = on_shelf(session)
    token = put(session, pack, 1)
    pack.price_vnd = 95_000
    session.flush()

    before = only_group(session, token).entries[0].old_price_vnd
    cart = carts.find(session, token)
    assert cart is not None
    carts.change(session, cart, pack_id=pack.id, quantity=2, now=NOW)

    assert before == 90_000
    assert only_group(session, token).entries[0].old_price_vnd is None


def test_the_database_keeps_a_hash_of_the_token_alone(session: Session) -> None:
    token = put(session, on_shelf(session), 1)

    assert session.scalars(select(Cart.token_hash)).one() != token
    assert carts.find(session, "another") is None


def test_a_former_order_fills_the_cart_once_however_often_it_is_asked(session: Session) -> None:
    pack, gone = on_shelf(session, on_hand=9), on_shelf(session, on_hand=2)
    order = make_order(session, pack, quantity=2)
    order_of_all = make_order(session, gone, quantity=2)

    token = carts.fill_again(session, None, order, now=NOW)
    again = carts.fill_again(session, token, order, now=NOW)
    carts.fill_again(session, token, order_of_all, now=NOW)

    groups = carts.review(session, carts.find(session, token), today=TODAY)
    assert again == token
    assert [[(e.wanted, e.quantity) for e in g.entries] for g in groups] == [[(2, 2)], [(2, 0)]]


@pytest.mark.parametrize("pick", ["same product", "same kind", "nothing"])
def test_instead_of_what_is_gone_the_nearest_is_offered(session: Session, pick: str) -> None:
    gone = on_shelf(session, on_hand=1, name="Giò trứng", kind="Giò chả")
    token = put(session, gone, 1)
    make_order(session, gone)
    seller = gone.product.seller
    alike = on_shelf(session, seller=seller, name="Giò lụa", kind="Giò chả")
    on_shelf(session, seller=seller, name="Cơm cháy", kind="Bánh")
    on_shelf(session, name="Giò nơi khác", kind="Giò chả")
    far, near = (
        make_pack(session, gone.product, label=f"cây {net} g", net_quantity=net)
        for net in (1_000, 300)
    )
    if pick == "same product":
        for pack in (far, near):
            make_level(session, pack, expires_on=LATER)
    if pick == "nothing":
        alike.is_offered = False
        session.flush()

    found = cart_substitutes.substitutes(session, [only_group(session, token)], today=TODAY)

    expected = {"same product": {gone.id: near}, "same kind": {gone.id: alike}, "nothing": {}}
    assert found == expected[pick]


def test_one_tap_takes_the_other_pack_instead(visitor: Visitor, app_session: Session) -> None:
    pack = on_shelf(app_session, slug="gio", name="Giò", on_hand=2)
    big = make_pack(app_session, pack.product, label="Cây 1 kg", net_quantity=1_000)
    big.price_vnd = 180_000
    make_level(app_session, big, expires_on=LATER)
    app_session.commit()
    fetch_cart(visitor, "gio", quantity=2)
    make_order(app_session, pack, quantity=2)
    app_session.commit()

    page = visitor.open("/gio-hang").submit(press="Lấy cây 1 kg thay, 180.000 ₫")

    assert "Giò, Cây 1 kg" in page.text
    assert "360.000 ₫" in page.text
    assert "vừa hết hàng" not in page.text


def test_nothing_strange_takes_the_place_of_a_pack(visitor: Visitor, app_session: Session) -> None:
    pack = on_shelf(app_session, slug="che", name="Chè")
    empty = make_pack(app_session, make_product(app_session))
    app_session.commit()
    token = fetch_cart(visitor, "che").fields(form="/gio-hang/sua")["csrf_token"]

    answers = [
        visitor.post("/gio-hang/thay", {"csrf_token": str(token)} | values).status
        for values in (
            {"pack": str(pack.id), "by": "9999"},
            {"pack": str(pack.id), "by": str(empty.id)},
            {"pack": "9999", "by": str(pack.id)},
            {"pack": str(pack.id)},
            {},
        )
    ]

    assert answers == [404, 409, 404, 404, 404]


def test_a_buyer_without_script_counts_up_and_down_and_takes_out(
    visitor: Visitor, app_session: Session
) -> None:
    on_shelf(app_session, slug="che", name="Chè")
    app_session.commit()
    cart = fetch_cart(visitor, "che")

    two = cart.submit({"step": "+1"}, form="/gio-hang/sua")
    one = two.submit({"step": "-1"}, form="/gio-hang/sua")
    typed = one.submit({"quantity": "7"}, form="/gio-hang/sua")
    none = typed.submit({"remove": "1"}, form="/gio-hang/sua")

    assert "180.000 ₫" in two.text
    assert "180.000 ₫" not in one.text
    assert "630.000 ₫" in typed.text
    assert "Giỏ chưa có gì." in none.text


def test_the_cart_tells_a_changed_price_and_stock_in_words(
    visitor: Visitor, app_session: Session
) -> None:
    pack = on_shelf(app_session, slug="che", name="Chè", on_hand=3)
    app_session.commit()
    fetch_cart(visitor, "che", quantity=3)
    pack.price_vnd = 95_000
    make_order(app_session, pack, quantity=1)
    app_session.commit()

    page = visitor.open("/gio-hang")

    assert "Giá Chè, gói 200 g vừa đổi: 90.000 ₫ thành 95.000 ₫." in page.text
    assert "Chè, gói 200 g chỉ còn 2 gói. Đã sửa giỏ thành 2." in page.text
    assert "190.000 ₫" in page.text


def test_what_is_gone_is_said_and_not_counted(visitor: Visitor, app_session: Session) -> None:
    pack = on_shelf(app_session, slug="che", name="Chè", on_hand=1)
    app_session.commit()
    fetch_cart(visitor, "che")
    make_order(app_session, pack)
    app_session.commit()

    page = visitor.open("/gio-hang")

    assert "Chè, gói 200 g vừa hết hàng nên không tính vào đơn." in page.text
    assert "Đặt hàng" not in page.text


def test_each_seller_has_a_way_to_order_of_its_own(visitor: Visitor, app_session: Session) -> None:
    for slug in ("mot", "hai"):
        seller = make_seller(app_session, slug=f"htx-{slug}", short_name=f"HTX {slug}")
        on_shelf(app_session, slug=slug, seller=seller)
    app_session.commit()
    fetch_cart(visitor, "mot")

    cart = fetch_cart(visitor, "hai")

    assert 'href="/dat-hang?seller=htx-mot"' in cart.body
    assert 'href="/dat-hang?seller=htx-hai"' in cart.body


def test_the_count_is_a_fragment_of_its_own(client: FlaskClient, app_session: Session) -> None:
    pack = on_shelf(app_session)
    app_session.commit()

    empty = client.get("/gio-hang/dem")
    client.post("/gio-hang", data={"pack": pack.id, "quantity": "2"})
    filled = client.get("/gio-hang/dem")

    assert (empty.text, filled.text) == ("0", "2")
    assert filled.mimetype == "text/plain"
    assert filled.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Referer": "http://localhost/san-pham/che"}, 303),
        ({"Referer": "https://evil.example/"}, 403),
        ({}, 303),
    ],
)
def test_only_a_page_of_ours_may_put_into_the_cart(
    client: FlaskClient, app_session: Session, headers: dict[str, str], status: int
) -> None:
    pack = on_shelf(app_session)
    app_session.commit()

    came = client.post("/gio-hang", data={"pack": pack.id}, headers=headers)

    assert came.status_code == status


def test_other_forms_need_their_token(client: FlaskClient, app_session: Session) -> None:
    pack = on_shelf(app_session)
    app_session.commit()

    came = client.post("/gio-hang/sua", data={"pack": pack.id, "quantity": "2"})

    assert came.status_code == 400


def test_the_cart_cookie_is_kept_from_scripts_and_other_sites(
    client: FlaskClient, app_session: Session
) -> None:
    pack = on_shelf(app_session)
    app_session.commit()

    cookie = client.post("/gio-hang", data={"pack": pack.id}).headers["Set-Cookie"]

    assert cookie.startswith("gio=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
