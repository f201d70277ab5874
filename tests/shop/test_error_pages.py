"""What people see when something cannot be done: a sentence, a way on, and nothing lost."""

from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from shop.app import LARGEST_REQUEST
from tests.support.applications import MakeSettings
from tests.support.pages import Visitor

STATIC_SHEET = Path(__file__).parents[2] / "shop/static/root/503.html"
SENTENCES = {
    403: "Tài khoản này không xem được trang này.",
    404: "Không có trang này.",
    405: "Trang này không nhận cách gửi đó.",
    409: "Có người vừa sửa chỗ này. Mở lại rồi sửa tiếp.",
    410: "Trang này đã gỡ.",
    413: "Tệp gửi lên lớn quá. Chọn ảnh nhỏ hơn rồi gửi lại.",
    429: "Bấm hơi nhanh. Đợi 1 phút rồi thử lại.",
    500: "Máy của HTX đang trục trặc.",
}
TOO_LARGE = b"photo=" + b"0" * LARGEST_REQUEST
FORM = "application/x-www-form-urlencoded"
STALE = {"csrf_token": "cũ", "note": "Gói kín <giúp>", "tick": ["a", "b"]}


@pytest.fixture
def bare_app(make_settings: MakeSettings) -> Flask:
    """The application without a database, with a page that breaks off as it is told."""
    from shop.app import create_app

    app = create_app(make_settings())
    app.get("/hong/<int:code>", endpoint="hong")(abort)
    app.get("/sai", endpoint="sai")(lambda: 1 // 0)
    app.post("/nhan", endpoint="nhan")(lambda: "Đã nhận")
    return app


@pytest.fixture
def guest(bare_app: Flask) -> FlaskClient:
    return bare_app.test_client()


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_each_page_says_what_happened_and_leads_home(
    bare_app: Flask, code: int, sentence: str
) -> None:
    page = Visitor.of(bare_app.test_client()).open(f"/hong/{code}", status=code)

    assert page.heading == sentence
    assert page.links()["Trang chủ"] == "/"
    assert 'name="robots" content="noindex"' in page.body


def test_a_missing_page_offers_a_search(bare_app: Flask) -> None:
    page = Visitor.of(bare_app.test_client()).open("/khong-co", status=404)

    assert page.body.count('role="search"') == 2
    assert 'action="/san-pham"' in page.body


def test_a_mistake_of_ours_gives_a_code_to_read_out(bare_app: Flask) -> None:
    page = Visitor.of(bare_app.test_client()).open("/sai", status=500)

    assert "Đơn đã đặt vẫn còn." in page.text
    assert "Khi gọi, xin đọc mã:" in page.text


def test_the_secret_of_an_address_reaches_no_log(bare_app: Flask) -> None:
    with capture_logs() as said:
        Visitor.of(bare_app.test_client()).open("/dang-nhap/the/kZ3-bi-mat", status=503)

    assert [one["path"] for one in said] == ["/dang-nhap/the/…"]
    assert "kZ3-bi-mat" not in str(said)


def test_pages_of_errors_speak_english_under_en(bare_app: Flask) -> None:
    page = Visitor.of(bare_app.test_client()).open("/en/khong-co", status=404)

    assert page.heading == "There is no such page."
    assert page.links()["Home"] == "/en/"


def test_a_form_left_open_too_long_keeps_what_was_typed(guest: FlaskClient) -> None:
    answer = guest.post("/nhan?buoc=2", data=STALE, headers={"Origin": "http://localhost"})

    assert answer.status_code == 400
    assert "Trang mở lâu quá. Bấm gửi lần nữa, nội dung vẫn còn." in answer.text
    assert 'action="/nhan?buoc=2"' in answer.text
    assert 'name="note" value="Gói kín &lt;giúp&gt;"' in answer.text
    assert answer.text.count('name="tick"') == 2
    assert 'value="cũ"' not in answer.text


def test_a_form_that_the_database_did_not_take_keeps_what_was_typed(guest: FlaskClient) -> None:
    typed = {"pack": "7", "quantity": "2", "note": "Gói kín <giúp>"}

    answer = guest.post("/en/gio-hang?tu=1", data=typed, headers={"Origin": "http://localhost"})
    elsewhere = guest.post("/gio-hang", data=typed, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == elsewhere.status_code == 503
    assert "Wait a minute, then press to send it again." in answer.text
    assert 'action="/en/gio-hang?tu=1"' in answer.text
    assert 'name="note" value="Gói kín &lt;giúp&gt;"' in answer.text
    assert "Máy của HTX đang trục trặc." in elsewhere.text
    assert "Gói kín" not in elsewhere.text


@pytest.mark.parametrize("origin", ["https://xau.example", "null", ""])
def test_what_another_site_sent_is_not_offered_to_be_sent_again(
    guest: FlaskClient, origin: str
) -> None:
    answer = guest.post("/nhan", data=STALE, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 400
    assert "Quay lại trang trước, tải lại rồi gửi lần nữa." in answer.text
    assert "Gói kín" not in answer.text
    assert "<form method=" not in answer.text


def test_a_password_is_never_written_back_into_a_page(guest: FlaskClient) -> None:
    typed = {"phone": "0912345678", "password": "bí mật"}

    answer = guest.post("/nhan", data=typed, headers={"Origin": "http://localhost"})

    assert answer.status_code == 400
    assert "bí mật" not in answer.text


def test_a_photo_too_large_to_be_taken_says_what_to_do_and_leads_back(guest: FlaskClient) -> None:
    came_from = {"Referer": "http://localhost/moi?a=1"}

    answer = guest.post("/nhan", data=TOO_LARGE, content_type=FORM, headers=came_from)

    assert answer.status_code == 413
    assert "Mỗi lần gửi được một ảnh đến 30 MB." in answer.text
    assert 'href="/moi"' in answer.text


@pytest.mark.parametrize("page", ["https://xau.example/moi", "http://[", ""])
def test_an_error_leads_back_to_no_page_but_ours(guest: FlaskClient, page: str) -> None:
    came_from = {"Referer": page}

    answer = guest.post("/nhan", data=TOO_LARGE, content_type=FORM, headers=came_from)

    assert answer.status_code == 413
    assert "Quay lại" not in answer.text
    assert "xau.example" not in answer.text


def test_the_sheet_for_a_silent_shop_stands_by_itself() -> None:
    sheet = STATIC_SHEET.read_text(encoding="utf-8")

    assert "Máy của HTX đang trục trặc." in sheet
    assert "Đơn đã đặt vẫn còn." in sheet
    assert 'lang="en"' in sheet
    assert "src=" not in sheet
    assert "href=" not in sheet
