"""Reading what was done to the way in which members sign in: whose cards, passwords, sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from shop.models.credentials import AccountRecovery, SignInCard
from shop.models.people import Account, AuditEntry, Member

OF_ACCOUNT = ("password_set", "sessions_ended")
"""Acts about an account that its member is told of."""

_TABLES: dict[str, Any] = {"sign_in_card": SignInCard, "account_recovery": AccountRecovery}


def is_about(member_id: int) -> ColumnElement[bool]:
    """Return what holds for entries about the way in of a member."""
    one = aliased(Member)
    ways = [_is_of(kind, table, one, member_id) for kind, table in _TABLES.items()]
    accounts = select(one.account_id).where(one.id == member_id, one.account_id.is_not(None))
    own = and_(AuditEntry.subject_kind == "account", AuditEntry.subject_id.in_(accounts))
    return or_(*ways, and_(own, AuditEntry.action.in_(OF_ACCOUNT)))


def _is_of(kind: str, table: Any, one: Any, member_id: int) -> ColumnElement[bool]:
    owned = and_(one.account_id == table.account_id, one.seller_id == table.seller_id)
    ids = select(table.id).join(one, owned).where(one.id == member_id)
    return and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))


def by_others(
    session: Session, member: Member, *, since: datetime, limit: int
) -> Sequence[tuple[AuditEntry, str | None]]:
    """Return what others did to the way in of a member since a moment, the newest first."""
    not_own = or_(AuditEntry.actor_id.is_(None), AuditEntry.actor_id != (member.account_id or 0))
    return session.execute(
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(is_about(member.id), not_own, AuditEntry.at >= since)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    ).all()


def concerned(session: Session, entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Return by entry the name of the member whose way in it was about."""
    found: dict[int, str] = {}
    entries = list(entries)
    for kind, table in _TABLES.items():
        ids = {one.subject_id for one in entries if one.subject_kind == kind}
        if not ids:
            continue
        owned = and_(Member.account_id == table.account_id, Member.seller_id == table.seller_id)
        named: dict[int, str] = dict(
            session.execute(
                select(table.id, Member.full_name).join(Member, owned).where(table.id.in_(ids))
            ).all()
        )
        found |= {
            one.id: named[one.subject_id]
            for one in entries
            if one.subject_kind == kind and one.subject_id in named
        }
    return found | _of_accounts(session, entries)


def _of_accounts(session: Session, entries: Sequence[AuditEntry]) -> dict[int, str]:
    told = [one for one in entries if one.subject_kind == "account" and one.action in OF_ACCOUNT]
    if not told:
        return {}
    rows = session.execute(
        select(Member.account_id, Member.seller_id, Member.full_name).where(
            tuple_(Member.account_id, Member.seller_id).in_(
                {(one.subject_id, one.seller_id or 0) for one in told}
            )
        )
    )
    named: dict[tuple[int | None, int | None], str] = {
        (account_id, seller_id): name for account_id, seller_id, name in rows
    }
    return {
        one.id: named[one.subject_id, one.seller_id]
        for one in told
        if (one.subject_id, one.seller_id) in named
    }


def members(session: Session, seller_id: int) -> Sequence[tuple[int, str]]:
    """Return the members of a seller whose way in the trail tells of: number and name."""
    ways: list[ColumnElement[bool]] = [
        Member.account_id.in_(select(table.account_id).where(table.seller_id == seller_id))
        for table in _TABLES.values()
    ]
    ways.append(
        Member.account_id.in_(
            select(AuditEntry.subject_id).where(
                AuditEntry.seller_id == seller_id,
                AuditEntry.subject_kind == "account",
                AuditEntry.action.in_(OF_ACCOUNT),
            )
        )
    )
    return session.execute(
        select(Member.id, Member.full_name).where(Member.seller_id == seller_id, or_(*ways))
    ).all()
