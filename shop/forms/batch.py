"""Opening a batch, and the days of one: what somebody types in the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.lots import read_lot
from shop.forms.text import read_text
from shop.models.batches import Batch

NAMES = {
    "product": _l("sản phẩm"),
    "made_on": _l("ngày sản xuất"),
    "expires_on": _l("hạn sử dụng"),
    "lot": _l("mã lô"),
    "note": _l("ghi chú"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class DatesDraft:
    """The days of a batch; without an expiry the product's shelf life gives one."""

    made_on: date
    expires_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """A new batch; without a lot the next one of the day is given."""

    product_id: int
    lot: str | None
    dates: DatesDraft


def read_batch(fields: Fields, *, today: date) -> BatchDraft | None:
    """Return the new batch in `fields`, or `None` with the faults noted."""
    product_id = read_id(fields.typed("product"))
    if product_id is None:
        fields.refuse("product", _("Chọn sản phẩm của lô"))
    lot = fields.read("lot", read_lot) if fields.typed("lot").strip() else None
    dates = read_dates(fields, today=today)
    if fields.faults or product_id is None or dates is None:
        return None
    return BatchDraft(product_id=product_id, lot=lot, dates=dates)


def read_dates(fields: Fields, *, today: date) -> DatesDraft | None:
    """Return the days in `fields`, or `None` with the faults noted."""
    made_on = fields.read("made_on", read_date, today=today, latest=today)
    expires_on = None
    if fields.typed("expires_on").strip():
        expires_on = fields.read("expires_on", read_date, today=today)
    note = fields.read("note", read_text, longest=600)
    if fields.faults or made_on is None:
        return None
    return DatesDraft(made_on=made_on, expires_on=expires_on, note=note or "")


def dates_as_typed(batch: Batch) -> Mapping[str, str]:
    """Return the days of `batch` as somebody would have typed them."""
    return {
        "made_on": formats.day(batch.made_on) if batch.made_on else "",
        "expires_on": formats.day(batch.expires_on) if batch.expires_on else "",
        "note": batch.note,
    }
