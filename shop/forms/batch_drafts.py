"""What the office says was done to a plot, as it goes from the form to the rules."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shop.models.batches import InputKind


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment as the form gives it; `plot_id` is nothing when it was done to all plots."""

    kind: InputKind
    name: str
    applied_on: date
    phi_days: int
    plot_id: int | None
    details: dict[str, Any] = field(default_factory=dict)
