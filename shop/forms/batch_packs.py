"""Packing a batch, as it is typed: how many of each pack, the sample kept, the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.read_back import Scales
from shop.forms.spoken_counts import read_said_count
from shop.models.catalog import Pack

NAMES = {
    "packs": _l("số gói"),
    "retained": _l("mẫu lưu"),
    "packed_on": _l("ngày đóng gói"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class PackingDraft:
    """How many of each pack were made, the grams kept as a sample, and on which day."""

    outputs: list[tuple[Pack, int]]
    retained_g: int
    packed_on: date


def read_packing(
    fields: Fields, typed: Mapping[str, str], packs: Sequence[Pack], *, today: date
) -> tuple[PackingDraft | None, dict[str, int]]:
    """Return the packing, or `None` with faults noted; and weights to be shown back first."""
    scales = Scales(fields, typed)
    counted: list[tuple[Pack, int]] = []
    for pack in packs:
        if fields.typed(f"units-{pack.id}").strip():
            units = fields.read(f"units-{pack.id}", read_said_count, unit=pack.unit)
            if units:
                counted.append((pack, units))
    retained_g = scales.read("retained", minimum=0, required=False)
    packed_on = fields.read("packed_on", read_date, today=today, latest=today)
    if fields.faults or retained_g is None or packed_on is None:
        return None, scales.to_confirm
    return PackingDraft(counted, retained_g, packed_on), scales.to_confirm
