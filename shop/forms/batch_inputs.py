"""What went into a batch, as it is typed: grams of deliveries, ingredients, treatments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.batch_drafts import Treatment
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.numbers import read_count
from shop.forms.read_back import Scales
from shop.forms.text import read_line, read_name
from shop.models.batches import InputKind

GOODS = {
    InputKind.INGREDIENT: _l("Nguyên liệu thêm vào"),
    InputKind.PACKAGING: _l("Bao bì"),
    InputKind.OTHER: _l("Thứ khác"),
}
TREATED_WITH = {
    InputKind.PESTICIDE: _l("Phun thuốc"),
    InputKind.FERTILISER: _l("Bón phân"),
}

NAMES = {
    "taken": _l("hàng nhận vào"),
    "goods_name": _l("tên nguyên liệu"),
    "goods_weight": _l("số cân nguyên liệu"),
    "goods_supplier": _l("nơi bán"),
    "goods_document": _l("giấy tờ kèm theo"),
    "spray_name": _l("tên thuốc hoặc phân"),
    "spray_on": _l("ngày phun, bón"),
    "spray_phi": _l("số ngày cách ly"),
    "spray_plot": _l("thửa"),
    "spray_dose": _l("liều lượng"),
    "spray_target": _l("phun, bón để làm gì"),
}
"""What the summary of faults calls each field."""

ALL_PLOTS = "all"
"""What the choice of the plot says for all that gave goods to the batch."""

WANTED = "find"
"""The field that says which deliveries to look for."""

_LONGEST_WAIT = 365
_MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Goods:
    """An ingredient, packaging or something else, as the form gives it."""

    kind: InputKind
    name: str
    quantity_g: int
    supplier: str
    document: str


def named_deliveries(typed: Mapping[str, str]) -> list[int]:
    """Return the deliveries for which something was ticked or typed.

    >>> named_deliveries({"all-7": "1", "take-9": "60 kg", "take-11": " "})
    [7, 9]
    """
    found = []
    for name, value in typed.items():
        act, _dash, number = name.partition("-")
        delivery_id = read_id(number) if act in {"all", "take"} and value.strip() else None
        if delivery_id is not None:
            found.append(delivery_id)
    return found[:_MOST_AT_ONCE]


def read_taken(
    fields: Fields, typed: Mapping[str, str], offered: Mapping[int, int]
) -> tuple[dict[int, int], dict[str, int]]:
    """Return grams by delivery, and weights to be shown back first.

    `offered` says how many grams are left of each delivery. A tick takes all of it.
    """
    scales = Scales(fields, typed)
    taken: dict[int, int] = {}
    for delivery_id, left_g in offered.items():
        if fields.typed(f"all-{delivery_id}"):
            taken[delivery_id] = left_g
        elif fields.typed(f"take-{delivery_id}").strip():
            grams = scales.read(f"take-{delivery_id}")
            if grams is not None:
                taken[delivery_id] = grams
    if not taken and not fields.faults:
        fields.refuse("taken", _("Chọn “Lấy hết” hoặc ghi số cân ở ít nhất một phiếu"))
    return taken, scales.to_confirm


def read_goods(fields: Fields, typed: Mapping[str, str]) -> tuple[Goods | None, dict[str, int]]:
    """Return an ingredient, or `None` with faults noted; and weights to be shown back first.

    What is weighed in is needed for an ingredient alone: a roll of bags has no weight in a batch.
    """
    scales = Scales(fields, typed)
    kind = _kind(fields.typed("goods_kind"), InputKind.INGREDIENT, GOODS)
    name = fields.read("goods_name", read_name)
    needed = kind is InputKind.INGREDIENT
    quantity_g = scales.read("goods_weight") if needed else 0
    supplier = fields.read("goods_supplier", read_line, required=False, longest=120)
    document = fields.read("goods_document", read_line, required=False, longest=120)
    if fields.faults or name is None or quantity_g is None:
        return None, scales.to_confirm
    goods = Goods(kind, name, quantity_g, supplier or "", document or "")
    return goods, scales.to_confirm


def read_treatment(
    fields: Fields, *, plots: Sequence[int | None], today: date
) -> Treatment | None:
    """Return a treatment of one of `plots` or of all, or `None` with the faults noted."""
    kind = _kind(fields.typed("spray_kind"), InputKind.PESTICIDE, TREATED_WITH)
    name = fields.read("spray_name", read_name)
    applied_on = fields.read("spray_on", read_date, today=today, latest=today)
    phi_days = fields.read(
        "spray_phi",
        read_count,
        maximum=_LONGEST_WAIT,
        instead={"count_empty": _l("Chưa ghi số ngày cách ly. Đọc trên nhãn thuốc, ví dụ 14")},
    )
    chosen = fields.typed("spray_plot")
    plot_id = read_id(chosen)
    if chosen != ALL_PLOTS and plot_id not in plots:
        fields.refuse("spray_plot", _("Chọn thửa đã phun hoặc bón"))
    dose = fields.read("spray_dose", read_line, required=False, longest=120)
    target = fields.read("spray_target", read_line, required=False, longest=120)
    if fields.faults or name is None or applied_on is None or phi_days is None:
        return None
    details = {"dose": dose, "target": target}
    return Treatment(
        kind=kind,
        name=name,
        applied_on=applied_on,
        phi_days=phi_days,
        plot_id=plot_id,
        details={key: value for key, value in details.items() if value},
    )


def _kind(typed: str, usual: InputKind, known: Mapping[InputKind, object]) -> InputKind:
    return next((kind for kind in known if kind.value == typed), usual)
