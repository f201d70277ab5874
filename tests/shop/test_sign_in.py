"""Signing in by phone and password, on one's own machine or a shared one, and out again."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.models.people import Account, AuditEntry, Role, SignIn, UnknownNumber
from shop.services import sign_ins
from tests.factories import NOW, PASSWORD, make_account, make_seller
from tests.support.pages import Page, Visitor

NEW_PASSWORD = "mat-khau-moi-2026"
MINE = {"machine": "mine"}
SHARED = {"machine": "shared"}


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests open their own accounts."""
    return database_url


@pytest.fixture
def account(app_session: Session) -> Account:
    """A member of staff of one seller."""
    made = make_account(
        app_session,
        phone="+84912345678",
        name="Trần Thị Lan",
        role=Role.OFFICE,
        seller=make_seller(app_session),
    )
    app_session.commit()
    return made


def sign_in(
    visitor: Visitor, *, password: str = PASSWORD, status: int = 200, **values: str
) -> Page:
    filled = {"phone": "0912 345 678", "password": password} | MINE | values
    return visitor.open("/dang-nhap?next=/tai-khoan").submit(
        filled, press="Đăng nhập", status=status
    )


def sessions(session: Session) -> list[SignIn]:
    session.expire_all()
    found = list(session.scalars(select(SignIn).order_by(SignIn.id)))
    session.commit()
    return found


def test_phone_and_password_open_the_account(visitor: Visitor, account: Account) -> None:
    page = sign_in(visitor)

    assert page.heading == "Trần Thị Lan"
    assert "máy này" in page.text


def test_a_machine_is_told_in_the_words_people_know(client: FlaskClient, account: Account) -> None:
    client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/130.0.0.0 Mobile Safari/537.36"
    )

    page = sign_in(Visitor.of(client))

    assert "Chrome trên Android" in page.text
    assert "Mozilla" not in page.text


def test_the_database_keeps_no_token_and_no_password(
    visitor: Visitor, account: Account, app_session: Session
) -> None:
    sign_in(visitor)

    (row,) = sessions(app_session)
    assert len(row.token_hash) == 64
    assert account.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "sai"}, "Số điện thoại hoặc mật khẩu chưa đúng."),
        ({"phone": "0987 654 321"}, "Số điện thoại hoặc mật khẩu chưa đúng."),
        ({"phone": "123"}, "Số điện thoại"),
        ({"password": ""}, "Chưa ghi mật khẩu hoặc mã PIN."),
    ],
)
def test_what_does_not_fit_is_refused_and_the_number_stays(
    visitor: Visitor, account: Account, app_session: Session, typed: dict[str, str], sentence: str
) -> None:
    page = sign_in(visitor, status=422, **typed)

    assert sentence in page.text
    assert typed.get("phone", "0912 345 678") in page.body
    assert PASSWORD not in page.body
    assert sessions(app_session) == []


def test_ones_own_machine_is_proposed(visitor: Visitor, account: Account) -> None:
    page = visitor.open("/dang-nhap")

    assert 'value="mine" checked' in page.body


def test_who_does_not_say_whose_machine_it_is_is_signed_out_soon(
    client: FlaskClient, account: Account, app_session: Session
) -> None:
    token = Visitor.of(client).open("/dang-nhap").fields(press="Đăng nhập")["csrf_token"]

    client.post(
        "/dang-nhap",
        data={"phone": "0912345678", "password": PASSWORD, "csrf_token": token},
    )

    (row,) = sessions(app_session)
    assert row.is_shared_computer


def test_a_hall_machine_may_come_with_the_answer(visitor: Visitor, account: Account) -> None:
    page = visitor.open("/dang-nhap?machine=shared")

    assert 'value="shared" checked' in page.body


def test_five_wrong_tries_lock_the_account_for_two_minutes(
    visitor: Visitor, account: Account, app_session: Session
) -> None:
    for _ in range(5):
        sign_in(visitor, password="sai", status=422)

    locked = sign_in(visitor, status=429)
    account = app_session.get_one(Account, account.id, populate_existing=True)
    account.locked_until = clock.now() - timedelta(seconds=1)
    app_session.commit()
    opened = sign_in(visitor)

    assert "Gõ sai nhiều lần. Đợi 2 phút rồi thử lại, hoặc gọi HTX." in locked.text
    assert opened.heading == "Trần Thị Lan"


def test_a_number_without_an_account_is_locked_like_one_with(
    visitor: Visitor, account: Account, app_session: Session
) -> None:
    for _ in range(5):
        sign_in(visitor, phone="0987 654 321", password="sai", status=422)

    locked = sign_in(visitor, phone="0987 654 321", status=429)
    row = app_session.scalars(select(UnknownNumber)).one()
    row.locked_until = clock.now() - timedelta(seconds=1)
    app_session.commit()

    assert "Gõ sai nhiều lần. Đợi 2 phút rồi thử lại, hoặc gọi HTX." in locked.text
    assert "987654321" not in row.phone_hash
    sign_in(visitor, phone="0987 654 321", password="sai", status=422)
    sign_in(visitor, phone="0987 654 322", password="sai", status=422)


def test_a_locked_account_locks_out_nobody_else_on_the_same_line(
    visitor: Visitor, account: Account, app_session: Session
) -> None:
    make_account(app_session, phone="+84912000111", name="Bà Chanh")
    app_session.commit()
    for _ in range(5):
        sign_in(visitor, password="sai", status=422)

    page = sign_in(visitor, phone="0912 000 111")

    assert page.heading == "Bà Chanh"


def test_an_account_that_was_closed_does_not_open(
    visitor: Visitor, account: Account, app_session: Session
) -> None:
    account.is_active = False
    app_session.commit()

    sign_in(visitor, status=422)


@pytest.mark.parametrize(
    ("machine", "idle", "is_open"),
    [
        ("shared", timedelta(minutes=9), True),
        ("shared", timedelta(minutes=11), False),
        ("mine", timedelta(days=29), True),
        ("mine", timedelta(days=31), False),
    ],
)
def test_an_idle_session_ends_by_itself(
    visitor: Visitor,
    account: Account,
    app_session: Session,
    machine: str,
    idle: timedelta,
    is_open: bool,
) -> None:
    sign_in(visitor, machine=machine)
    (row,) = sessions(app_session)
    row.seen_at = clock.now() - idle
    app_session.commit()

    page = visitor.open("/tai-khoan")

    assert (page.heading == "Trần Thị Lan") is is_open


def test_a_form_that_took_minutes_to_fill_in_is_taken_at_once(
    visitor: Visitor, account: Account, app_session: Session
) -> None:
    form = sign_in(visitor)
    (row,) = sessions(app_session)
    row.seen_at = clock.now() - timedelta(minutes=5)
    app_session.commit()

    page = form.submit(
        {"password": PASSWORD, "fresh": NEW_PASSWORD, "again": NEW_PASSWORD},
        form="/tai-khoan/mat-khau",
    )

    kept, fresh = sessions(app_session)
    assert page.path == "/tai-khoan"
    assert kept.ended_at is not None
    assert fresh.seen_at > clock.now() - timedelta(minutes=1)


def test_a_shared_machine_keeps_no_lasting_cookie(client: FlaskClient, account: Account) -> None:
    def cookie(machine: str) -> str:
        visitor = Visitor.of(client)
        visitor.open("/dang-nhap").submit(
            {"phone": "0912345678", "password": PASSWORD, "machine": machine}, press="Đăng nhập"
        )
        kept = client.get_cookie("dacsan")
        assert kept is not None
        visitor.open("/tai-khoan").submit(press="Thoát")
        return str(kept.expires)

    assert cookie("shared") == "None"
    assert cookie("mine") != "None"


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, client: FlaskClient, account: Account, app_session: Session
) -> None:
    visitor = Visitor.of(client)
    home = sign_in(visitor)
    kept = client.get_cookie("dacsan")
    assert kept is not None

    page = home.submit(press="Thoát")
    thief = app.test_client()
    thief.set_cookie("dacsan", kept.value)
    came = thief.get("/tai-khoan")

    assert "Đã thoát. Người sau không xem được gì của bác." in page.text
    assert came.status_code == 303
    assert sessions(app_session)[0].ended_at is not None


def test_signing_out_takes_the_cart_along(client: FlaskClient, account: Account) -> None:
    client.set_cookie("gio", "mine")

    sign_in(Visitor.of(client)).submit(press="Thoát")

    assert client.get_cookie("gio") is None


def test_signing_out_everywhere_ends_all_sessions(
    app: Flask, visitor: Visitor, account: Account, app_session: Session
) -> None:
    other = Visitor.of(app.test_client())
    sign_in(other)

    sign_in(visitor).submit(press="Thoát khỏi mọi máy")

    assert other.open("/tai-khoan").path.startswith("/dang-nhap")
    assert all(row.ended_at for row in sessions(app_session))


def test_the_account_page_shows_every_machine(
    app: Flask, visitor: Visitor, account: Account
) -> None:
    sign_in(Visitor.of(app.test_client()), machine="shared")

    page = sign_in(visitor)

    assert "Máy dùng chung" in page.text
    assert "Máy riêng" in page.text


def test_a_new_password_signs_every_other_machine_out(
    app: Flask, visitor: Visitor, account: Account, app_session: Session
) -> None:
    other = Visitor.of(app.test_client())
    sign_in(other)
    fresh = "nam sau bay tam"

    page = sign_in(visitor).submit(
        {"password": PASSWORD, "fresh": fresh, "again": fresh}, press="Đổi mật khẩu"
    )

    assert "Đã đổi mật khẩu. Các máy khác đã bị thoát." in page.text
    assert other.open("/tai-khoan").path.startswith("/dang-nhap")
    sign_in(other, status=422)
    assert sign_in(other, password=fresh).heading == "Trần Thị Lan"
    written = select(AuditEntry).where(AuditEntry.action == "password_set")
    assert app_session.scalars(written).one().actor_id == account.id


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"password": "sai"}, "password", "Số điện thoại hoặc mật khẩu chưa đúng."),
        ({"fresh": "ngan", "again": "ngan"}, "fresh", "Mật khẩu mới ngắn quá."),
        ({"fresh": "123456", "again": "123456"}, "fresh", "Mật khẩu cần ít nhất 8 chữ hoặc số."),
        ({"again": "khac han"}, "again", "Hai lần ghi chưa giống nhau."),
    ],
)
def test_a_password_that_does_not_fit_changes_nothing(
    visitor: Visitor, account: Account, typed: dict[str, str], field: str, sentence: str
) -> None:
    filled = {"password": PASSWORD, "fresh": "nam sau bay", "again": "nam sau bay"} | typed

    page = sign_in(visitor).submit(filled, press="Đổi mật khẩu", status=422)

    assert sentence in page.text
    assert f'id="loi-{field}"' in page.body
    assert visitor.open("/tai-khoan").heading == "Trần Thị Lan"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "x"],
)
def test_signing_in_never_leads_to_another_site(
    client: FlaskClient, account: Account, address: str
) -> None:
    page = Visitor.of(client).open("/dang-nhap")
    token = page.body.split('name="csrf_token" value="')[1].split('"')[0]

    came = client.post(
        "/dang-nhap",
        data={"phone": "0912345678", "password": PASSWORD, "next": address, "csrf_token": token}
        | MINE,
    )

    assert came.status_code == 303
    assert came.location in {"/quan-ly", "/tai-khoan"}


def test_personal_pages_are_kept_by_nobody(client: FlaskClient, account: Account) -> None:
    sign_in(Visitor.of(client))

    came = client.get("/tai-khoan")

    assert came.headers["Cache-Control"] == "no-store"
    assert "noindex" in came.text


def test_a_visitor_is_asked_to_sign_in_and_comes_back(visitor: Visitor, account: Account) -> None:
    asked = visitor.open("/tai-khoan")

    page = asked.submit({"phone": "0912345678", "password": PASSWORD} | MINE, press="Đăng nhập")

    assert asked.path == "/dang-nhap?next=/tai-khoan"
    assert page.path == "/tai-khoan"


def test_who_is_asked_to_sign_in_in_english_comes_back_in_english(
    visitor: Visitor, account: Account
) -> None:
    form = visitor.open("/en/quan-ly/don-hang")

    page = form.submit({"phone": "0912345678", "password": PASSWORD} | MINE)

    assert page.path == "/en/quan-ly/don-hang"


def test_a_form_sent_in_english_is_kept_in_english_for_who_signs_in_again(
    client: FlaskClient, account: Account
) -> None:
    form = Visitor.of(client).open("/en/dang-nhap")

    came = client.post(
        "/en/quan-ly/noi-ban",
        data={"csrf_token": form.fields(form="/dang-nhap")["csrf_token"], "seller": "1"},
        headers={"Origin": "http://localhost"},
    )

    assert 'action="/en/quan-ly/noi-ban' in came.text


def test_an_unknown_number_costs_as_much_time_as_a_known_one(session: Session) -> None:
    make_account(session, phone="+84912345678")

    def shortest(phone: str) -> float:
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            with pytest.raises(sign_ins.WrongPassword):
                sign_ins.sign_in(
                    session,
                    phone=phone,
                    password="sai",
                    is_shared_computer=True,
                    device="",
                    now=NOW,
                )
            taken.append(time.perf_counter() - began)
        return min(taken)

    assert shortest("+84900000000") > shortest("+84912345678") / 4


def test_a_pin_is_typed_with_the_number_keys(visitor: Visitor, account: Account) -> None:
    page = visitor.open("/dang-nhap").follow("Bấm mã PIN bằng bàn phím số")

    refused = page.submit({"phone": "0912 345 678"}, press="Đăng nhập", status=422)

    assert 'inputmode="numeric"' in page.body
    assert 'inputmode="numeric"' in refused.body
    assert refused.follow("Đăng nhập bằng mật khẩu có chữ").path == "/dang-nhap"


def test_the_list_of_devices_says_by_what_each_signed_in(
    visitor: Visitor, account: Account
) -> None:
    assert "vào bằng mật khẩu" in sign_in(visitor).text


def test_a_weak_password_is_let_in_as_far_as_choosing_a_better_one(
    visitor: Visitor, app_session: Session
) -> None:
    make_account(
        app_session,
        phone="+84912345678",
        role=Role.OFFICE,
        seller=make_seller(app_session),
        password="250196",
    )
    app_session.commit()

    page = sign_in(visitor, password="250196")
    inside = page.submit({"fresh": NEW_PASSWORD, "again": NEW_PASSWORD}, press="Đặt mật khẩu")

    assert page.heading == "Chọn mật khẩu mới"
    assert inside.path == "/tai-khoan"
