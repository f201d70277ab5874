"""A director takes people on, lets them go, and ends their sessions."""

import json
from datetime import timedelta

import pytest

from shop import clock, formats
from shop.models.people import Account, Grant, Role
from shop.services.seller_staff import first_password
from tests import factories
from tests.support.office import open_office, sign_in
from tests.support.pages import Visitor


def people(office, role=Role.DIRECTOR):
    return office.visitor(role).open("/quan-ly/nguoi-dung")


def newcomer(office, **values):
    typed = {"phone": "0987 654 321", "name": "Trần Văn Quân", "role": "office"} | values
    return people(office).follow("Thêm người").submit(typed)


def account_by_phone(office, phone="+84987654321"):
    office.session.rollback()
    found = office.session.query(Account).filter_by(phone=phone).one()
    office.session.commit()
    return found


def test_a_newcomer_signs_in_with_the_password_that_was_shown_once(app, office):
    page = newcomer(office)
    password = page.root.find(".//p[@class='ma-lo']").text

    visitor = Visitor.of(app.test_client())
    signed_in = visitor.open("/dang-nhap").submit(
        {"phone": "0987654321", "password": password, "machine": "mine"}, form="/dang-nhap"
    )

    assert "Chỉ hiện một lần." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert signed_in.heading == "Việc hôm nay"


def test_a_first_password_is_long_and_never_the_same():
    passwords = {first_password() for _ in range(50)}

    assert len(passwords) == 50
    assert all(len(password) == 14 for password in passwords)


def test_somebody_with_an_account_keeps_the_password_and_gains_the_role(office):
    known = factories.make_account(office.session, phone="+84987654321")
    office.session.commit()
    before = known.password_hash

    page = newcomer(office, name="Tên Khác")

    assert "Số này đã có tài khoản, vai trò đã thêm." in page.text
    assert account_by_phone(office).password_hash == before


def test_the_same_newcomer_sent_twice_has_one_role(office):
    form = people(office).follow("Thêm người")
    typed = {"phone": "0987 654 321", "name": "Trần Văn Quân", "role": "office"}

    form.submit(typed)
    form.submit(typed)

    account = account_by_phone(office)
    assert office.session.query(Grant).filter_by(account_id=account.id).count() == 1


def test_phones_of_the_bad_input_case_are_one_number(office, shared):
    folder = shared / "data" / "bad_input"
    payload = json.loads((folder / "S26_phone_formats.json").read_text())["payload"]
    form = people(office).follow("Thêm người")

    for phone in payload["phones"]:
        refused = form.submit({"phone": phone, "name": "", "role": "office"}, status=422)
        assert "Còn 1 chỗ cần sửa: họ và tên" in refused.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"phone": "0912 345 67"}, "thiếu 1 số"),
        ({"name": " "}, "Chưa ghi họ và tên. Ví dụ Nguyễn Thị Hoa"),
        ({"name": "Chè <b>ngon</b><script>alert(1)</script>"}, "Tên có mã lạ"),
        ({"role": "admin"}, "Chọn một vai trò."),
        ({"role": "inspector"}, "Người kiểm tra chỉ xem có hạn. Ghi ngày cuối"),
        ({"role": "inspector", "until": "31/11/2026"}, "chỉ có 30 ngày"),
        ({"role": "inspector", "until": "01/01/2020"}, "Ngày này đã qua"),
    ],
)
def test_a_newcomer_who_is_not_told_right_is_refused_and_kept(office, values, said):
    typed = {"phone": "0987 654 321", "name": "Trần Văn Quân", "role": "office"} | values
    form = people(office).follow("Thêm người")

    refused = form.submit(typed, status=422)

    assert said in refused.text
    assert "<script>alert" not in refused.body
    assert office.session.query(Account).filter_by(phone="+84987654321").count() == 0


def test_a_name_is_kept_in_one_form_of_unicode_without_emoji(office):
    newcomer(office, name="Trần Văn Quân 🍵")

    assert account_by_phone(office).name == "Trần Văn Quân"


def test_an_inspector_sees_until_the_last_day_and_no_longer(office):
    last = clock.today() + timedelta(days=3)

    newcomer(office, role="inspector", until=formats.day(last))

    grant = office.session.query(Grant).filter_by(role=Role.INSPECTOR).one()
    assert clock.day_of(grant.until - timedelta(seconds=1)) == last


def test_a_role_that_ended_opens_nothing_any_more(app, office):
    account = office.account(Role.OFFICE)
    client = sign_in(app, account)
    before = client.get("/quan-ly/don-hang").status_code

    page = people(office).submit(press="Bỏ vai trò Văn phòng")

    assert "Đã bỏ vai trò." in page.text
    assert (before, client.get("/quan-ly/don-hang").status_code) == (200, 403)


def test_nobody_takes_their_own_role_away(app, office):
    account = office.account(Role.DIRECTOR)
    client = sign_in(app, account)
    app.config["WTF_CSRF_ENABLED"] = False
    grant = office.session.query(Grant).filter_by(account_id=account.id).one()
    office.session.commit()

    answer = client.post(f"/quan-ly/nguoi-dung/vai-tro/{grant.id}/bo")

    assert answer.status_code == 409
    assert "Không tự bỏ vai trò của mình được" in answer.get_data(as_text=True)
    assert office.fresh(grant).until is None


def test_sessions_of_somebody_are_ended_on_every_device(app, office):
    account = office.account(Role.OFFICE)
    clients = [sign_in(app, account), sign_in(app, account)]

    page = people(office).submit(press="Thoát mọi máy")

    assert "đã bị thoát khỏi mọi máy" in page.text
    assert [client.get("/quan-ly").status_code for client in clients] == [303, 303]


def test_people_of_another_seller_are_out_of_reach(app, app_session, office):
    other = open_office(app, app_session)
    stranger = other.account(Role.OFFICE)
    grant = app_session.query(Grant).filter_by(account_id=stranger.id).one()
    app_session.commit()
    client = office.client(Role.DIRECTOR)
    app.config["WTF_CSRF_ENABLED"] = False

    answers = [
        client.get(f"/quan-ly/nguoi-dung/{stranger.id}/lay-lai"),
        client.post(f"/quan-ly/nguoi-dung/{stranger.id}/the"),
        client.post(f"/quan-ly/nguoi-dung/{stranger.id}/thoat"),
        client.post(f"/quan-ly/nguoi-dung/vai-tro/{grant.id}/bo"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
