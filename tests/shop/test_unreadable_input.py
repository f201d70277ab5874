"""What no field, address or header of ours ever holds is refused in words, on both databases."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shop.demo import PASSWORD
from shop.web_addresses import own_path
from tests.support.pages import Visitor
from tests.support.second_step import enter

DIRECTOR, CLERK = "0540000001", "0540000002"
NUMBERS = (
    "0",
    "2147483648",
    "9223372036854775808",
    "1" * 25,
    "9" * 4400,
    "\u0661\u0662",  # Arabic digits
    "\uff11\uff12",  # full-width digits
    "1\0",
)
NO_ADDRESSES = ("http://[", "https://[::1", "https://a]b/01", "//[", "http://a\0b/01")
TEXTS = ("\0", "a\0b", "a" * 5000 + "\0")

PAGES_BY_NUMBER = (
    "/giay-to/{}",
    "/anh/a-{}.jpg",
    "/quan-ly/san-pham/{}",
    "/quan-ly/giao-hang/{}",
    "/quan-ly/lo-hang/{}",
    "/quan-ly/lo-hang/{}/tem",
    "/quan-ly/lo-hang/1/bo/muc/{}",
    "/quan-ly/tien/hoan/{}",
    "/quan-ly/tien/chua-ro/{}",
    "/quan-ly/ton-kho/1/{}",
    "/quan-ly/ton-kho/{}/1",
    "/quan-ly/ton-kho/{}/kiem-ke",
    "/quan-ly/giay-to/{}/thu-hoi",
    "/quan-ly/soan-hang/{}/lo-khac",
    "/quan-ly/su-co/{}",
)
LISTS = (
    "/san-pham?trang={}",
    "/quan-ly/ton-kho?cho={}",
    "/quan-ly/giao-hang?trang={}",
    "/quan-ly/lo-hang?trang={}",
    "/quan-ly/lo-hang?san-pham={}",
    "/quan-ly/don-hang?trang={}",
    "/quan-ly/lich-su?trang={}",
)
PAGES_BY_NAME = (
    "/don-hang/{}",
    "/don-hang/{}/trang-thai",
    "/htx/{}",
    "/san-pham/{}",
    "/anh/{}-320.jpg",
    "/quan-ly/don-hang/{}",
    "/01/{}",
    "/01/{}/10/{}",
    "/lo/{}/{}",
)
QUESTIONS = (
    "/bao-su-co?ma={}&gtin={}",
    "/bao-su-co/da-gui?htx={}",
    "/san-pham?noi={}&loai={}&tu={}&sao={}",
    "/san-pham?htx={}",
    "/san-pham?q={}",
    "/san-pham?{}=1",
    "/tra-cuu?ma={}",
    "/tra-cuu/don?code={}",
    "/dang-nhap?next={}",
    "/quan-ly/don-hang?q={}",
    "/quan-ly/lo-hang?q={}&trang-thai={}",
    "/quan-ly/ton-kho?q={}",
    "/quan-ly/lich-su?nhom={}&tu={}&den={}",
)
FORMS: tuple[tuple[str, dict[str, str], int], ...] = (
    ("/gio-hang", {"pack": "{}"}, 404),
    ("/gio-hang/sua", {"pack": "{}"}, 404),
    ("/quan-ly/lo-hang/moi", {"product": "{}", "made_on": "01/11/2026"}, 422),
    ("/quan-ly/giao-hang/moi", {"giver": "plot:{}", "product": "{}"}, 422),
    ("/quan-ly/giay-to/moi", {"products": "{}", "kind": "vietgap"}, 422),
    ("/quan-ly/san-pham/moi", {"rows": "{}", "version": "{}"}, 422),
    ("/quan-ly/san-pham/1", {"rows": "1", "version": "{}", "packs-0-id": "{}"}, 422),
    ("/quan-ly/noi-ban", {"seller": "{}"}, 404),
)

pytestmark = pytest.mark.both_databases
Send = Callable[..., tuple[int, str]]


@pytest.fixture
def director(app: Flask) -> FlaskClient:
    """The director of the tea cooperative, with something in the cart."""
    client = app.test_client()
    enter(Visitor.of(client), DIRECTOR, PASSWORD)
    assert client.post("/gio-hang", data={"pack": "1"}).status_code == 303
    return client


@pytest.fixture
def send(director: FlaskClient) -> Send:
    """Send a form as one of our pages would, and return status and page."""
    token = Visitor.of(director).open("/quan-ly/san-pham/moi").fields(press="Lưu")["csrf_token"]

    def post(path: str, **values: str) -> tuple[int, str]:
        answer = director.post(path, data=values | {"csrf_token": token})
        return answer.status_code, answer.text

    return post


def test_a_number_that_no_row_has_leads_to_no_page(director: FlaskClient) -> None:
    addresses = [page.format(quote(number)) for page in PAGES_BY_NUMBER for number in NUMBERS]

    answers = {address[:80]: director.get(address).status_code for address in addresses}

    assert {address: code for address, code in answers.items() if code != 404} == {}


def test_a_list_opens_whatever_its_page_is_called(director: FlaskClient) -> None:
    addresses = [page.format(quote(number)) for page in LISTS for number in NUMBERS]

    answers = {address[:80]: director.get(address).status_code for address in addresses}

    assert {address: code for address, code in answers.items() if code != 200} == {}


def test_a_name_with_a_character_that_no_name_has_leads_to_no_page(director: FlaskClient) -> None:
    addresses = [page.replace("{}", quote(text)) for page in PAGES_BY_NAME for text in TEXTS]

    answers = {address[:80]: director.get(address).status_code for address in addresses}

    assert {address: code for address, code in answers.items() if code != 404} == {}


@pytest.mark.parametrize("language", ["", "/en"])
def test_whatever_is_asked_gets_an_answer(director: FlaskClient, language: str) -> None:
    asked = [quote(text, safe="") for text in (*TEXTS, *NO_ADDRESSES, *NUMBERS)] + ["%ff", "\xff"]
    addresses = [language + page.replace("{}", text) for page in QUESTIONS for text in asked]

    answers = {address[:80]: director.get(address).status_code for address in addresses}

    assert {one: code for one, code in answers.items() if code not in {200, 303, 404}} == {}


@pytest.mark.parametrize(("path", "values", "status"), FORMS)
def test_a_form_with_a_number_that_no_row_has_is_refused(
    send: Send, path: str, values: dict[str, str], status: int
) -> None:
    answers = {
        number[:30]: send(path, **{name: value.format(number) for name, value in values.items()})
        for number in NUMBERS
    }

    assert {number: code for number, (code, _page) in answers.items() if code != status} == {}


def test_a_character_that_cannot_be_kept_is_refused_beside_its_field(send: Send) -> None:
    status, page = send("/quan-ly/san-pham/moi", name="Chè\0xanh", rows="1")

    assert status == 422
    assert "Chữ bị hỏng khi chép" in page


def test_an_order_with_a_key_that_cannot_be_kept_is_asked_about_again(send: Send) -> None:
    status, page = send("/dat-hang", seller="htx-che-la-bang", key="a\0b", name="Lan\0")

    assert (status, "Chữ bị hỏng khi chép" in page) == (422, True)


@pytest.mark.parametrize("code", NO_ADDRESSES)
def test_a_report_about_what_is_no_address_asks_who_sold_it(send: Send, code: str) -> None:
    status, page = send("/bao-su-co", code=code, what="Gói phồng", text="Gói phồng")

    assert (status, "Chọn nơi đã bán gói này" in page) == (422, True)


@pytest.mark.parametrize("header", ["Origin", "Referer"])
@pytest.mark.parametrize("address", ["http://[", "https://a]b/", "null"])
def test_a_form_from_what_is_no_page_is_refused(
    client: FlaskClient, header: str, address: str
) -> None:
    answer = client.post("/gio-hang", data={"pack": "1"}, headers={header: address})

    assert answer.status_code == 403


def test_a_cookie_holds_nothing_that_cannot_be_kept(client: FlaskClient) -> None:
    answer = client.get("/gio-hang", headers={"Cookie": 'gio="a\\000b"'})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "following", ["/x\r\ny", "/x\ny", "//[", "http://[", "/\t/xau.example", "/\\xau.example"]
)
def test_signing_in_leads_home_instead_of_where_no_page_can_be(
    app: Flask, director: FlaskClient, following: str
) -> None:
    client = app.test_client()
    form = Visitor.of(client).open("/dang-nhap")
    token = form.fields(press="Đăng nhập")["csrf_token"]
    typed = {"phone": CLERK, "password": PASSWORD, "machine": "mine", "next": following}

    opened = client.post("/dang-nhap", data=typed | {"csrf_token": token})
    known = director.get("/dang-nhap", query_string={"next": following})

    assert (opened.status_code, opened.location) == (303, "/quan-ly")
    assert (known.status_code, known.location) == (303, "/quan-ly")


def test_a_path_of_ours_is_followed_as_it_is() -> None:
    assert own_path("/quan-ly/don-hang?q=Lan&trang=2") == "/quan-ly/don-hang?q=Lan&trang=2"
    assert own_path("/san-pham/che#anh") == "/san-pham/che#anh"
