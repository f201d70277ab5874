"""What the office does to a way in is told: to its member, in the history, on the lost device."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from shop.models.people import Account, AuditEntry, Role
from shop.services import cards, recoveries, sign_ins
from shop.services.actors import account_actor
from shop.services.sign_in_ends import Ended, why_ended
from tests.factories import PASSWORD
from tests.support.office import Office, open_office, sign_in
from tests.support.pages import Visitor

WHY = {"reason": "quên mã PIN", "recognised_by": "gặp mặt"}


class Hall:
    """A member with an account in use, and two of the office with names."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.account, self.member = office.member_account()
        self.asking, self.confirming = office.account(Role.OFFICE), office.account(Role.DIRECTOR)
        self.asking.name, self.confirming.name = "Lý Thị Bưởi", "Lê Thị Mận"
        office.session.commit()

    def by(self, account: Account):
        actor = account_actor(account, origin="test", now=self.office.now)
        return {"actor": actor, "now": self.office.now}

    def asked(self, *, by_card: bool):
        return recoveries.ask(
            self.office.session,
            self.account,
            self.office.seller,
            **WHY,
            without_phone=False,
            by_card=by_card,
            **self.by(self.asking),
        )

    def card(self) -> cards.Issued:
        asked, by = self.asked(by_card=True), self.by(self.confirming)
        issued = recoveries.confirm_card(self.office.session, asked, **by)
        self.office.session.commit()
        return issued

    def password(self) -> str:
        asked, by = self.asked(by_card=False), self.by(self.confirming)
        password = recoveries.confirm(self.office.session, asked, **by)
        self.office.session.commit()
        return password

    def visitor(self) -> Visitor:
        """Return the member's own device, signed in with the password."""
        return Visitor.of(sign_in(self.office.app, self.account))

    def scanning(self, card: cards.Issued) -> Visitor:
        """Return a device that came in by the card."""
        visitor = Visitor.of(self.office.app.test_client())
        visitor.open(f"/dang-nhap/the/{card.token}").submit(
            {"pin": card.pin, "machine": "mine"}, press="Đăng nhập"
        )
        return visitor


@pytest.fixture
def hall(office: Office) -> Hall:
    return Hall(office)


def test_a_member_reads_at_home_who_made_a_card(hall: Hall) -> None:
    member = hall.visitor()
    hall.card()

    home, deeds = member.open("/thanh-vien"), member.open("/thanh-vien/ai-lam-gi")

    said = "Văn phòng (Bưởi, Mận) đã làm thẻ đăng nhập cho bác, ngày"
    assert said in home.text
    assert said in deeds.text
    assert "Văn phòng (Bưởi) đã nhờ người thứ hai làm thẻ đăng nhập cho bác, ngày" in deeds.text


def test_a_member_reads_who_changed_the_password_and_who_took_the_card(hall: Hall) -> None:
    card = hall.card()
    by = hall.by(hall.confirming)
    cards.revoke(hall.office.session, card.card, **by)
    hall.password()
    hall.account.must_change_password = False
    hall.office.session.commit()

    text = hall.visitor().open("/thanh-vien").text

    assert "Văn phòng (Bưởi, Mận) đã đổi mật khẩu của bác, mọi máy và thẻ cũ đã bị thoát" in text
    assert "Văn phòng (Bưởi) đã nhờ người thứ hai đổi mật khẩu cho bác" in text
    assert "Văn phòng (Mận) đã thu thẻ đăng nhập của bác" in text


def test_what_another_member_got_is_not_told(hall: Hall) -> None:
    other, _member = hall.office.member_account()
    hall.card()

    home = Visitor.of(sign_in(hall.office.app, other)).open("/thanh-vien")

    assert "thẻ đăng nhập" not in home.text


def test_an_entry_says_that_its_person_came_in_by_a_card(hall: Hall) -> None:
    visitor = hall.scanning(hall.card())

    visitor.open("/thanh-vien/hien-ten").submit(press="Cho hiện tên")

    entry = hall.office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "member_changed")
    ).one()
    history = hall.office.visitor(Role.DIRECTOR).open("/quan-ly/lich-su?viec=member_changed")
    assert entry.by_card
    assert "vào bằng thẻ" in history.text
    assert "Bác, vào bằng thẻ, đã" in visitor.open("/thanh-vien/ai-lam-gi").text


def test_cards_and_recoveries_say_for_whom_in_the_history(hall: Hall) -> None:
    hall.card()
    director = hall.office.visitor(Role.DIRECTOR)

    history = director.open(f"/quan-ly/lich-su?cho={hall.member.id}")

    assert "Làm thẻ đăng nhập" in history.text
    assert f"Lê Thị Mận, cho {hall.member.full_name}" in history.text


def test_a_director_finds_that_a_member_chose_a_new_password(hall: Hall) -> None:
    fresh = {"password": PASSWORD, "fresh": "nam sau bay", "again": "nam sau bay"}
    hall.visitor().open("/tai-khoan").submit(fresh, press="Đổi mật khẩu")

    history = hall.office.visitor(Role.DIRECTOR).open("/quan-ly/lich-su?q=mat+khau")

    entry = hall.office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "password_set")
    ).one()
    assert entry.seller_id == hall.office.seller.id
    assert "Đặt mật khẩu" in history.text
    assert hall.member.full_name in history.text


def test_another_seller_reads_nothing_of_it(app: Flask, hall: Hall) -> None:
    hall.card()
    stranger = open_office(app, hall.office.session).visitor(Role.DIRECTOR)

    history = stranger.open(f"/quan-ly/lich-su?cho={hall.member.id}")

    assert hall.member.full_name not in history.text


def test_whoever_is_thrown_out_by_a_recovery_is_told_once(hall: Hall) -> None:
    member, stranger = hall.visitor(), Visitor.of(hall.office.app.test_client())
    hall.password()

    thrown_out, again = member.open("/thanh-vien"), member.open("/dang-nhap")

    assert "Văn phòng vừa đổi mật khẩu của bác" in thrown_out.text
    assert "Văn phòng vừa đổi mật khẩu" not in again.text
    assert "Văn phòng vừa đổi mật khẩu" not in stranger.open("/dang-nhap").text


def test_whoever_is_thrown_out_with_a_card_is_told(hall: Hall) -> None:
    card = hall.card()
    visitor, own = hall.scanning(card), hall.visitor()
    cards.revoke(hall.office.session, card.card, **hall.by(hall.asking))
    hall.office.session.commit()

    assert "Thẻ này đã bị thu" in visitor.open("/thanh-vien").text
    assert own.open("/thanh-vien").path == "/thanh-vien"


def test_whoever_signed_out_is_told_nothing(hall: Hall) -> None:
    visitor = hall.visitor()

    visitor.open("/tai-khoan").submit(press="Thoát")

    assert "Văn phòng" not in visitor.open("/dang-nhap").heading
    assert "vừa đổi" not in visitor.open("/dang-nhap").text


def test_a_new_card_and_one_that_somebody_tried_say_so(hall: Hall) -> None:
    session, old = hall.office.session, hall.card()
    by = {"is_shared_computer": False, "device": ""}
    token, _row = cards.open_session(session, old.card.id, old.pin, now=hall.office.now, **by)
    hall.office.now += timedelta(minutes=1)
    new = hall.card()
    other, _row = cards.open_session(session, new.card.id, new.pin, now=hall.office.now, **by)
    wrong = f"{(int(new.pin) + 1) % 1_000_000:06}"
    for turn in range(cards.MOST_WRONG_PINS):
        at = hall.office.now + turn * sign_ins.LOCK
        with pytest.raises(cards.WrongPin):
            cards.open_session(session, new.card.id, wrong, now=at, **by)

    assert why_ended(session, token) is Ended.CARD_REPLACED
    assert why_ended(session, other) is Ended.CARD_TRIED
    assert why_ended(session, "nobody's") is None


def test_the_page_of_a_card_says_that_it_is_locked_and_until_when(hall: Hall) -> None:
    card = hall.card().card
    card.locked_until = hall.office.now + timedelta(minutes=2)
    hall.office.session.commit()

    page = hall.office.visitor(Role.OFFICE).open(f"/quan-ly/nguoi-dung/{hall.account.id}/the")

    assert "Thẻ đang khóa. Gõ sai mã PIN nhiều lần. Tự mở lại lúc" in page.text
