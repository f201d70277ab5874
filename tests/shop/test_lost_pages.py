"""Addresses that were renamed, mistyped or made up: led on, helped, never a fault of ours."""

import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from shop.models.catalog import Product, ProductState
from shop.services import products
from shop.services.actors import SYSTEM
from shop.services.imports.product_drafts import draft_of
from tests.factories import NOW, make_level, make_pack, make_product, make_seller
from tests.support.pages import Visitor


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def tea(app_session: Session) -> Product:
    seller = make_seller(app_session, slug="htx-la-bang", short_name="HTX La Bằng")
    product = make_product(app_session, seller, slug="che-la-bang", name="Chè La Bằng")
    make_level(app_session, make_pack(app_session, product), lot="LB-1")
    app_session.commit()
    return product


def ask(client: FlaskClient, path: str, query: str = "") -> Any:
    """Return the answer to `path` as a server hands it over, whatever the client thinks of it."""
    raw = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    return client.get("/", environ_overrides=raw)


def rename(session: Session, product: Product, name: str) -> None:
    draft: Any = draft_of(product)
    values = {"version": product.version, "actor": SYSTEM, "now": NOW}
    products.change(session, product, replace(draft, name=name), **values)
    session.commit()


@pytest.mark.both_databases
def test_a_renamed_product_is_found_under_every_name_it_had(
    client: FlaskClient, app_session: Session, tea: Product
) -> None:
    rename(app_session, tea, "Chè xanh")
    rename(app_session, tea, "Chè đinh La Bằng")
    former = [client.get(f"/san-pham/{one}?x=1") for one in ("che-la-bang", "che-xanh")]
    english = client.get("/en/san-pham/che-xanh")
    rename(app_session, tea, "CHÈ XANH")
    back = client.get("/san-pham/che-xanh")
    other = client.get("/san-pham/che-dinh-la-bang")

    assert [one.status_code for one in former] == [308, 308]
    assert {one.location for one in former} == {"/san-pham/che-dinh-la-bang?x=1"}
    assert english.location == "/en/san-pham/che-dinh-la-bang"
    assert (back.status_code, other.location) == (200, "/san-pham/che-xanh")
    assert other.headers["Cache-Control"] == "no-cache"


def test_no_other_product_is_given_an_address_that_was_left(
    app_session: Session, tea: Product
) -> None:
    rename(app_session, tea, "Chè xanh")

    draft = draft_of(tea)
    wanted = replace(draft, name="Chè La Bằng", packs=())
    made = products.create(app_session, tea.seller, wanted, actor=SYSTEM, now=NOW)

    assert made.slug == "che-la-bang-2"


def test_marks_alone_and_drafts_leave_nothing_behind(
    client: FlaskClient, app_session: Session, tea: Product
) -> None:
    rename(app_session, tea, "Chè Lá Bàng")
    draft = make_product(
        app_session, tea.seller, slug="nhap", name="Nháp", state=ProductState.DRAFT
    )
    make_pack(app_session, draft)
    rename(app_session, draft, "Bản khác")

    assert tea.slug == "che-la-bang"
    assert draft.slug == "ban-khac"
    assert client.get("/san-pham/nhap").status_code == 404


NFD = quote(unicodedata.normalize("NFD", "chè-la-bằng"))
ODD = {
    "/san-pham/": "/san-pham",
    "//san-pham": "/san-pham",
    "/SAN-PHAM": "/san-pham",
    "/San-Pham//Che-La-Bang/": "/san-pham/che-la-bang",
    "/san-pham/CHE-LA-BANG": "/san-pham/che-la-bang",
    "/san-pham/che-la-bang/": "/san-pham/che-la-bang",
    f"/san-pham/{NFD}": "/san-pham/che-la-bang",
    f"/san-pham/{quote('Chè La Bằng')}": "/san-pham/che-la-bang",
    f"/{quote('sản-phẩm')}/{NFD}": "/san-pham/che-la-bang",
    "/htx/HTX-La-Bang/": "/htx/htx-la-bang",
    "/EN/san-pham": "/en/san-pham",
    "//en//san-pham/che-la-bang": "/en/san-pham/che-la-bang",
    "/en/san-pham/CHE-LA-BANG/": "/en/san-pham/che-la-bang",
    "/tra-cuu/": "/tra-cuu",
}


def test_an_address_written_otherwise_is_led_to_its_own_form_in_one_step(
    client: FlaskClient, tea: Product
) -> None:
    came = {odd: ask(client, odd, "trang=2") for odd in ODD}

    assert {odd: answer.location for odd, answer in came.items()} == {
        odd: f"{path}?trang=2" for odd, path in ODD.items()
    }
    assert {answer.status_code for answer in came.values()} == {308}
    assert {client.get(path).status_code for path in ODD.values()} == {200}


NOWHERE = [
    "/index.php", "/wp-login.php", "/.env", "/%00", "/san-pham/%00", "/san-pham/..%2f..%2fetc",
    "/san-pham/%FF%FE", "/%c0%ae%c0%ae/", "/htx/%E1%BA", "/san-pham/" + "a" * 5_000,
    "/01/%00/10/x",
    "/san-pham/a%2Fb", "/01/x/10/%F0%9F%8D%B5", "/lo/%00/%00", "/anh/..%2fx-320.webp",
    "/%2e%2e/x",
    "//xau.example/san-pham", "/san-pham/%0d%0aSet-Cookie:x", "/en/en/san-pham", "/EN/EN",
    "/the-xem/san-pham/x/y.jpg", "/sitemap-lo-999.xml", "/sitemap-trang-2.xml", "/\\xau.example",
]  # fmt: skip


@pytest.mark.both_databases
def test_made_up_addresses_are_missing_and_never_a_fault(
    client: FlaskClient, tea: Product
) -> None:
    came = {odd: ask(client, odd) for odd in NOWHERE}
    asked = {
        odd: client.get(f"/san-pham?{odd}")
        for odd in ("q=%FF", "trang=%00", "loai=%F0", "noi=%00", "q=" + "a" * 9_000)
    }

    assert {odd: one.status_code for odd, one in came.items() if one.status_code != 404} == {}
    assert {odd: one.status_code for odd, one in asked.items() if one.status_code >= 500} == {}


def test_a_page_that_is_missing_offers_goods_of_a_like_name_and_a_telephone(
    visitor: Visitor, tea: Product
) -> None:
    page = visitor.open("/san-pham/che-la-bag", status=404)
    english = visitor.open("/en/san-pham/che-la-bag", status=404)

    assert page.links()["Chè La Bằng"] == "/san-pham/che-la-bang"
    assert english.links()["Chè La Bằng"] == "/en/san-pham/che-la-bang"
    assert "tel:+84540001001" in page.body
    assert page.headers["Cache-Control"] == "no-cache"


def test_who_could_be_called_is_told_while_the_database_is_down(
    app: Flask, tea: Product, tmp_path: Any
) -> None:
    visitor = Visitor.of(app.test_client())
    visitor.open("/khong-co", status=404)
    whole = app.extensions["dacsan_engine"]
    app.extensions["dacsan_engine"] = create_engine(f"sqlite:///{tmp_path}/none/x.sqlite")

    down = visitor.open("/san-pham/che-la-bang", status=503)
    missing = visitor.open("/en/SAN-PHAM/CHE", status=404)
    app.extensions["dacsan_engine"] = whole

    assert "tel:+84540001001" in down.body
    assert "tel:+84540001001" in missing.body
    assert down.headers["Cache-Control"] == "no-store"
