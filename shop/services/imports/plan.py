"""What a file would do: each row new, changed, unchanged or refused, before anything is done."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.orm import Session

from shop.forms.imports.row_fields import CellFault, RowFields
from shop.forms.imports.rows import FileRows
from shop.forms.imports.ticks import Tick
from shop.forms.values import ValueRefused
from shop.models.imports import ImportAct
from shop.services.actors import Actor


class RowAct(StrEnum):
    """What would become of one row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes; `old` is nothing for what is new. Values as they are stored."""

    name: str
    old: Any
    new: Any


@dataclass(slots=True)
class PlannedRow:
    """One row of the file and what it would do."""

    number: int
    title: str
    act: RowAct
    values: dict[str, Any]
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was made or changed, to be written down with the run."""

    number: int
    act: ImportAct
    subject: Any
    title: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Doing:
    """Who brings the rows in, and when."""

    session: Session
    actor: Actor
    now: datetime
    document: str
    """The name of the file, as papers are named."""
    token: str

    def entry(self, name: str) -> str:
        """Return the id of one entry of this run, by which its events are found again."""
        return entry_id(self.token, name)


def entry_id(token: str, name: str) -> str:
    """Return the id under which a run wrote down the thing called `name`."""
    return f"import-{token}-{name}"


Work = Callable[[Doing], list[Done]]
"""Makes or changes one thing through its service and says what it did."""


class EarlyWork(Protocol):
    """Work of which much can be done before the books are held."""

    def draw_up(self, doing: Doing) -> None:
        """Make ready what can be; nothing is written."""

    def take_over(self, other: object) -> None:
        """Use what the same work made ready before."""


@dataclass(slots=True)
class Plan:
    """What a file would do to the things of one seller."""

    rows: list[PlannedRow]
    faults: list[CellFault]
    ticks: list[Tick]
    notes: list[str]
    work: list[Work]
    file: FileRows
    early: list[EarlyWork] = field(default_factory=list)
    """What of the work can begin before the books are held."""

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows would be new, changed, unchanged and refused."""
        return {act.value: sum(row.act is act for row in self.rows) for act in RowAct}

    @property
    def does_something(self) -> bool:
        """Return whether anything would be written."""
        return bool(self.work)

    @property
    def fingerprint(self) -> str:
        """Return a digest of what would be done: what somebody saw, and then confirmed."""
        told = [
            [row.number, row.act.value, [[d.name, d.old, d.new] for d in row.differences]]
            for row in self.rows
        ]
        said = json.dumps([told, [tick.code for tick in self.ticks]], default=str, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def draw_up(self, doing: Doing) -> None:
        """Make ready what can be before anybody else has to wait; nothing is written."""
        for work in self.early:
            work.draw_up(doing)

    def take_over(self, earlier: "Plan") -> None:
        """Use what an earlier plan of the same file made ready."""
        for work, before in zip(self.early, earlier.early, strict=False):
            work.take_over(before)

    def unticked(self, ticked: Sequence[str]) -> list[Tick]:
        """Return the questions that nobody has answered yet."""
        return [tick for tick in self.ticks if tick.code not in ticked]


@dataclass(slots=True)
class Judging:
    """Gathers what planners find, row by row."""

    file: FileRows
    seller_id: int
    titles: dict[int, str] = field(default_factory=dict)
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    differences: dict[int, list[Difference]] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    ticks: list[Tick] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)
    early: list[EarlyWork] = field(default_factory=list)
    _by_number: dict[int, RowFields] = field(init=False)

    def __post_init__(self) -> None:
        self._by_number = {fields.row.number: fields for fields in self.file.rows}

    def refuse(self, number: int, name: str, code: str, /, **values: object) -> None:
        """Refuse a cell of row `number`; the row where the file has no such column."""
        fields = self._by_number[number]
        name = fields.stands_in.get(name, name)
        fields.note(name if name in fields.cells else "", ValueRefused(code, **values))

    def need(self, number: int, name: str, code: str, /, **values: object) -> None:
        """Refuse row `number` for what it lacks under `name`, a column of the file or not."""
        fields = self._by_number[number]
        fields.note(fields.stands_in.get(name, name), ValueRefused(code, **values))

    def is_refused(self, number: int) -> bool:
        """Return whether anything is wrong with row `number`."""
        return bool(self._by_number[number].found)

    def is_unread(self, number: int, *names: str) -> bool:
        """Return whether one of these cells has a fault, or the whole row has.

        What stands in such a cell is not known: nothing may be concluded from its being empty.
        """
        fields = self._by_number[number]
        return any(fields.stands_in.get(name, name) in fields.faults for name in ("", *names))

    def taken(self, name: str) -> list[tuple[int, str, Any]]:
        """Return row, text and value of the cells under `name` taken for what they may mean."""
        return [
            (fields.row.number, fields.typed(name), fields.taken_for[name])
            for fields in self.file.rows
            if name in fields.taken_for and not fields.found
        ]

    def plan(self) -> Plan:
        """Return what was found as a plan."""
        rows = [self._row(fields.row.number) for fields in self.file.rows]
        faults = [fault for fields in self.file.rows for fault in fields.in_order]
        asked = [*self.file.ticks, *self.ticks]
        return Plan(rows, faults, asked, self.file.notes, self.work, self.file, self.early)

    def _row(self, number: int) -> PlannedRow:
        differences = self.differences.get(number, [])
        if self.is_refused(number):
            act, differences = RowAct.REFUSED, []
        elif number in self.new:
            act = RowAct.NEW
        else:
            act = RowAct.CHANGED if differences else RowAct.UNCHANGED
        title = self.titles.get(number, "")
        return PlannedRow(number, title, act, self.values.get(number, {}), differences)
