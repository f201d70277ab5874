"""Reading communes and provinces."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from shop.models.addresses import Commune

UNITS = ("xa", "phuong", "dac khu")
"""The folded words before the name of a commune."""

FORMER_UNITS = (*UNITS, "thi tran")
"""The same before July 2025."""


def communes_named(session: Session, folded: Iterable[str], *, day: date) -> Sequence[Commune]:
    """Return the communes of `day` whose folded name, unit word included, is one of `folded`.

    Both sides without ` - `: nobody types the hyphen of `Văn Miếu - Quốc Tử Giám`.
    """
    name = func.replace(Commune.folded_name, " - ", " ")
    return session.scalars(
        select(Commune)
        .where(name.in_(list(folded)), Commune.valid_from <= day)
        .where(or_(Commune.valid_to.is_(None), Commune.valid_to >= day))
        .order_by(Commune.province_code, Commune.code)
    ).all()


def communes_formerly(session: Session, folded: Iterable[str], *, day: date) -> Sequence[Commune]:
    """Return the communes of `day` that one of these communes went into, folded, with unit word.

    `Commune.old_names` has one folded old address a line: `xa quang tho, huyen quang dien, …`.
    """
    names = [name.replace("%", "").replace("_", "") for name in folded]
    lines = [Commune.old_names.like(f"{name},%") for name in names]
    lines += [Commune.old_names.like(f"%\n{name},%") for name in names]
    return session.scalars(
        select(Commune)
        .where(or_(*lines), or_(Commune.valid_to.is_(None), Commune.valid_to >= day))
        .order_by(Commune.province_code, Commune.code)
    ).all()


def provinces(session: Session, *, day: date) -> list[tuple[str, str]]:
    """Return code and name of every province of `day`, by name without its unit word."""
    rows = session.execute(
        select(Commune.province_code, Commune.province)
        .where(or_(Commune.valid_to.is_(None), Commune.valid_to >= day))
        .distinct()
    )
    return [(code, name) for code, name in rows]


class CommuneRow(NamedTuple):
    """What finding a commune in a line needs of it."""

    code: str
    folded_name: str
    province_code: str
    province: str
    old_names: str


def commune_rows(session: Session, *, day: date) -> list[CommuneRow]:
    """Return all communes of `day`, by code."""
    rows = session.execute(
        select(
            Commune.code,
            Commune.folded_name,
            Commune.province_code,
            Commune.province,
            Commune.old_names,
        )
        .where(Commune.valid_from <= day)
        .where(or_(Commune.valid_to.is_(None), Commune.valid_to >= day))
        .order_by(Commune.code)
    )
    return [CommuneRow(*row) for row in rows]


def state_of_communes(session: Session) -> tuple[object, ...]:
    """Return what differs as soon as communes come, end or are named anew."""
    columns = (
        func.count(),
        func.max(Commune.valid_from),
        func.max(Commune.valid_to),
        func.sum(func.length(Commune.old_names) + func.length(Commune.name)),
    )
    return tuple(session.execute(select(*columns)).one())


def with_codes(session: Session, codes: Iterable[str]) -> dict[str, Commune]:
    """Return the communes with these codes."""
    found = session.scalars(select(Commune).where(Commune.code.in_(list(codes))))
    return {commune.code: commune for commune in found}


def communes_begun(session: Session, folded: Iterable[str], *, day: date) -> Sequence[Commune]:
    """Return the communes of `day` whose folded name, unit word included, begins with one."""
    name = func.replace(Commune.folded_name, " - ", " ")
    begun = [name.startswith(part, autoescape=True) for part in folded]
    return session.scalars(
        select(Commune)
        .where(_holds(day), or_(*begun))
        .order_by(Commune.province_code, Commune.code)
    ).all()


def communes_formerly_begun(
    session: Session, folded: Iterable[str], *, day: date
) -> Sequence[Commune]:
    """Return the communes of `day` that one went into whose old folded name begins so."""
    old = Commune.old_names
    begun = [
        found
        for part in folded
        for found in (
            old.startswith(part, autoescape=True),
            old.contains(f"\n{part}", autoescape=True),
        )
    ]
    return session.scalars(
        select(Commune)
        .where(_holds(day), or_(*begun))
        .order_by(Commune.province_code, Commune.code)
    ).all()


def _holds(day: date) -> ColumnElement[bool]:
    ends = Commune.valid_to
    return and_(Commune.valid_from <= day, or_(ends.is_(None), ends >= day))
