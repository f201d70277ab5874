"""How many labels to print, on which paper, from which cell on."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.ids import read_id
from shop.forms.numbers import read_count
from shop.models.batches import BatchPack
from traceability.labels.layout import LAYOUTS

MOST_LABELS = 5000

NAMES = {
    "copies": _l("số tem"),
    "layout": _l("cỡ tem"),
    "pack": _l("loại gói"),
    "cell": _l("ô bắt đầu"),
}
"""What the summary of faults calls each field."""

LAYOUT_WORDS = {
    "24": _l("24 tem trên một tờ A4"),
    "40": _l("40 tem trên một tờ A4"),
    "40x30": _l("Tem rời 40 × 30 mm"),
}
"""By the key of the layout."""

USUAL_LAYOUT = "24"


@dataclass(frozen=True, slots=True)
class Printing:
    """What to print: the pack, how many, and where on which sheet to begin."""

    batch_pack: BatchPack
    copies: int
    layout: str
    cell: int


def read_printing(fields: Fields, packs: Sequence[BatchPack]) -> Printing:
    """Return what to print; what was not asked for is proposed, faults are noted in `fields`.

    As many labels are proposed as packs were made.
    """
    chosen = next((one for one in packs if str(one.id) == fields.typed("pack")), packs[0])
    layout = fields.typed("layout") or USUAL_LAYOUT
    if layout not in LAYOUTS:
        fields.refuse("layout", _("Chọn một cỡ tem"))
        layout = USUAL_LAYOUT
    copies: int | None = chosen.produced
    if fields.typed("copies").strip():
        copies = fields.read("copies", read_count, minimum=1, maximum=MOST_LABELS)
    number = read_id(fields.typed("cell")) or 1
    if number > LAYOUTS[layout].cells:
        number = 1
    return Printing(chosen, copies or max(chosen.produced, 1), layout, number)
