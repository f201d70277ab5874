"""A member reads in plain words what was done, and takes it back within a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import clock
from shop.errors import Changed, FieldRefused, NotAllowed, NotFound
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.models.catalog import Product
from shop.models.people import Account, AuditEntry, Consent, Role
from shop.models.submissions import Submission, SubmissionState
from shop.pages import deeds as pages
from shop.services import helping, members, undo
from shop.services.actors import SYSTEM, Actor, account_actor, helper_actor
from shop.services.undo import CannotUndo, TooLateToUndo, UndoneBefore
from tests import factories
from tests.support.office import sign_in
from tests.support.pages import Visitor

LIST = "/thanh-vien/ai-lam-gi"


def entries(session):
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


@pytest.fixture
def people(session):
    """A member with a sign-in, a helper with consent, and somebody of the office."""
    seller = factories.make_seller(session)
    account = factories.make_account(session, role=Role.MEMBER, seller=seller)
    member = factories.make_member(session, seller, account_id=account.id)
    helper = factories.make_account(session, role=Role.HELPER, seller=seller, name="Bùi Thị Hẹ")
    clerk = factories.make_account(session, role=Role.OFFICE, seller=seller, name="Lê Thị Bòng")
    now = clock.now()
    return {
        "seller": seller,
        "member": member,
        "own": account_actor(account, origin="::1", now=now),
        "helper": helper_actor(helper, member, origin="192.0.2.7", device="Firefox"),
        "helper_account": helper,
        "office": account_actor(clerk, origin="::1", now=now),
        "now": now,
    }


def draft(**values):
    return MemberDraft(**{"full_name": "Hoàng Thị Chanh"} | values)


@pytest.mark.both_databases
def test_what_was_done_is_put_back_as_it_was(session, people):
    member, now = people["member"], people["now"]
    members.show_name(session, member, True, actor=people["own"], now=now)
    done = entries(session)[-1]

    later = now + timedelta(hours=23)
    undo.undo(session, member, done.id, actor=people["own"], now=later)

    put_back, told = entries(session)[-2:]
    assert not member.show_name
    assert (put_back.before, put_back.after) == ({"show_name": True}, {"show_name": False})
    assert (told.action, told.subject_kind, told.subject_id) == (
        "change_undone",
        "audit_entry",
        done.id,
    )
    assert told.actor_id == people["own"].account_id


@pytest.mark.both_databases
def test_nothing_is_undone_twice(session, people):
    member, now = people["member"], people["now"]
    members.show_name(session, member, True, actor=people["own"], now=now)
    done = entries(session)[-1]
    undo.undo(session, member, done.id, actor=people["own"], now=now)
    members.show_name(session, member, True, actor=people["own"], now=now)

    with pytest.raises(UndoneBefore):
        undo.undo(session, member, done.id, actor=people["own"], now=now)

    assert member.show_name


def test_after_a_day_it_stays(session, people):
    member, now = people["member"], people["now"]
    members.show_name(session, member, True, actor=people["own"], now=now)

    with pytest.raises(TooLateToUndo):
        undo.undo(
            session,
            member,
            entries(session)[-1].id,
            actor=people["own"],
            now=now + timedelta(hours=24),
        )

    assert member.show_name


def test_what_somebody_changed_since_stays(session, people):
    member, now = people["member"], people["now"]
    members.change(
        session, member, draft(full_name="Hoàng Chanh"), actor=people["office"], now=now
    )
    done = entries(session)[-1]
    members.change(
        session, member, draft(full_name="Hoàng Thị C"), actor=people["office"], now=now
    )

    with pytest.raises(Changed):
        undo.undo(session, member, done.id, actor=people["own"], now=now)

    assert member.full_name == "Hoàng Thị C"


def test_a_plot_is_put_back(session, people):
    member, now, office = people["member"], people["now"], people["office"]
    plot = PlotDraft("T01", name="Đồng Mít", crop="chè", area_m2=1080)
    members.change(session, member, draft(plots=[plot]), actor=office, now=now)
    smaller = PlotDraft("T01", name="Đồng Mít", crop="chè", area_m2=720)
    members.change(session, member, draft(plots=[smaller]), actor=office, now=now)

    undo.undo(session, member, entries(session)[-1].id, actor=people["own"], now=now)

    assert [plot.area_m2 for plot in member.plots] == [1080]


def test_a_consent_is_ended_by_undoing_it(session, people):
    member, now = people["member"], people["now"]
    consent = recorded(session, people)

    undo.undo(session, member, entries(session)[-1].id, actor=people["own"], now=now)

    assert consent.withdrawn_at == now


def test_nobody_writes_down_or_lengthens_a_consent_for_themselves(session, people):
    clerk = session.get_one(Account, people["office"].account_id)

    with pytest.raises(FieldRefused, match="consent_for_oneself"):
        recorded(session, people, helper=clerk)
    recorded(session, people, helper=clerk, actor=SYSTEM)
    with pytest.raises(FieldRefused, match="consent_for_oneself"):
        recorded(session, people, helper=clerk)

    assert session.scalars(select(Consent)).one().withdrawn_at is None


def recorded(session, people, *, helper=None, actor=None):
    return helping.record_consent(
        session,
        people["member"],
        helper or people["helper_account"],
        given_how=helping.GivenHow.PAPER,
        given_on=clock.today(),
        until=clock.today() + timedelta(days=30),
        note="",
        actor=actor or people["office"],
        now=people["now"],
        today=clock.today(),
    )


def test_a_helper_ends_no_consent_and_puts_no_phone_number_back(session, people):
    member, now, helper = people["member"], people["now"], people["helper"]
    recorded(session, people)
    of_consent = entries(session)[-1].id
    fresh = draft(phone="+84912000111")
    members.change(session, member, fresh, actor=people["office"], now=now)
    of_phone = entries(session)[-1].id

    for entry_id in (of_consent, of_phone):
        with pytest.raises(NotAllowed):
            undo.undo(session, member, entry_id, actor=helper, now=now)

    assert session.scalars(select(Consent)).one().withdrawn_at is None
    assert member.phone == "+84912000111"


def test_what_no_tap_can_undo_says_so(session, people):
    now = people["now"]
    written = members.write_down(
        session, people["seller"], draft(code="X1"), actor=people["office"], now=now
    )

    with pytest.raises(CannotUndo):
        undo.undo(session, written, entries(session)[-1].id, actor=people["office"], now=now)


def test_nobody_undoes_what_is_about_somebody_else(session, people):
    member, now = people["member"], people["now"]
    other = factories.make_member(session, people["seller"])
    members.change(session, other, draft(full_name="Đỗ Quế"), actor=people["office"], now=now)
    entry_id = entries(session)[-1].id

    with pytest.raises(NotFound):
        undo.undo(session, member, entry_id, actor=people["own"], now=now)
    with pytest.raises(NotAllowed):
        undo.undo(session, other, entry_id, actor=people["own"], now=now)


def helped_office(app, office):
    account, member = office.member_account()
    helper = office.helper(member)
    helper.name = "Bùi Thị Hẹ"
    office.session.commit()
    visitor = Visitor.of(sign_in(app, helper))
    visitor.open("/thanh-vien/lam-ho").submit(press="bác Chanh")
    values = {"name": "Mật ong rừng", "price": "90k", "pack": "chai nửa lít"}
    visitor.open("/thanh-vien/ban-hang/moi").submit(values, form="/ban-hang/moi", press="Lưu nháp")
    return account, member, visitor


def test_the_member_reads_it_in_plain_words_and_puts_it_back_by_one_tap(app, office):
    account, member, _visitor = helped_office(app, office)
    page = Visitor.of(sign_in(app, account)).open(LIST)

    put_back = page.submit(press="Đổi lại")

    today = f"{office.today.day}/{office.today.month}"
    assert f"Cháu Hẹ đã ghi nháp món bán: Mật ong rừng, ngày {today} lúc " in page.text
    assert "Đã đổi lại như trước." in put_back.text
    assert "đã đổi lại" in put_back.text
    states = select(Submission.state).where(Submission.member_id == member.id)
    assert office.session.scalars(states).all() == [SubmissionState.WITHDRAWN]


def test_a_tap_that_comes_too_late_is_answered_with_who_can_help(app, office):
    account, _member, visitor = helped_office(app, office)
    own = Visitor.of(sign_in(app, account))
    page = own.open(LIST)
    visitor.open("/thanh-vien/ban-hang").follow("Mật ong rừng").submit(press="Gửi HTX duyệt")

    refused = page.submit(press="Đổi lại", status=409)

    assert "đã có người sửa tiếp" in refused.text
    assert "Gọi HTX sửa giúp" in refused.text


def test_a_consent_is_withdrawn_by_one_tap_and_the_helper_is_out_with_the_next(app, office):
    account, member, visitor = helped_office(app, office)
    form = visitor.open("/thanh-vien/ban-hang/moi")

    page = Visitor.of(sign_in(app, account)).open(LIST).submit(press="Rút giấy nhờ")

    assert "Bùi Thị Hẹ không làm hộ bác được nữa." in page.text
    values = {"name": "Mật ong khác"}
    assert form.send(values, form="/ban-hang/moi", press="Lưu nháp").status == 403
    names = select(Submission.typed).where(Submission.member_id == member.id)
    assert [one["name"] for one in office.session.scalars(names)] == ["Mật ong rừng"]


def test_a_helper_sees_the_list_and_no_button_that_ends_consents(app, office):
    _account, _member, visitor = helped_office(app, office)

    page = visitor.open(LIST)

    assert "Cháu Hẹ đã ghi nháp món bán: Mật ong rừng" in page.text
    assert "Chỉ chính bác hoặc HTX rút được giấy nhờ." in page.text
    assert "Rút giấy nhờ" not in page.text.replace("rút được giấy nhờ", "")


def test_the_home_of_the_member_tells_of_the_last_thing_others_did(app, office):
    _account, member, _visitor = helped_office(app, office)
    today = f"{office.today.day}/{office.today.month}"

    with app.test_request_context():
        said, later = (
            pages.notice(office.session, member, actor=SYSTEM, now=clock.now() + since)
            for since in (timedelta(), timedelta(days=8))
        )
    office.session.commit()

    assert said[0] == f"Cháu Hẹ đã ghi nháp món bán: Mật ong rừng ngày {today}."
    assert later == ("", False)


def test_the_home_offers_to_put_back_only_what_still_can_be(app, office):
    account, _member, _visitor = helped_office(app, office)
    own = Visitor.of(sign_in(app, account))

    before = own.open("/thanh-vien")
    own.open(LIST).submit(press="Đổi lại")
    after = own.open("/thanh-vien")

    assert "Cháu Hẹ đã ghi nháp món bán: Mật ong rừng" in before.text
    assert "Xem, đổi lại" in before.text
    assert "ghi nháp món bán" not in after.text
    assert "đổi lại" not in after.text


def sent_by_a_helper(app, office):
    """Return the member's own visitor after a helper sent honey to the office."""
    account, member = office.member_account()
    helper = office.helper(member)
    helper.name = "Bùi Thị Hẹ"
    office.session.commit()
    visitor = Visitor.of(sign_in(app, helper))
    visitor.open("/thanh-vien/lam-ho").submit(press="bác Chanh")
    form = visitor.open("/thanh-vien/ban-hang/moi")
    honey = {"name": "Mật ong rừng", "price": "120k", "pack": "chai 500 ml"}
    form.submit(honey, press="Gửi HTX duyệt", status=422).submit(press="Đúng, gửi HTX duyệt")
    return Visitor.of(sign_in(app, account))


def test_what_a_helper_sent_to_the_office_is_taken_back_by_one_tap(app, office):
    own = sent_by_a_helper(app, office)

    told = own.open("/thanh-vien").text
    page = own.open(LIST)
    after = page.submit(press="Đổi lại")

    assert "Cháu Hẹ đã gửi HTX duyệt Mật ong rừng chai 500 ml, giá 120.000 ₫" in told
    assert "Cháu Hẹ đã gửi HTX duyệt Mật ong rừng chai 500 ml, giá 120.000 ₫" in page.text
    assert "Đã đổi lại như trước." in after.text
    assert "Mật ong rừng" not in office.visitor(Role.OFFICE).open("/quan-ly/cho-duyet").text


def test_what_the_office_has_decided_about_is_not_taken_back(app, office):
    own = sent_by_a_helper(app, office)
    page = own.open(LIST)
    waiting = office.visitor(Role.OFFICE).open("/quan-ly/cho-duyet").follow("Mật ong rừng")
    why = waiting.root.find(".//input[@name='why']").get("value")
    waiting.submit({"why": why}, press="Trả lại")

    refused = page.submit(press="Đổi lại", status=409)

    assert "đã có người sửa tiếp" in refused.text


REST = {
    "kind": "Mật ong",
    "ingredients": "Mật ong 100 %",
    "no_allergens": "1",
    "storage": "Nơi khô, mát",
}


def test_after_the_yes_nothing_is_offered_and_the_refusal_says_so(app, office):
    own = sent_by_a_helper(app, office)
    stale = own.open(LIST)
    clerk = office.visitor(Role.OFFICE)
    edit = clerk.open("/quan-ly/cho-duyet").follow("Mật ong rừng").submit(press="Duyệt")
    edit.submit(REST | {"packs-0-price": "125.000"}, press="Duyệt và bán")

    now = own.open(LIST)
    refused = stale.submit(press="Đổi lại", status=409)

    assert "Đổi lại được đến" in stale.text
    assert "Đổi lại được đến" not in now.text
    assert "HTX đã duyệt rồi nên không tự đổi lại được. Gọi HTX sửa giúp." in refused.text
    assert "đã sửa rồi duyệt Mật ong rừng (loại hàng: ghi thêm Mật ong;" in now.text
    assert "giá: 120.000 ₫ thành 125.000 ₫" in now.text


def test_the_member_reads_what_the_office_did_to_entries_and_goods(app, office):
    own = sent_by_a_helper(app, office)
    clerk = office.visitor(Role.OFFICE)
    waiting = clerk.open("/quan-ly/cho-duyet").follow("Mật ong rừng")
    waiting.submit({"why": "photo"}, form="/tra-lai", press="Trả lại")
    own.open("/thanh-vien/ban-hang").follow("Mật ong rừng").submit(press="Gửi HTX duyệt")
    edit = clerk.open("/quan-ly/cho-duyet").follow("Mật ong rừng").submit(press="Duyệt")
    edit.submit(REST, press="Duyệt và bán")
    product = office.session.scalars(select(Product).filter_by(name="Mật ong rừng")).one()
    office.session.commit()
    form = clerk.open(f"/quan-ly/san-pham/{product.id}")
    form.submit({"storage": "Tủ mát"}, press="Lưu")

    told = own.open(LIST).text

    assert "đã trả lại Mật ong rừng: “Ảnh chưa rõ, chụp lại giúp”, ngày" in told
    assert "đã sửa rồi duyệt Mật ong rừng" in told
    assert "đã sửa bảo quản Mật ong rừng từ Nơi khô, mát thành Tủ mát" in told
    assert "Thêm sản phẩm" not in told
    assert told.count("Văn phòng (") == 3


def test_a_line_about_a_consent_says_whose_it_was(app, office):
    account, _member, _visitor = helped_office(app, office)
    own = Visitor.of(sign_in(app, account))

    own.open(LIST).submit(press="Rút giấy nhờ")

    assert "Bác đã rút giấy nhờ của cháu Hẹ, ngày" in own.open(LIST).text


def test_a_consent_that_ended_since_is_not_offered_to_be_put_back(session, people, app):
    member, by = people["member"], {"actor": people["own"], "now": people["now"]}
    consent = recorded(session, people)
    entry = entries(session)[-1]
    before = undo.is_open(session, entry, **by)

    helping.withdraw(session, consent, **by)

    assert before
    assert not undo.is_open(session, entry, **by)
    assert consent.member_id == member.id


def test_what_was_changed_again_is_not_offered_to_be_put_back(session, people):
    by = {"actor": people["office"], "now": people["now"]}
    members.change(session, people["member"], draft(full_name="Hoàng Chanh"), **by)
    entry = entries(session)[-1]
    before = undo.is_open(session, entry, **by)

    members.change(session, people["member"], draft(full_name="Hoàng Thị C"), **by)

    assert before
    assert not undo.is_open(session, entry, **by)


def test_a_price_is_told_with_what_it_was_before(app, office):
    account, member = office.member_account()
    level = office.level()
    product = level.batch_pack.pack.product
    product.member_id = member.id
    office.session.commit()
    pack = level.batch_pack.pack
    helper = office.helper(member)
    helper.name = "Bùi Thị Hẹ"
    office.session.commit()
    visitor = Visitor.of(sign_in(app, helper))
    visitor.open("/thanh-vien/lam-ho").submit(press="bác Chanh")

    form = visitor.open(f"/thanh-vien/ban-hang/sua/{product.id}")
    form.submit({"price": "95k"}, press="Gửi HTX duyệt", status=422).submit(
        press="Đúng, gửi HTX duyệt"
    )

    page = Visitor.of(sign_in(app, account)).open(LIST)
    said = f"đã sửa giá Chè móc câu {pack.label} từ {pack.price_vnd:,} ₫".replace(",", ".")
    assert f"Cháu Hẹ {said} thành 95.000 ₫" in page.text


def test_a_helper_puts_back_no_shown_name_and_is_not_offered_it(app, office):
    account, _member, visitor = helped_office(app, office)
    own = Visitor.of(sign_in(app, account))
    own.open("/thanh-vien/hien-ten").submit(press="Cho hiện tên")

    offered = {"member": own.open(LIST), "helper": visitor.open(LIST)}
    counts = {who: page.text.count("Đổi lại được đến") for who, page in offered.items()}

    assert "Bác đã cho hiện tên bác" in offered["helper"].text
    assert counts == {"member": 2, "helper": 1}


def test_a_shown_name_is_not_put_back_by_a_helper_who_asks_straight(session, people):
    member, now = people["member"], people["now"]
    members.show_name(session, member, True, actor=people["own"], now=now)

    with pytest.raises(NotAllowed):
        undo.undo(session, member, entries(session)[-1].id, actor=people["helper"], now=now)

    assert member.show_name


def test_phone_numbers_are_read_as_people_write_them(app, office):
    account, member = office.member_account(phone="+84912345678")
    clerk = office.visitor(Role.OFFICE)

    form = clerk.open(f"/quan-ly/xa-vien/{member.id}/sua")
    form.submit({"phone": "0987 654 321"})
    visitor = Visitor.of(sign_in(app, account))

    for page in (visitor.open(LIST), visitor.open("/thanh-vien")):
        assert "sửa số điện thoại từ 0912 345 678 thành 0987 654 321" in page.text
        assert "+84" not in page.text


def test_a_plot_is_told_as_its_people_know_it_and_not_by_its_code(app, office):
    account, member = office.member_account()
    draft = PlotDraft("LB-T01", crop="chè trung du", area_m2=720, hamlet="Xóm Tiến Thành")
    members.write_plot(office.session, member, draft, actor=Actor("demo"), now=office.now)
    office.session.commit()

    page = Visitor.of(sign_in(app, account)).open(LIST)

    told = "đã ghi nương của bác vào sổ: 720 m², chè trung du, Xóm Tiến Thành"
    assert f"HTX (dữ liệu mẫu) {told}" in page.text
    assert "LB-T01" not in page.text
