"""A whole address in one line, as people write it: which commune of today may be meant."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from shop.queries import addresses
from shop.queries.addresses import CommuneRow
from shop.search.folding import fold

LONGEST_NAME = 7
"""Words in the longest name, `Văn Miếu - Quốc Tử Giám` with its unit among them."""

SHORT = {
    "p": "phuong", "f": "phuong", "x": "xa", "tt": "thi tran", "dk": "dac khu",
    "q": "quan", "h": "huyen", "tx": "thi xa", "tp": "thanh pho", "t": "tinh",
}  # fmt: skip
"""What is written for the word before a name."""

COMMUNE_UNITS = ("thi tran", "dac khu", "phuong", "xa")
DISTRICT_UNITS = ("thanh pho", "thi xa", "huyen", "quan")
PROVINCE_UNITS = ("thanh pho", "tinh")

NICKNAMES = {
    "hcm": "ho chi minh", "tphcm": "ho chi minh", "hcmc": "ho chi minh", "sg": "ho chi minh",
    "sai gon": "ho chi minh", "hn": "ha noi", "dn": "da nang", "hp": "hai phong",
    "brvt": "ba ria - vung tau", "ba ria vung tau": "ba ria - vung tau", "dak lak": "dak lak",
    "daklak": "dak lak", "dac lac": "dak lak", "dac nong": "dak nong", "tth": "thua thien hue",
    "can tho": "can tho", "tp hcm": "ho chi minh", "ha noi thu do": "ha noi",
    "ban me thuot": "buon ma thuot", "buon me thuot": "buon ma thuot", "bmt": "buon ma thuot",
}  # fmt: skip
"""What people say for a province or a town, folded."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One name a commune has or had, folded, with the district and province of that time."""

    code: str
    unit: str
    province: str
    district: str = ""

    @property
    def is_old(self) -> bool:
        """Return whether the name is one of before July 2025."""
        return bool(self.district)


@dataclass(slots=True)
class _Index:
    """All names of one day by their folded words; the word before a name apart."""

    names: dict[str, list[_Name]] = field(default_factory=lambda: defaultdict(list))
    provinces: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Codes of the provinces of today that lie in a province of today or of before."""
    today: dict[str, str] = field(default_factory=dict)
    """Codes of the provinces of today by their names of today."""
    districts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Codes of the communes of today that lie in what was a district."""
    province_of: dict[str, str] = field(default_factory=dict)
    by_length: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Guess:
    """The codes of communes that may be meant, the likeliest first.

    `is_sure` says that the first is meant without doubt; `is_former` that an old name led there.
    """

    codes: Sequence[str] = ()
    is_sure: bool = False
    is_former: bool = False
    province_codes: frozenset[str] = frozenset()


_kept: WeakKeyDictionary[Engine, tuple[object, _Index]] = WeakKeyDictionary()


def guess(session: Session, typed: str, *, day: date, province_code: str = "") -> Guess:
    """Return which communes of `day` a line may mean: street, ward, district, province, any order.

    Short words (`p. 5 q3`), nicknames (`Sài Gòn`), missing marks and unit words and one typing
    error are understood. It is sure only where today's name stands with its unit word or alone
    between commas, together with its province, and nothing else fits as well.
    """
    index = _index(session, day)
    words, ends = _words(typed)
    found_at, named = _provinces(index, words)
    if province_code:
        named = named or {province_code}
    mentions = list(_mentions(index, words))
    strong = [one for one in mentions if one.has_unit]
    if not strong:
        edges = ends | found_at
        strong = [one for one in mentions if named or {one.begin, one.end} <= edges]
    scored = _scored(index, words, strong, named, found_at)
    inside = _in_district(index, words, named)
    if inside and not any(name.code in inside for _, _, name in scored):
        return Guess(sorted(inside), is_former=True, province_codes=frozenset(named))
    if not scored:
        edges = ends | found_at
        scored = _scored(index, words, list(_mistyped(index, words, edges)), named, found_at)
        return Guess(_codes(scored), province_codes=frozenset(named))
    best = scored[0][0]
    top = [one for one in scored if one[0] == best]
    _, mention, name = top[0]
    alone = mention.has_unit or {mention.begin, mention.end} <= ends | found_at
    is_sure = (
        len({one[2].code for one in top}) == 1 and bool(named) and not name.is_old and alone
        and not any(one[2].code != name.code and one[2].is_old for one in scored)
    )  # fmt: skip
    return Guess(_codes(scored), is_sure, name.is_old, frozenset(named))


def provinces_in(session: Session, typed: str, *, day: date) -> set[str]:
    """Return the codes of the provinces that `typed` names, by what they are or were called."""
    return _provinces(_index(session, day), _words(typed)[0])[1]


def place_name(typed: str) -> str:
    """Return the folded name of a province or district that `typed` is, all of it.

    Without its unit word, short forms written out; empty for numbers, as of `quận 1`.

    >>> place_name("TP. Đà Lạt"), place_name("tỉnh Bà Rịa - Vũng Tàu"), place_name("Sài Gòn")
    ('da lat', 'ba ria vung tau', 'ho chi minh')
    """
    base = bare_name(" ".join(_words(typed)[0]))
    name = NICKNAMES.get(base, base).replace(" - ", " ")
    return "" if name.isdigit() else name


def bare_name(folded: str) -> str:
    """Return the folded name of a province or district without its unit word and hyphens."""
    return _base(_base(folded, PROVINCE_UNITS)[1], DISTRICT_UNITS)[1]


@dataclass(frozen=True, slots=True)
class Area:
    """What a line names that is larger than a commune: a province, or what was a town in one.

    `codes` are today's communes of the town; empty where the province alone is named.
    """

    province_codes: frozenset[str]
    codes: Sequence[str] = ()


def area(session: Session, typed: str, *, day: date) -> Area | None:
    """Return the province or the former town that is all of `typed`; `None` for anything else.

    A name of before July 2025 that is a commune of today as well is that commune, not an area.
    """
    index = _index(session, day)
    words, _ = _words(typed)
    at, named = _provinces(index, words)
    bare = " ".join(words)
    whole = _base(NICKNAMES.get(bare, bare), PROVINCE_UNITS)[1]
    if whole in index.today:
        return Area(frozenset({index.today[whole]}))
    if named and at == set(range(len(words))):
        is_commune = any(not name.is_old for name in index.names.get(bare, ()))
        return None if is_commune else Area(frozenset(named))
    rest = [word for place, word in enumerate(words) if place not in at]
    unit, town = _base(" ".join(rest), DISTRICT_UNITS)
    if not unit and any(not name.is_old for name in index.names.get(town, ())):
        return None
    town = NICKNAMES.get(town, town)
    codes = index.districts.get(f"{unit} {town}" if town.isdigit() else town, set())
    codes = {code for code in codes if not named or index.province_of[code] in named}
    provinces = frozenset(index.province_of[code] for code in codes)
    return Area(provinces, sorted(codes)) if len(provinces) == 1 else None


@dataclass(frozen=True, slots=True)
class _Mention:
    """Words of the line that are the name of a commune, and the word before them, if any."""

    base: str
    unit: str
    begin: int
    end: int

    @property
    def has_unit(self) -> bool:
        """Return whether `xã`, `phường` or the like stands before the name."""
        return bool(self.unit)


def _words(typed: str) -> tuple[list[str], set[int]]:
    """Return the folded words, short forms written out, and where parts begin and end."""
    words: list[str] = []
    ends = {0}
    for part in re.split(r"[,;\n/|()]+| - (?=[^-]*$)", fold(typed).replace(".", " ")):
        text = re.sub(r"\b([pqfhx])(\d{1,2})\b", r"\1 \2", part.replace(" - ", " "))
        written = text.replace("-", " ").split()
        for place, word in enumerate(written):
            is_short = word in SHORT and place + 1 < len(written)
            words += SHORT[word].split() if is_short else [word.lstrip("0") or word]
        ends.add(len(words))
    return words, ends


def _provinces(index: _Index, words: list[str]) -> tuple[set[int], set[str]]:
    """Return where provinces stand in the line, and their codes; the last one is believed."""
    best: tuple[int, int, set[str]] | None = None
    for begin, end, text in _phrases(words, 4):
        plain = NICKNAMES.get(text, text)
        codes = index.provinces.get(plain.replace(" - ", " "))
        if not codes:
            continue
        unit = _unit_before(words, begin, PROVINCE_UNITS)
        is_other = _unit_before(words, begin, (*COMMUNE_UNITS, "huyen", "quan", "duong", "xom"))
        at_edge = end == len(words) or begin == 0 or unit
        if is_other or not at_edge:
            continue
        start = begin - len(unit.split())
        if best is None or (end, end - start) > (best[1], best[1] - best[0]):
            best = start, end, codes
    if best is None:
        return set(), set()
    return set(range(best[0], best[1])), best[2]


def _in_district(index: _Index, words: list[str], named: set[str]) -> set[str]:
    """Return the codes of what became of the district that is named, in the provinces named."""
    for begin, _, text in _phrases(words, 4):
        unit = _unit_before(words, begin, ("huyen", "quan", "thi xa"))
        codes = index.districts.get(f"{unit} {text}" if text.isdigit() else text) if unit else None
        if codes:
            return {code for code in codes if not named or index.province_of[code] in named}
    return set()


def _mentions(index: _Index, words: list[str]) -> Iterator[_Mention]:
    for begin, end, text in _phrases(words, LONGEST_NAME):
        if text in index.names:
            unit = _unit_before(words, begin, COMMUNE_UNITS)
            if not unit and (_unit_before(words, begin, ("huyen", "quan", "thi xa", "tinh"))):
                continue
            if text.isdigit() and not unit:
                continue
            yield _Mention(text, unit, begin, end)


def _mistyped(index: _Index, words: list[str], ends: set[int]) -> Iterator[_Mention]:
    """Names that differ in one letter from what stands after a unit word or between commas."""
    for begin, end, text in _phrases(words, LONGEST_NAME):
        unit = _unit_before(words, begin, COMMUNE_UNITS)
        ended = end in ends or words[end] in {"huyen", "quan", "thi", "thanh", "tinh"}
        if len(text) < 4 or not ended or not (unit or begin in ends):
            continue
        for length in range(len(text) - 1, len(text) + 2):
            for name in index.by_length[length]:
                if _differs_by_one(text, name):
                    yield _Mention(name, unit, begin, end)


def _scored(
    index: _Index,
    words: list[str],
    mentions: Iterable[_Mention],
    named: set[str],
    province_at: set[int],
) -> list[tuple[int, _Mention, _Name]]:
    """Return what each mention may be, the likeliest first; another province is none of them."""
    found = []
    for mention in mentions:
        if set(range(mention.begin, mention.end)) <= province_at and not mention.has_unit:
            continue
        rest = [*words[: mention.begin], "|", *words[mention.end :]]
        around = f" {' '.join(rest)} "
        for name in index.names[mention.base]:
            if named and index.province_of[name.code] not in named:
                continue
            score = 2 * (mention.end - mention.begin) + 3 * mention.has_unit
            score += 4 * (mention.unit == name.unit)
            score += 6 * bool(name.district and f" {name.district} " in around)
            score += name.is_old is False
            found.append((score, mention, name))
    return sorted(found, key=lambda one: (-one[0], one[2].code))


def _codes(scored: list[tuple[int, _Mention, _Name]]) -> list[str]:
    """Return each code once; where a district decided, what it did not fit is left out."""
    if not scored:
        return []
    least = scored[0][0] - 5
    return list(dict.fromkeys(name.code for score, _, name in scored if score >= least))


def _phrases(words: list[str], most: int) -> Iterator[tuple[int, int, str]]:
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + most, len(words)) + 1):
            yield begin, end, " ".join(words[begin:end])


def _unit_before(words: list[str], begin: int, units: Sequence[str]) -> str:
    for unit in units:
        length = len(unit.split())
        if begin >= length and " ".join(words[begin - length : begin]) == unit:
            return unit
    return ""


def _differs_by_one(one: str, other: str) -> bool:
    """Return whether one letter lost, added, changed or two swapped make the one the other."""
    if len(one) > len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[same:] == other[same + 1 :]
    swapped = one[same + 1 : same + 2] + one[same : same + 1] + one[same + 2 :]
    return one[same + 1 :] == other[same + 1 :] or swapped == other[same:]


def _index(session: Session, day: date) -> _Index:
    """Return the names of `day`, kept per database until its communes change."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    state = (day, addresses.state_of_communes(session))
    known = _kept.get(engine)
    if known is None or known[0] != state:
        known = (state, _built(addresses.commune_rows(session, day=day)))
        _kept[engine] = known
    return known[1]


def _built(rows: Iterable[CommuneRow]) -> _Index:
    index = _Index()
    for row in rows:
        province = _base(fold(row.province), PROVINCE_UNITS)[1]
        index.province_of[row.code] = row.province_code
        index.provinces[province].add(row.province_code)
        index.today[province] = row.province_code
        unit, base = _base(row.folded_name, COMMUNE_UNITS)
        index.names[base].append(_Name(row.code, unit, province))
        for line in filter(None, row.old_names.split("\n")):
            unit, base = _base(line.partition(",")[0], COMMUNE_UNITS)
            _, district, old_province = line.split(", ", 2)
            place = _base(old_province, PROVINCE_UNITS)[1]
            index.provinces[place].add(row.province_code)
            bare = _base(district, DISTRICT_UNITS)[1]
            kept = district if bare.isdigit() else bare
            index.names[base].append(_Name(row.code, unit, place, kept))
            index.districts[kept].add(row.code)
    for base in index.names:
        index.by_length[len(base)].append(base)
    return index


def _base(folded: str, units: Sequence[str]) -> tuple[str, str]:
    """Return the unit word and the name without it, hyphens and leading zeros."""
    plain = " ".join(word.lstrip("0") or word for word in folded.replace("-", " ").split())
    for unit in units:
        if plain.startswith(f"{unit} "):
            return unit, plain.removeprefix(f"{unit} ")
    return "", plain
