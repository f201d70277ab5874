"""Reading communes and provinces."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.models.addresses import Commune

UNITS = ("xa", "phuong", "dac khu")
"""The folded words before the name of a commune."""


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


def communes_formerly(session: Session, folded: str, *, day: date) -> Sequence[Commune]:
    """Return the communes of `day` one of whose old names begins with `folded`.

    `Commune.old_names` has one folded old address a line: `xa quang tho, huyen quang dien, …`.
    """
    begins = folded.replace("%", "").replace("_", "")
    return session.scalars(
        select(Commune)
        .where(
            or_(
                Commune.old_names.like(f"{begins}%"),
                Commune.old_names.like(f"%\n{begins}%"),
            )
        )
        .where(or_(Commune.valid_to.is_(None), Commune.valid_to >= day))
        .order_by(Commune.province_code, Commune.code)
        .limit(12)
    ).all()


def commune(session: Session, code: str) -> Commune | None:
    """Return the commune with this code of five digits."""
    return session.get(Commune, code)


def provinces(session: Session, *, day: date) -> list[tuple[str, str]]:
    """Return code and name of every province of `day`, by name without its unit word."""
    rows = session.execute(
        select(Commune.province_code, Commune.province)
        .where(or_(Commune.valid_to.is_(None), Commune.valid_to >= day))
        .distinct()
    )
    return [(code, name) for code, name in rows]
