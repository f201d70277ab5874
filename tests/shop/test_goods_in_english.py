"""Goods say in English what somebody wrote so, and what nobody did is marked as Vietnamese."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from shop.forms import product as product_form
from shop.forms.base import Fields
from shop.models.catalog import Product
from shop.models.people import AuditEntry, Role
from shop.services import products
from shop.services.actors import SYSTEM
from tests import factories
from tests.support.office import Office
from tests.support.pages import Page, Visitor

GLOSS = "Green tea from La Bằng"
TYPED = {
    "en_name": f"  {GLOSS} ",
    "en_description": "Picked in the morning mist.",
    "en_ingredients": "Fresh tea buds 100%\n\nJasmine",
    "en_storage": "Keep dry & cool",
    "en_directions": "Infuse for 1 minute",
    "en_cautions": "Contains caffeine",
    "packs-0-label_en": "Hook-shaped leaves, 200 g pack",
}


@pytest.fixture
def tea(office: Office) -> int:
    product = factories.make_product(
        office.session,
        office.seller,
        name="Chè xanh La Bằng",
        slug="che-xanh",
        storage="Nơi khô, mát",
        ingredients=["Búp chè tươi 100 %"],
        description="Hái lúc sương sớm.",
    )
    pack = factories.make_pack(office.session, product, label="Chè móc câu, gói 200 g")
    office.level(pack=pack)
    return product.id


@pytest.fixture
def buyer(app: Flask) -> Visitor:
    return Visitor.of(app.test_client())


def written(office: Office, tea: int, *, status: int = 200, **more: str) -> Page:
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/san-pham/{tea}")
    return form.submit(TYPED | more, press="Lưu", status=status)


def marked(page: Page) -> list[str]:
    """Return what the page says is Vietnamese."""
    found = page.root.iterfind(".//main//*[@lang='vi']")
    return [" ".join("".join(one.itertext()).split()) for one in found]


@pytest.mark.both_databases
def test_what_the_office_writes_in_english_stands_on_english_pages_alone(
    office: Office, buyer: Visitor, tea: int
) -> None:
    written(office, tea)

    english = buyer.open("/en/san-pham/che-xanh")
    vietnamese = buyer.open("/san-pham/che-xanh")

    said = [GLOSS, *list(TYPED.values())[1:]]
    said[2:3] = ["Fresh tea buds 100%, Jasmine"]
    assert [words for words in said if words not in english.text] == []
    assert [words for words in said if words in vietnamese.text] == []
    assert english.heading == vietnamese.heading == "Chè xanh La Bằng"
    assert set(marked(english)) == {"Chè xanh La Bằng", "Gửi chuyển phát"}
    assert marked(vietnamese) == []


def test_what_nobody_wrote_in_english_is_marked_as_vietnamese(
    office: Office, buyer: Visitor, tea: int
) -> None:
    page = buyer.open("/en/san-pham/che-xanh")

    assert {
        "Chè xanh La Bằng",
        "Chè móc câu, gói 200 g",
        "Nơi khô, mát",
        "Búp chè tươi 100 %",
        "Hái lúc sương sớm.",
    } <= set(marked(page))


def test_a_card_says_what_its_goods_are(office: Office, buyer: Visitor, tea: int) -> None:
    bare = buyer.open("/en/san-pham").text
    written(office, tea)

    listed, plain = buyer.open("/en/san-pham").text, buyer.open("/san-pham").text

    assert "200 g pack" in bare
    assert "200 g pack" in listed
    assert GLOSS in listed
    assert GLOSS not in plain
    assert "gói 200 g" in plain


def test_a_kind_of_goods_has_its_english_name_in_the_filters(
    office: Office, buyer: Visitor, tea: int
) -> None:
    page = buyer.open("/en/san-pham?loai=Ch%C3%A8")

    assert page.heading == "Tea"
    assert "Tea (1)" in page.text


def test_the_change_is_told_and_the_form_shows_what_was_written(
    office: Office, buyer: Visitor, tea: int
) -> None:
    page = written(office, tea)

    fields = page.fields(press="Lưu")
    assert {name: fields[name] for name in TYPED} == TYPED | {
        "en_name": GLOSS,
        "en_ingredients": "Fresh tea buds 100%\nJasmine",
    }
    (entry,) = office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "product_changed")
    ).all()
    assert set(entry.after) == {"english", "labels_en"}
    office.session.commit()
    history = office.visitor().open("/quan-ly/lich-su").text
    assert "lời tiếng Anh" in history
    assert GLOSS in history


def test_an_emptied_field_shows_the_vietnamese_again(
    office: Office, buyer: Visitor, tea: int
) -> None:
    written(office, tea)
    written(office, tea, **dict.fromkeys(TYPED, ""))

    page = buyer.open("/en/san-pham/che-xanh")

    assert "Nơi khô, mát" in marked(page)
    assert GLOSS not in page.text


def test_a_change_that_does_not_ask_for_english_keeps_it(
    office: Office, buyer: Visitor, tea: int
) -> None:
    written(office, tea)
    session = office.session
    product = session.get_one(Product, tea)
    typed = product_form.as_typed(product)
    read = product_form.read_product(Fields(typed), typed, [])
    assert read is not None
    packs = [replace(pack, label_en=None) for pack in read.packs]
    draft = replace(read, english=None, packs=packs, storage="Nơi thoáng")
    products.change(session, product, draft, version=product.version, actor=SYSTEM, now=office.now)
    session.commit()

    page = buyer.open("/en/san-pham/che-xanh").text
    assert GLOSS in page
    assert "Hook-shaped leaves" in page
    assert "Nơi thoáng" in buyer.open("/san-pham/che-xanh").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("en_name", "x" * 121, "Dài quá"),
        ("en_storage", "y" * 301, "Dài quá"),
        ("packs-0-label_en", "z" * 81, "Dài quá"),
        ("en_description", "\ufffd tea", "hỏng"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(
    office: Office, tea: int, field: str, typed: str, said: str
) -> None:
    page = written(office, tea, status=422, **{field: typed})

    fault = page.root.find(f".//*[@id='loi-{field}']")
    assert fault is not None
    assert said in "".join(fault.itertext())
    assert page.fields(press="Lưu")[field] == typed
    assert page.root.find(".//details[@id='phan-tieng-anh'][@open]") is not None


def test_a_seller_tells_who_it_is_in_english(office: Office, buyer: Visitor, tea: int) -> None:
    form = office.visitor().open("/quan-ly/cua-hang/thong-tin")
    form.submit({"about": "Làm chè.", "about_en": "We make tea."}, press="Lưu")

    path = f"/htx/{office.seller.slug}"
    assert "We make tea." in buyer.open(f"/en{path}").text
    assert "Làm chè." in buyer.open(path).text
    assert "We make tea." in buyer.open("/en/").text
