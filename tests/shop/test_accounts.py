"""Accounts are opened, get and lose roles, and nobody gives away more than they manage."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotAllowed, NotFound
from shop.models.people import Account, AuditEntry, GrantScope, Member, Role
from shop.services import accounts, pins, sign_ins
from shop.services.actors import SYSTEM, Actor, account_actor
from tests.factories import NOW, PASSWORD, make_account, make_seller

pytestmark = pytest.mark.both_databases


def actor_of(account: Account) -> Actor:
    return account_actor(account, origin="test", now=NOW)


def audited(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_account_is_opened_with_its_name_and_a_password_that_signs_in(
    session: Session,
) -> None:
    account = accounts.open_account(
        session, phone="+84912345678", name="Hoa", password=PASSWORD, actor=SYSTEM, now=NOW
    )

    _, row = sign_ins.sign_in(
        session,
        phone="+84912345678",
        password=PASSWORD,
        is_shared_computer=False,
        device="",
        now=NOW,
    )
    assert row.account_id == account.id
    assert audited(session)[0] == "account_opened"


def test_a_phone_number_has_one_account(session: Session) -> None:
    known = make_account(session)

    with pytest.raises(FieldRefused, match="phone_taken"):
        accounts.open_account(
            session, phone=known.phone, name="Hoa", password=PASSWORD, actor=SYSTEM, now=NOW
        )


@pytest.mark.parametrize(
    ("password", "roles"),
    [
        ("12345", {Role.MEMBER}),
        ("123456", {Role.MEMBER, Role.OFFICE}),
        ("123456", set()),
        ("abcdef", {Role.MEMBER}),
        ("1234567", {Role.ADMIN}),
    ],
)
def test_a_short_password_is_refused(password: str, roles: set[Role]) -> None:
    with pytest.raises(FieldRefused, match="password_short"):
        accounts.require_fit(password, roles)


def test_six_digits_are_enough_for_a_member() -> None:
    accounts.require_fit("250196", {Role.MEMBER, Role.HELPER})


@pytest.mark.parametrize(
    ("pin", "sentence"),
    [
        ("000000", "pin_easy"),
        ("123456", "pin_easy"),
        ("098765", "pin_easy"),
        ("123123", "pin_easy"),
        ("112233", "pin_easy"),
        ("191919", "pin_easy"),
        ("12345678", "pin_easy"),
        ("195719", "pin_is_birth_year"),
        ("571957", "pin_is_birth_year"),
        ("195702", "pin_is_birth_year"),
        ("091246", "pin_is_phone"),
        ("876543", "pin_easy"),
        ("468024", "pin_is_phone"),
    ],
)
def test_digits_that_people_try_first_are_refused(pin: str, sentence: str) -> None:
    with pytest.raises(FieldRefused, match=sentence):
        accounts.require_fit(pin, {Role.MEMBER}, phone="+84912468024", birth_years=[1957])


def test_a_pin_told_to_a_member_is_easy_for_nobody() -> None:
    told = [pins.new_pin(phone="+84912345678", birth_years=[1957]) for _ in range(300)]

    assert {len(pin) for pin in told} == {6}
    for pin in told:
        accounts.require_fit(pin, {Role.MEMBER}, phone="+84912345678", birth_years=[1957])


def test_the_year_of_birth_comes_from_what_the_cooperative_wrote_down(session: Session) -> None:
    seller = make_seller(session)
    account = make_account(session, role=Role.MEMBER, seller=seller)
    member = {"seller_id": seller.id, "code": "m1", "party_id": "p1", "kind": "member"}
    session.add(Member(full_name="Lan", account_id=account.id, birth_year=1957, **member))
    session.flush()

    with pytest.raises(FieldRefused, match="pin_is_birth_year"):
        accounts.set_password(session, account, "195719", actor=actor_of(account), now=NOW)


def test_a_password_too_weak_for_a_new_role_must_be_changed_first(session: Session) -> None:
    seller = make_seller(session)
    account = make_account(session, role=Role.MEMBER, seller=seller, password="250196")
    accounts.ask_for_better(session, account, "250196", now=NOW)
    before = account.must_change_password

    accounts.grant(session, account, Role.OFFICE, seller=seller, actor=SYSTEM, now=NOW)
    accounts.ask_for_better(session, account, "250196", now=NOW)

    assert (before, account.must_change_password) == (False, True)


def test_a_role_is_given_over_a_seller_once(session: Session) -> None:
    seller, account = make_seller(session), make_account(session)

    first = accounts.grant(session, account, Role.OFFICE, seller=seller, actor=SYSTEM, now=NOW)
    again = accounts.grant(session, account, Role.OFFICE, seller=seller, actor=SYSTEM, now=NOW)

    assert again is first
    assert (first.scope, first.seller_id) == (GrantScope.SELLER, seller.id)
    assert audited(session) == ["role_granted"]


def test_a_role_in_the_office_needs_its_seller(session: Session) -> None:
    account = make_account(session)

    with pytest.raises(FieldRefused, match="scope_missing"):
        accounts.grant(session, account, Role.OFFICE, actor=SYSTEM, now=NOW)


def test_a_role_that_was_taken_back_stays_on_record_and_allows_nothing(
    session: Session,
) -> None:
    seller = make_seller(session)
    account = make_account(session, role=Role.OFFICE, seller=seller)

    given = accounts.standing_grant(session, account, Role.OFFICE, seller=seller, now=NOW)
    accounts.revoke(session, given, actor=SYSTEM, now=NOW)

    assert given.until == NOW
    assert actor_of(account).reaches == ()
    assert audited(session) == ["role_revoked"]


def test_the_last_administrator_stays(session: Session) -> None:
    admin = make_account(session, role=Role.ADMIN)

    given = accounts.standing_grant(session, admin, Role.ADMIN, now=NOW)
    with pytest.raises(accounts.LastAdmin):
        accounts.revoke(session, given, actor=SYSTEM, now=NOW)


def test_one_of_two_administrators_may_go(session: Session) -> None:
    make_account(session, role=Role.ADMIN)
    second = make_account(session, role=Role.ADMIN)

    given = accounts.standing_grant(session, second, Role.ADMIN, now=NOW)
    accounts.revoke(session, given, actor=SYSTEM, now=NOW)

    assert given.until == NOW


def test_a_role_nobody_gave_cannot_be_taken(session: Session) -> None:
    account = make_account(session)

    with pytest.raises(NotFound):
        accounts.standing_grant(session, account, Role.OFFICE, now=NOW)


def test_a_director_gives_roles_in_her_own_cooperative_alone(session: Session) -> None:
    mine, other = make_seller(session), make_seller(session)
    director = actor_of(make_account(session, role=Role.DIRECTOR, seller=mine))
    account = make_account(session)

    accounts.grant(session, account, Role.OFFICE, seller=mine, actor=director, now=NOW)

    with pytest.raises(NotAllowed):
        accounts.grant(session, account, Role.OFFICE, seller=other, actor=director, now=NOW)
    with pytest.raises(NotAllowed):
        accounts.grant(session, account, Role.ADMIN, seller=mine, actor=director, now=NOW)
    with pytest.raises(NotAllowed):
        accounts.grant(session, account, Role.INSPECTOR, actor=director, now=NOW)


def test_a_technician_opens_no_accounts(session: Session) -> None:
    seller = make_seller(session)
    technician = actor_of(make_account(session, role=Role.TECHNICIAN, seller=seller))

    with pytest.raises(NotAllowed):
        accounts.open_account(
            session, phone="+84912345678", name="Hoa", password=PASSWORD, actor=technician, now=NOW
        )


def test_a_director_cannot_take_over_an_administrator(session: Session) -> None:
    seller = make_seller(session)
    director = actor_of(make_account(session, role=Role.DIRECTOR, seller=seller))
    admin = make_account(session, role=Role.ADMIN)

    with pytest.raises(NotAllowed):
        accounts.set_password(session, admin, "mat khau moi", actor=director, now=NOW)


def test_a_new_password_ends_the_sessions_of_the_old_one(session: Session) -> None:
    account = make_account(session, role=Role.OFFICE, seller=make_seller(session))
    token, _ = sign_ins.open_session(
        session, account, is_shared_computer=False, device="", now=NOW
    )

    accounts.set_password(session, account, "mat khau moi", actor=SYSTEM, now=NOW)

    session.expire_all()
    assert sign_ins.find(session, token, now=NOW + timedelta(seconds=1)) is None


def test_everybody_may_end_their_own_sessions(session: Session) -> None:
    account = make_account(session)
    token, _ = sign_ins.open_session(
        session, account, is_shared_computer=False, device="", now=NOW
    )

    accounts.end_sessions(session, account, actor=actor_of(account), now=NOW)

    session.expire_all()
    assert sign_ins.find(session, token, now=NOW + timedelta(seconds=1)) is None
