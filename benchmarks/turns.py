"""Measuring two things turn about, so that what else the machine does falls on both alike."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 15
LEAST_SECONDS = 0.05
"""How long one turn lasts at the least: shorter than that, the clock is what is measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One path: how many times as long as its limit's unit it takes, and how many it may."""

    name: str
    unit: str
    microseconds: float
    ratio: float
    limit: float

    @property
    def is_kept(self) -> bool:
        """Return whether the path is as fast as it has to be."""
        return self.ratio <= self.limit


def compare(
    name: str,
    subject: Callable[[], object],
    unit: str,
    reference: Callable[[], object],
    *,
    limit: float,
) -> Figure:
    """Return the median over the rounds of what `subject` takes beside `reference`."""
    times = {one: _times_in_a_turn(one) for one in (subject, reference)}
    ratios, took = [], []
    for number in range(ROUNDS):
        order = (subject, reference) if number % 2 else (reference, subject)
        measured = {one: _seconds(one, times[one]) for one in order}
        ratios.append(measured[subject] / measured[reference])
        took.append(measured[subject])
    return Figure(name, unit, median(took) * 1e6, median(ratios), limit)


def _times_in_a_turn(act: Callable[[], object]) -> int:
    act()
    once = _seconds(act, 1)
    return max(1, round(LEAST_SECONDS / once))


def _seconds(act: Callable[[], object], times: int) -> float:
    """Return the seconds that one call takes, over `times` calls."""
    gc.collect()
    began = perf_counter()
    for _ in range(times):
        act()
    return (perf_counter() - began) / times
