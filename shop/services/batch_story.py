"""What the page of a batch says: the verdict, the facts, and what the rules still miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shop.models.batches import BatchState, InputKind
from shop.queries.batch_page import BatchRows
from shop.search.folding import fold
from shop.services.batch_facts import facts, stage_names
from shop.services.journal import link
from traceability.completeness import Finding, check

__all__ = ["Harvest", "Paper", "Person", "Spraying", "Story", "Treatment", "paper_state", "tell"]

NEAR_EXPIRY_SHARE = 10
"""A notice appears when a tenth of the shelf life or less is left (`screens.md` 3)."""

_NOT_EATEN = ("che", "tra", "ca phe", "thao moc", "mat ong", "dau an", "gia vi", "ruou", "nuoc")
"""How kinds of goods begin that people drink or cook with: of these a warning says "use"."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate with its state on the day of the page: valid, expired, revoked, to come."""

    row: Any
    state: str

    @property
    def is_valid(self) -> bool:
        """Return whether the paper allows its claim today."""
        return self.state == "valid"


@dataclass(frozen=True, slots=True)
class Harvest:
    """What was gathered on one day: goods, plots, who handed it over, and grams."""

    goods: str
    day: date | None
    plots: tuple[str, ...]
    hamlets: tuple[str, ...]
    suppliers: tuple[str, ...]
    slips: tuple[tuple[str, str, int], ...]
    """Seller, lot and grams of each delivery."""
    total_g: int


@dataclass(frozen=True, slots=True)
class Treatment:
    """Something put on the crop: what, on which plots and days, how long to wait after it."""

    kind: InputKind
    name: str
    plots: tuple[str, ...]
    days: tuple[date, ...]
    waiting_days: int | None
    dose: str


@dataclass(frozen=True, slots=True)
class Spraying:
    """The treatment that left the least time to spare, and whether the waiting time was kept."""

    applied_on: date
    waiting_days: int
    waited_days: int

    @property
    def is_kept(self) -> bool:
        """Return whether the harvest came on or after the first day allowed."""
        return self.waited_days >= self.waiting_days


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who agreed to be named."""

    name: str
    gender: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """All that a batch page shows on the day `today`; `standing` is what it says first."""

    today: date
    head: Any
    packs: Sequence[Any]
    steps: Sequence[Any]
    standing: str
    is_expired: bool
    is_eaten: bool
    days_left: int | None
    is_near_expiry: bool
    harvests: Sequence[Harvest]
    treatments: Sequence[Treatment]
    ingredients: Sequence[tuple[str, int]]
    spraying: Spraying | None
    has_unclear_spraying: bool
    people: Sequence[Person]
    unnamed_people: int
    unnamed_operators: int
    papers: Sequence[Paper]
    findings: Sequence[Finding]
    stage_names: Sequence[str]
    """What people call each stage of the findings, in the same order."""
    address: str

    @property
    def is_for_sale(self) -> bool:
        """Return whether the page may offer to buy from this batch."""
        return self.standing == "on_sale"

    @property
    def is_sent_next(self) -> bool:
        """Return whether an order of the scanned pack would be served from this very batch."""
        return bool(self.head.next_batch_id == self.head.batch_id)

    @property
    def gathered_g(self) -> int:
        """Return the grams of raw material and ingredients that went in."""
        return sum(harvest.total_g for harvest in self.harvests) + sum(
            grams for _, grams in self.ingredients
        )

    @property
    def finished_g(self) -> int:
        """Return the grams that the last step left."""
        return int(self.steps[-1].out_g) if self.steps else 0

    @property
    def written_down_at(self) -> datetime | None:
        """Return when a step of this batch was last written into the journal."""
        return max((step.recorded_at for step in self.steps if step.recorded_at), default=None)


def tell(rows: BatchRows, *, today: date, base_url: str) -> Story:
    """Return what to show of `rows` on `today`, addresses standing under `base_url`."""
    head = rows.packs[0]
    papers = [Paper(row, paper_state(row, today)) for row in rows.papers]
    is_expired = head.expires_on is not None and head.expires_on < today
    days_left = None if head.expires_on is None else (head.expires_on - today).days
    address = link(base_url, head.gtin, head.lot)
    valid = [paper.row.number for paper in papers if paper.is_valid]
    people, unnamed = _people(rows.inputs)
    return Story(
        today=today,
        head=head,
        packs=rows.packs,
        steps=rows.steps,
        standing=_standing(rows, is_expired=is_expired),
        is_expired=is_expired,
        is_eaten=not fold(head.sort).startswith(_NOT_EATEN),
        days_left=days_left,
        is_near_expiry=_is_near_expiry(head, days_left),
        harvests=_harvests(rows.inputs),
        treatments=_treatments(rows.inputs),
        ingredients=_ingredients(rows.inputs),
        spraying=_spraying(rows.inputs),
        has_unclear_spraying=any(map(_is_unclear, _of_kinds(rows.inputs, InputKind.PESTICIDE))),
        people=people,
        unnamed_people=unnamed,
        unnamed_operators=len(
            {step.operator_id for step in rows.steps if step.operator_id and not step.shown_name}
        ),
        papers=papers,
        findings=check(facts(rows, valid, address=address, base_url=base_url)),
        stage_names=stage_names(rows),
        address=address,
    )


def paper_state(row: Any, today: date) -> str:
    """Return how a certificate stands on `today`: `valid`, `expired`, `revoked` or `to_come`."""
    if row.revoked_on is not None and row.revoked_on <= today:
        return "revoked"
    if row.issued_on > today:
        return "to_come"
    if row.expires_on is not None and row.expires_on < today:
        return "expired"
    return "valid"


def _standing(rows: BatchRows, *, is_expired: bool) -> str:
    head = rows.packs[0]
    if head.state is BatchState.RECALLED:
        return "recalled"
    if is_expired:
        return "expired"
    if head.state is BatchState.HELD:
        return "held"
    return "on_sale" if any(pack.available > 0 for pack in rows.packs) else "sold_out"


def _is_near_expiry(head: Any, days_left: int | None) -> bool:
    if days_left is None or days_left < 0 or head.made_on is None:
        return False
    whole: int = (head.expires_on - head.made_on).days
    return days_left * NEAR_EXPIRY_SHARE <= whole


def _of_kinds(inputs: Sequence[Any], *kinds: InputKind) -> list[Any]:
    return [row for row in inputs if row.kind in kinds]


def _harvests(inputs: Sequence[Any]) -> list[Harvest]:
    groups: dict[tuple[str, date | None], list[Any]] = {}
    for row in _of_kinds(inputs, InputKind.RAW_MATERIAL):
        groups.setdefault((row.name, row.harvested_on), []).append(row)
    return [
        Harvest(
            goods=goods,
            day=day,
            plots=_distinct(row.plot_code for row in rows),
            hamlets=_distinct(row.plot_hamlet for row in rows),
            suppliers=_distinct(row.supplier for row in rows),
            slips=tuple(
                (row.source_seller, row.source_lot, row.quantity_g)
                for row in rows
                if row.source_lot
            ),
            total_g=sum(row.quantity_g for row in rows),
        )
        for (goods, day), rows in groups.items()
    ]


def _treatments(inputs: Sequence[Any]) -> list[Treatment]:
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in _of_kinds(inputs, InputKind.PESTICIDE, InputKind.FERTILISER):
        key = (row.kind, row.name, row.phi_days, str(row.details.get("dose", "")))
        groups.setdefault(key, []).append(row)
    return [
        Treatment(
            kind=kind,
            name=name,
            plots=_distinct(row.plot_code for row in rows),
            days=tuple(sorted({row.applied_on for row in rows if row.applied_on})),
            waiting_days=waiting_days,
            dose=dose,
        )
        for (kind, name, waiting_days, dose), rows in groups.items()
    ]


def _ingredients(inputs: Sequence[Any]) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for row in _of_kinds(inputs, InputKind.INGREDIENT):
        sums[row.name] = sums.get(row.name, 0) + row.quantity_g
    return list(sums.items())


def _distinct(values: Any) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _is_unclear(row: Any) -> bool:
    return not (row.applied_on and row.harvested_on and row.phi_days is not None)


def _spraying(inputs: Sequence[Any]) -> Spraying | None:
    sprayed = [row for row in _of_kinds(inputs, InputKind.PESTICIDE) if not _is_unclear(row)]
    if not sprayed:
        return None
    tightest = min(
        sprayed,
        key=lambda row: row.harvested_on - row.applied_on - timedelta(days=row.phi_days),
    )
    return Spraying(
        applied_on=tightest.applied_on,
        waiting_days=tightest.phi_days,
        waited_days=(tightest.harvested_on - tightest.applied_on).days,
    )


def _people(inputs: Sequence[Any]) -> tuple[list[Person], int]:
    """Return the people who agreed to be named (R41), and how many others there are."""
    people = {
        row.member_id: row
        for row in _of_kinds(inputs, InputKind.RAW_MATERIAL)
        if row.member_id is not None
    }
    named = [Person(row.shown_name, row.gender) for row in people.values() if row.shown_name]
    return named, len(people) - len(named)
