"""Reading the people who work for a seller, with their roles and sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from shop.models.people import Account, Grant, GrantScope, Role, SignIn


def names_of(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of accounts by id."""
    rows = session.execute(
        select(Account.id, Account.name).where(Account.id.in_(set(account_ids)))
    )
    return dict(rows.all())


def grants_for(
    session: Session, seller_id: int, *, now: datetime
) -> Sequence[tuple[Account, Grant]]:
    """Return who has which role over this very seller at `now`, by name."""
    return session.execute(
        select(Account, Grant)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.seller_id == seller_id, Grant.scope == GrantScope.SELLER, _holds(now))
        .order_by(Account.name, Account.id, Grant.id)
    ).all()


def colleague(
    session: Session, seller_id: int, account_id: int, *, now: datetime
) -> Account | None:
    """Return an account that has a role over this very seller at `now`."""
    return session.scalars(
        select(Account).where(
            Account.id == account_id,
            select(Grant.id)
            .where(Grant.account_id == Account.id, Grant.seller_id == seller_id)
            .where(Grant.scope == GrantScope.SELLER, _holds(now))
            .exists(),
        )
    ).one_or_none()


def grant_of(session: Session, seller_id: int, grant_id: int) -> Grant | None:
    """Return a role over this seller, whether it still holds or not."""
    return session.scalars(
        select(Grant).where(
            Grant.id == grant_id,
            Grant.seller_id == seller_id,
            Grant.scope == GrantScope.SELLER,
        )
    ).one_or_none()


def living_grants(session: Session, account_id: int, *, now: datetime) -> Sequence[Grant]:
    """Return every role of an account that holds at `now`, whatever its reach."""
    return session.scalars(
        select(Grant).where(Grant.account_id == account_id, _holds(now)).order_by(Grant.id)
    ).all()


def with_roles_elsewhere(
    session: Session, account_ids: Iterable[int], seller_id: int, *, now: datetime
) -> set[int]:
    """Return those of the accounts that have a role beyond this seller at `now`."""
    return set(
        session.scalars(
            select(Grant.account_id)
            .where(Grant.account_id.in_(set(account_ids)), _holds(now))
            .where(or_(Grant.seller_id.is_(None), Grant.seller_id != seller_id))
        )
    )


def account(session: Session, account_id: int) -> Account | None:
    """Return an account."""
    return session.get(Account, account_id)


def with_roles(
    session: Session, seller_id: int, roles: Iterable[Role], *, now: datetime
) -> Sequence[Account]:
    """Return the active accounts with one of `roles` over this seller or over all, by name."""
    reach = or_(
        (Grant.seller_id == seller_id) & (Grant.scope == GrantScope.SELLER),
        Grant.scope == GrantScope.ALL,
    )
    able = select(Grant.account_id).where(Grant.role.in_(list(roles)), reach, _holds(now))
    return session.scalars(
        select(Account)
        .where(Account.id.in_(able), Account.is_active)
        .order_by(Account.name, Account.id)
    ).all()


def account_by_phone(session: Session, phone: str) -> Account | None:
    """Return the account that signs in with this number."""
    return session.scalars(select(Account).where(Account.phone == phone)).one_or_none()


def last_seen(session: Session, account_ids: Iterable[int]) -> dict[int, tuple[int, datetime]]:
    """Return how many open sessions each account has and when one was last used."""
    rows = session.execute(
        select(SignIn.account_id, func.count(), func.max(SignIn.seen_at))
        .where(SignIn.account_id.in_(set(account_ids)), SignIn.ended_at.is_(None))
        .group_by(SignIn.account_id)
    )
    return {account_id: (int(count), seen_at) for account_id, count, seen_at in rows}


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(Grant.until.is_(None), Grant.until > now)
