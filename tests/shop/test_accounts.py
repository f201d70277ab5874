"""Accounts are opened, get and lose roles, and nobody gives away more than they manage."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotAllowed, NotFound
from shop.models.people import Account, AuditEntry, GrantScope, Role
from shop.services import accounts, sign_ins
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
    accounts.require_fit("123456", {Role.MEMBER, Role.HELPER})


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


def test_a_clerk_opens_no_accounts(session: Session) -> None:
    seller = make_seller(session)
    clerk = actor_of(make_account(session, role=Role.OFFICE, seller=seller))

    with pytest.raises(NotAllowed):
        accounts.open_account(
            session, phone="+84912345678", name="Hoa", password=PASSWORD, actor=clerk, now=NOW
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
