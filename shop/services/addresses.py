"""Where a buyer lives: what was typed, found among today's communes or asked about."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from shop.models.addresses import Commune
from shop.queries import addresses
from shop.search.collation import collation_key
from shop.search.folding import fold
from shop.search.words import place_spelled
from shop.services import address_lines

_UNIT = re.compile(r"(xa|phuong|dac khu|x|p|thi tran|tt) (?=\S)")
_SHORT_UNITS = {"x": "xa", "p": "phuong", "tt": "thi tran"}

MOST = 12
"""Proposals that are shown at once."""

_AROUND_UNIT = re.compile(r"(tinh|thanh pho|tp|huyen|quan|thi xa|tx|h|q|t) (?=\S)")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a typed commune may be: one that is sure, or some to ask about.

    `is_former` says that the typed name is an old one and the proposals are what it became;
    `province_code` which province the words name, where they name one, and `is_province` that
    they name nothing else.
    """

    commune: Commune | None = None
    proposals: Sequence[Commune] = ()
    is_former: bool = False
    province_code: str = ""
    is_province: bool = False


def resolve(session: Session, typed: str, *, day: date, province_code: str = "") -> Resolution:
    """Return which commune of `day` is meant by `typed`, a commune alone or a whole address.

    Where the name alone is not found, or lies in another province than the one typed, the line
    is read as a whole (`address_lines`). Nothing is taken that people would have to guess.
    """
    area = address_lines.area(session, typed, day=day)
    if area is not None:
        return _inside(session, area)
    found = _named(session, typed, day=day, province_code=province_code)
    named: set[str] = set()
    if found.commune is not None:
        if "," in typed:
            named = address_lines.provinces_in(session, typed, day=day)
        if not named or found.commune.province_code in named:
            return found
    guess = address_lines.guess(session, typed, day=day, province_code=province_code)
    known = addresses.with_codes(session, guess.codes[:MOST])
    proposals = [known[code] for code in guess.codes[:MOST]]
    if guess.is_sure and _has_its_marks(typed, proposals[0]):
        return Resolution(commune=proposals[0])
    begins_with_province = "," in typed and address_lines.provinces_in(
        session, typed.partition(",")[0], day=day
    )
    if found.proposals and not (begins_with_province and proposals):
        return _within(found, address_lines.provinces_in(session, typed, day=day))
    if found.commune is not None and not proposals:
        proposals = [found.commune]
    only = next(iter(guess.province_codes)) if len(guess.province_codes) == 1 else ""
    return Resolution(proposals=proposals, is_former=guess.is_former, province_code=only)


def _within(found: Resolution, named: set[str]) -> Resolution:
    """Keep the proposals in the provinces that were typed, if there are any."""
    inside = [commune for commune in found.proposals if commune.province_code in named]
    return replace(found, proposals=inside or found.proposals)


def _inside(session: Session, area: address_lines.Area) -> Resolution:
    """Return the communes of a town that was typed, or nothing but the province of a province."""
    codes = area.codes[:MOST]
    known = addresses.with_codes(session, codes)
    only = next(iter(area.province_codes)) if len(area.province_codes) == 1 else ""
    return Resolution(
        proposals=[known[code] for code in codes],
        is_former=bool(codes),
        province_code=only,
        is_province=not codes,
    )


def _has_its_marks(typed: str, commune: Commune) -> bool:
    """Return whether a line without marks, or with those of the name, means this commune."""
    plain = unicodedata.normalize("NFC", typed).lower()
    written = " ".join(re.sub(r"[^\w\s]", " ", plain).split())
    own = " ".join(re.sub(r"[^\w\s]", " ", short_name(commune.name)).split())
    return fold(plain) == plain or place_spelled(own) in place_spelled(written)


def _named(session: Session, typed: str, *, day: date, province_code: str) -> Resolution:
    """Return the commune with a name; words after a comma narrow it down.

    It is sure only if the name fits once and was typed without marks or with the same ones:
    `Đại Thạnh` is not silently taken for Đại Thanh (`commerce.md` 7 and 11). A name of before
    July 2025 leads to what that commune went into, first of all where a district is typed.
    """
    name, *rest = [" ".join(part.split()) for part in typed.replace(".", " ").split(",")]
    unit, base = _split_unit(fold(name))
    bare = place_spelled(" ".join(name.split()[-len(base.split()) :]))
    around = [fold(part) for part in rest]
    named = addresses.communes_named(session, _with_units(unit, base, addresses.UNITS), day=day)
    hits = _in_province(list(named), around, province_code)
    same = [hit for hit in hits if place_spelled(short_name(hit.name)) == bare]
    is_plain = fold(name) == name.lower()
    has_district = len(around) > 1
    is_bare = len(hits) == 1 and not unit and not around and not province_code
    if len(hits) == 1 and (is_plain or same) and not has_district and not is_bare:
        return Resolution(commune=hits[0])
    may_be_former = has_district or not hits or not (is_plain or same) or is_bare
    former = _formerly(session, unit, base, around, day) if may_be_former else []
    if len(hits) == 1 and (is_plain or same) and former in ([], hits):
        return Resolution(commune=hits[0])
    written = sorted(hits, key=lambda hit: hit not in same)
    proposals = [*written, *former] if is_bare else [*former, *written]
    return Resolution(
        proposals=list(dict.fromkeys(proposals))[:MOST], is_former=bool(former) and not hits
    )


def _formerly(
    session: Session, unit: str, base: str, around: list[str], day: date
) -> list[Commune]:
    """Return what a closed commune went into; a district or province that is typed must fit."""
    names = _with_units(unit, base, addresses.FORMER_UNITS)
    found = addresses.communes_formerly(session, names, day=day)
    words = [_AROUND_UNIT.sub("", part, count=1) for part in around]
    fitting = []
    for commune in found:
        lines = commune.old_names.split("\n")
        own = [line for line in lines if line.partition(",")[0] in names]
        if any(all(word in line for word in words) for line in own):
            fitting.append(commune)
    return fitting or ([] if len(around) > 1 else list(found))


def province_named(session: Session, typed: str, *, day: date) -> str:
    """Return the code of the one province that the words name, today's or an old one; or none."""
    found = address_lines.provinces_in(session, typed, day=day)
    return next(iter(found)) if len(found) == 1 else ""


def provinces(session: Session, *, day: date) -> list[tuple[str, str]]:
    """Return code and name of every province of `day`, in the order of the alphabet."""
    found = addresses.provinces(session, day=day)
    return sorted(found, key=lambda pair: collation_key(short_name(pair[1])))


def province_called(session: Session, typed: str, *, day: date) -> tuple[str, str] | None:
    """Return code and name of the province of `day` with exactly this name, whatever its marks."""
    wanted = _AROUND_UNIT.sub("", fold(typed), count=1)
    found = [pair for pair in provinces(session, day=day) if fold(short_name(pair[1])) == wanted]
    return found[0] if len(found) == 1 else None


def short_name(name: str) -> str:
    """Return a place without its unit word: `Tỉnh Thái Nguyên` -> `Thái Nguyên`."""
    for unit in ("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "):
        if name.startswith(unit):
            return name.removeprefix(unit)
    return name


def in_sentence(name: str) -> str:
    """Return a place as inside a sentence: `Xã La Bằng` -> `xã La Bằng`."""
    return name[:1].lower() + name[1:]


def _split_unit(folded: str) -> tuple[str, str]:
    found = _UNIT.match(folded)
    if found is None:
        return "", folded
    unit = _SHORT_UNITS.get(found[1], found[1])
    return unit, folded[found.end() :]


def _with_units(unit: str, base: str, units: Sequence[str]) -> list[str]:
    plain = base.replace(" - ", " ")
    return [f"{word} {plain}" for word in ([unit] if unit else units)]


def _in_province(hits: list[Commune], around: list[str], province_code: str) -> list[Commune]:
    """Keep the hits in the province that was chosen or typed, if there are any."""
    if province_code:
        hits = [hit for hit in hits if hit.province_code == province_code] or hits
    if around:
        wanted = _AROUND_UNIT.sub("", around[-1], count=1)
        hits = [hit for hit in hits if fold(short_name(hit.province)) == wanted] or hits
    return hits
