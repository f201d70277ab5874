"""Reading who did what: the trail of one seller, newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from shop.models.people import Account, AuditEntry, Member
from shop.queries import sign_in_deeds

MOST_READ, MOST_FOUND = 20_000, 5_000
"""So many entries, the newest ones, are read through for words in what changed, and so many of
them at most are found by that: an IN of more would be refused."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question stands for; an entry fits that has any one of these."""

    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """What it is about, by table."""

    actions: Sequence[str] = ()
    people: Sequence[int] = ()
    """Accounts that acted."""

    entries: Sequence[int] = ()
    """Entries of which a value fits."""

    origin: str = ""
    """A part of the address from which it was done."""

    device: str = ""
    """A part of what the device said of itself."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which acts of a seller a list is about, from a moment until before another."""

    seller_id: int
    actions: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    actor_id: int | None = None
    for_member_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    wanted: Wanted | None = None


def trail(session: Session, narrowed: Narrowed, *, limit: int, offset: int = 0) -> Sequence[Any]:
    """Return entries with the names of who acted and for whom."""
    return session.execute(
        select(AuditEntry, Account.name.label("who"), Member.full_name.label("for_whom"))
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .outerjoin(Member, Member.id == AuditEntry.for_member_id)
        .where(*_condition(narrowed))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count(session: Session, narrowed: Narrowed) -> int:
    """Return how many entries the trail holds."""
    counted = select(func.count()).select_from(AuditEntry).where(*_condition(narrowed))
    return int(session.scalar(counted) or 0)


def actors(session: Session, seller_id: int) -> Sequence[tuple[int, str]]:
    """Return the people who did anything for a seller: number and name, by name."""
    acted = select(AuditEntry.actor_id).where(AuditEntry.seller_id == seller_id).distinct()
    return session.execute(
        select(Account.id, Account.name)
        .where(Account.id.in_(acted))
        .order_by(Account.name, Account.id)
    ).all()


def helped(session: Session, seller_id: int) -> Sequence[tuple[int, str]]:
    """Return the members of a seller for whom, or to whose sign-in, somebody acted, by name."""
    acted = select(AuditEntry.for_member_id).where(AuditEntry.seller_id == seller_id).distinct()
    found = session.execute(select(Member.id, Member.full_name).where(Member.id.in_(acted))).all()
    named: dict[int, str] = {**dict(found), **dict(sign_in_deeds.members(session, seller_id))}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def acts(session: Session, seller_id: int) -> Sequence[str]:
    """Return the acts that the trail of a seller tells of, each once."""
    found = select(AuditEntry.action).where(AuditEntry.seller_id == seller_id).distinct()
    return session.scalars(found).all()


def subject_kinds(session: Session, seller_id: int) -> Sequence[str]:
    """Return the tables about whose rows the trail of a seller tells, each once."""
    found = select(AuditEntry.subject_kind).where(AuditEntry.seller_id == seller_id).distinct()
    return session.scalars(found).all()


def people_holding(session: Session, seller_id: int, holds: Callable[[str], bool]) -> list[int]:
    """Return those who did anything for a seller and whose name or phone number fits `holds`."""
    acted = select(AuditEntry.actor_id).where(AuditEntry.seller_id == seller_id).distinct()
    rows = session.execute(
        select(Account.id, Account.name, Account.phone).where(Account.id.in_(acted))
    )
    return [account_id for account_id, *said in rows if any(map(holds, said))]


def values_holding(
    session: Session, narrowed: Narrowed, holds: Callable[[Mapping[str, Any]], bool]
) -> list[int]:
    """Return the entries, among the newest `MOST_READ`, of which what changed fits `holds`."""
    told = or_(*(_is_told(column) for column in (AuditEntry.before, AuditEntry.after)))
    rows = session.execute(
        select(AuditEntry.id, AuditEntry.before, AuditEntry.after)
        .where(*_condition(replace(narrowed, wanted=None)), told)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST_READ)
        .execution_options(yield_per=1_000)
    )
    fitting = (
        entry_id for entry_id, *sides in rows if any(holds(values) for values in sides if values)
    )
    return list(islice(fitting, MOST_FOUND))


def _is_told(column: Any) -> ColumnElement[bool]:
    """Return whether a column of JSON holds anything: no value is `null` as JSON has it."""
    return and_(column.is_not(None), cast(column, Text).not_in(("null", "{}")))


def _condition(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [AuditEntry.seller_id == narrowed.seller_id]
    if narrowed.actions:
        found.append(AuditEntry.action.in_(narrowed.actions))
    if narrowed.since is not None:
        found.append(AuditEntry.at >= narrowed.since)
    if narrowed.until is not None:
        found.append(AuditEntry.at < narrowed.until)
    if narrowed.actor_id is not None:
        found.append(AuditEntry.actor_id == narrowed.actor_id)
    if narrowed.for_member_id is not None:
        about = sign_in_deeds.is_about(narrowed.for_member_id)
        found.append(or_(AuditEntry.for_member_id == narrowed.for_member_id, about))
    if narrowed.subject_kind:
        found.append(AuditEntry.subject_kind == narrowed.subject_kind)
    if narrowed.subject_id is not None:
        found.append(AuditEntry.subject_id == narrowed.subject_id)
    if narrowed.wanted is not None:
        found.append(or_(*_fits(narrowed.wanted)))
    return found


def _fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the ways in which an entry fits a question: any one of them is enough."""
    ways = [
        and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))
        for kind, ids in wanted.rows.items()
    ]
    members = wanted.rows.get("member", ())
    ways += [
        AuditEntry.for_member_id.in_(members),
        AuditEntry.action.in_(wanted.actions),
        AuditEntry.actor_id.in_(wanted.people),
        AuditEntry.id.in_(wanted.entries),
    ]
    if wanted.origin:
        ways.append(AuditEntry.origin.icontains(wanted.origin, autoescape=True))
    if wanted.device:
        ways.append(AuditEntry.device.icontains(wanted.device, autoescape=True))
    return ways
