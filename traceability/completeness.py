"""Does a batch tell all that the rules on traceability ask for, and if not, what is missing.

Two Vietnamese rules, each a table of items with one rule per item: the nine items of Circular
02/2024/TT-BKHCN, and the product passport of Decree 37/2026/ND-CP, article 32. Missing things
are named by key; the words for people belong to whoever shows them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from traceability import gtin as gtins
from traceability.errors import TraceabilityError

__all__ = [
    "CIRCULAR_02_2024",
    "CONDITIONAL",
    "DECREE_37_2026",
    "REGULATIONS",
    "BatchFacts",
    "Finding",
    "Item",
    "Regulation",
    "Stage",
    "State",
    "check",
    "is_complete",
]


CONDITIONAL = frozenset(
    {"brand", "model", "serial", "made_on", "expires_on", "certificates", "warnings"}
)
"""The facts that the rules ask for "if any"."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of production or trade: what, where and when, by codes (circular, item 5)."""

    key: str
    product_code: str = ""
    place_code: str = ""
    happened_at: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What is known of a batch, whoever keeps it.

    `applicable` names the conditional facts that this product has ("expires_on" for food,
    "serial" for numbered packs): lacking one of them is a gap, lacking another is none.
    `TraceabilityError` of kind `unknown_fact` for a name that is not in `CONDITIONAL`.
    `other` holds what an authority asks for beyond the rules, by key.
    """

    product_name: str = ""
    gtin: str = ""
    picture: str = ""
    producer_name: str = ""
    producer_address: str = ""
    producer_id: str = ""
    tracing_code: str = ""
    stages: tuple[Stage, ...] = ()
    harvested_on: date | None = None
    made_on: date | None = None
    packed_on: date | None = None
    expires_on: date | None = None
    brand: str = ""
    model: str = ""
    serial: str = ""
    origin: str = ""
    last_processing_place: str = ""
    certificates: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)
    applicable: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = self.applicable - CONDITIONAL
        if unknown:
            raise TraceabilityError("unknown_fact", f"no rule asks for {sorted(unknown)} if any")


class State(StrEnum):
    """How one item stands."""

    PRESENT = "present"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


Rule = Callable[[BatchFacts], "tuple[str, ...] | None"]
"""Returns the keys of what is missing, or `None` where the item does not apply."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a regulation asks for."""

    key: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Regulation:
    """A legal text, since when it counts, and its items in its own order."""

    key: str
    title: str
    in_force_from: date
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """How one item of one regulation stands; `missing` names facts, "stages[1].place_code"."""

    item: str
    regulation: str
    state: State
    missing: tuple[str, ...] = ()


def check(facts: BatchFacts, regulations: "Sequence[Regulation] | None" = None) -> list[Finding]:
    """Return a finding for each item of `regulations` (all known ones by default), in order.

    >>> findings = check(BatchFacts(product_name="Chè xanh"), [CIRCULAR_02_2024])
    >>> [(finding.item, finding.state.value) for finding in findings[:2]]
    [('product_name', 'present'), ('picture', 'missing')]
    """
    chosen = REGULATIONS if regulations is None else regulations
    return [
        _finding(facts, regulation, item) for regulation in chosen for item in regulation.items
    ]


def is_complete(findings: Sequence[Finding]) -> bool:
    """Say whether nothing is missing, so that a page may call itself complete."""
    return all(finding.state is not State.MISSING for finding in findings)


def _finding(facts: BatchFacts, regulation: Regulation, item: Item) -> Finding:
    missing = item.rule(facts)
    if missing is None:
        return Finding(item.key, regulation.key, State.NOT_APPLICABLE)
    state = State.MISSING if missing else State.PRESENT
    return Finding(item.key, regulation.key, state, missing)


def _is_known(facts: BatchFacts, key: str) -> bool:
    value = getattr(facts, key)
    return bool(value.strip() if isinstance(value, str) else value)


def _all_of(*keys: str) -> Rule:
    return lambda facts: tuple(key for key in keys if not _is_known(facts, key))


def _one_of(*keys: str) -> Rule:
    """Ask for any of `keys`; the first, the usual one, is named when all are missing."""
    return lambda facts: () if any(_is_known(facts, key) for key in keys) else keys[:1]


def _if_any(*keys: str) -> Rule:
    def rule(facts: BatchFacts) -> tuple[str, ...] | None:
        known = [key for key in keys if _is_known(facts, key)]
        missing = tuple(key for key in keys if key in facts.applicable and key not in known)
        return missing if known or missing else None

    return rule


def _stages(facts: BatchFacts) -> tuple[str, ...]:
    if not facts.stages:
        return ("stages",)
    return tuple(
        f"stages[{number}].{key}"
        for number, stage in enumerate(facts.stages)
        for key in ("product_code", "place_code", "happened_at")
        if not getattr(stage, key)
    )


def _name_and_licensed_gtin(facts: BatchFacts) -> tuple[str, ...]:
    """Ask for a number that GS1 has licensed: one of restricted circulation is nobody's else."""
    licensed = gtins.is_valid(facts.gtin) and not gtins.is_internal(facts.gtin)
    return _missing(_all_of("product_name"), facts) + (() if licensed else ("gtin",))


def _traceability(facts: BatchFacts) -> tuple[str, ...]:
    return _missing(_all_of("tracing_code"), facts) + _stages(facts)


def _other(facts: BatchFacts) -> tuple[str, ...] | None:
    if not facts.other:
        return None
    return tuple(f"other.{key}" for key, value in facts.other.items() if not value.strip())


def _missing(rule: Rule, facts: BatchFacts) -> tuple[str, ...]:
    return rule(facts) or ()


CIRCULAR_02_2024 = Regulation(
    "circular_02_2024",
    "Thông tư 02/2024/TT-BKHCN",
    date(2024, 6, 1),
    (
        Item("product_name", _all_of("product_name")),
        Item("picture", _all_of("picture")),
        Item("producer_name", _all_of("producer_name")),
        Item("address", _all_of("producer_address")),
        Item("stages", _stages),
        Item("time_of_production", _one_of("made_on", "harvested_on", "packed_on")),
        Item("tracing_code", _all_of("tracing_code")),
        Item("brand_model_serial", _if_any("brand", "model", "serial")),
        Item("expiry", _if_any("expires_on")),
    ),
)

DECREE_37_2026 = Regulation(
    "decree_37_2026_art_32",
    "Nghị định 37/2026/NĐ-CP, điều 32",
    date(2026, 1, 23),
    (
        Item("name_and_gtin", _name_and_licensed_gtin),
        Item("producer", _all_of("producer_name", "producer_address", "producer_id")),
        Item("origin", _one_of("origin", "last_processing_place")),
        Item("traceability", _traceability),
        Item("certificates", _if_any("certificates")),
        Item("dates", _if_any("made_on", "expires_on")),
        Item("warnings", _if_any("warnings")),
        Item("other", _other),
    ),
)

REGULATIONS = (CIRCULAR_02_2024, DECREE_37_2026)
