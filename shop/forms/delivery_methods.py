"""A way of delivery as the office types it."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import delivery_fees, formats
from shop.carriers import is_tracking_template
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.fee_tables import FindPlace, fee_table_as_typed, read_fee_table
from shop.forms.money import read_amount
from shop.forms.numbers import read_count
from shop.forms.seller_drafts import DeliveryDraft
from shop.forms.sellers import HIGHEST_FEE_VND
from shop.forms.text import read_line, read_name
from shop.forms.times import read_time
from shop.forms.values import ValueRefused
from shop.models.orders import DeliveryKind, DeliveryMethod

KINDS = {
    DeliveryKind.PICKUP.value: (_l("Khách tự đến lấy"), _l("Không hỏi địa chỉ nhận")),
    DeliveryKind.OWN.value: (_l("Nơi bán tự giao"), _l("Xe của mình, đi trong vùng")),
    DeliveryKind.PARCEL.value: (_l("Gửi bưu kiện"), _l("Bưu điện hoặc hãng chuyển phát")),
}
"""Name and note of each kind."""

NAMES = {
    "kind": _l("kiểu giao"),
    "name": _l("tên cách giao"),
    "fee": _l("phí giao"),
    "fee_table": _l("bảng phí"),
    "carrier": _l("ai chở"),
    "tracking_template": _l("trang theo dõi bưu kiện"),
    "days": _l("số ngày"),
    "note": _l("ghi chú"),
    "provinces": _l("tỉnh giao tới"),
    "cutoff": _l("giờ chốt đơn"),
    "rest_weekdays": _l("thứ nghỉ"),
    "rest_days": _l("ngày nghỉ"),
}
"""What the summary of faults calls each field."""

LONGEST_DAYS = 30
MOST_REST_DAYS = 60

TAX_CLASSES = {
    "standard": _l("Như hàng chế biến (8 % hoặc 10 %)"),
    "excluded": _l("Không được giảm thuế (10 %)"),
    "unprocessed": _l("Không có thuế"),
}
"""How a fee may be taxed: the classes that a service can have."""

WEEK = range(1, 8)


def read_delivery(
    fields: Fields,
    chosen: Sequence[str],
    *,
    provinces: Collection[str],
    weekdays: Sequence[str] = (),
    today: date,
    find_place: FindPlace,
) -> DeliveryDraft | None:
    """Return the way of delivery in `fields`, or `None` with the faults noted.

    `chosen` are the codes of the provinces it reaches: none of them means everywhere.
    `weekdays` are the days of the week on which nothing leaves, Monday being 1. A table of fees
    says by itself which places are reached, and counts instead of the one fee.
    """
    kind = fields.typed("kind")
    if kind not in KINDS:
        fields.refuse("kind", _("Chọn một kiểu giao."))
    name = fields.read("name", read_name, longest=60)
    note = fields.read("note", read_line, required=False, longest=120)
    table = fields.read("fee_table", read_fee_table, find_place=find_place) or []
    fee_vnd = delivery_fees.bounds(table)[0] if table else _read_fee(fields)
    days = fields.read("days", read_count, maximum=LONGEST_DAYS)
    cutoff = fields.read("cutoff", _read_hour)
    rest_days = fields.read("rest_days", _read_days, today=today)
    tax_class = fields.typed("tax_class")
    resting = [day for day in WEEK if str(day) in weekdays]
    if len(resting) == len(WEEK):
        fields.refuse("rest_weekdays", _("Nghỉ cả tuần thì không giao được. Bỏ bớt một ngày."))
    reached = [code for code in chosen if code in provinces]
    if table and reached:
        fields.refuse("provinces", _("Có bảng phí thì nơi giao ghi ở đó. Bỏ chọn các tỉnh."))
    if table and kind == DeliveryKind.PICKUP:
        fields.refuse("fee_table", _("Khách tự đến lấy thì không có bảng phí. Để trống ô này."))
    is_parcel = kind == DeliveryKind.PARCEL
    carrier = fields.read("carrier", read_line, required=False, longest=80)
    template = fields.read("tracking_template", read_template)
    if fields.faults or name is None or fee_vnd is None or days is None:
        return None
    return DeliveryDraft(
        kind=DeliveryKind(kind),
        name=name,
        fee_vnd=fee_vnd,
        days=days,
        note=note or "",
        is_chilled=bool(fields.typed("is_chilled")),
        takes_cod=bool(fields.typed("takes_cod")),
        province_codes=reached or None,
        cutoff=cutoff or "",
        rest_weekdays=resting or None,
        rest_days=rest_days or None,
        tax_class=tax_class if tax_class in TAX_CLASSES else "standard",
        fee_table=table or None,
        carrier=(carrier or "") if is_parcel else "",
        tracking_template=(template or "") if is_parcel else "",
    )


def _read_fee(fields: Fields) -> int | None:
    """Return the one fee in đồng; nothing is asked while the table is what has to be mended."""
    if "fee_table" in fields.faults:
        return None
    return fields.read("fee", read_amount, minimum=0, maximum=HIGHEST_FEE_VND)


def read_template(text: str) -> str:
    """Return the address of a tracking page with `{code}` in it, empty if nothing was typed.

    Raises `ValueRefused`: `tracking_template_unreadable`, and what `read_line` refuses.
    """
    line = read_line(text, longest=300, required=False)
    if line and not is_tracking_template(line):
        raise ValueRefused("tracking_template_unreadable")
    return line


def _read_hour(text: str) -> str:
    """Return an hour as `10:00`, empty if nothing was typed; refusals as `read_time`."""
    return f"{read_time(text):%H:%M}" if text.strip() else ""


def _read_days(text: str, *, today: date) -> list[str]:
    """Return the dates in `text`, parted by commas or lines; refusals as `read_date`."""
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    latest = today + timedelta(days=730)
    days = {read_date(part, today=today, latest=latest) for part in parts[:MOST_REST_DAYS]}
    return [day.isoformat() for day in sorted(days)]


def as_typed(way: DeliveryMethod | None) -> dict[str, str]:
    """Return the fields of the form as somebody would have typed this way of delivery."""
    if way is None:
        return {"takes_cod": "1"}
    return {
        "kind": way.kind.value,
        "name": way.name,
        "fee": "" if way.fee_table else formats.number(way.fee_vnd),
        "fee_table": fee_table_as_typed(way.fee_table),
        "carrier": way.carrier,
        "tracking_template": way.tracking_template,
        "days": str(way.days),
        "note": way.note,
        "is_chilled": "1" if way.is_chilled else "",
        "takes_cod": "1" if way.takes_cod else "",
        "tax_class": way.tax_class,
        "cutoff": way.cutoff,
        "rest_days": ", ".join(
            formats.day(date.fromisoformat(day)) for day in way.rest_days or ()
        ),
    }
