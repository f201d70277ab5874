"""A row of an import of batches: one lot, and how many of one pack it has."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from shop.forms.dates import check_expiry
from shop.forms.imports.columns import Column
from shop.forms.imports.goods_columns import COUNTS, name_column, sku_column
from shop.forms.imports.readers import read_code, read_day
from shop.forms.imports.row_fields import RowFields
from shop.forms.lots import read_lot
from shop.forms.spoken_counts import read_said_count
from shop.forms.text import read_name, read_text
from shop.forms.values import ValueRefused, refuse_excel_damage

MOST_UNITS = 100_000

COLUMNS = (
    Column(
        "lot",
        _l("Mã lô"),
        ("malo", "lo", "solo", "lot", "lotcode", "batch", "batchcode"),
        meaning=_l("Như in trên bao. Nhiều loại gói thì ghi mỗi loại một dòng, cùng mã lô."),
    ),
    sku_column(_l("Mã của loại gói, như ở trang Sản phẩm.")),
    name_column(_l("Không có mã hàng thì ghi tên, đúng như ở trang Sản phẩm.")),
    Column(
        "made_on",
        _l("Ngày sản xuất"),
        ("ngaysanxuat", "nsx", "ngaysx", "ngaylam", "madeon", "productiondate", "producedon"),
        meaning=_l("Ngày trước, tháng sau."),
    ),
    Column(
        "expires_on",
        _l("Hạn sử dụng"),
        ("hansudung", "hsd", "ngayhethan", "handung", "expireson", "expiry", "expirydate"),
        meaning=_l("Để trống thì tính từ ngày sản xuất và hạn dùng của sản phẩm."),
    ),
    Column(
        "units",
        _l("Số gói"),
        (*COUNTS, "sogoi", "units"),
        meaning=_l("Số gói đang có trong kho. Để trống thì chỉ mở lô."),
    ),
    Column("note", _l("Ghi chú"), ("ghichu", "note", "notes")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What one row says; `None` is an empty cell."""

    lot: str | None
    sku: str | None
    name: str | None
    made_on: date | None
    expires_on: date | None
    units: int | None
    note: str | None


def read_batch_row(fields: RowFields, *, today: date) -> BatchRow:
    """Return what the row says; its faults stand in `fields`."""
    for name in ("lot", "made_on"):
        if not fields.has(name):
            fields.note(name, ValueRefused(f"{name}_needed"))
    if not fields.has("sku") and not fields.has("name"):
        fields.note("", ValueRefused("row_without_name"))
    made_on = fields.read("made_on", read_day, today=today, latest=today)
    expires_on = fields.read("expires_on", read_day, today=today)
    if made_on is not None and expires_on is not None:
        try:
            check_expiry(made_on, expires_on)
        except ValueRefused as refused:
            fields.note("expires_on", refused)
    return BatchRow(
        lot=fields.read("lot", _read_lot),
        sku=fields.read("sku", read_code),
        name=fields.read("name", read_name),
        made_on=made_on,
        expires_on=expires_on,
        units=fields.read("units", read_said_count, maximum=MOST_UNITS),
        note=fields.read("note", read_text, longest=600),
    )


def _read_lot(text: str) -> str:
    refuse_excel_damage(text)
    return read_lot(text)
