"""Communes for what is being typed: today's names first, then what an old name became."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from shop.models.addresses import Commune
from shop.queries import addresses as queries
from shop.search.folding import fold
from shop.search.words import place_spelled
from shop.services import address_lines, addresses
from shop.services.addresses import short_name

MOST = 8
"""Suggestions at once: what a phone shows above its keyboard."""

SHORTEST = 2
"""Letters below which everything would fit; many a commune has a name of three."""

_UNIT = re.compile(r"(xa|phuong|dac khu|x|p|thi tran|tt)[. ]+(?=\S)")
_LONG = {"x": "xa", "p": "phuong", "tt": "thi tran"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A commune that may be meant; `is_former` says that an old name led to it."""

    commune: Commune
    is_former: bool = False

    @property
    def words(self) -> str:
        """Return the commune with its province, as the field takes it."""
        return f"{self.commune.name}, {self.commune.province}"


def suggest(session: Session, typed: str, *, day: date) -> list[Suggestion]:
    """Return up to `MOST` communes of `day` whose name, of today or of before, begins so.

    Words after a comma must be in the province, or in the old address. Names with the very marks
    that were typed stand first, then the shorter ones.
    """
    name, _comma, rest = typed.partition(",")
    folded = fold(name).strip()
    found = _UNIT.match(folded)
    unit = _LONG.get(found[1], found[1]) if found else ""
    base = folded[found.end() :] if found else folded
    base = base.replace(" - ", " ")
    around = [fold(part) for part in rest.split(",") if part.strip()]
    if len(base) < SHORTEST:
        return []
    units = [unit] if unit else queries.FORMER_UNITS
    begun = [f"{word} {base}" for word in units]
    today = [
        commune
        for commune in queries.communes_begun(session, begun, day=day)
        if all(part in fold(commune.province) for part in around)
    ]
    former = [
        commune
        for commune in queries.communes_formerly_begun(session, begun, day=day)
        if commune not in today and _was_called(commune, begun, around)
    ]
    written = place_spelled(" ".join(name.split()[-len(base.split()) :]))
    area = address_lines.area(session, typed, day=day)
    if area is not None and area.codes:
        town = queries.with_codes(session, area.codes[:MOST])
        return [Suggestion(town[code], is_former=True) for code in area.codes if code in town]
    if not today and not former:
        return _in_line(session, typed, day=day)
    return [
        *(Suggestion(commune) for commune in _nearest(today, base, written)),
        *(Suggestion(commune, is_former=True) for commune in former),
    ][:MOST]


def _in_line(session: Session, typed: str, *, day: date) -> list[Suggestion]:
    """Return what a whole line names where nothing begins so: `p12 q3`, `12 Láng Hạ, Đống Đa`."""
    found = addresses.resolve(session, typed, day=day)
    if found.commune is not None:
        return [Suggestion(found.commune)]
    return [Suggestion(one, is_former=found.is_former) for one in found.proposals[:MOST]]


def _was_called(commune: Commune, begun: Iterable[str], around: Sequence[str]) -> bool:
    """Return whether one old address begins so and holds the words typed around the name."""
    own = [
        f"{line}, {fold(commune.province)}"
        for line in commune.old_names.split("\n")
        if any(line.startswith(part) for part in begun)
    ]
    return any(all(part in line for part in around) for line in own)


def _nearest(communes: Iterable[Commune], base: str, written: str) -> list[Commune]:
    def distance(commune: Commune) -> tuple[bool, bool, int]:
        name = short_name(commune.name)
        has_marks = place_spelled(name).startswith(written)
        return fold(name) != base, not has_marks, len(name)

    return sorted(communes, key=distance)
