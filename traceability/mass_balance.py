"""Does the weight add up, step by step, and is the yield one that nature allows.

Everything is in whole grams. Numbers that do not add up are a question for the person who
weighed, not an accusation; only what cannot be is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType

from traceability.errors import TraceabilityError

__all__ = [
    "YIELD_RANGES",
    "Balance",
    "BalanceVerdict",
    "Step",
    "Yield",
    "YieldRange",
    "YieldVerdict",
    "balance",
    "faults",
    "judge_yield",
]


class BalanceVerdict(StrEnum):
    """What the weights of one step say."""

    BALANCED = "balanced"
    MORE_OUT_THAN_IN = "more_out_than_in"
    OFF_BY = "off_by"
    NOT_CONTINUED = "not_continued"


class YieldVerdict(StrEnum):
    """What to do about a yield: take it, ask the person, or refuse it."""

    NORMAL = "normal"
    ASK = "ask"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Step:
    """What was weighed at one step of making a batch, in grams.

    `loss_g` is gone (water, dust), `by_product_g` was kept and went elsewhere.
    """

    code: str
    in_g: int
    out_g: int
    added_g: int = 0
    loss_g: int = 0
    by_product_g: int = 0

    def __post_init__(self) -> None:
        weights = (self.in_g, self.out_g, self.added_g, self.loss_g, self.by_product_g)
        if min(weights) < 0:
            raise TraceabilityError(
                "negative_weight", f"a weight of step {self.code} is negative", subject=self.code
            )


@dataclass(frozen=True, slots=True)
class Balance:
    """The verdict on one step.

    `off_by_g` is what is accounted for less what went in: negative when grams are missing.
    """

    step: Step
    verdict: BalanceVerdict
    off_by_g: int


@dataclass(frozen=True, slots=True)
class YieldRange:
    """What comes out of 100 parts put in: usual, and beyond belief. Bounds belong to the range.

    Between the usual and the unbelievable a person is asked.
    """

    normal_from: Decimal
    normal_to: Decimal
    refuse_above: Decimal | None = None
    refuse_below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Yield:
    """The verdict on a yield, with what would have been usual for the same input, in grams."""

    verdict: YieldVerdict
    percent: Decimal
    usual_from_g: int
    usual_to_g: int


def balance(step: Step, *, tolerance_g: int = 0) -> Balance:
    """Return whether in + added = out + loss + by-product, `tolerance_g` either way.

    >>> balance(Step("dry", in_g=11_939, out_g=4_826, loss_g=7_113)).verdict.value
    'balanced'
    >>> balance(Step("dry", in_g=11_939, out_g=4_826, loss_g=7_000)).off_by_g
    -113
    >>> balance(Step("dry", in_g=11_939, out_g=12_000)).verdict.value
    'more_out_than_in'
    """
    went_in = step.in_g + step.added_g
    kept = step.out_g + step.by_product_g
    off_by_g = kept + step.loss_g - went_in
    if kept > went_in + tolerance_g:
        return Balance(step, BalanceVerdict.MORE_OUT_THAN_IN, off_by_g)
    if abs(off_by_g) > tolerance_g:
        return Balance(step, BalanceVerdict.OFF_BY, off_by_g)
    return Balance(step, BalanceVerdict.BALANCED, off_by_g)


def faults(steps: Sequence[Step], *, tolerance_g: int = 0) -> list[Balance]:
    """Return what does not add up in a batch's steps, in order; nothing if all is well.

    `not_continued`: a step begins with another weight than the one before ended with, and
    `off_by_g` says by how much more.
    """
    found = []
    for number, step in enumerate(steps):
        if number and abs(gained := step.in_g - steps[number - 1].out_g) > tolerance_g:
            found.append(Balance(step, BalanceVerdict.NOT_CONTINUED, gained))
        verdict = balance(step, tolerance_g=tolerance_g)
        if verdict.verdict is not BalanceVerdict.BALANCED:
            found.append(verdict)
    return found


def judge_yield(in_g: int, out_g: int, usual: YieldRange) -> Yield:
    """Return what to do about `out_g` of goods from `in_g` put in, additions counted in.

    More out than in is refused whatever the range says. `TraceabilityError` of kind
    `nothing_in` if nothing was put in.

    >>> judge_yield(100_000, 60_000, YIELD_RANGES["green_tea"]).verdict.value
    'refuse'
    >>> judge_yield(84_100, 18_200, YIELD_RANGES["green_tea"]).percent
    Decimal('21.6')
    """
    if in_g <= 0:
        raise TraceabilityError("nothing_in", "a yield needs something that was put in")
    share = Decimal(out_g * 100) / in_g
    return Yield(
        verdict=_verdict(share, usual),
        percent=share.quantize(Decimal("0.1"), ROUND_HALF_UP),
        usual_from_g=round(in_g * usual.normal_from / 100),
        usual_to_g=round(in_g * usual.normal_to / 100),
    )


def _verdict(share: Decimal, usual: YieldRange) -> YieldVerdict:
    too_much = share > min(100, 100 if usual.refuse_above is None else usual.refuse_above)
    too_little = usual.refuse_below is not None and share < usual.refuse_below
    if too_much or too_little:
        return YieldVerdict.REFUSE
    if usual.normal_from <= share <= usual.normal_to:
        return YieldVerdict.NORMAL
    return YieldVerdict.ASK


YIELD_RANGES: Mapping[str, YieldRange] = MappingProxyType(
    {
        # Dry from fresh shoots: about 5 to 1. A low yield is asked about, never refused: only
        # too much dry tea hides leaf from elsewhere.
        "green_tea": YieldRange(Decimal(18), Decimal(25), refuse_above=Decimal(28)),
        # Buds only, selected from what was plucked.
        "green_tea_buds": YieldRange(Decimal(5), Decimal(10), refuse_above=Decimal(28)),
        # Dry from fresh pennywort, which is 88 to 90 % water.
        "pennywort": YieldRange(Decimal(7), Decimal(14), refuse_above=Decimal(16)),
        # Of everything put in: 92 to 93 %, a point either way for the scales; cooking takes
        # 2 % at the very least.
        "pork_roll": YieldRange(Decimal(91), Decimal(94), refuse_above=Decimal(98)),
    }
)
"""Usual yields to begin with, in percent; a seller's own experience replaces them."""
