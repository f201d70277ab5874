"""The weighing slip of the office: what was handed over, how much, by whom, when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.read_back import Scales
from shop.forms.text import read_line, read_name

SUPPLIER = "supplier"
"""What the choice of the giver says when it is nobody of ours."""

NAMES = {
    "goods": _l("tên hàng"),
    "weight": _l("số cân"),
    "giver": _l("người giao"),
    "supplier": _l("nơi bán"),
    "document": _l("giấy tờ kèm theo"),
    "harvested_on": _l("ngày hái"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """A delivery as the form gives it; exactly one of plot, member and supplier gave it."""

    goods: str
    quantity_g: int
    plot_id: int | None
    member_id: int | None
    supplier: str
    document: str
    harvested_on: date
    product_id: int | None


def read_delivery(
    fields: Fields, typed: Mapping[str, str], *, today: date
) -> tuple[DeliveryDraft | None, dict[str, int]]:
    """Return the delivery, or `None` with faults noted; and weights to be shown back first."""
    scales = Scales(fields, typed)
    goods = fields.read("goods", read_name)
    quantity_g = scales.read("weight")
    harvested_on = fields.read("harvested_on", read_date, today=today, latest=today)
    document = fields.read("document", read_line, required=False, longest=120)
    giver, _sign, written = fields.typed("giver").partition(":")
    giver_id = read_id(written)
    supplier = ""
    if giver == SUPPLIER:
        words = {"name_empty": _l("Chưa ghi nơi bán. Ví dụ Lò mổ Yên Từ")}
        supplier = fields.read("supplier", read_name, instead=words) or ""
    elif giver not in {"plot", "member"} or giver_id is None:
        fields.refuse("giver", _("Chọn hộ giao hàng, hoặc “Mua ở nơi khác” rồi ghi nơi bán"))
    if fields.faults or goods is None or quantity_g is None or harvested_on is None:
        return None, scales.to_confirm
    draft = DeliveryDraft(
        goods=goods,
        quantity_g=quantity_g,
        plot_id=giver_id if giver == "plot" else None,
        member_id=giver_id if giver == "member" else None,
        supplier=supplier,
        document=document or "",
        harvested_on=harvested_on,
        product_id=read_id(fields.typed("product")),
    )
    return draft, scales.to_confirm
