"""A lost password comes back by two people of the office, never by one."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop import clock, formats
from shop.errors import NotAllowed
from shop.jobs import expire_recoveries
from shop.models.catalog import Seller
from shop.models.credentials import AccountRecovery, RecoveryState, SecondFactor
from shop.models.people import Account, AuditEntry, Role
from shop.services import cards, pins, recoveries, second_factor, sign_ins
from shop.services.actors import SYSTEM, Actor, account_actor, helper_actor
from shop.services.seller_staff import WorksElsewhere
from tests.factories import NOW, PASSWORD, make_account, make_seller
from tests.support.office import Office, open_office, sign_in
from tests.support.pages import Visitor
from tests.support.workshop import make_member

WHY = {"reason": "quên mã PIN", "recognised_by": "gặp mặt"}


def actor_of(account: Account) -> Actor:
    return account_actor(account, origin="test", now=NOW)


class People:
    """A seller with a person who lost a password, and two who may help."""

    def __init__(self, session: Session, role: Role = Role.MEMBER) -> None:
        self.session = session
        self.seller: Seller = make_seller(session)
        self.lost = self.account(role)
        self.first, self.second = self.account(Role.DIRECTOR), self.account(Role.DIRECTOR)

    def account(self, role: Role) -> Account:
        return make_account(self.session, role=role, seller=self.seller)

    def ask(self, by: Account | None = None, **values) -> AccountRecovery:
        given = {**WHY, "without_phone": False, "now": NOW} | values
        actor = actor_of(by or self.first)
        return recoveries.ask(self.session, self.lost, self.seller, actor=actor, **given)

    def confirm(self, recovery: AccountRecovery, by: Account | None = None, now=NOW) -> str:
        actor = actor_of(by or self.second)
        return recoveries.confirm(self.session, recovery, actor=actor, now=now)

    def confirm_card(self, recovery: AccountRecovery, by: Account | None = None) -> cards.Issued:
        actor = actor_of(by or self.second)
        return recoveries.confirm_card(self.session, recovery, actor=actor, now=NOW)


@pytest.mark.both_databases
def test_nothing_changes_before_a_second_person_confirms(session: Session) -> None:
    people = People(session)

    people.ask()

    sign_ins.confirm_password(people.lost, PASSWORD, now=NOW)


@pytest.mark.both_databases
def test_the_second_person_gets_a_password_for_one_time(session: Session) -> None:
    people = People(session)
    token, _row = sign_ins.open_session(
        session, people.lost, is_shared_computer=False, device="", now=NOW
    )
    card = cards.make(session, people.lost, people.seller, actor=SYSTEM, now=NOW)

    pin = people.confirm(people.ask())

    session.expire_all()
    _token, row = sign_ins.sign_in(
        session,
        phone=people.lost.phone,
        password=pin,
        is_shared_computer=False,
        device="",
        now=NOW,
    )
    assert (len(pin), pins.is_pin(pin)) == (6, True)
    assert sign_ins.owed(row, now=NOW) is sign_ins.Owed.NEW_PASSWORD
    assert sign_ins.find(session, token, now=NOW + timedelta(seconds=5)) is None
    with pytest.raises(cards.CardUnusable):
        cards.find(session, card.token)


@pytest.mark.both_databases
def test_the_second_person_makes_the_card_that_was_asked_for(session: Session) -> None:
    people = People(session)
    old = cards.make(session, people.lost, people.seller, actor=SYSTEM, now=NOW)
    recovery = people.ask(by_card=True)

    with pytest.raises(recoveries.OwnRecovery):
        people.confirm_card(recovery, by=people.first)
    with pytest.raises(recoveries.RecoveryOver):
        people.confirm(recovery)
    new = people.confirm_card(recovery)

    sign_ins.confirm_password(people.lost, PASSWORD, now=NOW)
    assert cards.find(session, new.token).created_by_id == people.second.id
    with pytest.raises(cards.CardUnusable):
        cards.find(session, old.token)
    with pytest.raises(recoveries.RecoveryOver):
        people.confirm_card(recovery)


@pytest.mark.both_databases
def test_a_password_that_was_asked_for_is_no_card(session: Session) -> None:
    people = People(session)

    with pytest.raises(recoveries.RecoveryOver):
        people.confirm_card(people.ask())


@pytest.mark.both_databases
def test_no_card_is_asked_for_who_may_do_more_than_a_card_opens(session: Session) -> None:
    people = People(session, Role.TECHNICIAN)

    with pytest.raises(cards.NotForACard):
        people.ask(by_card=True)


@pytest.mark.both_databases
def test_somebody_of_the_office_gets_a_long_one(session: Session) -> None:
    people = People(session, Role.TECHNICIAN)

    assert len(people.confirm(people.ask())) == 14


@pytest.mark.both_databases
def test_nobody_confirms_their_own_request_or_helps_themselves(session: Session) -> None:
    people = People(session, Role.DIRECTOR)
    recovery = people.ask()

    for person in (people.first, people.lost):
        with pytest.raises(recoveries.OwnRecovery):
            people.confirm(recovery, by=person)
    with pytest.raises(recoveries.OwnRecovery):
        people.ask(by=people.lost)

    assert recovery.state is RecoveryState.ASKED


@pytest.mark.both_databases
def test_the_database_refuses_one_account_in_both_roles(session: Session) -> None:
    people = People(session)
    recovery = people.ask()

    recovery.state, recovery.answered_by_id = RecoveryState.CONFIRMED, people.first.id

    with pytest.raises(IntegrityError, match="confirmed_by_another"):
        session.flush()


@pytest.mark.both_databases
def test_it_is_confirmed_within_half_an_hour_or_not_at_all(session: Session) -> None:
    people = People(session)
    recovery = people.ask()

    with pytest.raises(recoveries.RecoveryOver):
        people.confirm(recovery, now=NOW + recoveries.TIME_TO_CONFIRM)

    just_before = NOW + recoveries.TIME_TO_CONFIRM - timedelta(seconds=1)
    assert people.confirm(recovery, now=just_before)
    with pytest.raises(recoveries.RecoveryOver):
        people.confirm(recovery, now=just_before)


@pytest.mark.both_databases
def test_what_was_refused_is_not_confirmed_any_more(session: Session) -> None:
    people = People(session)
    recovery = people.ask()

    recoveries.refuse(session, recovery, actor=actor_of(people.second), now=NOW)

    with pytest.raises(recoveries.RecoveryOver):
        people.confirm(recovery)
    sign_ins.confirm_password(people.lost, PASSWORD, now=NOW)


@pytest.mark.both_databases
def test_every_step_of_a_recovery_is_on_record(session: Session) -> None:
    people = People(session)
    recoveries.refuse(session, people.ask(), actor=actor_of(people.second), now=NOW)
    forgotten = people.ask()
    recoveries.expire(session, forgotten.id, now=NOW + recoveries.TIME_TO_CONFIRM)
    people.confirm(people.ask())

    rows = session.execute(
        select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.seller_id)
        .where(AuditEntry.subject_kind == "account_recovery")
        .order_by(AuditEntry.id)
    ).all()

    first, second, here = people.first.id, people.second.id, people.seller.id
    assert rows == [
        ("recovery_asked", first, here),
        ("recovery_refused", second, here),
        ("recovery_asked", first, here),
        ("recovery_expired", None, here),
        ("recovery_asked", first, here),
        ("recovery_confirmed", second, here),
    ]


@pytest.mark.both_databases
def test_two_requests_for_one_person_do_not_stand_beside_each_other(session: Session) -> None:
    people = People(session)
    people.ask()

    with pytest.raises(recoveries.RecoveryOpen):
        people.ask(by=people.second)

    assert people.ask(by=people.second, now=NOW + recoveries.TIME_TO_CONFIRM)


@pytest.mark.both_databases
def test_a_clerk_helps_members_alone(session: Session) -> None:
    for role, is_allowed in ((Role.MEMBER, True), (Role.TECHNICIAN, False)):
        people = People(session, role)
        clerk = people.account(Role.OFFICE)

        if is_allowed:
            assert people.ask(by=clerk)
        else:
            with pytest.raises(NotAllowed):
                people.ask(by=clerk)


@pytest.mark.both_databases
def test_one_person_alone_cannot_even_ask(session: Session) -> None:
    seller = make_seller(session)
    lost = make_account(session, role=Role.MEMBER, seller=seller)
    alone = actor_of(make_account(session, role=Role.DIRECTOR, seller=seller))

    with pytest.raises(recoveries.NobodyToConfirm):
        recoveries.ask(session, lost, seller, **WHY, without_phone=False, actor=alone, now=NOW)


@pytest.mark.both_databases
def test_who_works_elsewhere_too_is_not_this_sellers_to_recover(session: Session) -> None:
    people = People(session, Role.OFFICE)
    elsewhere = People(session)
    session.add(grant_like(elsewhere.first, people.lost))
    session.flush()

    with pytest.raises(WorksElsewhere):
        people.ask()


def grant_like(known: Account, account: Account):
    given = known.grants[0]
    return type(given)(
        account_id=account.id, role=given.role, scope=given.scope, seller_id=given.seller_id
    )


@pytest.mark.both_databases
def test_a_lost_phone_goes_with_the_password(session: Session) -> None:
    people = People(session, Role.TREASURER)
    secret = second_factor.new_secret()
    _token, row = sign_ins.open_session(
        session, people.lost, is_shared_computer=False, device="", now=NOW
    )
    code = second_factor.code_at(secret, NOW)
    second_factor.enrol(session, row, secret, code, actor=actor_of(people.lost), now=NOW)

    people.confirm(people.ask())
    kept = session.scalars(select(SecondFactor)).all()
    people.confirm(people.ask(without_phone=True))

    assert len(kept) == 1
    assert session.scalars(select(SecondFactor)).all() == []
    assert second_factor.codes_left(session, people.lost.id) == 0


def test_a_helper_recovers_nobody_for_whom_they_act(office: Office) -> None:
    helper, account = office.account(Role.OFFICE), office.account(Role.MEMBER)
    member = make_member(office, account_id=account.id)
    acting = helper_actor(helper, member, origin="test")

    with pytest.raises(NotAllowed):
        recoveries.ask(
            office.session,
            account,
            office.seller,
            **WHY,
            without_phone=False,
            actor=acting,
            now=office.now,
        )


def ask_for(visitor: Visitor, account: Account):
    page = visitor.open(f"/quan-ly/nguoi-dung/{account.id}/lay-lai")
    return page.submit(WHY, press="Nhờ người thứ hai xác nhận")


def test_two_people_let_a_member_in_again_who_chooses_a_pin(app: Flask, office: Office) -> None:
    account = office.account(Role.MEMBER)
    first, second = office.visitor(Role.OFFICE), office.visitor(Role.DIRECTOR)
    waiting = ask_for(first, account)
    assert "Xác nhận và xem mật khẩu" not in waiting.text
    assert "Lấy lại đăng nhập cho" not in first.open("/quan-ly").text

    inbox = second.open("/quan-ly")
    shown = inbox.follow("Xem lời nhờ").submit(press="Xác nhận và xem mật khẩu")
    pin = shown.root.find(".//p[@class='ma-lo']").text
    typed = {"phone": formats.phone(account.phone), "password": pin, "machine": "mine"}
    visitor = Visitor.of(app.test_client())
    page = visitor.open("/dang-nhap").submit(typed, press="Đăng nhập")
    elsewhere = visitor.open("/tai-khoan")
    easy = page.submit({"fresh": "123456", "again": "123456"}, press="Đặt mật khẩu", status=422)
    same = page.submit({"fresh": pin, "again": pin}, press="Đặt mật khẩu", status=422)
    inside = page.submit({"fresh": "250196", "again": "250196"}, press="Đặt mật khẩu")

    assert f"Lấy lại đăng nhập cho {account.name}" in inbox.text
    assert "Chỉ hiện một lần." in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert page.heading == elsewhere.heading == "Chọn mật khẩu mới"
    assert "Mã PIN này ai cũng đoán ra." in easy.text
    assert "Đây vẫn là mật khẩu cũ." in same.text
    assert "Đã đặt mật khẩu mới." in inside.text
    assert visitor.open("/tai-khoan").heading == account.name


def test_two_people_make_a_card_for_a_member_who_has_a_way_in(office: Office) -> None:
    account, _member = office.member_account()
    client = office.client(Role.DIRECTOR)
    first, second = office.visitor(Role.OFFICE), Visitor.of(client)

    page = first.open(f"/quan-ly/nguoi-dung/{account.id}/the")
    asked = page.follow("Nhờ người thứ hai làm thẻ").submit(
        WHY, press="Nhờ người thứ hai xác nhận"
    )
    waiting = first.open(f"/quan-ly/nguoi-dung/{account.id}/the")
    shown = second.open(asked.path)
    sent = shown.fields(press="Xác nhận và in thẻ")
    printed = client.post(f"{asked.path}/xac-nhan", data=sent)
    after = first.open(asked.path)

    assert "Chỉ in được một lần." not in page.text
    assert "in được thẻ" in asked.text
    assert "Đã có người nhờ, đang chờ người thứ hai." in waiting.text
    assert printed.content_type == "application/pdf"
    assert "đã xác nhận và in thẻ lúc" in after.text
    assert "hết giờ" not in after.text


def test_the_first_person_reads_who_confirmed_and_when(office: Office) -> None:
    account = office.account(Role.MEMBER)
    first, second = office.visitor(Role.OFFICE), office.visitor(Role.DIRECTOR)
    asked = ask_for(first, account)

    second.open(asked.path).submit(press="Xác nhận và xem mật khẩu")

    row = office.session.scalars(select(AccountRecovery)).one()
    at = formats.moment(row.answered_at, "vi")
    assert f"đã xác nhận và xem mật khẩu lúc {at}." in first.open(asked.path).text


def test_the_office_finds_the_way_to_help_a_member_back_in(office: Office) -> None:
    account, member = office.member_account()
    office.account(Role.DIRECTOR)

    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    assert page.follow("Lấy lại đăng nhập").heading == f"Lấy lại đăng nhập cho {account.name}"


def test_a_clerk_is_not_led_to_help_a_director_who_is_a_member(office: Office) -> None:
    account, member = office.member_account()
    office.grant(account, Role.DIRECTOR)

    page = office.visitor(Role.OFFICE).open(f"/quan-ly/xa-vien/{member.id}")

    assert "Lấy lại đăng nhập" not in page.text


def test_whoever_is_alone_is_told_what_to_do(office: Office) -> None:
    account = office.account(Role.MEMBER)

    page = office.visitor(Role.DIRECTOR).open(f"/quan-ly/nguoi-dung/{account.id}/lay-lai")

    assert "dacsan user password" in page.text
    assert "Nhờ người thứ hai xác nhận" not in page.text


def test_reason_and_how_the_person_was_recognised_are_asked_for(office: Office) -> None:
    account = office.account(Role.MEMBER)
    office.account(Role.DIRECTOR)
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/nguoi-dung/{account.id}/lay-lai")

    refused = page.submit(press="Nhờ người thứ hai xác nhận", status=422)

    assert "Còn 2 chỗ cần sửa" in refused.text
    assert "Ghi vì sao cần lấy lại." in refused.text


def test_a_request_is_refused_on_its_page(office: Office) -> None:
    account = office.account(Role.MEMBER)
    office.account(Role.DIRECTOR)
    waiting = ask_for(office.visitor(Role.OFFICE), account)

    page = office.visitor(Role.DIRECTOR).open(waiting.path).submit(press="Từ chối")

    assert "Đã từ chối. Mật khẩu và thẻ giữ như cũ." in page.text
    assert office.session.scalars(select(AccountRecovery)).one().state is RecoveryState.REFUSED


def test_a_clerk_does_not_see_what_was_asked_for_a_director(app: Flask, office: Office) -> None:
    account = office.account(Role.DIRECTOR)
    clerk = sign_in(app, office.account(Role.OFFICE))
    office.account(Role.DIRECTOR)
    waiting = ask_for(office.visitor(Role.DIRECTOR), account)

    Visitor.of(clerk).open(f"/quan-ly/nguoi-dung/{account.id}/lay-lai", status=403)
    Visitor.of(clerk).open(waiting.path, status=403)


def test_a_request_of_another_seller_is_out_of_reach(app: Flask, office: Office) -> None:
    account = office.account(Role.MEMBER)
    office.account(Role.DIRECTOR)
    waiting = ask_for(office.visitor(Role.OFFICE), account)
    stranger = open_office(app, office.session).visitor(Role.DIRECTOR)

    stranger.open(waiting.path, status=404)


def test_what_nobody_confirmed_is_ended_by_the_worker(app: Flask, office: Office) -> None:
    account = office.account(Role.MEMBER)
    office.account(Role.DIRECTOR)
    ask_for(office.visitor(Role.OFFICE), account)
    extensions = app.extensions
    engine, settings = extensions["dacsan_engine"], extensions["dacsan_settings"]

    early = expire_recoveries.run(engine, settings, now=clock.now())
    late = expire_recoveries.run(engine, settings, now=clock.now() + recoveries.TIME_TO_CONFIRM)

    row = office.session.scalars(select(AccountRecovery)).one()
    assert (early, late) == ("0 expired", "1 expired")
    assert row.state is RecoveryState.EXPIRED
