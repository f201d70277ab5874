"""A helper acts for one member at a time, says so on every page, and mixes nobody up."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, text

from shop.errors import NotAllowed
from shop.forms.member_drafts import MemberDraft
from shop.forms.seller_drafts import BankDraft
from shop.models.people import AuditEntry, Consent, Grant, GrantScope, Role, SignIn
from shop.models.submissions import Submission
from shop.services import accounts, bank_accounts, helping, members
from shop.services.actors import helper_actor
from shop.services.permissions import Action
from tests import factories
from tests.shop.test_permissions import requests_of
from tests.support.office import open_office, sign_in
from tests.support.pages import Visitor

BAR = "Đang làm hộ"


def queue(app, office, *names):
    """Return the members of these names and a visitor who may help them."""
    members = [office.member(full_name=name) for name in names]
    account = office.helper(*members)
    return members, account, Visitor.of(sign_in(app, account))


def choose(visitor, name):
    return visitor.open("/thanh-vien/lam-ho").submit(press=f"bác {name}")


NEW = "/thanh-vien/ban-hang/moi"
TYPED = {"name": "Mật ong rừng", "price": "90k", "pack": "chai nửa lít", "words": "Ngọt & thơm"}
KEEP = {"form": NEW, "press": "Lưu nháp"}


def kept_for(office, *members):
    """Return the names of what is kept for each of the members."""
    office.session.rollback()
    office.session.expire_all()
    kept = [
        [
            row.typed["name"]
            for row in office.session.scalars(select(Submission).filter_by(member=one))
        ]
        for one in members
    ]
    office.session.commit()
    return kept


def end_of(office, member, how="withdrawn", *, by=None):
    """Let the only consent of `member` end, or its helper's role; the session holds no lock."""
    session = office.session
    consent = session.scalars(select(Consent).where(Consent.member_id == member.id)).one()
    if how == "withdrawn":
        consent.withdrawn_at, consent.withdrawn_by_id = office.now, by or member.account_id
    elif how == "over":
        consent.until = office.today - timedelta(days=1)
    elif how == "not yet":
        consent.given_on = office.today + timedelta(days=1)
    else:
        query = select(Grant).where(Grant.account_id == consent.helper_id)
        session.scalars(query).one().until = office.now
    session.commit()


def test_a_helper_sees_those_who_asked_and_least_data_of_them(app, office):
    office.member(full_name="Lê Thị Không Nhờ")
    birth = {"birth_year": 1956, "phone": "+84912000111"}
    member = office.member(full_name="Hoàng Thị Chanh", **birth)
    visitor = Visitor.of(sign_in(app, office.helper(member)))

    page = visitor.open("/thanh-vien/lam-ho")

    assert page.heading == "Bác đang giúp ai?"
    assert "bác Chanh" in page.text
    assert "Không Nhờ" not in page.text
    assert "1956" not in page.text
    assert "0912" not in page.text


def test_choosing_one_puts_their_name_on_every_page_until_it_is_ended(app, office):
    _members, _account, visitor = queue(app, office, "Hoàng Thị Chanh")

    chosen = choose(visitor, "Chanh")
    other = visitor.open("/tai-khoan")
    ended = other.submit(press="Xong")

    assert f"{BAR} bác Chanh" in chosen.text
    assert f"{BAR} bác Chanh" in other.text
    assert BAR not in ended.text
    assert "Đã xong việc hộ bác Chanh." in ended.text


def test_the_person_in_the_bar_changes_by_an_explicit_choice_alone(app, office):
    _members, _account, visitor = queue(app, office, "Hoàng Thị Chanh", "Đỗ Thị Quế")
    choose(visitor, "Chanh")

    looked = visitor.open(NEW).follow("Đổi người")
    changed = looked.submit(press="bác Quế")

    assert f"{BAR} bác Chanh" in looked.text
    assert f"{BAR} bác Quế" in changed.text


def test_both_names_stand_on_what_a_helper_changes(app, office):
    (chanh,), account, visitor = queue(app, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")

    visitor.open(NEW).submit(TYPED, **KEEP)

    entry = office.session.scalars(
        select(AuditEntry).where(AuditEntry.for_member_id == chanh.id)
    ).one()
    office.session.commit()
    assert (entry.actor_id, entry.for_member_id) == (account.id, chanh.id)
    assert kept_for(office, chanh) == [["Mật ong rừng"]]


def test_what_was_filled_in_for_one_is_not_saved_for_another(app, office):
    (chanh, que), _account, visitor = queue(app, office, "Hoàng Thị Chanh", "Đỗ Thị Quế")
    choose(visitor, "Chanh")
    form_of_chanh = visitor.open(NEW)
    choose(visitor, "Quế")

    refused = form_of_chanh.submit(TYPED, **KEEP, status=409)

    assert "Chưa lưu gì: phần vừa gửi là của bác Chanh." in refused.text
    assert "Máy đang làm hộ bác Quế" in refused.text
    assert kept_for(office, chanh, que) == [[], []]


def test_a_page_that_tells_of_a_mistake_lets_a_signed_in_person_sign_out(app, office):
    _members, _account, visitor = queue(app, office, "Hoàng Thị Chanh", "Đỗ Thị Quế")
    choose(visitor, "Chanh")
    form_of_chanh = visitor.open(NEW)
    choose(visitor, "Quế")

    mixed_up = form_of_chanh.submit(TYPED, **KEEP, status=409)
    closed = visitor.open("/quan-ly/don-hang", status=403)
    missing = visitor.open("/khong-co-trang-nay", status=404)
    of_nobody = Visitor.of(app.test_client()).open("/khong-co-trang-nay", status=404)

    for page in (mixed_up, closed, missing):
        assert page.fields(press="Thoát")["csrf_token"]
    assert "Thoát" not in of_nobody.text


def test_whether_the_name_is_shown_is_no_helpers_to_say(app, office):
    (chanh,), _account, visitor = queue(app, office, "Hoàng Thị Chanh")
    home = choose(visitor, "Chanh")
    values = {"show": "1", "for_member": str(chanh.id)}
    values["csrf_token"] = home.fields(press="Xong")["csrf_token"]

    closed = visitor.open("/thanh-vien/hien-ten", status=403)
    answer = visitor.post("/thanh-vien/hien-ten", values)

    assert "Tên trên trang lô hàng" not in home.text
    assert closed.heading == "Hiện tên hay không là do chính bác Chanh."
    assert "Người làm hộ không đổi được." in closed.text
    assert (answer.status, "Người làm hộ không đổi được." in answer.body) == (403, True)
    assert not office.fresh(chanh).show_name


@pytest.fixture
def with_origin(app):
    """Browsers say where a form comes from; this client does so for every request."""
    app.test_client_class = None
    client_open = app.test_client

    def test_client(**options):
        client = client_open(**options)
        client.environ_base["HTTP_ORIGIN"] = "http://localhost"
        return client

    app.test_client = test_client
    return app


def test_after_the_refusal_it_is_sent_for_the_person_it_was_filled_in_for(with_origin, office):
    (chanh, que), _account, visitor = queue(with_origin, office, "Hoàng Thị Chanh", "Đỗ Thị Quế")
    choose(visitor, "Chanh")
    form_of_chanh = visitor.open(NEW)
    choose(visitor, "Quế")
    refused = form_of_chanh.submit(TYPED, **KEEP, status=409)

    saved = refused.submit(press="Đổi sang bác Chanh và gửi lại")

    assert f"{BAR} bác Chanh" in saved.text
    assert kept_for(office, chanh, que) == [["Mật ong rừng"], []]


def test_a_form_sent_after_the_end_is_refused_and_can_be_sent_for_its_person(with_origin, office):
    (chanh,), _account, visitor = queue(with_origin, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    form_of_chanh = visitor.open(NEW)
    visitor.open("/thanh-vien/lam-ho").submit(press="Xong")

    refused = form_of_chanh.submit(TYPED, **KEEP, status=409)

    assert "Máy không còn làm hộ ai" in refused.text
    assert kept_for(office, chanh) == [[]]
    refused.submit(press="Đổi sang bác Chanh và gửi lại")
    assert kept_for(office, chanh) == [["Mật ong rừng"]]


def test_a_form_that_does_not_say_for_whom_is_refused(app, office):
    (chanh,), _account, visitor = queue(app, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    app.config["WTF_CSRF_ENABLED"] = False

    answer = visitor.post(NEW, TYPED)

    assert answer.status == 409
    assert kept_for(office, chanh) == [[]]


def test_nobody_is_helped_without_a_consent_that_holds(app, office):
    stranger = office.member(full_name="Lê Thị Không Nhờ")
    _members, _account, visitor = queue(app, office, "Hoàng Thị Chanh")
    app.config["WTF_CSRF_ENABLED"] = False

    answer = visitor.post("/thanh-vien/lam-ho", {"member": str(stranger.id)})

    assert answer.status == 403
    assert BAR not in visitor.open("/thanh-vien/lam-ho").text


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("withdrawn", r"Từ \d+:\d\d ngày [\d/]+ bác Chanh không còn cho làm hộ."),
        ("over", r"Giấy nhờ của bác Chanh đã hết hạn ngày [\d/]+."),
        ("not yet", r"Giấy nhờ của bác Chanh đến [\d/]+ mới có hiệu lực."),
        ("role gone", r"Tài khoản này không còn là người làm hộ của HTX."),
    ],
)
def test_an_ended_consent_or_role_lets_go_at_once_says_why_and_keeps_the_words(
    with_origin, office, how, why
):
    _account, chanh = office.member_account(full_name="Hoàng Thị Chanh")
    visitor = Visitor.of(sign_in(with_origin, office.helper(chanh)))
    choose(visitor, "Chanh")
    form = visitor.open(NEW)
    end_of(office, chanh, how)

    page = form.submit(TYPED, **KEEP, status=403)

    assert re.fullmatch(why, page.heading)
    assert "Tên hàng: Mật ong rừng\nGiá: 90k\n" in unescape(page.body)
    assert "Lời giới thiệu: Ngọt & thơm" in unescape(page.body)
    assert "/thanh-vien/lam-ho" in page.links().values()
    assert BAR not in page.text
    assert kept_for(office, chanh) == [[]]


def test_a_consent_that_the_office_took_back_is_told_as_the_offices_act(app, office):
    (chanh,), _account, visitor = queue(app, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    clerk_id = office.account(Role.OFFICE).id
    end_of(office, chanh, by=clerk_id)

    page = visitor.open("/thanh-vien", status=403)

    assert re.fullmatch(r"Từ .+ HTX đã rút giấy nhờ của bác Chanh.", page.heading)


def test_what_was_typed_is_sent_once_the_consent_is_back(with_origin, office):
    (chanh,), account, visitor = queue(with_origin, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    form = visitor.open(NEW)
    end_of(office, chanh)
    page = form.submit(TYPED, **KEEP, status=403)

    too_early = page.submit(press="Có giấy nhờ rồi, gửi lại", status=403)
    factories.make_consent(office.session, chanh, account, today=office.today)
    office.session.commit()
    saved = too_early.submit(press="Có giấy nhờ rồi, gửi lại")

    assert "Đã lưu nháp" in saved.text
    assert kept_for(office, chanh) == [["Mật ong rừng"]]


def test_what_was_typed_is_sent_for_its_person_though_another_is_helped_by_then(
    with_origin, office
):
    (chanh, que), account, visitor = queue(with_origin, office, "Hoàng Thị Chanh", "Đỗ Thị Quế")
    choose(visitor, "Chanh")
    form = visitor.open(NEW)
    end_of(office, chanh)
    page = form.submit(TYPED, **KEEP, status=403)
    choose(visitor, "Quế")
    factories.make_consent(office.session, chanh, account, today=office.today)
    office.session.commit()

    saved = page.submit(press="Có giấy nhờ rồi, gửi lại")

    assert f"{BAR} bác Chanh" in saved.text
    assert kept_for(office, chanh, que) == [["Mật ong rừng"], []]


def test_the_reason_goes_to_nobody_who_never_had_a_consent(app, office):
    stranger = office.member(full_name="Lê Thị Không Nhờ")
    _members, _account, visitor = queue(app, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    app.config["WTF_CSRF_ENABLED"] = False

    answer = visitor.post(NEW, {**TYPED, "for_member": str(stranger.id)})

    assert answer.status == 409
    assert "bác Nhờ" not in answer.body


def test_a_helper_who_is_a_member_too_does_not_go_on_as_themselves_unasked(with_origin, office):
    chanh = office.member(full_name="Hoàng Thị Chanh")
    account = office.helper(chanh)
    own = office.member(full_name="Bùi Thị Hẹ", account_id=account.id)
    office.grant(account, Role.MEMBER)
    visitor = Visitor.of(sign_in(with_origin, account))
    choose(visitor, "Chanh")
    form = visitor.open(NEW)
    end_of(office, chanh)

    refused = form.submit(TYPED, **KEEP, status=403)
    closed = visitor.open("/thanh-vien/ban-hang", status=403)
    closed.submit(press="Xong")

    assert "không còn" in closed.heading or "HTX đã rút" in closed.heading
    assert "Mật ong rừng" in refused.body
    assert "Chào bác Hẹ" in visitor.open("/thanh-vien").text
    assert kept_for(office, chanh, own) == [[], []]


def test_a_helper_who_chose_nobody_is_led_to_where_people_are_chosen(app, office):
    _members, _account, visitor = queue(app, office, "Hoàng Thị Chanh")

    refused = visitor.open("/thanh-vien", status=403)

    assert refused.follow("Về trang của tôi").path == "/thanh-vien/lam-ho"


def test_the_phone_is_told_why_it_may_send_nothing_more(app, office):
    chanh = office.member(full_name="Hoàng Thị Chanh")
    account = office.helper(chanh)
    client = sign_in(app, account)
    visitor = Visitor.of(client)
    choose(visitor, "Chanh")
    values = {**visitor.open(NEW).fields(form=NEW), **TYPED, "act": "send"}
    end_of(office, chanh)

    said = [
        client.get("/thanh-vien/ai-day"),
        client.post(NEW, data=values, headers={"Accept": "application/json"}),
    ]

    assert [one.status_code for one in said] == [403, 403]
    assert all("HTX đã rút giấy nhờ của bác Chanh." in one.json["ended"] for one in said)
    assert said[0].json["account"] == str(account.id)
    assert said[0].json["member"] == str(chanh.id)
    assert kept_for(office, chanh) == [[]]


def test_a_consent_holds_through_its_last_day(app, office):
    member = office.member()
    account = office.account(Role.HELPER)
    factories.make_consent(office.session, member, account, today=office.today, until=office.today)
    office.session.commit()

    chosen = choose(Visitor.of(sign_in(app, account)), "Chanh")

    assert f"{BAR} bác Chanh" in chosen.text


def test_signing_out_ends_the_helping(app, office):
    _members, account, visitor = queue(app, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    visitor.open("/thanh-vien/lam-ho").submit(press="Thoát")

    again = Visitor.of(sign_in(app, account)).open("/thanh-vien/lam-ho")

    assert BAR not in again.text
    living = select(SignIn).where(SignIn.for_member_id.is_not(None), SignIn.ended_at.is_(None))
    assert office.session.scalars(living).all() == []


def test_a_consent_with_one_cooperative_opens_nothing_at_another(app, app_session, office):
    other = open_office(app, app_session)
    member = other.member()
    account = office.account(Role.HELPER)
    factories.make_consent(app_session, member, account, today=office.today)
    app_session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    visitor = Visitor.of(sign_in(app, account))

    answer = visitor.post("/thanh-vien/lam-ho", {"member": str(member.id)})

    assert answer.status == 403


def test_pages_of_ones_own_office_are_closed_while_helping_and_say_why(app, office):
    member = office.member()
    account = office.account(Role.DIRECTOR)
    factories.make_consent(office.session, member, account, today=office.today)
    office.session.commit()
    visitor = Visitor.of(sign_in(app, account))
    choose(visitor, "Chanh")

    closed = visitor.open("/quan-ly/don-hang", status=403)
    ended = closed.submit(press="Xong việc làm hộ")

    assert closed.heading == "Đang làm hộ bác Chanh nên trang này đóng."
    assert ended.path == "/thanh-vien/lam-ho"
    assert visitor.open("/quan-ly/don-hang").heading


def test_a_member_of_two_cooperatives_is_asked_which_is_meant(app, app_session, office):
    account, first = office.member_account()
    other = open_office(app, app_session)
    other.grant(account, Role.MEMBER)
    second = other.member(account_id=account.id)
    visitor = Visitor.of(sign_in(app, account))

    asked = visitor.open("/thanh-vien/hien-ten")
    page = asked.submit(
        {"member": str(second.id)}, form="/thanh-vien/chon", press=other.seller.short_name
    )
    page.submit(press="Cho hiện tên")

    assert asked.heading == "Bác làm việc của HTX nào?"
    assert page.path == "/thanh-vien/hien-ten"
    assert (office.fresh(first).show_name, office.fresh(second).show_name) == (False, True)


def test_an_account_that_is_no_member_has_no_pages_of_one(office):
    visitor = office.visitor(Role.MEMBER)

    page = visitor.open("/thanh-vien/hien-ten", status=409)

    assert "Tài khoản này chưa gắn với xã viên nào." in page.text


def test_every_route_that_is_no_members_own_is_closed_while_helping(app, office):
    """Whatever roles a helper has of their own: none of them opens anything meanwhile (R18)."""
    member = office.member()
    account = office.account(Role.DIRECTOR)
    for role in Role:
        if role is not Role.DIRECTOR:
            office.grant(account, role)
    office.session.add(Grant(account_id=account.id, role=Role.ADMIN, scope=GrantScope.ALL))
    factories.make_consent(office.session, member, account, today=office.today)
    office.session.commit()
    client = sign_in(app, account)
    choose(Visitor.of(client), "Chanh")
    app.config["WTF_CSRF_ENABLED"] = False

    asked, opened = 0, []
    for rule in app.url_map.iter_rules():
        decision = getattr(app.view_functions[rule.endpoint], "decided_by", None)
        if decision is None or rule.rule.startswith("/thanh-vien"):
            continue
        for method, address in requests_of(rule):
            asked += 1
            if client.open(address, method=method).status_code != 403:
                opened.append((method, address))

    assert asked > 90
    assert opened == []


@pytest.mark.both_databases
def test_a_helper_changes_no_account_number_phone_password_shown_name_or_consent(session):
    """Asked straight, without any page between: the services refuse by themselves."""
    now, today = factories.NOW, factories.TODAY
    seller = factories.make_seller(session)
    own = factories.make_account(session, role=Role.MEMBER, seller=seller)
    member = factories.make_member(session, seller, account_id=own.id)
    account = factories.make_account(session, role=Role.DIRECTOR, seller=seller)
    consent = factories.make_consent(session, member, account, today=today)
    by = {"actor": helper_actor(account, member, origin="::1"), "now": now}
    bank = BankDraft("970436", "Vietcombank", "0011001932418", "HOANG THI CHANH")

    for attempt in (
        lambda: bank_accounts.receive_into(session, seller, bank, **by),
        lambda: members.show_name(session, member, True, **by),
        lambda: members.change(session, member, MemberDraft("X", "+84912000222"), **by),
        lambda: accounts.set_password(session, own, "mat-khau-moi", **by),
        lambda: accounts.set_password(session, account, "mat-khau-moi", **by),
        lambda: accounts.end_sessions(session, own, **by),
        lambda: helping.withdraw(session, consent, **by),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    assert consent.withdrawn_at is None
    assert not by["actor"].may(Action.HELP_MEMBER, seller.id)


def test_a_mistake_of_ours_while_helping_still_gives_a_page(app, office):
    """The page about it needs no row: the mistake may be one of the database."""
    (chanh,), _account, visitor = queue(app, office, "Hoàng Thị Chanh")
    choose(visitor, "Chanh")
    form = visitor.open(NEW)
    trigger = "CREATE TRIGGER broken BEFORE INSERT ON submission"
    trigger += " BEGIN SELECT RAISE(ABORT, 'x'); END"
    office.session.execute(text(trigger))
    office.session.commit()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    answer = form.send(TYPED, **KEEP)

    assert answer.status == 500
    assert "bác Chanh" not in answer.body
    assert kept_for(office, chanh) == [[]]


def test_a_helper_who_is_written_down_as_a_member_is_asked_whom_they_help(app, office):
    helper = office.helper(office.member())
    office.member(account_id=helper.id)

    answer = sign_in(app, helper).get("/dang-nhap")

    assert answer.location == "/thanh-vien/lam-ho"
