"""The office writes members down, with plots, a sign-in and who may help them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import formats
from shop.models.people import AuditEntry, Consent, Member, Role
from tests.support.office import open_office, sign_in
from tests.support.pages import Visitor


def members(office, role=Role.OFFICE):
    return office.visitor(role).open("/quan-ly/xa-vien")


def write_down(office, **values):
    typed = {"full_name": "Hoàng Thị Chanh", "phone": "0987 654 321"} | values
    return members(office).follow("Ghi xã viên mới").submit(typed)


def stored(office, model=Member):
    office.session.rollback()
    found = office.session.scalars(select(model).order_by(model.id)).all()
    office.session.commit()
    return [one for one in found if one.seller_id == office.seller.id]


def test_a_member_is_written_down_and_is_given_a_code(office):
    page = write_down(office, birth_year="1956", gender="nữ", show_name="1")

    (member,) = stored(office)
    assert page.heading == "Hoàng Thị Chanh"
    assert f"Đã ghi xã viên {office.seller.lot_prefix}-TV-001." in page.text
    assert (member.phone, member.birth_year, member.gender) == ("+84987654321", 1956, "nữ")
    assert member.show_name


def test_zeros_alone_are_nobodys_number(office):
    write_down(office)

    found = [office.visitor().open(f"/quan-ly/xa-vien?q={words}") for words in ("0987", "000000")]

    assert ["Hoàng Thị Chanh" in page.text for page in found] == [True, False]


def test_the_same_form_sent_twice_writes_one_member_down(office):
    form = members(office).follow("Ghi xã viên mới")
    typed = {"full_name": "Hoàng Thị Chanh", "phone": "0987 654 321"}

    form.submit(typed)
    again = form.submit(typed)

    assert "đã có trong danh sách" in again.text
    assert len(stored(office)) == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"full_name": ""}, "Chưa ghi họ và tên. Ví dụ Hoàng Thị Chanh"),
        ({"phone": "0912 345 67"}, "thiếu 1 số"),
        ({"birth_year": "56"}, "Có phải là 1956?"),
        ({"birth_year": "2025"}, "không phải của người 15 đến 110 tuổi"),
        ({"full_name": "Hoàng <b>Chanh</b>"}, "Tên có mã lạ"),
    ],
)
def test_what_is_not_told_right_is_refused_beside_its_field_and_kept(office, values, said):
    form = members(office).follow("Ghi xã viên mới")
    typed = {"full_name": "Hoàng Thị Chanh", "phone": "0987 654 321"} | values

    refused = form.submit(typed, status=422)

    assert said in refused.text
    assert stored(office) == []
    name, value = next(iter(values.items()))
    assert refused.fields(form="/moi")[name] == value


def test_a_code_that_another_member_has_is_refused(office):
    office.member(code="X-1")
    form = members(office).follow("Ghi xã viên mới")

    refused = form.submit({"full_name": "Đỗ Thị Quế", "code": "X-1"}, status=422)

    assert "Mã xã viên X-1 đã có người mang." in refused.text


@pytest.mark.parametrize("words", ["do thi que", "Quế", "QUE", "0912 000 111", "tv-que"])
def test_members_are_found_without_marks_by_code_and_by_phone(office, words):
    office.member(full_name="Hoàng Thị Chanh")
    office.member(full_name="Đỗ Thị Quế", phone="+84912000111", code="TV-QUE")

    page = members(office).submit({"q": words}, form="/quan-ly/xa-vien")

    assert "Đỗ Thị Quế" in page.text
    assert "Hoàng Thị Chanh" not in page.text


def test_the_list_is_turned_page_by_page(office):
    for number in range(31):
        office.member(full_name=f"Người Thứ {number:02}")

    second = members(office).follow("Trang sau")

    assert "Trang 2 trên 2" in second.text
    assert "Người Thứ 30" in second.text


def test_only_what_changed_is_written_into_the_history(office):
    member = office.member(phone="+84987654321", birth_year=1956)
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    form = page.follow("Sửa thông tin")
    form.submit({"birth_year": "1957"})
    form.submit({"birth_year": "1957"})

    office.session.rollback()
    entries = office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "member_changed")
    ).all()
    office.session.commit()
    assert [(one.before, one.after) for one in entries] == [
        ({"birth_year": 1956}, {"birth_year": 1957})
    ]


@pytest.mark.parametrize(
    ("province", "typed", "m2"),
    [("19", "3 sào", 1080), ("46", "3 sào", 1500), ("82", "1 công", 1000), ("19", "0,5 ha", 5000)],
)
def test_an_area_is_kept_in_square_metres_as_a_sao_is_measured_there(office, province, typed, m2):
    office.seller.province_code = province
    office.session.commit()
    member = office.member()
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    saved = page.follow("Ghi thêm nương").submit(
        {"plot_code": "T01", "crop": "chè", "area": typed}
    )

    office.session.rollback()
    office.session.refresh(member)
    assert [plot.area_m2 for plot in member.plots] == [m2]
    office.session.commit()
    assert f"Đã lưu nương T01, {' '.join(formats.area(m2).split())}." in saved.text


def test_an_area_without_a_unit_is_asked_about(office):
    member = office.member()
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    refused = page.follow("Ghi thêm nương").submit({"plot_code": "T01", "area": "3"}, status=422)

    assert "là sào hay m²?" in refused.text


def test_a_plot_of_somebody_else_is_not_taken_over(office):
    first, second = office.member(), office.member()
    visitor = office.visitor(Role.OFFICE)
    visitor.open(f"/quan-ly/xa-vien/{first.id}/nuong/moi").submit({"plot_code": "T01"})

    form = visitor.open(f"/quan-ly/xa-vien/{second.id}/nuong/moi")
    refused = form.submit({"plot_code": "T01"}, status=422)

    assert "Mã nương T01 đã ghi cho xã viên khác." in refused.text


def test_a_member_signs_in_with_the_pin_that_was_shown_once(app, office):
    member = office.member(phone="+84987654321")
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    told = page.follow("Mở tài khoản").submit(press="Mở tài khoản")
    pin = told.root.find(".//p[@class='ma-lo']").text

    signed_in = (
        Visitor.of(app.test_client())
        .open("/dang-nhap?next=/thanh-vien/hien-ten")
        .submit({"phone": "0987654321", "password": pin, "machine": "mine"}, form="/dang-nhap")
    )
    assert len(pin) == 6
    assert "Chỉ hiện một lần." in told.text
    assert signed_in.heading == "Tên trên trang lô hàng"


def test_a_number_of_another_member_opens_no_second_sign_in(office):
    account, _first = office.member_account()
    second = office.member(full_name="Đỗ Thị Quế")
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{second.id}/dang-nhap")

    refused = form.submit({"phone": formats.phone(account.phone)}, status=422)

    assert "Số này là của xã viên khác." in refused.text
    assert office.fresh(second).account_id is None


def consent_form(office, member):
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")
    return page.follow("Ghi giấy nhờ làm hộ")


def test_a_consent_is_recorded_and_opens_the_way_for_the_helper(app, office):
    member, helper = office.member(), office.account(Role.HELPER)
    until = office.today + timedelta(days=100)

    page = consent_form(office, member).submit(
        {
            "helper": str(helper.id),
            "given_how": "paper",
            "given_on": formats.day(office.today),
            "until": formats.day(until),
            "note": "tủ số 2",
        }
    )

    chosen = Visitor.of(sign_in(app, helper)).open("/thanh-vien/lam-ho")
    assert "đang có hiệu lực" in page.text
    assert "tủ số 2" in page.text
    assert "bác Chanh" in chosen.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"given_how": ""}, "Chọn cách bác ấy đồng ý."),
        ({"helper": ""}, "Chọn người làm hộ."),
        ({"until": "01/01/2020"}, "Hạn phải từ hôm nay"),
        ({"given_on": "31/11/2026"}, "chỉ có 30 ngày"),
    ],
)
def test_a_consent_that_is_not_told_right_is_refused(office, values, said):
    member, helper = office.member(), office.account(Role.HELPER)
    typed = {
        "helper": str(helper.id),
        "given_how": "phone",
        "given_on": formats.day(office.today),
        "until": formats.day(office.today + timedelta(days=30)),
    } | values

    refused = consent_form(office, member).submit(typed, status=422)

    assert said in refused.text
    assert stored(office, Consent) == []


def test_the_office_withdraws_a_consent_for_a_member_who_asks(office):
    member = office.member()
    office.helper(member)
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    after = page.submit(press="Rút giấy nhờ")

    assert "đã rút" in after.text
    assert [consent.withdrawn_at is None for consent in stored(office, Consent)] == [False]


def test_a_new_consent_replaces_the_one_the_same_helper_has(office):
    member = office.member()
    helper = office.helper(member)

    page = consent_form(office, member).submit(
        {
            "helper": str(helper.id),
            "given_how": "phone",
            "given_on": formats.day(office.today),
            "until": formats.day(office.today + timedelta(days=30)),
        }
    )

    assert "Giấy nhờ trước của hai người hết hiệu lực từ lúc này." in page.text
    old, new = stored(office, Consent)
    assert (old.withdrawn_at is None, new.withdrawn_at) == (False, None)
    assert [row.subject_id for row in withdrawn(office)] == [old.id]


def test_withdrawing_ends_every_consent_of_the_two_and_no_other(office):
    member, other = office.member(), office.member(full_name="Đỗ Thị Quế")
    helper = office.helper(member, member, other)
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")
    first = min(one.id for one in stored(office, Consent))

    page.submit(form=f"/quan-ly/xa-vien/{member.id}/giay-nho/{first}/rut")

    consents = stored(office, Consent)
    ended = [one for one in consents if one.withdrawn_at is not None]
    assert {one.member_id for one in ended} == {member.id}
    assert {row.subject_id for row in withdrawn(office)} == {one.id for one in ended}
    assert (len(ended), len(withdrawn(office)), len(consents)) == (2, 2, 3)
    assert {one.helper_id for one in consents} == {helper.id}


def withdrawn(office):
    """Return the entries of the trail that tell of consents taken back."""
    return [row for row in stored(office, AuditEntry) if row.action == "consent_withdrawn"]


def test_a_new_helper_gets_a_pin_and_helps_nobody_yet(app, office):
    member = office.member()
    form = consent_form(office, member).follow("Thêm người làm hộ")

    told = form.submit({"full_name": "Bùi Thị Hẹ", "phone": "0987 654 322"})
    pin = told.root.find(".//p[@class='ma-lo']").text

    helper = Visitor.of(app.test_client())
    helper.open("/dang-nhap").submit(
        {"phone": "0987654322", "password": pin, "machine": "mine"}, form="/dang-nhap"
    )
    assert "Bùi Thị Hẹ" in consent_form(office, member).body
    assert "Chưa có ai nhờ làm hộ." in helper.open("/thanh-vien/lam-ho").text


def test_the_office_puts_back_what_was_done_about_a_member(app, office):
    account, member = office.member_account()
    own = Visitor.of(sign_in(app, account))
    own.open("/thanh-vien/hien-ten").submit(press="Cho hiện tên")

    page = (
        office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}").submit(press="Đổi lại")
    )

    assert "Đã đổi lại như trước." in page.text
    assert not office.fresh(member).show_name


def test_a_draft_is_the_members_to_put_back_and_the_office_is_not_offered_it(app, office):
    account, member = office.member_account()
    helper = Visitor.of(sign_in(app, office.helper(member)))
    helper.open("/thanh-vien/lam-ho").submit(press="bác Chanh")
    form = helper.open("/thanh-vien/ban-hang/moi")
    form.submit({"name": "Mật ong rừng"}, form="/ban-hang/moi", press="Lưu nháp")

    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    assert "ghi nháp món bán: Mật ong rừng" in page.text
    assert "Đổi lại" not in page.text
    own = Visitor.of(sign_in(app, account)).open("/thanh-vien/ai-lam-gi")
    assert "Đổi lại được đến" in own.text


def test_members_of_another_seller_are_not_there(app, app_session, office):
    other = open_office(app, app_session)
    stranger = other.member()
    helper = other.helper(stranger)
    consent = app_session.scalars(select(Consent).where(Consent.helper_id == helper.id)).one()
    app_session.commit()
    client = office.client(Role.DIRECTOR)
    app.config["WTF_CSRF_ENABLED"] = False
    base = f"/quan-ly/xa-vien/{stranger.id}"

    answers = [
        client.get(base),
        client.get(f"{base}/sua"),
        client.post(f"{base}/sua", data={"full_name": "X"}),
        client.post(f"{base}/nuong/moi", data={"plot_code": "T1"}),
        client.get(f"{base}/dang-nhap"),
        client.post(f"{base}/dang-nhap", data={"phone": "0987654321"}),
        client.get(f"{base}/giay-nho"),
        client.post(f"{base}/giay-nho/{consent.id}/rut"),
        client.post(f"{base}/viec/1/doi-lai"),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)


def test_names_of_the_bad_input_case_stay_what_they_are(office, shared):
    folder = shared / "data" / "bad_input"
    payload = json.loads((folder / "S26_phone_formats.json").read_text())["payload"]

    for number, phone in enumerate(payload["phones"]):
        write_down(office, full_name=f"Người {number}", phone=phone)

    assert len({member.phone for member in stored(office)}) == 1


def test_a_number_that_has_an_account_is_joined_and_not_opened_again(office):
    account = office.account(Role.HELPER)
    member = office.member(phone=account.phone)
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    form = page.follow("Nối tài khoản")
    joined = form.submit(press="Nối tài khoản")

    assert "Mở tài khoản" not in page.text + form.text
    assert "Số này đã có tài khoản: mật khẩu vẫn như cũ." in joined.text
    assert office.fresh(member).account_id == account.id


def test_no_account_is_offered_to_a_member_who_has_one(office):
    _account, member = office.member_account()
    visitor = office.visitor(Role.OFFICE)

    page = visitor.open(f"/quan-ly/xa-vien/{member.id}/dang-nhap")

    assert "đã có tài khoản." in page.text
    assert "Mở tài khoản" not in page.text


def change_phone(office, member, role=Role.OFFICE, *, status=200, **values):
    page = office.visitor(role).open(f"/quan-ly/xa-vien/{member.id}/sua")
    return page.submit({"phone": "0987 654 321"} | values, status=status)


def test_a_changed_phone_leaves_the_number_to_sign_in_and_says_so(office):
    account, member = office.member_account()
    old = account.phone

    page = change_phone(office, member)

    assert f"Số đăng nhập vẫn là {formats.phone(old)}." in page.text
    assert "khác số điện thoại ghi ở trên" in page.text
    assert office.fresh(account).phone == old


def test_the_number_to_sign_in_changes_on_the_same_form_and_every_device_is_out(app, office):
    account, member = office.member_account()
    old = account.phone
    phone = Visitor.of(sign_in(app, account))

    page = change_phone(office, member, sign_in_too="1")

    assert "Từ nay đăng nhập bằng số 0987 654 321, mọi máy đã thoát." in page.text
    assert office.fresh(account).phone == "+84987654321"
    assert phone.open("/thanh-vien", status=200).heading == "Đăng nhập"
    own = Visitor.of(sign_in(app, account)).open("/thanh-vien/ai-lam-gi")
    told = f"đổi số đăng nhập của bác từ {formats.phone(old)} thành 0987 654 321"
    assert told in own.text
    (entry,) = office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "member_sign_in_changed")
    )
    assert (entry.before, entry.after) == ({"phone": old}, {"phone": "+84987654321"})


def test_a_number_that_somebody_signs_in_with_is_taken_from_nobody(office):
    other = office.account(Role.MEMBER)
    account, member = office.member_account(phone="+84912345678")
    old, typed = account.phone, formats.phone(other.phone)

    refused = change_phone(office, member, phone=typed, sign_in_too="1", status=422)

    assert "Số điện thoại này đã có tài khoản." in refused.text
    assert refused.fields(form="/sua")["phone"] == typed
    assert office.fresh(account).phone == old
    assert office.fresh(member).phone == "+84912345678"


@pytest.mark.parametrize(
    ("of", "asked_by", "may"),
    [
        (Role.MEMBER, Role.OFFICE, True),
        (Role.TREASURER, Role.OFFICE, False),
        (Role.TREASURER, Role.DIRECTOR, True),
        (Role.ADMIN, Role.DIRECTOR, False),
    ],
)
def test_the_number_of_who_may_more_is_changed_by_who_manages_accounts(office, of, asked_by, may):
    account, member = office.member_account()
    office.grant(account, of)
    path, visitor = f"/quan-ly/xa-vien/{member.id}/sua", office.visitor(asked_by)
    page = visitor.open(path)
    typed = page.fields(form="/sua") | {"phone": "0987 654 321", "sign_in_too": "1"}

    answer = visitor.post(path, typed)

    assert ("Đổi cả số đăng nhập" in page.text) is may
    assert answer.status == (200 if may else 403)
    assert (office.fresh(account).phone == "+84987654321") is may
