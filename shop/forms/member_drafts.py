"""What is written down about a member: checked values, not yet rows."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlotDraft:
    """One plot; `area_m2` in square metres, whatever unit it was typed in."""

    code: str
    name: str = ""
    crop: str = ""
    area_m2: int | None = None
    hamlet: str = ""


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A person or household; `phone` in E.164, `code` empty where the office lets us number."""

    full_name: str
    phone: str | None = None
    kind: str = "member"
    gender: str | None = None
    birth_year: int | None = None
    show_name: bool = False
    code: str = ""
    plots: Sequence[PlotDraft] = ()
