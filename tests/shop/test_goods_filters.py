"""A list of goods is narrowed step by step, and every step says what it would leave."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.models.catalog import Product
from tests.factories import make_certificate, make_level, make_pack, make_product, make_seller
from tests.shop.test_catalog_views import names
from tests.support.pages import Page, Visitor

LATER = date(2099, 1, 1)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def shelf(app_session: Session) -> dict[str, Product]:
    """Five goods of two cooperatives: the dearest has four stars, the roll three."""
    session = app_session
    hills = make_seller(session, slug="la-bang", short_name="HTX La Bằng")
    place = {"province": "Tỉnh Ninh Bình", "province_code": "37"}
    plain = make_seller(
        session, slug="non-khe", short_name="HTX Nộn Khê",
        commune="Xã Yên Từ", commune_code="14728", **place,
    )  # fmt: skip
    goods = {}
    for name, seller, kind, price in (
        ("Chè búp", hills, "Chè", 90_000),
        ("Chè đinh", hills, "Chè", 350_000),
        ("Mật ong", hills, "Mật", 150_000),
        ("Giò trứng", plain, "Giò", 95_000),
        ("Cơm cháy", plain, "Bánh", 45_000),
    ):
        goods[name] = make_product(session, seller, name=name, kind=kind)
        pack = make_pack(session, goods[name], price_vnd=price)
        if name != "Cơm cháy":
            make_level(session, pack, expires_on=LATER)
    for name, stars in (("Chè đinh", 4), ("Giò trứng", 3)):
        make_certificate(
            session, goods[name].seller, kind="ocop", products=[goods[name]],
            extra={"stars": stars}, issued_on=date(2026, 1, 1), expires_on=LATER,
        )  # fmt: skip
    session.commit()
    return goods


def options(page: Page, name: str) -> list[str]:
    """What a select offers, in words."""
    return [
        "".join(option.itertext()).strip()
        for select in page.root.iter("select")
        if select.get("name") == name
        for option in select.iter("option")
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("?sao=3", {"Chè đinh", "Giò trứng"}),
        ("?sao=4", {"Chè đinh"}),
        ("?sao=5", set()),
        ("?sao=9", {"Chè búp", "Chè đinh", "Mật ong", "Giò trứng", "Cơm cháy"}),
        ("?tu=100k", {"Chè đinh", "Mật ong"}),
        ("?tu=90.000&den=150.000đ", {"Chè búp", "Giò trứng", "Mật ong"}),
        ("?tu=150&den=90", {"Chè búp", "Giò trứng", "Mật ong"}),
        ("?tu=0&den=", {"Chè búp", "Chè đinh", "Mật ong", "Giò trứng", "Cơm cháy"}),
        ("?noi=37", {"Giò trứng", "Cơm cháy"}),
        ("?noi=14728", {"Giò trứng", "Cơm cháy"}),
        ("?tinh=37", {"Giò trứng", "Cơm cháy"}),
        ("?noi=14728&con=1&htx=non-khe&loai=Gi%C3%B2&sao=3&den=100k", {"Giò trứng"}),
    ],
)
def test_each_condition_leaves_what_meets_it(
    visitor: Visitor, shelf: dict[str, Product], address: str, expected: set[str]
) -> None:
    page = visitor.open(f"/san-pham{address}")

    assert set(names(page)) == expected


def test_a_star_whose_paper_has_ended_narrows_to_nothing(
    visitor: Visitor, app_session: Session
) -> None:
    product = make_product(app_session, make_seller(app_session), name="Chè")
    make_level(app_session, make_pack(app_session, product), expires_on=LATER)
    make_certificate(
        app_session, product.seller, kind="ocop", products=[product],
        extra={"stars": 5}, issued_on=date(2020, 1, 1), expires_on=date(2023, 1, 1),
    )  # fmt: skip
    app_session.commit()

    page = visitor.open("/san-pham?sao=3")

    assert names(page) == []
    assert names(visitor.open("/san-pham")) == ["Chè"]


def test_every_choice_is_counted_with_the_others_as_they_are(
    visitor: Visitor, shelf: dict[str, Product]
) -> None:
    page = visitor.open("/loc-hang?noi=37&con=1")

    assert options(page, "loai") == ["Tất cả", "Giò (1)"]
    assert options(page, "htx") == ["Tất cả", "HTX Nộn Khê (1)"]
    assert options(page, "noi") == [
        "Tất cả",
        "Ninh Bình (1)",
        "Xã Yên Từ, Ninh Bình (1)",
        "Thái Nguyên (3)",
        "Xã La Bằng, Thái Nguyên (3)",
    ]
    assert options(page, "sao") == ["Tất cả", "từ 3 sao (1)"]


def test_the_filters_are_a_page_that_leads_back_with_what_was_chosen(
    visitor: Visitor, shelf: dict[str, Product]
) -> None:
    filters = visitor.open("/san-pham?loai=Chè").follow("Lọc")

    page = filters.submit({"tu": "200k", "con": "1"}, press="Xem món")

    assert names(page) == ["Chè đinh"]
    assert "Lọc 2" in page.text
    assert set(names(page.follow("Bỏ điều kiện từ 200.000 ₫"))) == {"Chè búp", "Chè đinh"}


def test_a_choice_that_leaves_nothing_stays_chosen(
    visitor: Visitor, shelf: dict[str, Product]
) -> None:
    page = visitor.open("/loc-hang?htx=non-khe&sao=4&noi=19&loai=Mật")

    assert page.fields(press="Xem món") == {
        "loai": "Mật", "htx": "non-khe", "noi": "19", "sao": "4",
        "tu": "", "den": "", "xep": "stock",
    }  # fmt: skip


def test_an_empty_list_names_the_condition_that_brings_most_back(
    visitor: Visitor, shelf: dict[str, Product]
) -> None:
    page = visitor.open("/san-pham?noi=37&tu=500k")

    assert "Không có món nào vừa các điều kiện này." in page.text
    assert len(names(page.follow("Bỏ “từ 500.000 ₫”: còn 2 món"))) == 2


def test_a_price_that_cannot_be_read_comes_back_with_a_sentence(
    visitor: Visitor, shelf: dict[str, Product]
) -> None:
    page = visitor.open("/san-pham?den=rẻ&noi=37")

    assert page.fields(press="Xem món")["den"] == "rẻ"
    assert "Chưa đọc được giá “rẻ”" in page.text
    assert names(page.submit({"den": "50.000"}, press="Xem món")) == ["Cơm cháy"]


def test_the_button_learns_how_many_goods_are_left(
    client: FlaskClient, shelf: dict[str, Product]
) -> None:
    assert client.get("/loc-hang/dem?noi=37&con=1").text == "Xem 1 món"
    assert client.get("/loc-hang/dem?den=x").text == "Xem 5 món"
    assert client.get("/en/loc-hang/dem?con=1").text == "Show 4 items"
