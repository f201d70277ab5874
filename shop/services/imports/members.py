"""Members from a file: each row a person, or one more plot of a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from shop import formats
from shop.forms.areas import region_of
from shop.forms.imports.member_rows import MemberRow, read_member
from shop.forms.imports.rows import FileRows
from shop.forms.imports.ticks import make_tick
from shop.models.catalog import Seller
from shop.models.people import Member, Plot
from shop.queries import members as queries
from shop.search.folding import fold
from shop.services.imports import member_work
from shop.services.imports.member_work import MEMBER_VALUES, PersonRows
from shop.services.imports.plan import Judging, Plan

_TELL_APART = ("phone", "birth_year")
"""What tells people of one name apart where they have no codes."""

_SHOWN = 4
_LAND = ("hamlet", "plot", "plot_name", "crop", "area")


@dataclass(slots=True)
class _Known:
    """Who is there before the file."""

    by_code: Mapping[str, Member]
    by_name: Mapping[str, list[Member]]
    phones: set[str]
    plots: Mapping[str, Plot]


def plan(session: Session, seller: Seller, file: FileRows, *, today: date) -> Plan:
    """Return what the rows of `file` would do to the members of `seller`.

    A person is known again by the code; without one by name and phone, or by a name that only
    one has. Somebody of a known name or phone who seems to be another is asked about.
    """
    judging = Judging(file, seller.id)
    region = region_of(seller.province_code)
    rows = {
        fields.row.number: read_member(fields, region=region, today=today) for fields in file.rows
    }
    known = _known(queries.of_seller(session, seller.id))
    people = _grouped(judging, rows, known)
    for person in people:
        _judge(judging, person)
    _ask_about(judging, "phones_without_zero", "phone", formats.phone)
    _ask_about(judging, "years_short", "birth_year", str)
    member_work.plan_work(judging, seller, people)
    return judging.plan()


def _ask_about(judging: Judging, code: str, name: str, shown: Callable[[Any], str]) -> None:
    """Ask once for a whole column whether its cells were taken for what they are."""
    read = judging.taken(name)
    if not read:
        return
    meant = dict.fromkeys(f"“{typed}” → {shown(value)}" for _, typed, value in read)
    examples = ", ".join(list(meant)[:_SHOWN]) + (" …" if len(meant) > _SHOWN else "")
    rows = [number for number, _typed, _value in read]
    judging.ticks.append(make_tick(code, rows=rows, count=len(rows), examples=examples))


def _known(members: Sequence[Member]) -> _Known:
    by_name: dict[str, list[Member]] = {}
    for member in members:
        by_name.setdefault(fold(member.full_name), []).append(member)
    return _Known(
        {member.code.upper(): member for member in members},
        by_name,
        {member.phone for member in members if member.phone},
        {plot.code.upper(): plot for member in members for plot in member.plots},
    )


def _grouped(judging: Judging, rows: Mapping[int, MemberRow], known: _Known) -> list[PersonRows]:
    people: dict[Any, PersonRows] = {}
    others: list[int] = []
    for number, row in rows.items():
        judging.titles[number] = row.full_name or row.code or ""
        judging.values[number] = member_work.told(row)
        if judging.is_unread(number, "code") or not (row.code or row.full_name):
            continue
        member, seems_known = _find(judging, number, row, known)
        _judge_plot(judging, number, row, member, known)
        key = member.id if member else _key(judging, number, row)
        is_first = key not in people
        person = people.setdefault(key, PersonRows(member))
        if is_first or judging.is_unread(number, *_LAND) or _is_more_land(person, row):
            person.rows[number] = row
        else:
            judging.refuse(number, "full_name", "row_twice", first=min(person.rows))
        if is_first and member is None and seems_known and not judging.is_refused(number):
            others.append(number)
    if others:
        judging.ticks.append(make_tick("same_person", rows=others))
    return list(people.values())


def _is_more_land(person: PersonRows, row: MemberRow) -> bool:
    """Return whether `row` and all before it are plots of one person."""
    return row.has_plot and all(before.has_plot for before in person.rows.values())


def _key(judging: Judging, number: int, row: MemberRow) -> object:
    """Return what rows about one person who is not there yet have in common."""
    if row.code:
        return ("code", row.code.upper())
    if judging.is_unread(number, *_TELL_APART):
        return ("row", number)
    return ("name", fold(row.full_name or ""), row.phone or str(row.birth_year or ""))


def _find(
    judging: Judging, number: int, row: MemberRow, known: _Known
) -> tuple[Member | None, bool]:
    """Return the member a row is about, and whether it seems to be one although it is not."""
    named = known.by_name.get(fold(row.full_name or ""), [])
    seems_known = bool(named) or row.phone in known.phones
    if row.code:
        member = known.by_code.get(row.code.upper())
        if member is None and not row.full_name and not judging.is_unread(number, "full_name"):
            judging.refuse(number, "code", "member_name_needed")
        elif member is not None and row.full_name and member not in named:
            judging.refuse(
                number, "code", "member_name_differs", value=member.code, name=member.full_name
            )
        return member, seems_known
    fits = [member for member in named if _fits(row, member)]
    if judging.is_unread(number, *_TELL_APART):
        return None, seems_known
    if len(fits) > 1:
        codes = ", ".join(member.code for member in fits)
        judging.refuse(number, "full_name", "member_unclear", count=len(fits), codes=codes)
    return (fits[0] if fits else None), seems_known


def _fits(row: MemberRow, member: Member) -> bool:
    """Return whether a row without a code means this member, whose name it has."""
    if row.phone and member.phone:
        return row.phone == member.phone
    if row.birth_year and member.birth_year:
        return row.birth_year == member.birth_year
    return True


def _judge_plot(
    judging: Judging, number: int, row: MemberRow, member: Member | None, known: _Known
) -> None:
    plot = known.plots.get(row.plot.upper()) if row.plot else None
    if plot is not None and (member is None or plot.member_id != member.id):
        judging.refuse(number, "plot", "plot_taken", value=row.plot, name=plot.member.full_name)


def _judge(judging: Judging, person: PersonRows) -> None:
    said: dict[str, tuple[Any, int]] = {}
    seen: dict[str, int] = {}
    for number, row in person.rows.items():
        for name in MEMBER_VALUES:
            value = getattr(row, name)
            if value is None:
                continue
            before, first = said.setdefault(name, (value, number))
            if before != value:
                judging.refuse(number, name, "cell_differs", first=first)
        if row.plot is None:
            continue
        if seen.setdefault(row.plot.upper(), number) != number:
            judging.refuse(number, "plot", "row_twice", first=seen[row.plot.upper()])
