"""Reading communes and provinces."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, or_, select
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
