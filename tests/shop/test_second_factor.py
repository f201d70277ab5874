"""Treasurers and administrators prove a code of their phone before anything is open to them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import formats
from shop.models.catalog import SellerMode
from shop.models.credentials import RecoveryCode, SecondFactor
from shop.models.people import Account, Role, SignIn
from shop.services import accounts, second_factor, sign_ins
from shop.services.actors import SYSTEM, Actor, account_actor
from shop.services.second_factor import STEP_SECONDS, CodeUsed, WrongCode, code_at
from tests.factories import NOW, PASSWORD, make_account, make_seller
from tests.support.office import Office
from tests.support.pages import Page, Visitor
from tests.support.second_step import Phone, go_through, letters

STEP = timedelta(seconds=STEP_SECONDS)
CODE_PAGE, SET_UP = "/dang-nhap/ma", "/dang-nhap/may-tao-ma"


def actor_of(account: Account) -> Actor:
    return account_actor(account, origin="test", now=NOW)


def treasurer(session: Session, role: Role = Role.TREASURER) -> Account:
    return make_account(session, role=role, seller=make_seller(session))


def opened(session: Session, account: Account, *, now: datetime = NOW) -> SignIn:
    _token, row = sign_ins.open_session(
        session, account, is_shared_computer=False, device="", now=now
    )
    return row


def enrolled(session: Session, account: Account) -> tuple[str, list[str]]:
    """Set a phone up at `NOW` and return its secret with the recovery codes."""
    secret, row = second_factor.new_secret(), opened(session, account)
    codes = second_factor.enrol(
        session, row, secret, code_at(secret, NOW), actor=actor_of(account), now=NOW
    )
    return secret, codes


def prove(session: Session, account: Account, code: str, *, now: datetime) -> SignIn:
    row = opened(session, account, now=now)
    second_factor.prove(session, row, code, actor=actor_of(account), now=now)
    return row


@pytest.mark.both_databases
@pytest.mark.parametrize("role", list(Role))
def test_a_second_factor_is_owed_by_treasurers_and_administrators(
    session: Session, role: Role
) -> None:
    row = opened(session, treasurer(session, role))

    is_owed = sign_ins.owed(row, now=NOW) is sign_ins.Owed.SECOND_FACTOR

    assert is_owed is (role in {Role.TREASURER, Role.ADMIN})


@pytest.mark.both_databases
def test_a_code_of_the_phone_settles_what_is_owed(session: Session) -> None:
    account = treasurer(session)
    secret, _codes = enrolled(session, account)

    row = prove(session, account, code_at(secret, NOW + STEP), now=NOW + STEP)

    assert sign_ins.owed(row, now=NOW + STEP) is None


@pytest.mark.both_databases
def test_the_secret_is_closed_in_the_database(session: Session) -> None:
    account = treasurer(session)

    secret, codes = enrolled(session, account)

    kept = session.scalars(select(SecondFactor)).one()
    hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert kept.secret != ""
    assert secret not in kept.secret
    assert len(set(codes)) == len(hashes) == second_factor.RECOVERY_CODES
    assert not set(codes) & set(hashes)


@pytest.mark.both_databases
def test_a_code_is_taken_once(session: Session) -> None:
    account = treasurer(session)
    secret, _codes = enrolled(session, account)
    later = NOW + 3 * STEP
    prove(session, account, code_at(secret, later), now=later)

    with pytest.raises(CodeUsed):
        prove(session, account, code_at(secret, later), now=later)
    with pytest.raises(CodeUsed):
        prove(session, account, code_at(secret, later - STEP), now=later)

    assert prove(session, account, code_at(secret, later + STEP), now=later)


@pytest.mark.both_databases
@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(session: Session, steps: int, *, is_taken: bool) -> None:
    account = treasurer(session)
    secret, _codes = enrolled(session, account)
    later = NOW + 10 * STEP
    code = code_at(secret, later + steps * STEP)

    if is_taken:
        assert prove(session, account, code, now=later)
    else:
        with pytest.raises(WrongCode):
            prove(session, account, code, now=later)


@pytest.mark.both_databases
def test_wrong_codes_lock_the_second_factor_whatever_password_is_given(session: Session) -> None:
    account = treasurer(session)
    secret, codes = enrolled(session, account)
    later = NOW + 10 * STEP
    for _ in range(sign_ins.TRIES):
        sign_ins.confirm_password(account, PASSWORD, now=later)
        with pytest.raises(WrongCode):
            prove(session, account, "000000", now=later)

    with pytest.raises(sign_ins.LockedOut):
        prove(session, account, code_at(secret, later), now=later)
    with pytest.raises(sign_ins.LockedOut):
        second_factor.prove_by_recovery_code(
            session, opened(session, account), codes[0], actor=actor_of(account), now=later
        )

    after = later + sign_ins.LOCK
    assert prove(session, account, code_at(secret, after), now=after)


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["{}", " {} ", "UPPER"])
def test_a_recovery_code_lets_in_once(session: Session, typed: str) -> None:
    account = treasurer(session)
    _secret, codes = enrolled(session, account)
    row = opened(session, account)
    text = codes[3].upper().replace("-", " ") if typed == "UPPER" else typed.format(codes[3])

    second_factor.prove_by_recovery_code(session, row, text, actor=actor_of(account), now=NOW)

    assert sign_ins.owed(row, now=NOW) is None
    assert second_factor.codes_left(session, account.id) == second_factor.RECOVERY_CODES - 1
    with pytest.raises(WrongCode):
        second_factor.prove_by_recovery_code(session, row, text, actor=actor_of(account), now=NOW)


@pytest.mark.both_databases
def test_an_account_has_one_phone(session: Session) -> None:
    account = treasurer(session)
    enrolled(session, account)

    with pytest.raises(CodeUsed):
        enrolled(session, account)


@pytest.mark.both_databases
def test_only_samples_of_training_sellers_have_the_training_authenticator(
    session: Session,
) -> None:
    training = make_seller(session, mode=SellerMode.TRAINING)
    live = make_seller(session)
    sample = make_account(session, role=Role.TREASURER, seller=training, is_sample=True)
    person = make_account(session, role=Role.TREASURER, seller=training)
    mixed = make_account(session, role=Role.TREASURER, seller=training, is_sample=True)
    accounts.grant(session, mixed, Role.OFFICE, seller=live, actor=SYSTEM, now=NOW)
    over_all = make_account(session, role=Role.ADMIN, is_sample=True)

    found = [
        second_factor.is_training(session, one, now=NOW)
        for one in (sample, person, mixed, over_all)
    ]

    assert found == [True, False, False, False]


@pytest.mark.both_databases
def test_a_training_code_opens_its_own_sign_in_alone(session: Session) -> None:
    training = make_seller(session, mode=SellerMode.TRAINING)
    sample = make_account(session, role=Role.TREASURER, seller=training, is_sample=True)
    person = make_account(session, role=Role.TREASURER, seller=training)
    first, second, real = (opened(session, one) for one in (sample, sample, person))
    code = second_factor.training_code(session, first, now=NOW)

    for row, account in ((second, sample), (real, person)):
        with pytest.raises(WrongCode):
            second_factor.prove(session, row, code, actor=actor_of(account), now=NOW)
    second_factor.prove(session, first, code, actor=actor_of(sample), now=NOW)

    assert sign_ins.owed(first, now=NOW) is None


def enter(app: Flask, account: Account, *, at: str = "/dang-nhap") -> tuple[Visitor, Page]:
    """Give phone and password, and return the browser with the page it is led to."""
    visitor = Visitor.of(app.test_client())
    typed = {"phone": formats.phone(account.phone), "password": PASSWORD, "machine": "mine"}
    return visitor, visitor.open(at).submit(typed, press="Đăng nhập")


def test_who_has_no_phone_set_up_reaches_only_that_page_and_the_way_out(
    app: Flask, office: Office
) -> None:
    account = office.account(Role.TREASURER)

    visitor, page = enter(app, account)

    assert page.path == SET_UP
    for path in ("/quan-ly", "/quan-ly/tien", "/tai-khoan", "/thanh-vien", CODE_PAGE):
        assert visitor.open(path).path.split("?")[0] == SET_UP
    assert page.headers["Cache-Control"] == "no-store"
    assert page.submit(press="Thoát").path == "/dang-nhap"
    assert visitor.open("/quan-ly").path.startswith("/dang-nhap?")


def test_a_form_sent_before_the_second_step_changes_nothing(app: Flask, office: Office) -> None:
    account = office.account(Role.TREASURER)
    office.grant(account, Role.OFFICE)
    order = office.paid_order()
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    typed = {"phone": formats.phone(account.phone), "password": PASSWORD, "machine": "mine"}
    client.post("/dang-nhap", data=typed)

    answer = client.post(f"/quan-ly/don-hang/{order.code}/soan")

    assert answer.status_code in {303, 401}
    assert office.fresh(order).state.value == "confirmed"


def test_a_phone_is_set_up_and_asked_for_the_next_time(app: Flask, office: Office) -> None:
    account, phone = office.account(Role.TREASURER), Phone()
    _visitor, page = enter(app, account, at="/dang-nhap?next=/quan-ly/tien")
    refused = page.submit({"code": "000000"}, form=SET_UP, status=422)
    assert letters(refused) == letters(page)

    codes = page.submit({"code": phone.set_up(account.id, letters(page))}, form=SET_UP)
    reached = codes.follow("Đã cất mã, đi tiếp")
    visitor, again = enter(app, account)
    wrong = again.submit({"code": "000000"}, form=CODE_PAGE, status=422)
    home = wrong.submit({"code": phone.next_code(account.id)}, form=CODE_PAGE)

    assert "Chỉ hiện một lần." in codes.text
    assert codes.body.count('<li class="ma-lo">') == second_factor.RECOVERY_CODES
    assert codes.headers["Cache-Control"] == "no-store"
    assert reached.path == "/quan-ly/tien"
    assert again.path == CODE_PAGE
    assert "giả lập" not in again.text
    assert "Mã chưa đúng." in wrong.text
    assert home.heading == "Việc hôm nay"
    assert visitor.open(SET_UP).path == "/quan-ly"


def test_a_recovery_code_stands_for_a_lost_phone(app: Flask, office: Office) -> None:
    account, phone = office.account(Role.TREASURER), Phone()
    _visitor, page = enter(app, account)
    shown = page.submit({"code": phone.set_up(account.id, letters(page))}, form=SET_UP)
    code = shown.root.find(".//li[@class='ma-lo']").text

    _visitor, again = enter(app, account)
    home = again.submit({"recovery": code}, form=CODE_PAGE)
    _visitor, third = enter(app, account)

    assert home.heading == "Việc hôm nay"
    assert "Mã chưa đúng." in third.submit({"recovery": code}, form=CODE_PAGE, status=422).text


def test_a_role_given_meanwhile_asks_for_the_second_factor_on_the_next_request(
    app: Flask, office: Office
) -> None:
    account = office.account(Role.OFFICE)
    visitor, page = enter(app, account)
    assert page.heading == "Việc hôm nay"

    office.grant(account, Role.TREASURER)

    assert visitor.open("/quan-ly").path.split("?")[0] == SET_UP


def test_a_secret_shown_to_one_person_is_not_taken_from_another(
    app: Flask, office: Office
) -> None:
    first, second, phone = office.account(Role.TREASURER), office.account(Role.TREASURER), Phone()
    _visitor, theirs = enter(app, first)
    _visitor, page = enter(app, second)
    code = phone.set_up(first.id, letters(theirs))
    closed = theirs.fields(form=SET_UP)["closed"]

    sent = page.submit({"code": code, "closed": str(closed)}, form=SET_UP)

    assert sent.path.split("?")[0] == SET_UP
    assert office.session.scalars(select(SecondFactor)).all() == []


def test_recovery_codes_and_the_phone_are_changed_with_a_code(app: Flask, office: Office) -> None:
    account, phone = office.account(Role.TREASURER), Phone()
    visitor, page = enter(app, account)
    go_through(page, account.id, phone)
    own = visitor.open("/tai-khoan").follow("Đổi điện thoại, lấy mã dự phòng mới")
    refused = own.submit({"code": "000000"}, press="Lấy mã dự phòng mới", status=422)

    changed = refused.submit({"old_code": phone.next_code(account.id)}, press="Đổi điện thoại")

    assert "Còn 10 mã dự phòng." in own.text
    assert "Mã chưa đúng." in refused.text
    assert changed.path.split("?")[0] == SET_UP
    assert go_through(changed, account.id, phone).heading == "Máy tạo mã"


def test_the_demo_shows_its_code_on_the_page(app: Flask) -> None:
    visitor = Visitor.of(app.test_client())
    typed = {"phone": "0540000001", "password": "mau-dac-san", "machine": "mine"}

    page = visitor.open("/dang-nhap").submit(typed, press="Đăng nhập")
    home = go_through(page, 0)

    assert "Máy tạo mã tập huấn (giả lập)" in page.text
    assert home.heading == "Việc hôm nay"


def test_everybody_may_try_the_demo_at_the_same_time(app: Flask) -> None:
    typed = {"phone": "0540000001", "password": "mau-dac-san", "machine": "mine"}

    pages = [
        Visitor.of(app.test_client()).open("/dang-nhap").submit(typed, press="Đăng nhập")
        for _ in range(4)
    ]

    assert {go_through(page, 0).heading for page in pages} == {"Việc hôm nay"}


@pytest.mark.parametrize("name", ["code", "recovery"])
def test_a_code_is_not_kept_in_the_page_of_a_form_that_cannot_be_taken(
    app: Flask, name: str
) -> None:
    client = app.test_client()
    typed = {"phone": "0540000001", "password": "mau-dac-san", "machine": "mine"}
    Visitor.of(client).open("/dang-nhap").submit(typed, press="Đăng nhập")
    data, headers = {name: "SECRET-1234"}, {"Origin": "http://localhost"}

    refused = client.post(CODE_PAGE, data=data, headers=headers)
    beside = client.post("/dang-nhap", data={"next": "SECRET-1234"}, headers=headers)

    assert refused.status_code == beside.status_code == 400
    assert "SECRET-1234" not in refused.text
    assert "SECRET-1234" in beside.text
