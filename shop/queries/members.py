"""Reading members: the list of a seller, one of them, whose an account is."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.formats import given_name
from shop.models.people import Account, Consent, Grant, GrantScope, Member, Plot, Role
from shop.queries.parts import parts
from shop.search.folding import fold

_FEWEST_DIGITS = 3
"""Of a phone number, to look for it."""


def of_seller(session: Session, seller_id: int) -> Sequence[Member]:
    """Return the members of a seller with their plots, by code."""
    return session.scalars(
        select(Member)
        .where(Member.seller_id == seller_id)
        .options(selectinload(Member.plots))
        .order_by(Member.code)
    ).all()


def found(session: Session, seller_id: int, words: str) -> list[int]:
    """Return the ids of the members whom `words` fit, by name: all of them for no words.

    A name fits without regard to marks and case, a code and a phone number by a part of it.
    """
    folded = fold(words)
    digits = "".join(character for character in words if character.isdecimal())
    number = digits.lstrip("0") if len(digits) >= _FEWEST_DIGITS else ""
    rows = session.execute(
        select(Member.id, Member.full_name, Member.code, Member.phone).where(
            Member.seller_id == seller_id
        )
    ).all()
    fitting = [
        (fold(given_name(name)), fold(name), member_id)
        for member_id, name, code, phone in rows
        if not folded
        or folded in fold(name)
        or folded in code.lower()
        or (number and number in (phone or ""))
    ]
    return [member_id for _given, _name, member_id in sorted(fitting)]


def in_order(session: Session, member_ids: Sequence[int]) -> list[Member]:
    """Return members with their plots, in the order of `member_ids`."""
    rows = session.scalars(
        select(Member).where(Member.id.in_(member_ids)).options(selectinload(Member.plots))
    )
    by_number = {member.id: member for member in rows}
    return [by_number[member_id] for member_id in member_ids]


def helped_ids(session: Session, member_ids: Sequence[int], *, today: date) -> set[int]:
    """Return those of the members for whom somebody may act today."""
    return set(
        session.scalars(
            select(Consent.member_id).where(Consent.member_id.in_(member_ids), _lives(today))
        )
    )


def helpers(
    session: Session, seller_id: int, *, roles: Iterable[Role], now: datetime
) -> Sequence[Account]:
    """Return the accounts with one of `roles` over this seller or over all, by name."""
    return session.scalars(
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Grant.role.in_(list(roles)),
            or_(Grant.until.is_(None), Grant.until > now),
            or_(Grant.seller_id == seller_id, Grant.scope == GrantScope.ALL),
            Account.is_active,
        )
        .distinct()
        .order_by(Account.name, Account.id)
    ).all()


def one(session: Session, seller_id: int, member_id: int) -> Member | None:
    """Return a member of this very seller."""
    return session.scalars(
        select(Member).where(Member.id == member_id, Member.seller_id == seller_id)
    ).one_or_none()


def by_id(session: Session, member_id: int) -> Member | None:
    """Return a member of whichever seller."""
    return session.get(Member, member_id)


def twin(session: Session, seller_id: int, full_name: str, phone: str | None) -> Member | None:
    """Return the member of a seller with this very name and phone number: the same form again."""
    if phone is None:
        return None
    return session.scalars(
        select(Member)
        .where(Member.seller_id == seller_id, Member.phone == phone)
        .where(Member.full_name == full_name)
        .order_by(Member.id)
        .limit(1)
    ).one_or_none()


def codes(session: Session, seller_id: int) -> set[str]:
    """Return the codes of all members of a seller."""
    return set(session.scalars(select(Member.code).where(Member.seller_id == seller_id)))


def plots_by_code(session: Session, seller_id: int, wanted: Collection[str]) -> dict[str, Plot]:
    """Return the plots of this seller that have one of these codes, whoever works them."""
    found: dict[str, Plot] = {}
    for some in parts(wanted):
        rows = session.scalars(
            select(Plot).where(Plot.seller_id == seller_id, Plot.code.in_(some))
        )
        found.update({plot.code: plot for plot in rows})
    return found


def lock_all(session: Session, member_ids: Iterable[int]) -> None:
    """Read members and their plots as they are now, the members held until the transaction ends.

    Rows that point to them can still be written.
    """
    for some in parts(member_ids):
        session.scalars(
            select(Member)
            .where(Member.id.in_(some))
            .order_by(Member.id)
            .options(selectinload(Member.plots))
            .with_for_update(key_share=True, of=Member)
            .execution_options(populate_existing=True)
        ).all()


def of_account(session: Session, account_id: int) -> Sequence[Member]:
    """Return the members that an account is: one for each cooperative it belongs to."""
    return session.scalars(
        select(Member)
        .where(Member.account_id == account_id)
        .options(joinedload(Member.seller))
        .order_by(Member.id)
    ).all()


def birth_years(session: Session, account_id: int) -> list[int]:
    """Return the years of birth that cooperatives wrote down of the person behind an account."""
    found = session.scalars(select(Member.birth_year).where(Member.account_id == account_id))
    return [year for year in found if year is not None]


def living_consent(
    session: Session, member_id: int, helper_id: int, *, today: date
) -> Consent | None:
    """Return the consent by which an account may act for a member today."""
    found = living_consents(session, member_id, helper_id, today=today)
    return found[0] if found else None


def living_consents(
    session: Session, member_id: int, helper_id: int, *, today: date
) -> Sequence[Consent]:
    """Return every consent by which an account may act for a member today, the longest first."""
    return session.scalars(
        select(Consent)
        .where(Consent.member_id == member_id, Consent.helper_id == helper_id, _lives(today))
        .order_by(Consent.until.desc(), Consent.id.desc())
    ).all()


def last_consent(
    session: Session, member_id: int, helper_id: int, *, today: date
) -> Consent | None:
    """Return the consent by which an account acts for a member, else the one that ended last."""
    living = living_consent(session, member_id, helper_id, today=today)
    if living is not None:
        return living
    return session.scalars(
        select(Consent)
        .where(Consent.member_id == member_id, Consent.helper_id == helper_id)
        .order_by(Consent.id.desc())
        .limit(1)
    ).one_or_none()


def helped_by(session: Session, helper_id: int, *, today: date) -> Sequence[Consent]:
    """Return the consents by which an account may act for others today, by name of the member."""
    return session.scalars(
        select(Consent)
        .join(Member, Member.id == Consent.member_id)
        .where(Consent.helper_id == helper_id, _lives(today))
        .options(selectinload(Consent.member).selectinload(Member.plots))
        .options(selectinload(Consent.member).joinedload(Member.seller))
        .order_by(Member.full_name, Consent.id)
    ).all()


def consents_of(session: Session, member_id: int) -> Sequence[Consent]:
    """Return every consent that a member ever gave, the newest first."""
    return session.scalars(
        select(Consent)
        .where(Consent.member_id == member_id)
        .options(selectinload(Consent.helper))
        .order_by(Consent.id.desc())
    ).all()


def _lives(today: date) -> ColumnElement[bool]:
    return (
        (Consent.withdrawn_at.is_(None)) & (Consent.given_on <= today) & (Consent.until >= today)
    )
