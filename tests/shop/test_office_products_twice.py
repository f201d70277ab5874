"""A product form that is sent twice, or back with a fault: nothing doubled, no photo lost."""

import io
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.demo import PASSWORD
from shop.models.catalog import PHOTO_SMALL, Photo, Product
from shop.models.people import AuditEntry
from shop.services import photos
from tests.factories import NOW
from tests.support.pages import Answer, Page, Upload, Visitor

OFFICE = "0540000002"
NEW = "/quan-ly/san-pham/moi"
TEA = {
    "name": "Chè nõn La Bằng",
    "kind": "Chè",
    "ingredients": "Búp chè tươi 100 %",
    "no_allergens": "1",
    "storage": "Nơi khô, mát, tránh nắng",
    "packs-0-label": "gói 200 g",
    "packs-0-net": "200",
    "packs-0-price": "90k",
}
AT_ONCE = 6

Send = Callable[[FlaskClient], int]


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    """The browser of the clerk of the tea cooperative."""
    client = app.test_client()
    form = Visitor.of(client).open("/dang-nhap")
    form.send({"phone": OFFICE, "password": PASSWORD, "machine": "mine"}, press="Đăng nhập")
    return client


@pytest.fixture
def form(clerk: FlaskClient) -> Page:
    """The empty form of a new product."""
    return Visitor.of(clerk).open(NEW)


@pytest.fixture
def photo_folder(app: Flask) -> Path:
    """Where photos of products are kept."""
    folder: Path = app.extensions["dacsan_settings"].var.resolve() / "photos"
    return folder


def picture(seed: int = 1) -> bytes:
    """A photo unlike any other."""
    dots = random.Random(seed).randbytes(40 * 30 * 3)
    output = io.BytesIO()
    Image.frombytes("RGB", (40, 30), dots).resize((800, 600)).save(output, "JPEG")
    return output.getvalue()


def count(session: Session, model: type[Product] | type[Photo]) -> int:
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.rollback()
    return found


def at_once(app: Flask, clerk: FlaskClient, send: Send) -> list[int]:
    """Send as often as an impatient thumb does, all from one browser; return the answers."""
    cookie = clerk.get_cookie("dacsan")
    assert cookie is not None
    clients = [app.test_client() for _ in range(AT_ONCE)]
    for client in clients:
        client.set_cookie("dacsan", cookie.value)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(send, clients))


@pytest.mark.both_databases
def test_a_product_sent_six_times_at_once_is_written_down_once(
    app: Flask, clerk: FlaskClient, form: Page, app_session: Session
) -> None:
    before = count(app_session, Product), count(app_session, Photo)
    values = form.fields(press="Lưu và bán") | TEA | {"act": "publish"}

    def send(client: FlaskClient) -> int:
        upload = (io.BytesIO(picture()), "IMG_1.jpg")
        return client.post(NEW, data=values | {"photo": upload}).status_code

    answers = at_once(app, clerk, send)

    acts = select(AuditEntry.action).where(AuditEntry.action.like("product_%"))
    assert answers == [303] * AT_ONCE
    assert (count(app_session, Product), count(app_session, Photo)) == (
        before[0] + 1,
        before[1] + 1,
    )
    assert sorted(app_session.scalars(acts.order_by(AuditEntry.id.desc()).limit(2))) == [
        "product_created",
        "product_published",
    ]


@pytest.mark.both_databases
def test_a_photo_sent_six_times_at_once_is_there_once(
    app: Flask, clerk: FlaskClient, form: Page, app_session: Session
) -> None:
    product_id = app_session.scalars(select(Product.id).order_by(Product.id).limit(1)).one()
    before = count(app_session, Photo)
    token = form.fields(press="Lưu")["csrf_token"]

    def send(client: FlaskClient) -> int:
        values = {"csrf_token": token, "photo": (io.BytesIO(picture()), "IMG_1.jpg")}
        return client.post(f"/quan-ly/san-pham/{product_id}/anh", data=values).status_code

    answers = at_once(app, clerk, send)

    assert answers == [303] * AT_ONCE
    assert count(app_session, Photo) == before + 1


def test_two_forms_with_the_same_words_are_two_products(
    clerk: FlaskClient, app_session: Session
) -> None:
    before = count(app_session, Product)

    for _ in range(2):
        Visitor.of(clerk).open(NEW).submit(TEA, press="Lưu")

    assert count(app_session, Product) == before + 2


def test_a_chosen_photo_waits_until_the_fault_is_mended(
    form: Page, app_session: Session, photo_folder: Path
) -> None:
    chosen = {"photo": Upload(picture(), "IMG_1.jpg")}

    refused = form.submit(TEA | chosen | {"name": ""}, press="Lưu", status=422)
    longer = refused.submit(press="Thêm loại")
    longer.submit({"name": TEA["name"]}, press="Lưu")

    product = app_session.scalars(select(Product).order_by(Product.id.desc()).limit(1)).one()
    assert "Ảnh đã gửi lên, không cần chọn lại." in refused.text
    assert product.name == TEA["name"]
    (photo,) = product.photos
    with Image.open(photo_folder / f"{photo.key}-{PHOTO_SMALL}.webp") as kept:
        assert kept.size == (320, 240)


def test_the_photo_that_waits_is_shown_to_who_may_edit_products_alone(
    app: Flask, clerk: FlaskClient, form: Page
) -> None:
    chosen = {"photo": Upload(picture(), "IMG_1.jpg")}
    refused = form.submit(TEA | chosen | {"name": ""}, press="Lưu", status=422)
    (shown,) = [
        image.get("src", "") for image in refused.root.iter("img") if "cho" in image.get("src", "")
    ]

    with clerk.get(shown) as mine:
        sent = mine.status_code, mine.mimetype
    strangers = app.test_client().get(shown)

    assert sent == (200, "image/webp")
    assert strangers.status_code == 303
    assert clerk.get("/quan-ly/san-pham/anh-cho/../../x").status_code == 404


def test_a_photo_that_was_not_wanted_after_all_is_left_out(
    form: Page, app_session: Session
) -> None:
    chosen = {"photo": Upload(picture(), "IMG_1.jpg")}
    refused = form.submit(TEA | chosen | {"name": ""}, press="Lưu", status=422)

    refused.submit({"name": TEA["name"], "kept_photo": []}, press="Lưu")

    product = app_session.scalars(select(Product).order_by(Product.id.desc()).limit(1)).one()
    assert product.photos == []


def test_a_file_that_is_no_photo_is_told_before_anything_is_written(
    form: Page, app_session: Session
) -> None:
    before = count(app_session, Product)

    refused = form.submit(TEA | {"photo": Upload(b"MZ", "virus.jpg")}, press="Lưu", status=422)

    assert "Tệp này không phải ảnh đọc được" in refused.text
    assert count(app_session, Product) == before


def test_a_photo_that_waited_too_long_is_asked_for_again(form: Page, photo_folder: Path) -> None:
    chosen = {"photo": Upload(picture(), "IMG_1.jpg")}
    refused = form.submit(TEA | chosen | {"name": ""}, press="Lưu", status=422)
    waiting = list(photo_folder.with_name("photos_waiting").iterdir())
    for path in waiting[1:]:
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    os.utime(waiting[0], (NOW.timestamp() + 3600, NOW.timestamp() + 3600))

    kept = photos.forget_staged(photo_folder, now=NOW + timedelta(days=1, hours=23))
    gone = photos.forget_staged(photo_folder, now=NOW + timedelta(days=3))
    again = refused.submit({"name": TEA["name"]}, press="Lưu", status=422)

    assert (kept, gone) == (0, 1)
    assert "Chọn lại ảnh" in again.text


def test_a_photo_as_large_as_phones_make_them_is_taken(form: Page, app_session: Session) -> None:
    large = picture() + b"\0" * (29 * 1024 * 1024)

    form.submit(TEA | {"photo": Upload(large, "IMG_1.jpg")}, press="Lưu")

    product = app_session.scalars(select(Product).order_by(Product.id.desc()).limit(1)).one()
    assert len(product.photos) == 1


def test_a_form_sent_after_the_session_ended_is_kept_until_it_is_signed_in_again(
    clerk: FlaskClient, form: Page, app_session: Session
) -> None:
    clerk.delete_cookie("dacsan")
    origin = {"Origin": "http://localhost"}
    values = form.fields(press="Lưu") | TEA | {"act": "save"}

    stale = kept(clerk.post(NEW, data=values, headers=origin), 400)
    waiting = kept(clerk.post(NEW, data=stale, headers=origin), 401)
    sign_in = Visitor.of(clerk).open("/dang-nhap")
    sign_in.send({"phone": OFFICE, "password": PASSWORD, "machine": "mine"}, press="Đăng nhập")
    fresh = kept(clerk.post(NEW, data=waiting, headers=origin), 400)
    done = clerk.post(NEW, data=fresh, headers=origin)

    product = app_session.scalars(select(Product).order_by(Product.id.desc()).limit(1)).one()
    assert done.status_code == 303
    assert (product.name, product.storage) == (TEA["name"], TEA["storage"])


def kept(answer: TestResponse, status: int) -> dict[str, str | list[str]]:
    """Return what waits on a page to be sent again."""
    came = Answer(answer.status_code, NEW, dict(answer.headers), answer.text)
    return Page(lambda *_: came, came, status).fields(press="Gửi lần nữa")


@pytest.mark.parametrize(
    ("page", "following"),
    [
        ("http://localhost/quan-ly/san-pham/moi", "?next=/quan-ly/san-pham/moi"),
        ("", "?next=/quan-ly"),
    ],
)
def test_an_act_without_a_session_leads_to_the_page_it_stood_on(
    app: Flask, form: Page, page: str, following: str
) -> None:
    stranger = app.test_client()
    token = Visitor.of(stranger).open("/dang-nhap").fields(press="Đăng nhập")["csrf_token"]

    answer = stranger.post(
        "/quan-ly/san-pham/1/ngung-ban", data={"csrf_token": token}, headers={"Referer": page}
    )

    assert answer.location == f"/dang-nhap{following}"


def test_a_photo_is_whole_for_whoever_reads_it_while_it_is_written_again(tmp_path: Path) -> None:
    folder, content = tmp_path / "photos", picture()
    token = photos.stage(content, folder=folder)
    whole = photos.staged(token, 1280, folder=folder)
    assert whole is not None
    size = whole.stat().st_size

    with ThreadPoolExecutor(4) as writers:
        writing = [writers.submit(photos.stage, content, folder=folder) for _ in range(40)]
        seen = set()
        while not all(one.done() for one in writing):
            seen.add(len(whole.read_bytes()))

    assert seen == {size}
