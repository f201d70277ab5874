"""What the page of a batch says: the verdict, the facts, and what the rules still miss."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shop.models.batches import BatchState, InputKind
from shop.queries.batch_page import BatchRows
from shop.services.journal import link
from traceability.completeness import BatchFacts, Finding, Stage, check

__all__ = ["Harvest", "Paper", "Spraying", "Story", "tell"]

NEAR_EXPIRY_SHARE = 10
"""A notice appears when a tenth of the shelf life or less is left (`screens.md` 3)."""


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
    """What was gathered on one day: goods, plots and grams."""

    goods: str
    day: date | None
    plots: tuple[str, ...]
    lots: tuple[str, ...]
    suppliers: tuple[str, ...]
    total_g: int


@dataclass(frozen=True, slots=True)
class Spraying:
    """The treatment closest to its harvest, and whether the waiting time was kept."""

    applied_on: date
    waiting_days: int
    waited_days: int

    @property
    def is_kept(self) -> bool:
        """Return whether the harvest came on or after the first day allowed."""
        return self.waited_days >= self.waiting_days


@dataclass(frozen=True, slots=True)
class Story:
    """All that a batch page shows; `standing` is what it says first."""

    head: Any
    packs: Sequence[Any]
    steps: Sequence[Any]
    standing: str
    is_expired: bool
    days_left: int | None
    is_near_expiry: bool
    harvests: Sequence[Harvest]
    treatments: Sequence[Any]
    ingredients: Sequence[Any]
    spraying: Spraying | None
    named_people: Sequence[str]
    unnamed_people: int
    papers: Sequence[Paper]
    findings: Sequence[Finding]
    address: str

    @property
    def valid_papers(self) -> list[Paper]:
        """Return the papers that allow a claim today."""
        return [paper for paper in self.papers if paper.is_valid]

    @property
    def is_for_sale(self) -> bool:
        """Return whether the page may offer to buy from this batch."""
        return self.standing == "on_sale"

    @property
    def gathered_g(self) -> int:
        """Return the grams that were handed over for this batch."""
        return sum(harvest.total_g for harvest in self.harvests)

    @property
    def finished_g(self) -> int:
        """Return the grams that the last step left."""
        return int(self.steps[-1].out_g) if self.steps else 0


def tell(rows: BatchRows, *, today: date, base_url: str) -> Story:
    """Return what to show of `rows` on `today`, addresses standing under `base_url`."""
    head = rows.packs[0]
    papers = [Paper(row, _paper_state(row, today)) for row in rows.papers]
    is_expired = head.expires_on is not None and head.expires_on < today
    days_left = None if head.expires_on is None else (head.expires_on - today).days
    address = link(base_url, head.gtin, head.lot)
    named, unnamed = _people(rows.inputs)
    return Story(
        head=head,
        packs=rows.packs,
        steps=rows.steps,
        standing=_standing(rows, is_expired),
        is_expired=is_expired,
        days_left=days_left,
        is_near_expiry=_is_near_expiry(head, days_left),
        harvests=_harvests(rows.inputs),
        treatments=_of_kinds(rows.inputs, InputKind.PESTICIDE, InputKind.FERTILISER),
        ingredients=_of_kinds(rows.inputs, InputKind.INGREDIENT),
        spraying=_spraying(rows.inputs),
        named_people=named,
        unnamed_people=unnamed,
        papers=papers,
        findings=check(facts(rows, papers, address=address, base_url=base_url)),
        address=address,
    )


def _standing(rows: BatchRows, is_expired: bool) -> str:
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


def _paper_state(row: Any, today: date) -> str:
    if row.revoked_on is not None and row.revoked_on <= today:
        return "revoked"
    if row.issued_on > today:
        return "to_come"
    if row.expires_on is not None and row.expires_on < today:
        return "expired"
    return "valid"


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
            plots=tuple(sorted({row.plot_code for row in rows if row.plot_code})),
            lots=tuple(row.source_lot for row in rows if row.source_lot),
            suppliers=tuple(sorted({row.supplier for row in rows if row.supplier})),
            total_g=sum(row.quantity_g for row in rows),
        )
        for (goods, day), rows in groups.items()
    ]


def _spraying(inputs: Sequence[Any]) -> Spraying | None:
    sprayed = [
        row
        for row in _of_kinds(inputs, InputKind.PESTICIDE)
        if row.applied_on and row.harvested_on and row.phi_days is not None
    ]
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


def _people(inputs: Sequence[Any]) -> tuple[list[str], int]:
    """Return the names people agreed to show (R41), and how many others there are."""
    people = {
        row.member_id: row
        for row in _of_kinds(inputs, InputKind.RAW_MATERIAL)
        if row.member_id is not None
    }
    named = [row.full_name for row in people.values() if row.show_name]
    return named, len(people) - len(named)


def facts(rows: BatchRows, papers: Sequence[Paper], *, address: str, base_url: str) -> BatchFacts:
    """Return what the rules of traceability ask for, as this installation knows it."""
    head = rows.packs[0]
    place = f"{base_url}/htx/{head.seller_slug}"
    harvested = [row.harvested_on for row in rows.inputs if row.harvested_on]
    stages = [
        Stage(
            key="harvest",
            product_code=row.source_lot or "",
            place_code=row.plot_code or row.supplier or place,
            happened_at=row.harvested_on,
        )
        for row in _of_kinds(rows.inputs, InputKind.RAW_MATERIAL)
    ] + [
        Stage(
            key=step.code,
            product_code=head.lot,
            place_code=place if step.place else "",
            happened_at=step.ended_at,
        )
        for step in rows.steps
    ]
    if head.released_at is not None:
        stages.append(
            Stage("release", product_code=address, place_code=place, happened_at=head.released_at)
        )
    return BatchFacts(
        product_name=head.name,
        gtin=head.gtin,
        picture=head.picture or "",
        producer_name=head.seller_name,
        producer_address=", ".join(filter(None, [head.hamlet, head.commune, head.province])),
        producer_id=head.tax_code or head.registration_no or "",
        tracing_code=address,
        stages=tuple(stages),
        harvested_on=max(harvested, default=None),
        made_on=head.made_on,
        packed_on=head.packed_on,
        expires_on=head.expires_on,
        brand=head.brand,
        origin=", ".join(filter(None, [head.commune, head.province])),
        last_processing_place=rows.steps[-1].place if rows.steps else "",
        certificates=tuple(paper.row.number for paper in papers if paper.is_valid),
        warnings=tuple(head.cautions),
        applicable=frozenset({"made_on"} | ({"expires_on"} if head.shelf_life_days else set())),
    )
