"""English pages translate our own words; what people typed stays as it was."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.forms.product import UNITS
from shop.models.batches import Batch, BatchPack, BatchState
from shop.models.catalog import Pack
from shop.pages.allergen_words import allergen
from shop.pages.place_words import place
from shop.pages.unit_words import container, counted
from tests.support.pages import Visitor

ENGLISH = {"SCRIPT_NAME": "/en"}


@pytest.mark.parametrize(
    ("name", "vietnamese", "english"),
    [
        ("Tỉnh Thái Nguyên", "tỉnh Thái Nguyên", "Thái Nguyên province"),
        ("huyện Yên Mô", "huyện Yên Mô", "Yên Mô district"),
        ("Xã La Bằng", "xã La Bằng", "La Bằng commune"),
        ("thành phố Huế (trước 2025)", "thành phố Huế (trước 2025)", "Huế city (trước 2025)"),
        ("Chợ Bến Dầu", "chợ Bến Dầu", "Chợ Bến Dầu"),
    ],
)
def test_the_unit_of_a_place_is_translated(
    app: Flask, name: str, vietnamese: str, english: str
) -> None:
    with app.test_request_context("/"):
        in_vietnamese = place(name)
    with app.test_request_context("/", environ_overrides=ENGLISH):
        in_english = place(name)

    assert (in_vietnamese, in_english) == (vietnamese, english)


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("trứng", "egg"),
        ("cá (nước mắm)", "fish (fish sauce)"),
        ("lạc (đậu phộng)", "peanuts"),
        ("gluten (mạch nha, có thể)", "gluten (malt, possibly)"),
        ("phấn hoa keo", "phấn hoa keo"),
    ],
)
def test_an_allergen_is_translated_whole_or_stays(app: Flask, typed: str, english: str) -> None:
    with app.test_request_context("/", environ_overrides=ENGLISH):
        assert allergen(typed) == english


def test_every_container_that_the_office_offers_has_its_english(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides=ENGLISH):
        untold = [unit for unit in UNITS if container(unit) == unit]

    assert untold == []


def test_containers_are_counted_in_english_and_unknown_ones_stay(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides=ENGLISH):
        said = [counted(1, "gói"), counted(2, "gói"), counted(2, "ống tre")]

    assert said == ["1 pack", "2 packs", "2 ống tre"]


def test_english_pages_of_the_demo_say_no_vietnamese_unit(
    visitor: Visitor, app_session: Session
) -> None:
    found = app_session.scalars(
        select(BatchPack)
        .join(Batch)
        .join(Pack)
        .where(Batch.state == BatchState.RELEASED, Pack.unit == "cây")
        .order_by(Batch.expires_on.desc())
    ).first()
    assert found is not None
    product = found.pack.product

    batch = visitor.open(f"/en/01/{found.pack.gtin}/10/{found.batch.lot}").text
    goods = visitor.open(f"/en/san-pham/{product.slug}").text
    home = visitor.open("/en/").text

    assert "formerly Yên Mô district" in batch
    assert " rolls" in batch
    assert "Contains egg, fish (fish sauce)" in goods
    assert "Thái Nguyên province" in home
    assert not any("Tỉnh " in page for page in (batch, goods, home))
