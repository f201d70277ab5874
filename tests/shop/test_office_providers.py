"""The office enters contracts with payment providers, tries them, closes them."""

import html
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from integrations.payments import providers
from shop.models.catalog import Seller, SellerMode
from shop.models.payments import ProviderAccount
from shop.models.people import AuditEntry, Role, SignIn
from shop.queries import contract_addresses
from shop.services import provider_accounts
from shop.services.actors import SYSTEM
from tests.factories import NOW, PASSWORD, make_account, make_seller
from tests.support.pages import Page, Visitor

PROVIDER = next(iter(providers().values()))
ADDRESS = "/quan-ly/cua-hang/thanh-toan"
SECRET = next(field.name for field in PROVIDER.fields if field.is_secret)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests open their own sellers."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A seller of real goods, with a director."""
    made = make_seller(app_session, mode=SellerMode.LIVE)
    make_account(app_session, phone="+84912345678", role=Role.DIRECTOR, seller=made)
    app_session.commit()
    return made


def director(client: FlaskClient) -> Visitor:
    visitor = Visitor.of(client)
    visitor.open("/dang-nhap").submit(
        {"phone": "0912345678", "password": PASSWORD, "machine": "mine"}, press="Đăng nhập"
    )
    return visitor


def fill_in(visitor: Visitor, *, status: int = 200, **values: str) -> Page:
    typed = PROVIDER.simulator_settings("https://127.0.0.1:9/cong") | values
    form = visitor.open(f"{ADDRESS}/{PROVIDER.name}/moi")
    return form.submit(typed, press="Lưu hợp đồng", status=status)


def accounts(session: Session) -> list[ProviderAccount]:
    session.expire_all()
    found = list(session.scalars(select(ProviderAccount).order_by(ProviderAccount.id)))
    session.commit()
    return found


def test_a_contract_is_entered_once_and_its_secret_never_shown(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client))

    (account,) = accounts(app_session)
    secret = provider_accounts.values(app_session, account)[SECRET]
    assert "Đã ghi hợp đồng." in page.text
    assert secret not in page.body
    assert (account.mode, account.is_active) == ("live", True)
    told = app_session.scalars(
        select(AuditEntry).where(AuditEntry.action == "provider_account_opened")
    ).one()
    assert secret not in repr(told.after)


def test_what_cannot_be_is_refused_beside_its_field_and_the_rest_stays(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client), status=422, tmn_code="NONKHE")

    assert "Mã website gồm đúng 8 chữ hoặc số." in page.text
    assert 'value="NONKHE"' in page.body
    assert accounts(app_session) == []


def test_a_secret_with_a_blank_in_it_is_not_taken_for_two(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client), status=422, **{SECRET: "HALF HALF"})

    assert "không có dấu cách ở giữa" in page.text
    assert accounts(app_session) == []


def test_a_new_contract_closes_the_one_before(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    visitor = director(client)
    fill_in(visitor)

    fill_in(visitor, tmn_code="LABANG02")

    assert [one.is_active for one in accounts(app_session)] == [False, True]


def test_trying_a_contract_says_what_is_wrong(client: FlaskClient, seller: Seller) -> None:
    page = fill_in(director(client))

    tried = page.submit(press="Thử kết nối")

    assert "Chưa kết nối được." in tried.text


def test_a_closed_contract_takes_notices_but_no_buyers(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client))

    page = page.submit(press="Đóng")
    closed = provider_accounts.active(app_session, seller.id)
    app_session.commit()
    page.submit(press="Mở lại")

    assert closed == []
    assert len(provider_accounts.active(app_session, seller.id)) == 1


def test_a_seller_in_training_has_simulators_alone(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    seller.mode = SellerMode.TRAINING
    provider_accounts.open_simulator(app_session, seller, PROVIDER, actor=SYSTEM, now=NOW)
    app_session.commit()
    visitor = director(client)

    page = visitor.open(f"{ADDRESS}/{PROVIDER.name}/moi")

    assert page.heading == "Thanh toán qua cổng"
    assert "giả lập để tập" in page.text
    assert f"Thêm hợp đồng {PROVIDER.title}" not in page.text
    assert "Gian hàng tập chỉ dùng cổng giả lập." in page.text
    assert f"/gia-lap/{PROVIDER.name}/site/" in page.text


def test_the_form_says_when_a_provider_could_not_reach_the_server(
    client: FlaskClient, seller: Seller
) -> None:
    page = director(client).open(f"{ADDRESS}/{PROVIDER.name}/moi")

    assert "Máy chủ chưa có địa chỉ https công khai." in page.text


def test_an_address_that_nobody_can_call_is_not_shown_to_be_sent(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    here = fill_in(director(client))
    (account,) = accounts(app_session)
    notify_path = provider_accounts.notify_url("", account)
    found = client.application.extensions
    found["dacsan_settings"] = found["dacsan_settings"].model_copy(
        update={"public_url": "https://cho.example"}
    )
    public = Visitor.of(client).open(ADDRESS)

    assert "Máy chủ chưa có địa chỉ https công khai." in here.text
    assert notify_path not in here.text
    assert notify_path in public.text
    assert "Máy chủ chưa có" not in public.text


def test_a_contract_of_another_seller_is_not_there(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    other = make_seller(app_session)
    theirs = provider_accounts.open_simulator(app_session, other, PROVIDER, actor=SYSTEM, now=NOW)
    app_session.commit()
    page = fill_in(director(client))

    for act in ("thu", "dong", "mo"):
        answer = client.post(
            f"{ADDRESS}/{theirs.id}/{act}",
            data={"csrf_token": page.fields(form="/thu")["csrf_token"]},
        )
        assert answer.status_code == 404


def contract(session: Session) -> ProviderAccount:
    (found,) = accounts(session)
    return found


def test_a_secret_is_changed_within_the_contract_and_its_address_stays(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    visitor = director(client)
    fill_in(visitor, **{SECRET: "OLDSECRET"})
    address = contract(app_session).token

    page = visitor.open(ADDRESS).follow("Đổi khóa").submit({SECRET: "NEWSECRET"}, press="Đổi khóa")
    both = provider_accounts.values(app_session, contract(app_session))[SECRET]
    app_session.commit()
    dropped = page.submit(press="Bỏ khóa cũ")

    found = contract(app_session)
    assert both == "NEWSECRET OLDSECRET"
    assert provider_accounts.values(app_session, found)[SECRET] == "NEWSECRET"
    assert (found.token, found.is_active) == (address, True)
    assert "thông báo ký bằng khóa cũ vẫn được nhận" in page.text
    assert "thông báo ký bằng khóa cũ vẫn được nhận" not in dropped.text
    assert "NEWSECRET" not in page.body + dropped.body
    told = app_session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert told[-2:] == ["provider_secret_changed", "provider_secret_dropped"]


@pytest.mark.parametrize("typed", ["", "OLDSECRET", "TWO WORDS"])
def test_what_is_no_new_secret_changes_nothing(
    client: FlaskClient, seller: Seller, app_session: Session, typed: str
) -> None:
    visitor = director(client)
    fill_in(visitor, **{SECRET: "OLDSECRET"})

    form = visitor.open(ADDRESS).follow("Đổi khóa")
    form.submit({SECRET: typed}, press="Đổi khóa", status=422)

    assert provider_accounts.values(app_session, contract(app_session))[SECRET] == "OLDSECRET"


def test_another_contract_can_be_added_and_says_what_that_means(
    client: FlaskClient, seller: Seller
) -> None:
    visitor = director(client)
    fill_in(visitor)

    form = visitor.open(ADDRESS).follow(f"Thêm hợp đồng {PROVIDER.title}")

    assert "Hợp đồng đang dùng sẽ đóng lại." in form.text
    assert "địa chỉ nhận thông báo (IPN) khác" in form.text


def test_the_page_says_how_to_begin_with_a_provider(client: FlaskClient, seller: Seller) -> None:
    page = director(client).open(ADDRESS)

    assert f"Các bước để nhận tiền qua {PROVIDER.title}" in page.text
    assert f"Gửi địa chỉ IPN mới cho {PROVIDER.title}" in page.text


def test_a_secret_is_not_kept_in_the_page_that_asks_to_sign_in_again(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    form = director(client).open(f"{ADDRESS}/{PROVIDER.name}/moi")
    app_session.execute(delete(SignIn))
    app_session.commit()
    typed = PROVIDER.simulator_settings("http://127.0.0.1:9/cong")

    came = client.post(
        form.path,
        data=typed | {"csrf_token": form.fields(press="Lưu hợp đồng")["csrf_token"]},
        headers={"Origin": "http://localhost"},
        follow_redirects=True,
    )

    assert "/dang-nhap" in came.text
    assert typed[SECRET] not in came.text


def test_an_address_that_is_refused_since_it_was_entered_is_named_with_the_new_secret(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client))
    (account,) = accounts(app_session)
    address = next(name for name in account.settings if name.endswith("_url"))
    account.settings = account.settings | {address: "https://nguoi@may.example/cong"}
    app_session.commit()

    refused = page.follow("Đổi khóa").submit({SECRET: "KHOA-MOI-123456"}, status=422)

    assert "Địa chỉ không có khoảng trống" in refused.text


Put = Callable[[str, bytes], None]


@pytest.fixture
def put(client: FlaskClient, seller: Seller, app_session: Session) -> Iterator[Put]:
    """Enter a contract, and let its addresses answer every question alike."""
    with ExitStack() as ends:

        def make(status: str, body: bytes) -> None:
            fill_in(director(client))
            there = make_server("127.0.0.1", 0, Answering(status, body))
            ends.callback(there.server_close)
            ends.callback(there.shutdown)
            threading.Thread(target=there.serve_forever, daemon=True).start()
            (account,) = accounts(app_session)
            typed = PROVIDER.simulator_settings(f"http://127.0.0.1:{there.port}")
            account.settings = account.settings | {
                name: text for name, text in typed.items() if "://" in text
            }
            app_session.commit()

        yield make


ADDRESSES = [field.name for field in PROVIDER.fields if "://" in field.default]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://pay.example/cong", "cần địa chỉ https://"),
        ("https://cho.example/gia-lap/cong", "cổng giả lập, chỉ để tập"),
        ("https://sandbox.pay.example/cong", "để thử (sandbox) mà địa chỉ kia là thật"),
    ],
)
def test_an_address_that_no_contract_may_have_is_refused_beside_its_field(
    client: FlaskClient,
    seller: Seller,
    app_session: Session,
    name: str,
    address: str,
    sentence: str,
) -> None:
    page = fill_in(director(client), status=422, **{name: address})

    assert sentence in page.text
    assert f'value="{address}"' in page.body
    assert page.body.count(sentence) == 1
    assert accounts(app_session) == []


def test_a_contract_that_is_wholly_for_trying_is_taken_and_marked(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    page = fill_in(director(client), **dict.fromkeys(ADDRESSES, "https://sandbox.pay.example/a"))

    assert "thử nghiệm, không phải tiền thật" in page.text
    assert contract_addresses.wrong_contracts(app_session) == []


@pytest.mark.parametrize("address", ["http://pay.example/", "https://sandbox.pay.example/"])
def test_a_stored_contract_with_a_wrong_address_is_marked_and_a_task_until_it_is_closed(
    client: FlaskClient, seller: Seller, app_session: Session, address: str
) -> None:
    visitor = director(client)
    page = fill_in(visitor)
    assert "có địa chỉ sai" not in page.text + visitor.open("/quan-ly").text
    account = contract(app_session)
    account.settings = account.settings | {ADDRESSES[1]: address}
    app_session.commit()

    listed = visitor.open(ADDRESS)
    task = visitor.open("/quan-ly").text
    listed.submit(press="Đóng")

    assert "Hợp đồng này có địa chỉ sai" in listed.text
    assert f"Hợp đồng {PROVIDER.title} có địa chỉ sai" in task
    assert "có địa chỉ sai" not in visitor.open("/quan-ly").text


def test_the_simulator_of_a_seller_in_training_has_no_wrong_address(
    client: FlaskClient, seller: Seller, app_session: Session
) -> None:
    provider_accounts.open_simulator(app_session, seller, PROVIDER, actor=SYSTEM, now=NOW)

    assert contract_addresses.wrong_contracts(app_session) == []


class Answering:
    """A server that gives every question the same answer, whatever it is."""

    def __init__(self, status: str, body: bytes) -> None:
        self.status, self.body = status, body

    def __call__(
        self, _environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        start_response(self.status, [("Content-Length", str(len(self.body)))])
        return [self.body]


PAGE = b"<!doctype html><title>Trang tin</title>"


@pytest.mark.parametrize(
    ("status", "body", "what", "todo"),
    [
        ("404 Not Found", b"", "có trả lời (HTTP 404) nhưng không phải cổng", "Thêm hợp đồng nếu"),
        ("200 OK", PAGE, "có trả lời (HTTP 200) nhưng không phải cổng", "Thêm hợp đồng nếu"),
        ("403 Forbidden", PAGE, "từ chối máy này", f"gọi {PROVIDER.title}, đọc số cuộc gọi"),
        ("503 Busy", PAGE, "đang có lỗi. Thử lại sau ít phút.", ""),
    ],
)
def test_trying_says_whether_to_mend_to_wait_or_to_call(
    client: FlaskClient,
    put: Put,
    status: str,
    body: bytes,
    what: str,
    todo: str,
) -> None:
    put(status, body)

    tried = Visitor.of(client).open(ADDRESS).submit(press="Thử kết nối")

    assert what in tried.text
    assert "Không tới được" not in tried.text
    assert todo in tried.text
    assert ("Việc cần làm" in tried.text) == bool(todo)


def test_an_english_page_says_in_english_what_is_wrong(client: FlaskClient, put: Put) -> None:
    put("404 Not Found", b"")
    visitor = Visitor.of(client)

    tried = visitor.open(f"/en{ADDRESS}").submit(press="Try the connection")
    refused = visitor.open(f"/en{ADDRESS}/{PROVIDER.name}/moi").submit(
        PROVIDER.simulator_settings("https://pay.example") | {"tmn_code": "NONKHE"},
        press="Save the contract",
        status=422,
    )

    assert f"is not {PROVIDER.title}'s interface" in html.unescape(tried.text)
    assert "What to do: press" in tried.text
    assert "The site code has exactly 8 letters or digits." in refused.text
    assert "Mã website gồm" not in refused.text + tried.text
