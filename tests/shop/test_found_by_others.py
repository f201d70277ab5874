"""Search engines, Zalo and marts find the pages and read what is true, and nothing private."""

import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageChops
from sqlalchemy.orm import Session

from shop import clock
from shop.models.batches import BatchState
from shop.models.catalog import Product, Seller, SellerMode
from shop.models.reviews import ProductRating
from shop.services.share_cards import LARGEST_BYTES, Words, draw
from tests.factories import (
    make_batch,
    make_certificate,
    make_delivery,
    make_level,
    make_notice,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.pages import Visitor

BASE = "http://127.0.0.1:8000"
REQUIRED = {
    "WebSite": {"name", "url", "potentialAction"},
    "Product": {"name"},
    "Offer": {"price", "priceCurrency", "availability", "url", "sku", "seller"},
    "Store": {"name", "url", "telephone", "address"},
    "Organization": {"name"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"itemListElement"},
    "AggregateRating": {"ratingValue", "ratingCount", "bestRating"},
    "Certification": {"name", "certificationIdentification", "issuedBy", "validFrom"},
    "OfferShippingDetails": {"shippingRate", "shippingDestination"},
}
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
GOODS = "{http://base.google.com/ns/1.0}"


def things(body: str) -> list[dict[str, Any]]:
    """Return the things of schema.org that a page tells."""
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    assert block is not None
    return list(json.loads(block[1])["@graph"])


def every(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every thing in `value`, those within others too."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from every(one)
    elif isinstance(value, list):
        for one in value:
            yield from every(one)


def of_type(body: str, name: str) -> list[dict[str, Any]]:
    return [one for one in every(things(body)) if one.get("@type") == name]


def head(body: str, pattern: str) -> str:
    found = re.search(pattern, body)
    assert found is not None, pattern
    return found[1]


def picture(body: str) -> str:
    return head(body, r'property="og:image" content="([^"]+)"')


def locations(client: FlaskClient, address: str) -> list[str]:
    """Return the addresses in a map, which are all of this site."""
    found = [
        node.text or "" for node in ET.fromstring(client.get(address).data).iter(f"{MAPS}loc")
    ]
    assert all(one.startswith(f"{BASE}/") for one in found)
    return [one.removeprefix(BASE) for one in found]


def mapped(client: FlaskClient) -> list[str]:
    return [page for part in locations(client, "/sitemap.xml") for page in locations(client, part)]


@pytest.fixture
def demo_pages(client: FlaskClient) -> dict[str, str]:
    """Some pages of each kind of the demo, in both languages."""
    addresses = ["/", "/san-pham", "/san-pham?con=1"]
    kinds = locations(client, "/sitemap.xml")
    for part in kinds[1:]:
        addresses += locations(client, part)[:8]
    return {address: client.get(address).text for address in addresses}


def test_every_page_tells_what_it_is_about_with_all_that_is_required(
    demo_pages: dict[str, str],
) -> None:
    seen = set()
    for address, body in demo_pages.items():
        if "application/ld+json" not in body:
            assert "/dieu-khoan" in address or "/gia" in address or "/htx/" in address, address
            continue
        for thing in every(things(body)):
            kind = str(thing.get("@type", ""))
            seen.add(kind)
            assert REQUIRED.get(kind, set()) - set(thing) == set(), (address, kind)
            assert not any(value in (None, "") for value in thing.values()), (address, thing)

    assert set(REQUIRED) - {"AggregateRating"} <= seen


def test_the_head_of_a_page_names_itself_its_languages_and_its_picture(
    demo_pages: dict[str, str],
) -> None:
    for address, body in demo_pages.items():
        plain = re.sub(r"^/en(?=/)", "", address)
        languages = dict(re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', body))

        assert head(body, r'rel="canonical" href="([^"]+)"') == BASE + address
        assert head(body, r'property="og:url" content="([^"]+)"') == BASE + address
        assert languages == {
            "vi": BASE + plain,
            "en": f"{BASE}/en{plain}",
            "x-default": BASE + plain,
        }
        assert len(head(body, r'name="description" content="([^"]+)"')) > 10
        assert picture(body).startswith(f"{BASE}/")
        assert body.count('property="og:title"') == 1


@pytest.fixture
def tea(app_session: Session, empty_shop: None) -> Product:
    seller = make_seller(app_session, slug="htx-la-bang", short_name="HTX La Bằng")
    make_delivery(app_session, seller)
    product = make_product(app_session, seller, slug="che-la-bang", name="Chè La Bằng")
    make_level(app_session, make_pack(app_session, product), lot="LB-1")
    app_session.commit()
    return product


@pytest.fixture
def empty_shop() -> None:
    """Named by the tests that put their own goods on the shelf."""


class TestOwnGoods:
    """On an empty database."""

    @pytest.fixture
    def demo_database_url(self, database_url: str) -> str:
        return database_url

    def test_an_offer_says_price_stock_and_only_numbers_that_are_licensed(
        self, client: FlaskClient, app_session: Session, tea: Product
    ) -> None:
        make_pack(
            app_session, tea, sku="LB-500", gtin="09521321100009", gtin_is_internal=False,
            price_vnd=210_000,
        )  # fmt: skip
        app_session.commit()

        offers = {
            one["sku"]: one for one in of_type(client.get("/san-pham/che-la-bang").text, "Offer")
        }

        own, licensed = offers[tea.packs[0].sku], offers["LB-500"]
        assert (own["price"], own["priceCurrency"]) == (90_000, "VND")
        assert own["availability"] == "https://schema.org/InStock"
        assert licensed["availability"] == "https://schema.org/OutOfStock"
        assert "gtin" not in own
        assert licensed["gtin"] == "09521321100009"
        assert own["shippingDetails"]["shippingRate"]["currency"] == "VND"
        terms = urlsplit(own["hasMerchantReturnPolicy"]["merchantReturnLink"]).path
        assert "Khi nào được đổi, trả" in client.get(terms).text

    def test_a_name_cannot_end_the_block_of_data(
        self, visitor: Visitor, app_session: Session, tea: Product
    ) -> None:
        tea.name = "</script><script>alert(1)</script><!-- \u2028 &amp;"
        app_session.commit()

        page = visitor.open("/san-pham/che-la-bang")

        assert of_type(page.body, "Product")[0]["name"] == tea.name
        assert "<script>alert" not in page.body

    def test_only_papers_that_hold_today_and_reviews_that_are_shown_are_told(
        self, client: FlaskClient, app_session: Session, tea: Product
    ) -> None:
        today = clock.today()
        make_certificate(app_session, tea.seller, products=[tea], number="CON-HAN")
        make_certificate(
            app_session, tea.seller, products=[tea], number="HET", expires_on=today - timedelta(1)
        )
        app_session.commit()

        before = client.get("/san-pham/che-la-bang").text
        app_session.add(ProductRating(product_id=tea.id, stars_5=2, stars_4=1))
        app_session.commit()
        after = client.get("/san-pham/che-la-bang").text

        told = [one["certificationIdentification"] for one in of_type(before, "Certification")]
        assert told == ["CON-HAN"]
        assert of_type(before, "AggregateRating") == []
        rating = of_type(after, "AggregateRating")[0]
        assert (rating["ratingValue"], rating["ratingCount"]) == (4.7, 3)

    def test_a_recall_changes_the_picture_and_leads_the_old_one_to_it(
        self, client: FlaskClient, app_session: Session, tea: Product
    ) -> None:
        batch = make_batch(app_session, tea, lot="LB-0")
        make_level(app_session, tea.packs[0], batch=batch)
        app_session.commit()
        path = f"/01/{tea.packs[0].gtin}/10/LB-0"
        before = picture(client.get(path).text).removeprefix(BASE)
        sold = client.get(before)

        batch.state = BatchState.RECALLED
        make_notice(app_session, batch)
        app_session.commit()
        page = client.get(path).text
        after = picture(page).removeprefix(BASE)
        old = client.get(before)
        red = client.get(after)

        assert before != after
        assert (old.status_code, old.location) == (302, after)
        assert old.headers["Cache-Control"] == "no-store"
        assert "Đang thu hồi." in head(page, r'property="og:description" content="([^"]+)"')
        assert red.headers["Cache-Control"] == "no-cache"
        assert _share(red.data, (152, 19, 19)) > 0.02 > _share(sold.data, (152, 19, 19))

    def test_the_map_and_the_feed_leave_out_training_that_the_world_can_reach(
        self, app: Flask, client: FlaskClient, app_session: Session, tea: Product
    ) -> None:
        school = make_seller(app_session, slug="truong", mode=SellerMode.TRAINING)
        make_level(
            app_session, make_pack(app_session, make_product(app_session, school, slug="tap"))
        )
        app_session.commit()
        here, feed_here = mapped(client), client.get("/nguon-hang.xml").text
        tea.seller.mode = SellerMode.TRAINING
        app_session.commit()
        alone = mapped(client)
        app.extensions["dacsan_settings"].public_url = "https://htx.example"
        outside = client.get("/sitemap-trang-1.xml", base_url="https://htx.example")

        assert "/san-pham/che-la-bang" in here
        assert "/san-pham/tap" not in here
        assert "/san-pham/tap<" not in feed_here
        assert {"/san-pham/che-la-bang", "/san-pham/tap", "/htx/truong"} <= set(alone)
        assert outside.text.count("<loc>") == 0
        assert (
            client.get("/sitemap-san-pham-1.xml", base_url="https://htx.example").status_code
            == 404
        )

    def test_the_feed_gives_each_pack_with_its_price_and_what_is_left(
        self, client: FlaskClient, app_session: Session, tea: Product
    ) -> None:
        make_pack(
            app_session, tea, sku="LB-500", gtin="09521321100009", gtin_is_internal=False,
            price_vnd=210_000,
        )  # fmt: skip
        app_session.commit()

        answer = client.get("/nguon-hang.xml")
        items = [
            {node.tag.removeprefix(GOODS): node.text for node in item}
            for item in ET.fromstring(answer.data).iter("item")
        ]

        assert answer.content_type == "application/xml; charset=utf-8"
        assert [(one["mpn"], one["price"], one["availability"]) for one in items] == [
            (tea.packs[0].sku, "90000 VND", "in_stock"),
            ("LB-500", "210000 VND", "out_of_stock"),
        ]
        assert [one.get("gtin") for one in items] == [None, "09521321100009"]
        assert {one["link"] for one in items} == {f"{BASE}/san-pham/che-la-bang"}
        assert len({one["id"] for one in items}) == 2


def _share(content: bytes, colour: tuple[int, int, int]) -> float:
    """Return which part of a picture has nearly this colour."""
    image = Image.open(io.BytesIO(content)).convert("RGB").resize((300, 158))
    flat = Image.new("RGB", image.size, colour)
    far = ImageChops.difference(image, flat).convert("L").point(lambda value: value > 24)
    near = far.histogram()[0]
    return near / (300 * 158)


def test_every_page_in_the_map_is_there_and_is_canonical(client: FlaskClient) -> None:
    pages = mapped(client)
    rules = [
        line.removeprefix("Disallow: ")
        for line in client.get("/robots.txt").text.splitlines()
        if line.startswith("Disallow: ")
    ]

    assert len(pages) == len(set(pages)) > 100
    for address in pages[::3]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert head(answer.text, r'rel="canonical" href="([^"]+)"') == BASE + address
        assert 'content="noindex"' not in answer.text
    assert [page for page in pages if page.startswith(tuple(rules))] == []


def test_a_map_says_when_goods_changed_and_shows_their_picture(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/sitemap-san-pham-1.xml").data)

    entries = list(root.iter(f"{MAPS}url"))
    assert entries
    for entry in entries:
        assert entry.findtext(f"{MAPS}lastmod", "").startswith("20")
        assert {link.get("hreflang") for link in entry.iter(LINK)} == {"vi", "en", "x-default"}
    image = next(
        node.text or ""
        for node in root.iter()
        if node.tag.endswith("}loc") and "image" in node.tag
    )
    png = client.get(urlsplit(image).path)
    assert Image.open(io.BytesIO(png.data)).size == (800, 800)


@pytest.mark.parametrize("address", ["/", "/san-pham", "/htx/{seller}", "/san-pham/{product}"])
def test_the_picture_of_a_link_is_as_large_as_zalo_wants_it(
    client: FlaskClient, app_session: Session, address: str
) -> None:
    seller = app_session.query(Seller).filter_by(slug="htx-che-la-bang").one_or_none()
    seller = seller or app_session.query(Seller).first()
    assert seller is not None
    product = app_session.query(Product).filter_by(seller_id=seller.id).first()
    assert product is not None
    page = client.get(address.format(seller=seller.slug, product=product.slug)).text

    answer = client.get(picture(page).removeprefix(BASE))

    assert answer.content_type == "image/jpeg"
    assert len(answer.data) < LARGEST_BYTES
    assert Image.open(io.BytesIO(answer.data)).size == (1200, 630)


def test_what_is_written_stands_on_the_picture_and_within_it() -> None:
    blank = Image.open(io.BytesIO(draw(Words("", "", (), "", "", ""), None))).convert("L")
    long = Words(
        "Giò trứng Nộn Khê " * 12, "HTX " * 40, (("Mã lô", "NKG-261119-01" * 4),), "", "MẪU", "x"
    )
    words = Words("Chè xanh", "HTX Chè", (("Mã lô", "LB-1"),), "", "", "htx.vn")

    few = Image.open(io.BytesIO(draw(words, None))).convert("L")
    many = Image.open(io.BytesIO(draw(long, None))).convert("L")

    for card in (few, many):
        changed = ImageChops.difference(blank, card).point(lambda value: 255 * (value > 60))
        box = changed.getbbox()
        assert box is not None
        assert box[0] >= 50
        assert box[3] <= 600
        assert changed.crop((50, 50, 640, 600)).histogram()[255] > 3_000


def test_a_picture_is_drawn_once_and_no_folder_is_left(client: FlaskClient) -> None:
    address = picture(client.get("/").text).removeprefix(BASE)

    first, second = client.get(address), client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.data == second.data
    assert again.status_code == 304
    assert client.get("/the-xem/hinh-mau/..%2fmark.png").status_code == 404
