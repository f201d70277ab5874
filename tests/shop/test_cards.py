"""A printed card and its PIN open one account, until the card is taken back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.app import create_app
from shop.errors import NotAllowed, NotFound
from shop.models.credentials import SignInCard
from shop.models.people import Account, AuditEntry, OpenedWith, Role, SignIn
from shop.services import accounts, cards, member_sign_ins, sign_ins
from shop.services.actors import SYSTEM, Actor, account_actor, helper_actor
from tests import factories
from tests.factories import NOW, PASSWORD, make_account, make_seller
from tests.support import printed
from tests.support.applications import MakeSettings
from tests.support.office import Office, open_office, sign_in
from tests.support.pages import Visitor
from tests.support.workshop import make_member

SOON = NOW + timedelta(seconds=5)
MEMBERS = (Role.MEMBER, Role.HELPER, Role.VENDOR)


def actor_of(account: Account) -> Actor:
    return account_actor(account, origin="test", now=NOW)


def issued(session: Session, role: Role = Role.MEMBER) -> cards.Issued:
    seller = make_seller(session)
    account = make_account(session, role=role, seller=seller, is_in_use=False)
    return cards.issue(session, account, seller, actor=SYSTEM, now=NOW)


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 1_000_000:06}"


def enter(session: Session, card: cards.Issued, pin: str = "", *, now=NOW) -> SignIn:
    found = cards.find(session, card.token)
    _token, row = cards.open_session(
        session, found.id, pin or card.pin, is_shared_computer=True, device="", now=now
    )
    return row


@pytest.mark.both_databases
def test_a_card_and_its_pin_open_the_account(session: Session) -> None:
    card = issued(session)

    row = enter(session, card)

    assert (row.account_id, row.opened_with) == (card.card.account_id, OpenedWith.CARD)
    assert card.card.last_used_at == NOW


@pytest.mark.both_databases
def test_what_a_card_says_stands_nowhere_in_the_database(session: Session) -> None:
    card = issued(session)

    row = session.scalars(select(SignInCard)).one()
    trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "card_issued")).one()

    kept = f"{row.token_hash} {row.pin_hash} {trail.after}"
    assert card.token not in kept
    assert card.pin not in kept
    assert row.pin_hash.startswith("$argon2id$")
    assert card.token not in repr(card)
    assert card.pin not in repr(card)


@pytest.mark.both_databases
def test_wrong_pins_lock_the_card_for_a_while_and_never_the_phone(session: Session) -> None:
    card = issued(session)
    for _ in range(sign_ins.TRIES):
        with pytest.raises(cards.WrongPin):
            enter(session, card, wrong(card.pin))

    with pytest.raises(sign_ins.LockedOut):
        enter(session, card)

    sign_ins.confirm_password(card.card.account, PASSWORD, now=NOW)
    assert enter(session, card, now=NOW + sign_ins.LOCK)


@pytest.mark.both_databases
def test_wrong_passwords_lock_nobody_out_of_their_card(session: Session) -> None:
    card = issued(session)
    for _ in range(sign_ins.TRIES):
        with pytest.raises(sign_ins.WrongPassword):
            sign_ins.confirm_password(card.card.account, "wrong", now=NOW)

    assert enter(session, card)
    with pytest.raises(sign_ins.LockedOut):
        sign_ins.confirm_password(card.card.account, PASSWORD, now=NOW)


@pytest.mark.both_databases
def test_a_card_on_which_somebody_tries_and_tries_ends(session: Session) -> None:
    card = issued(session)

    for turn in range(cards.MOST_WRONG_PINS):
        with pytest.raises(cards.WrongPin):
            enter(session, card, wrong(card.pin), now=NOW + turn * sign_ins.LOCK)

    with pytest.raises(cards.CardUnusable):
        enter(session, card, now=NOW + timedelta(days=1))
    sign_ins.confirm_password(card.card.account, PASSWORD, now=NOW)


@pytest.mark.both_databases
def test_taking_a_card_back_ends_it_and_what_was_opened_with_it(session: Session) -> None:
    card = issued(session)
    token, _row = cards.open_session(
        session, card.card.id, card.pin, is_shared_computer=False, device="", now=NOW
    )
    other, _row = sign_ins.open_session(
        session, card.card.account, is_shared_computer=False, device="", now=NOW
    )

    cards.revoke(session, card.card, actor=SYSTEM, now=NOW)

    session.expire_all()
    assert sign_ins.find(session, token, now=SOON) is None
    assert sign_ins.find(session, other, now=SOON) is not None
    with pytest.raises(cards.CardUnusable):
        enter(session, card)


@pytest.mark.both_databases
def test_a_new_card_ends_the_old_one(session: Session) -> None:
    seller = make_seller(session)
    account = make_account(session, role=Role.MEMBER, seller=seller)
    old = cards.make(session, account, seller, actor=SYSTEM, now=NOW)

    new = cards.make(session, account, seller, actor=SYSTEM, now=NOW)

    with pytest.raises(cards.CardUnusable):
        cards.find(session, old.token)
    assert enter(session, new)


@pytest.mark.both_databases
@pytest.mark.parametrize("role", [role for role in Role if role not in MEMBERS])
def test_nobody_with_more_to_do_gets_a_card(session: Session, role: Role) -> None:
    seller = make_seller(session)
    account = make_account(session, role=role, seller=seller, is_in_use=False)

    with pytest.raises(cards.NotForACard):
        cards.issue(session, account, seller, actor=SYSTEM, now=NOW)


@pytest.mark.both_databases
def test_a_card_opens_nothing_more_once_its_person_gets_another_role(session: Session) -> None:
    card = issued(session)
    account = card.card.account
    token, _row = cards.open_session(
        session, card.card.id, card.pin, is_shared_computer=False, device="", now=NOW
    )
    seller = make_seller(session)

    accounts.grant(session, account, Role.OFFICE, seller=seller, actor=SYSTEM, now=NOW)

    session.expire_all()
    assert sign_ins.find(session, token, now=SOON) is None
    with pytest.raises(cards.CardUnusable):
        enter(session, card)


@pytest.mark.both_databases
def test_a_card_is_made_by_the_office_of_ones_own_seller_alone(session: Session) -> None:
    seller, other = make_seller(session), make_seller(session)
    account = make_account(session, role=Role.MEMBER, seller=seller, is_in_use=False)
    clerk = actor_of(make_account(session, role=Role.OFFICE, seller=seller))
    stranger = actor_of(make_account(session, role=Role.OFFICE, seller=other))

    with pytest.raises(NotAllowed):
        cards.issue(session, account, seller, actor=stranger, now=NOW)
    with pytest.raises(NotFound):
        cards.issue(session, account, other, actor=stranger, now=NOW)

    assert cards.issue(session, account, seller, actor=clerk, now=NOW).token


@pytest.mark.both_databases
def test_no_single_person_makes_a_card_for_an_account_in_use(session: Session) -> None:
    seller = make_seller(session)
    fresh = make_account(session, role=Role.MEMBER, seller=seller, is_in_use=False)
    known = make_account(session, role=Role.MEMBER, seller=seller, is_in_use=False)
    told = make_account(session, role=Role.MEMBER, seller=seller, is_in_use=False)
    sign_ins.open_session(session, known, is_shared_computer=True, device="", now=NOW)
    sign_ins.change_password(session, told, "250196", now=NOW)
    clerk = actor_of(make_account(session, role=Role.DIRECTOR, seller=seller))
    cards.issue(session, fresh, seller, actor=clerk, now=NOW)

    for account in (fresh, known, told):
        with pytest.raises(cards.CardTakesTwo):
            cards.issue(session, account, seller, actor=clerk, now=NOW)


@pytest.mark.both_databases
def test_an_account_that_a_clerk_has_just_opened_gets_its_first_card_from_them(
    session: Session,
) -> None:
    seller = make_seller(session)
    clerk = actor_of(make_account(session, role=Role.OFFICE, seller=seller))
    member = factories.make_member(session, seller)
    by = {"actor": clerk, "now": NOW}
    opened = member_sign_ins.open_for(session, member, phone="+84540000077", **by)

    assert cards.issue(session, opened.account, seller, **by).token


@pytest.mark.both_databases
def test_no_card_leads_over_open_http(session: Session) -> None:
    seller = make_seller(session)
    account = make_account(session, role=Role.MEMBER, seller=seller, is_in_use=False)
    session.info["base_url"] = "http://htx.example"

    with pytest.raises(cards.CardAddressNotSafe):
        cards.issue(session, account, seller, actor=SYSTEM, now=NOW)


def test_a_card_that_no_phone_can_open_is_marked_and_its_page_says_so(office: Office) -> None:
    account = member(office)
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/nguoi-dung/{account.id}/the")

    words = printed.words(printed_card(office, account))

    assert "MẪU" in words
    assert "Chỉ in được thẻ MẪU. Mã trên thẻ dẫn tới http://" in page.text


def test_a_helper_makes_no_card_for_whom_they_help(office: Office) -> None:
    helper = office.account(Role.HELPER)
    account = office.account(Role.MEMBER)
    member = make_member(office, account_id=account.id)
    acting = helper_actor(helper, member, origin="test")

    with pytest.raises(NotAllowed):
        cards.issue(office.session, account, office.seller, actor=acting, now=office.now)


def printed_card(office: Office, account: Account) -> bytes:
    """Make a card on its page and return the PDF."""
    page = office.visitor(Role.OFFICE).open(f"/quan-ly/nguoi-dung/{account.id}/the")
    client = office.client(Role.OFFICE)
    token = Visitor.of(client).open(page.path).fields(press="Làm thẻ")["csrf_token"]
    answer = client.post(page.path, data={"csrf_token": token})
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


def read(pdf: bytes) -> tuple[str, str]:
    """Return the path behind the code of a printed card, and the PIN on its strip."""
    (code,) = printed.codes(pdf)
    words = printed.words(pdf)
    pin = re.search(r"Mã PIN của thẻ: \D+ (\d{3}) (\d{3})", words)
    assert pin is not None
    return "/" + code.split("/", 3)[3], "".join(pin.groups())


def member(office: Office, role: Role = Role.MEMBER) -> Account:
    account = office.account(role)
    account.name, account.is_in_use = "Trần Thị Lan", False
    office.session.commit()
    return account


def test_the_code_of_a_printed_card_is_scanned_and_its_pin_signs_in(
    app: Flask, office: Office
) -> None:
    pdf = printed_card(office, member(office))
    path, pin = read(pdf)

    page = Visitor.of(app.test_client()).open(path)
    opened = page.submit({"pin": pin}, press="Đăng nhập")

    words = printed.words(pdf)
    assert f"{office.seller.short_name} {office.seller.commune} Trần Thị Lan" in words
    assert "Mã PIN của thẻ: Trần Thị Lan" in words
    assert "Mất thẻ thì gọi HTX 0540 001 001" in words
    assert page.path == "/dang-nhap/the"
    assert opened.heading == "Trần Thị Lan"
    assert "vào bằng thẻ" in opened.text


def test_the_secret_of_a_card_leaves_the_address_at_once(app: Flask, office: Office) -> None:
    path, _pin = read(printed_card(office, member(office)))
    client = app.test_client()

    answer = client.get(path)

    assert (answer.status_code, answer.location) == (303, "/dang-nhap/the")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert path.rsplit("/", 1)[1] not in str(client.get_cookie("dacsan"))


def test_a_wrong_pin_is_told_and_a_card_taken_back_opens_nothing(
    app: Flask, office: Office
) -> None:
    account = member(office)
    path, pin = read(printed_card(office, account))
    page = Visitor.of(app.test_client()).open(path)
    refused = page.submit({"pin": wrong(pin)}, press="Đăng nhập", status=422)
    client = sign_in(app, office.account(Role.OFFICE))
    shown = Visitor.of(client).open(f"/quan-ly/nguoi-dung/{account.id}/the")

    taken_back = shown.submit(press="Thu hồi thẻ")

    assert "Mã PIN chưa đúng." in refused.text
    assert "Đã thu hồi thẻ của Trần Thị Lan." in taken_back.text
    assert "Chưa có thẻ." in taken_back.text
    assert page.submit({"pin": pin}, press="Đăng nhập", status=410)
    assert (
        "Thẻ này không dùng được nữa" in Visitor.of(app.test_client()).open(path, status=410).text
    )


def test_an_address_without_a_card_opens_nothing(app: Flask) -> None:
    visitor = Visitor.of(app.test_client())

    assert "Thẻ này không dùng được nữa" in visitor.open("/dang-nhap/the/abc", status=410).text
    assert visitor.open("/dang-nhap/the").heading == "Đăng nhập"


def test_who_signs_in_by_card_ends_the_session_before_on_that_device(
    app: Flask, office: Office
) -> None:
    path, pin = read(printed_card(office, member(office)))
    before = office.account(Role.OFFICE)
    client = sign_in(app, before)

    Visitor.of(client).open(path).submit({"pin": pin, "machine": "shared"}, press="Đăng nhập")

    rows = office.session.scalars(select(SignIn).where(SignIn.account_id == before.id)).all()
    assert [row.ended_at is not None for row in rows] == [True]


def test_the_page_of_somebody_of_the_office_says_that_there_is_no_card_for_them(
    office: Office,
) -> None:
    clerk = office.account(Role.TECHNICIAN)

    page = office.visitor(Role.OFFICE).open(f"/quan-ly/nguoi-dung/{clerk.id}/the")

    assert "Thẻ chỉ dành cho thành viên, người giúp và tiểu thương" in page.text
    assert "Làm thẻ" not in page.text


def test_a_card_of_another_seller_is_out_of_reach(app: Flask, office: Office) -> None:
    account = member(office)
    stranger = open_office(app, office.session).visitor(Role.OFFICE)

    stranger.open(f"/quan-ly/nguoi-dung/{account.id}/the", status=404)


def test_one_address_tries_so_many_pins_and_then_waits(
    demo_database_url: str, office: Office, make_settings: MakeSettings
) -> None:
    path, _pin = read(printed_card(office, member(office)))
    limited = create_app(make_settings(database_url=demo_database_url, rate_limits=True))
    page = Visitor.of(limited.test_client()).open(path)

    answers = [page.send({"pin": ""}).status for _turn in range(41)]

    assert answers == [422] * 40 + [429]
    limited.extensions["dacsan_engine"].dispose()
