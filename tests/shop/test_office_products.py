"""The product form of the office, over HTTP: what people type, what is kept, what is refused."""

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.db import READ_ONLY, open_session
from shop.demo import PASSWORD
from shop.errors import NotAllowed
from shop.models.catalog import (
    PHOTO_LARGE,
    PHOTO_WIDTHS,
    NetUnit,
    Pack,
    Photo,
    Product,
    ProductState,
)
from shop.models.people import AuditEntry, Role
from shop.services import photos
from shop.services.actors import SYSTEM, account_actor
from tests.factories import NOW, make_account, make_product, make_seller
from tests.support.pages import Page, Visitor
from tests.support.second_step import enter

OFFICE, DIRECTOR_ELSEWHERE, TECHNICIAN = "0540000002", "0540000009", "0540000003"
NEW = "/quan-ly/san-pham/moi"
TEA = {
    "name": "Chè nõn La Bằng",
    "kind": "Chè",
    "ingredients": "Búp chè tươi 100 %",
    "no_allergens": "1",
    "storage": "Nơi khô, mát, tránh nắng",
    "shelf_life_days": "540",
    "packs-0-label": "gói 200 g",
    "packs-0-net": "200",
    "packs-0-price": "90k",
}


@pytest.fixture
def app_session(app: Flask) -> Iterator[Session]:
    """A session that only reads, so that it keeps no request waiting."""
    extensions = app.extensions
    with open_session(
        extensions["dacsan_engine"], extensions["dacsan_settings"], **READ_ONLY
    ) as opened:
        yield opened


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Visitor]:
    """Sign somebody of the demo in and return their browser."""

    def come(phone: str) -> Visitor:
        visitor = Visitor.of(app.test_client())
        enter(visitor, phone, PASSWORD)
        return visitor

    return come


@pytest.fixture
def office(sign_in: Callable[[str], Visitor]) -> Visitor:
    """The clerk of the tea cooperative."""
    return sign_in(OFFICE)


@pytest.fixture
def case(shared: Path) -> Callable[[str], tuple[dict[str, Any], dict[str, Any]]]:
    """What is typed in one case of bad input, and what is expected of it."""
    folder = shared / "data/bad_input"
    cases = json.loads((folder / "index.json").read_text("utf-8"))["cases"]
    known = {one["id"]: one for one in cases}

    def load(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        payload = json.loads((folder / known[name]["file"]).read_text("utf-8"))["payload"]
        return payload, known[name]["expected"]

    return load


def newest(session: Session) -> Product:
    session.rollback()
    return session.scalars(select(Product).order_by(Product.id.desc()).limit(1)).one()


def test_a_clerk_writes_down_a_product_and_sells_it(office: Visitor, app_session: Session) -> None:
    form = office.open(NEW)

    saved = form.submit(TEA, press="Lưu và bán")

    product = newest(app_session)
    assert "Đã lưu Chè nõn La Bằng." in saved.text
    assert product.state is ProductState.PUBLISHED
    assert product.allergens_stated
    assert [(pack.net_quantity, pack.price_vnd) for pack in product.packs] == [(200, 90_000)]
    assert product.packs[0].gtin.startswith("020")
    assert office.open(f"/san-pham/{product.slug}").heading == "Chè nõn La Bằng"


def test_a_draft_is_on_no_public_page(office: Visitor, app_session: Session) -> None:
    office.open(NEW).submit(TEA | {"name": "Chè nháp", "act": "save"}, press="Lưu")

    product = newest(app_session)

    assert product.state is ProductState.DRAFT
    office.open(f"/san-pham/{product.slug}", status=404)


def test_what_a_buyer_must_know_is_asked_for_before_it_is_sold(
    office: Visitor, app_session: Session
) -> None:
    form = office.open(NEW)

    page = form.submit(TEA | {"no_allergens": [], "storage": ""}, press="Lưu và bán", status=409)

    assert "chất gây dị ứng" in page.text
    assert "cách bảo quản" in page.text
    assert newest(app_session).state is ProductState.DRAFT


def test_a_refused_form_keeps_what_was_typed_and_says_where(office: Visitor) -> None:
    form = office.open(NEW)

    page = form.submit(TEA | {"packs-0-price": "50,5"}, press="Lưu", status=422)

    typed = page.fields(press="Lưu")
    assert typed["packs-0-price"] == "50,5"
    assert typed["storage"] == TEA["storage"]
    assert "Còn 1 chỗ cần sửa" in page.text


@pytest.mark.parametrize("name", ["S01", "S02"])
def test_prices_are_read_as_people_write_them(
    office: Visitor, app_session: Session, case: Any, name: str
) -> None:
    payload, expected = case(name)

    office.open(NEW).submit(TEA | {"packs-0-price": payload["price"]}, press="Lưu")

    assert newest(app_session).packs[0].price_vnd == expected["normalised"]["price_vnd"]


@pytest.mark.parametrize("name", ["S03", "S04", "S08", "S12"])
def test_a_slip_is_refused_beside_its_field(
    office: Visitor, app_session: Session, case: Any, name: str
) -> None:
    payload, expected = case(name)
    typed = {
        "price": "packs-0-price",
        "net_weight": "packs-0-net",
        "net_unit": "packs-0-net_unit",
        "name": "name",
    }
    before = app_session.scalar(select(func.count()).select_from(Product))
    form = office.open(NEW)

    page = form.submit(
        TEA | {typed[key]: value for key, value in payload.items() if key in typed},
        press="Lưu",
        status=422,
    )

    said = page.text.lower()
    assert any(word in said for word in expected["error"]["message_must_mention_any_of"])
    app_session.rollback()
    assert app_session.scalar(select(func.count()).select_from(Product)) == before


def test_an_unlikely_weight_is_saved_once_it_is_confirmed(
    office: Visitor, app_session: Session
) -> None:
    heavy = TEA | {"packs-0-net": "500", "packs-0-net_unit": "kg"}
    asked = office.open(NEW).submit(heavy, press="Lưu", status=422)

    asked.submit({"packs-0-sure": "1"}, press="Lưu")

    assert newest(app_session).packs[0].net_quantity == 500_000


@pytest.mark.parametrize(
    ("name", "field"), [("S13", "description"), ("S14", "name"), ("S16", "name")]
)
def test_honest_text_is_kept_as_it_is_meant(
    office: Visitor, app_session: Session, case: Any, name: str, field: str
) -> None:
    payload, expected = case(name)

    page = office.open(NEW).submit(TEA | {field: payload[field]}, press="Lưu và bán")

    wanted = expected["normalised"][field]
    assert getattr(newest(app_session), field) == wanted
    assert page.fields(press="Lưu")[field] == wanted
    assert wanted in office.open(f"/san-pham/{newest(app_session).slug}").text


def test_volumes_keep_their_unit(office: Visitor, app_session: Session) -> None:
    bottle = TEA | {"packs-0-net": "0,5", "packs-0-net_unit": "l", "packs-0-unit": "chai"}

    office.open(NEW).submit(bottle, press="Lưu")

    pack = newest(app_session).packs[0]
    assert (pack.net_quantity, pack.net_unit, pack.unit) == (500, NetUnit.MILLILITRE, "chai")


def test_a_wrong_barcode_is_refused_and_a_right_one_kept(
    office: Visitor, app_session: Session
) -> None:
    form = office.open(NEW)

    form.submit(TEA | {"packs-0-gtin": "9521234543214"}, press="Lưu", status=422)
    form.submit(TEA | {"packs-0-gtin": "952 1234 543213"}, press="Lưu")

    pack = newest(app_session).packs[0]
    assert (pack.gtin, pack.gtin_is_internal) == ("09521234543213", False)


def test_two_people_who_change_one_product_do_not_overwrite_each_other(
    sign_in: Callable[[str], Visitor], app_session: Session
) -> None:
    product = app_session.scalars(select(Product).where(Product.slug == "che-xanh-la-bang")).one()
    app_session.rollback()
    first = sign_in(OFFICE).open(f"/quan-ly/san-pham/{product.id}")
    second = sign_in("0540000001").open(f"/quan-ly/san-pham/{product.id}")

    first.submit({"packs-0-price": "330.000"}, press="Lưu")
    refused = second.submit({"packs-0-price": "310.000"}, press="Lưu", status=409)

    app_session.rollback()
    assert product.packs[0].price_vnd == 330_000
    assert "vừa đổi" in refused.text
    assert refused.fields(press="Lưu")["packs-0-price"] == "310.000"


@pytest.mark.parametrize(
    ("slug", "changed"),
    [
        ("che-xanh-la-bang", {"packs-0-net": "150"}),
        ("che-xanh-la-bang", {"packs-0-label": "Chè đinh, hộp 150 g"}),
        ("che-xanh-la-bang", {"packs-0-unit": "bó"}),
        ("che-xanh-la-bang", {"packs-0-gtin": "9521234543213"}),
        ("mat-ong-hoa-rung-la-bang", {"packs-0-mass": "650"}),
    ],
)
def test_what_the_labels_of_made_packs_say_cannot_change(
    slug: str, changed: dict[str, str], office: Visitor, app_session: Session
) -> None:
    product = app_session.scalars(select(Product).where(Product.slug == slug)).one()
    kept = facts(product.packs[0])
    app_session.rollback()
    form = office.open(f"/quan-ly/san-pham/{product.id}")

    page = form.submit(changed, press="Lưu", status=422)

    app_session.rollback()
    assert facts(product.packs[0]) == kept
    assert "đã có lô in tem" in page.text
    assert all(page.root.find(f".//*[@id='loi-{name}']") is not None for name in changed)


def facts(pack: Pack) -> tuple[object, ...]:
    return (pack.label, pack.unit, pack.net_quantity, pack.net_unit, pack.mass_g, pack.gtin)


def test_the_price_of_a_bottle_changes_and_its_weight_stays(
    office: Visitor, app_session: Session
) -> None:
    honey = select(Product).where(Product.slug == "mat-ong-hoa-rung-la-bang")
    product = app_session.scalars(honey).one()
    app_session.rollback()

    office.open(f"/quan-ly/san-pham/{product.id}").submit({"packs-0-price": "190k"}, press="Lưu")

    app_session.rollback()
    assert (product.packs[0].price_vnd, product.packs[0].mass_g) == (190_000, 700)


def test_a_barcode_is_put_on_and_taken_off_a_pack_that_no_batch_has(
    office: Visitor, app_session: Session
) -> None:
    form = office.open(NEW).submit(TEA, press="Lưu")

    licensed = form.submit({"packs-0-gtin": "9521234543213"}, press="Lưu")

    pack = newest(app_session).packs[0]
    assert (pack.gtin, pack.gtin_is_internal) == ("09521234543213", False)

    licensed.submit({"packs-0-gtin": ""}, press="Lưu")

    pack = newest(app_session).packs[0]
    assert (pack.gtin[:3], pack.gtin_is_internal) == ("020", True)


def test_every_change_leaves_a_trail_with_before_and_after(
    office: Visitor, app_session: Session
) -> None:
    office.open(NEW).submit(TEA, press="Lưu")
    product_id = newest(app_session).id
    app_session.rollback()

    office.open(f"/quan-ly/san-pham/{product_id}").submit({"packs-0-price": "95k"}, press="Lưu")

    app_session.rollback()
    trail = app_session.scalars(
        select(AuditEntry).where(AuditEntry.action == "product_changed")
    ).one()
    assert trail.actor_id is not None
    assert list(trail.before["packs"].values()) == [90_000]
    assert list(trail.after["packs"].values()) == [95_000]


@pytest.mark.parametrize(("phone", "status"), [(DIRECTOR_ELSEWHERE, 404), (TECHNICIAN, 403)])
def test_others_see_and_change_nothing(
    sign_in: Callable[[str], Visitor], app_session: Session, phone: str, status: int
) -> None:
    product = app_session.scalars(select(Product).where(Product.slug == "che-xanh-la-bang")).one()
    app_session.rollback()

    page = sign_in(phone).open(f"/quan-ly/san-pham/{product.id}", status=status)

    assert product.description not in page.text


def jpeg(width: int, height: int, *, orientation: int = 1, quality: int = 90) -> bytes:
    """A photo with the top left quarter red, and with EXIF that tells where it was taken."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((200, 0, 0), (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825)[1] = "N"
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=quality, exif=exif, comment=b"GPS 21.6 105.6")
    return output.getvalue()


def upload(app: Flask, office: Visitor, app_session: Session, content: bytes, name: str) -> Page:
    product = app_session.scalars(select(Product).where(Product.slug == "che-xanh-la-bang")).one()
    app_session.rollback()
    form = office.open(f"/quan-ly/san-pham/{product.id}")
    return form.upload("photo", content, name, form=f"/{product.id}/anh", press="Thêm ảnh")


def test_a_photo_is_turned_upright_made_small_and_says_nothing_else(
    app: Flask, office: Visitor, app_session: Session
) -> None:
    upload(app, office, app_session, jpeg(3000, 2000, orientation=6), "IMG_1.jpg")

    app_session.rollback()
    photo = app_session.scalars(select(Photo).order_by(Photo.id.desc()).limit(1)).one()
    folder = app.extensions["dacsan_settings"].var / "photos"
    kept = {
        edge: Image.open(io.BytesIO((folder / f"{photo.key}-{edge}.webp").read_bytes()))
        for edge in PHOTO_WIDTHS
    }
    assert {edge: max(picture.size) for edge, picture in kept.items()} == {
        edge: edge for edge in PHOTO_WIDTHS
    }
    largest = kept[PHOTO_LARGE]
    assert largest.height > largest.width
    top_right = largest.convert("RGB").getpixel((largest.width - 20, 20))
    assert top_right[0] > 150 > top_right[1]
    assert not largest.getexif()
    assert not {"exif", "xmp", "comment", "icc_profile"} & largest.info.keys()


def test_a_photo_of_48_megapixels_is_made_small(
    app: Flask, office: Visitor, app_session: Session
) -> None:
    noise = Image.frombytes("RGB", (800, 600), random.Random(20261122).randbytes(800 * 600 * 3))
    output = io.BytesIO()
    noise.resize((8000, 6000)).save(output, "JPEG", quality=95)

    upload(app, office, app_session, output.getvalue(), "IMG_2.jpg")

    app_session.rollback()
    photo = app_session.scalars(select(Photo).order_by(Photo.id.desc()).limit(1)).one()
    folder = app.extensions["dacsan_settings"].var / "photos"
    assert max(photo.width, photo.height) <= 1600
    assert all(path.stat().st_size <= 409_600 for path in folder.glob(f"{photo.key}-*"))


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 70, "IMG_3.jpg", "heic"),
        (b"MZ this is no picture", "virus.jpg", "ảnh"),
        (jpeg(400, 300)[:900], "cut.jpg", "ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.jpg", "ảnh"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(
    app: Flask, office: Visitor, app_session: Session, content: bytes, name: str, word: str
) -> None:
    before = app_session.scalar(select(func.count()).select_from(Photo))

    page = upload(app, office, app_session, content, name)

    app_session.rollback()
    assert word in page.text.lower()
    assert app_session.scalar(select(func.count()).select_from(Photo)) == before


def test_the_heic_stub_of_a_phone_is_named_for_what_it_is(
    app: Flask, office: Visitor, app_session: Session, shared: Path
) -> None:
    content = (shared / "data/bad_input/S23_photo_heic.jpg").read_bytes()

    page = upload(app, office, app_session, content, "S23_photo_heic.jpg")

    assert "HEIC" in page.text


def test_packs_of_one_product_have_numbers_of_their_own(
    office: Visitor, app_session: Session
) -> None:
    two = TEA | {"packs-1-label": "gói 500 g", "packs-1-net": "500", "packs-1-price": "200000"}

    office.open(NEW).submit(two, press="Lưu")

    packs = newest(app_session).packs
    assert len({pack.gtin for pack in packs}) == 2
    assert len({pack.sku for pack in packs}) == 2
    assert app_session.scalar(select(func.count(Pack.id.distinct()))) == 36


def test_only_who_may_change_a_product_touches_its_photos(
    session: Session, tmp_path: Path
) -> None:
    product = make_product(session)
    by: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
    photo = photos.add(session, product, jpeg(40, 30), folder=tmp_path, **by)
    stranger = make_account(session, role=Role.DIRECTOR, seller=make_seller(session))
    by["actor"] = account_actor(stranger, origin="", now=NOW)

    for act in (
        lambda: photos.add(session, product, jpeg(40, 30), folder=tmp_path, **by),
        lambda: photos.turn(session, photo, folder=tmp_path, **by),
        lambda: photos.remove(session, photo, **by),
        lambda: photos.make_first(session, photo, **by),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert list(product.photos) == [photo]


def test_an_empty_form_says_beside_each_field_what_belongs_there_in_the_order_of_the_page(
    office: Visitor,
) -> None:
    wrong = {"packs-0-price": "90k", "storage_min_c": "lạnh", "shelf_life_days": "lâu"}

    page = office.open(NEW).submit(wrong, press="Lưu", status=422)

    (summary,) = [one for one in page.root.iter("div") if one.get("class") == "bao-loi"]
    assert [link.get("href") for link in summary.iter("a")] == [
        "#o-name",
        "#o-kind",
        "#o-packs-0-label",
        "#o-packs-0-net",
        "#o-storage_min_c",
        "#o-shelf_life_days",
    ]
    assert "Chưa ghi tên. Ví dụ Chè móc câu La Bằng" in beside(page, "name")
    assert "Chưa ghi loại. Ví dụ Chè" in beside(page, "kind")
    assert "Chưa ghi tên loại. Ví dụ Chè móc câu, gói 200 g" in beside(page, "packs-0-label")
    assert "lạnh nhất" in "".join(summary.itertext())


def beside(page: Page, name: str) -> str:
    """Return what the page says is wrong with a field."""
    (line,) = page.root.iterfind(f".//*[@id='loi-{name}']")
    return "".join(line.itertext())
