"""Names of provinces and districts, of today and of before July 2025: where they lie today.

Kept apart from the names of communes (`address_lines`), which take ten times the room and which
most processes that look for goods never need.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from shop.queries import addresses
from shop.queries.addresses import CommuneRow
from shop.search.collation import collation_key
from shop.search.folding import fold
from shop.services.address_lines import bare_name, place_name
from shop.services.addresses import short_name

_Names = Mapping[str, frozenset[str]]

_kept: WeakKeyDictionary[Engine, tuple[object, _Names]] = WeakKeyDictionary()


def provinces_of(session: Session, typed: str, *, day: date) -> list[str]:
    """Return the short names of the provinces of `day` where the place `typed` lies.

    Nothing where it is neither a province, of today or of before, nor what was a district. A
    province of today is before one of before of that name, and both are before districts.
    """
    return sorted(_names(session, day).get(place_name(typed), ()), key=collation_key)


def _names(session: Session, day: date) -> _Names:
    """Return the names of `day`, kept per database until its communes change."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    state = (day, addresses.state_of_communes(session))
    known = _kept.get(engine)
    if known is None or known[0] != state:
        known = (state, _built(addresses.commune_rows(session, day=day)))
        _kept[engine] = known
    return known[1]


def _built(rows: Iterable[CommuneRow]) -> _Names:
    of_today: dict[str, set[str]] = defaultdict(set)
    of_before: dict[str, set[str]] = defaultdict(set)
    districts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        province = short_name(row.province)
        of_today[province].add(province)
        lines = filter(None, row.old_names.split("\n"))
        for around in {line.partition(", ")[2] for line in lines}:
            district, _, old_province = around.partition(", ")
            districts[district].add(province)
            of_before[old_province].add(province)
    names: dict[str, frozenset[str]] = {}
    for found in (districts, of_before, of_today):
        joined: dict[str, set[str]] = defaultdict(set)
        for name, provinces in found.items():
            joined[bare_name(fold(name))] |= provinces
        names |= {name: frozenset(provinces) for name, provinces in joined.items()}
    return names
