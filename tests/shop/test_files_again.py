"""A form with files comes without a session: its words stay, the files are asked for again."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete
from werkzeug.test import TestResponse

from shop.models.people import Role, SignIn
from tests import factories
from tests.support.office import Office, sign_in
from tests.support.pages import Answer, Page, Visitor

OFFERS, IMPORTS = "/thanh-vien/ban-hang/moi", "/quan-ly/nhap-tep"
PRODUCTS = "/quan-ly/san-pham"
PHOTO_AGAIN, FILE_AGAIN = "Ảnh thì phải chọn lại.", "Tệp thì phải chọn lại."
SENT = {"Origin": "http://localhost"}


def photo() -> tuple[io.BytesIO, str]:
    output = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(output, "JPEG")
    return io.BytesIO(output.getvalue()), "anh.jpg"


def filled_in(client: FlaskClient, address: str, press: str) -> dict[str, Any]:
    return Visitor.of(client).open(address).fields(press=press)


def end_all(office: Office) -> None:
    office.session.execute(delete(SignIn))
    office.session.commit()


def told(answer: TestResponse, status: int, path: str = OFFERS) -> Page:
    came = Answer(answer.status_code, path, dict(answer.headers), answer.text)
    return Page(lambda *_: came, came, status)


def test_what_a_member_typed_beside_a_photo_outlives_the_session(
    app: Flask, office: Office
) -> None:
    account, _member = office.member_account()
    client = sign_in(app, account)
    typed = filled_in(client, OFFERS, "Lưu nháp") | {"name": "Mật ong", "price": "120k"}
    end_all(office)

    answer = client.post(OFFERS, data=typed | {"act": "save", "photo": photo()}, headers=SENT)

    page = told(answer, 401)
    waiting = page.fields(press="Gửi lần nữa")
    assert (waiting["name"], waiting["price"]) == ("Mật ong", "120k")
    assert "Nội dung vừa gõ vẫn còn ở trang này, đừng đóng." in page.text
    assert PHOTO_AGAIN in page.text
    assert "photo" not in waiting


def test_what_a_member_typed_beside_a_photo_outlives_the_cookie(
    app: Flask, office: Office
) -> None:
    account, _member = office.member_account()
    client = sign_in(app, account)
    typed = filled_in(client, OFFERS, "Lưu nháp") | {"name": "Mật ong"}
    client.delete_cookie("dacsan")

    answer = client.post(OFFERS, data=typed | {"act": "save", "photo": photo()}, headers=SENT)

    page = told(answer, 400)
    assert page.fields(press="Gửi lần nữa")["name"] == "Mật ong"
    assert "Trang mở lâu quá. Bấm gửi lần nữa, nội dung vẫn còn." in page.text
    assert PHOTO_AGAIN in page.text


def test_what_the_office_typed_beside_a_photo_is_sent_after_signing_in(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.account(Role.OFFICE))
    new = f"{PRODUCTS}/moi"
    typed = filled_in(client, new, "Lưu") | {"name": "Chè nõn", "act": "save"}
    end_all(office)

    answer = client.post(new, data=typed | {"photo": photo()}, headers=SENT)

    page = told(answer, 401, new)
    assert page.fields(press="Gửi lần nữa")["name"] == "Chè nõn"
    assert PHOTO_AGAIN in page.text


@pytest.mark.parametrize("is_cookie_gone", [False, True])
def test_a_file_to_bring_in_is_asked_for_again_where_it_was_chosen(
    app: Flask, office: Office, is_cookie_gone: bool
) -> None:
    client = sign_in(app, office.account(Role.OFFICE))
    typed = filled_in(client, IMPORTS, "Xem trước") | {"kind": "members"}
    if is_cookie_gone:
        client.delete_cookie("dacsan")
    else:
        end_all(office)
    headers = SENT | {"Referer": f"http://localhost{IMPORTS}"}

    answer = client.post(
        IMPORTS, data=typed | {"file": (io.BytesIO(b"ten,sdt"), "a.csv")}, headers=headers
    )

    page = told(answer, 400 if is_cookie_gone else 401, IMPORTS)
    door = IMPORTS if is_cookie_gone else f"/dang-nhap?next={IMPORTS}"
    assert FILE_AGAIN in page.text
    assert door in page.links().values()
    assert "Gửi lần nữa" not in page.text


def test_photos_that_come_alone_are_asked_for_again_on_their_page(
    app: Flask, office: Office
) -> None:
    product = factories.make_product(office.session, office.seller)
    office.session.commit()
    client = sign_in(app, office.account(Role.OFFICE))
    page = f"{PRODUCTS}/{product.id}"
    typed = filled_in(client, page, "Thêm ảnh")
    end_all(office)
    headers = SENT | {"Referer": f"http://localhost{page}"}

    answer = client.post(f"{page}/anh", data=typed | {"photo": photo()}, headers=headers)

    said = told(answer, 401, page)
    assert PHOTO_AGAIN in said.text
    assert f"/dang-nhap?next={page}" in said.links().values()


def test_what_another_site_sent_with_a_file_is_not_offered_again(
    app: Flask, office: Office
) -> None:
    headers = {"Origin": "https://xau.example"}

    answer = app.test_client().post(
        OFFERS, data={"name": "Mật ong", "photo": photo()}, headers=headers
    )

    assert answer.status_code == 400
    assert "Mật ong" not in answer.text
