"""Members from a file: writing down who is new, changing what differs, adding plots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from shop.forms.imports.member_rows import MemberRow
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.models.catalog import Seller
from shop.models.people import Member, Plot
from shop.services import members
from shop.services.imports.plan import Difference, Doing, Done, Judging
from shop.services.imports.product_work import changed_values, created, differences

MEMBER_VALUES = ("full_name", "phone", "birth_year", "gender")
PLOT_VALUES = ("name", "crop", "area_m2", "hamlet")


@dataclass(slots=True)
class PersonRows:
    """The rows of one person, there already or new."""

    member: Member | None
    rows: dict[int, MemberRow] = field(default_factory=dict)


def told(row: MemberRow) -> dict[str, Any]:
    """Return what was understood of a row, as it would be stored."""
    names = ("code", *MEMBER_VALUES, "hamlet", "plot", "plot_name", "crop", "area_m2")
    return {name: getattr(row, name) for name in names if getattr(row, name) is not None}


def member_values(member: Member) -> dict[str, Any]:
    """Return what an import can say about a member, as it stands now."""
    return {name: getattr(member, name) for name in MEMBER_VALUES}


def plot_values(plot: Plot) -> dict[str, Any]:
    """Return what an import can say about a plot, as it stands now."""
    return {name: getattr(plot, name) for name in PLOT_VALUES}


def member_draft(member: Member) -> MemberDraft:
    """Return a member as the form would give it, unchanged, without plots."""
    return MemberDraft(
        full_name=member.full_name,
        phone=member.phone,
        kind=member.kind,
        gender=member.gender,
        birth_year=member.birth_year,
        show_name=member.show_name,
        code=member.code,
    )


def plot_draft(plot: Plot) -> PlotDraft:
    """Return a plot as the form would give it, unchanged."""
    return PlotDraft(plot.code, plot.name, plot.crop, plot.area_m2, plot.hamlet)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is to be written down about one person, there already or new."""

    member: Member | None
    draft: MemberDraft
    rows: Mapping[int, MemberRow]

    @property
    def first(self) -> int:
        """Return the number of the first row about the person."""
        return min(self.rows)


def plan_work(judging: Judging, seller: Seller, people: list[PersonRows]) -> None:
    """Add to `judging` what differs for each person and the work that makes it so."""
    entries: list[_Entry] = []
    for person in people:
        good = {n: row for n, row in person.rows.items() if not judging.is_refused(n)}
        if not good:
            continue
        first = min(good)
        draft = _as_said(person.member, good)
        before = member_values(person.member) if person.member else {}
        after = {name: getattr(draft, name) for name in MEMBER_VALUES}
        standing = {p.code.upper(): p for p in person.member.plots} if person.member else {}
        coded = _plots(person.member, good)
        for number, row in good.items():
            found = differences(before, after) if number == first else []
            if person.member is None and number == first:
                found.insert(0, Difference("code", None, draft.code or None))
            if number in coded:
                plot = standing.get(coded[number].code.upper())
                values = {name: getattr(coded[number], name) for name in PLOT_VALUES}
                if plot is None:
                    judging.new.add(number)
                    is_numbered = person.member is None and not draft.code and not row.plot
                    own = None if is_numbered else coded[number].code
                    found.append(Difference("plot", None, own))
                found += differences(plot_values(plot) if plot else {}, values)
            judging.differences[number] = found
        if person.member is None:
            judging.new.update(good)
        if person.member is None or any(
            judging.differences[number] or number in judging.new for number in good
        ):
            entries.append(_Entry(person.member, draft, good))
    if entries:
        judging.work.append(partial(_do, seller, entries))


def _as_said(member: Member | None, good: Mapping[int, MemberRow]) -> MemberDraft:
    said: dict[str, Any] = {}
    for row in good.values():
        for name in MEMBER_VALUES:
            if getattr(row, name) is not None:
                said.setdefault(name, getattr(row, name))
    if member is not None:
        return replace(member_draft(member), **said)
    code = next((row.code for row in good.values() if row.code), "")
    return MemberDraft(**{"full_name": "", "code": code} | said)


def _plots(member: Member | None, good: Mapping[int, MemberRow]) -> dict[int, PlotDraft]:
    """Return the plot of each row that has one; those without a code are numbered."""
    code = member.code if member else next((row.code for row in good.values() if row.code), "")
    standing = {plot.code.upper(): plot for plot in member.plots} if member else {}
    nameless = [number for number, row in good.items() if row.has_plot and row.plot is None]
    found: dict[int, PlotDraft] = {}
    for number, row in good.items():
        if not row.has_plot:
            continue
        own = row.plot or f"{code}-T{nameless.index(number) + 1}"
        if row.plot is None and len(nameless) == len(standing) == 1:
            own = next(iter(standing.values())).code
        plot = standing.get(own.upper())
        base = plot_draft(plot) if plot else PlotDraft(own)
        said = {"name": row.plot_name, "crop": row.crop, "area_m2": row.area_m2,
                "hamlet": row.hamlet}  # fmt: skip
        found[number] = replace(base, **{k: v for k, v in said.items() if v is not None})  # type: ignore[arg-type]
    return found


def _do(seller: Seller, entries: Sequence[_Entry], doing: Doing) -> list[Done]:
    by: dict[str, Any] = {"actor": doing.actor, "now": doing.now}
    new = [entry for entry in entries if entry.member is None]
    drafts = [entry.draft for entry in new]
    written = members.write_down_all(doing.session, seller, drafts, **by)
    made = {entry.first: member for entry, member in zip(new, written, strict=True)}
    people = [(entry, entry.member or made[entry.first]) for entry in entries]
    standing = [_Standing(entry, member) for entry, member in people]
    changes = [members.MemberChange(one.member, one.wanted) for one in standing if one.differs]
    members.change_all(doing.session, seller.id, changes, **by)
    done: list[Done] = []
    for one in standing:
        if one.entry.member is None:
            title = one.member.full_name
            done.append(created(one.entry.first, one.member, title, one.before))
        done += one.changes()
    return done


class _Standing:
    """A person as written down before the rows, and what the rows make of them."""

    def __init__(self, entry: _Entry, member: Member) -> None:
        self.entry, self.member = entry, member
        self.before = member_values(member)
        self._plots = {plot.id: plot_values(plot) for plot in member.plots}
        self._coded = _plots(member, entry.rows)
        plots = tuple(self._coded.values())
        self.wanted = replace(entry.draft, code=member.code, plots=plots)
        values = {name: getattr(entry.draft, name) for name in MEMBER_VALUES}
        self.differs = bool(plots) or self.before != values

    def changes(self) -> list[Done]:
        """Return what differs by now, of the person and of each plot."""
        member, first = self.member, self.entry.first
        done = changed_values(first, member, member.full_name, self.before, member_values(member))
        by_code = {plot.code: plot for plot in member.plots}
        for number, said in self._coded.items():
            plot = by_code[said.code]
            if plot.id in self._plots:
                was = self._plots[plot.id]
                done += changed_values(number, plot, plot.code, was, plot_values(plot))
            else:
                done.append(created(number, plot, plot.code, plot_values(plot)))
        return done
