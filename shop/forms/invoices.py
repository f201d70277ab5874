"""An invoice as a buyer asks for it, and as the office writes down that it was made out."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.checkout import read_email
from shop.forms.dates import read_date
from shop.forms.tax_codes import read_household_code, read_personal_number, read_tax_code
from shop.forms.text import read_line, read_name
from shop.forms.values import ValueRefused
from shop.models.invoices import InvoiceBuyer, InvoiceRequest

NONE = "khong"
"""Chosen when no invoice is wanted, whatever else was typed."""

KINDS = {
    InvoiceBuyer.PERSON: _l("Cá nhân"),
    InvoiceBuyer.COMPANY: _l("Công ty, tổ chức"),
    InvoiceBuyer.HOUSEHOLD: _l("Hộ kinh doanh"),
}

NAMES = {
    "invoice_kind": _l("người mua là ai"),
    "invoice_name": _l("tên trên hóa đơn"),
    "invoice_tax_code": _l("mã số thuế"),
    "invoice_address": _l("địa chỉ trên hóa đơn"),
    "invoice_email": _l("thư nhận hóa đơn"),
    "number": _l("số hóa đơn"),
    "issued_on": _l("ngày hóa đơn"),
    "reason": _l("lý do"),
}
"""What the summary of faults calls each field."""

TYPED = ("invoice_name", "invoice_tax_code", "invoice_address", "invoice_email")


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """For whom an invoice is made out; the tax code as `tax_codes` writes it."""

    kind: InvoiceBuyer
    name: str
    tax_code: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class MadeOut:
    """The number and the day of an invoice; the reason where it puts another right."""

    number: str
    issued_on: date
    reason: str = ""


def read_wish(fields: Fields) -> InvoiceDraft | None:
    """Return for whom an invoice is wanted, or `None`: none is, or faults are noted.

    Who chose nothing and typed nothing wants none; who typed something is asked.
    """
    chosen = fields.typed("invoice_kind")
    if chosen == NONE or not (chosen or any(fields.typed(name).strip() for name in TYPED)):
        return None
    return read_invoice(fields)


def read_invoice(fields: Fields) -> InvoiceDraft | None:
    """Return for whom an invoice is made out, or `None` with the faults noted."""
    chosen = fields.typed("invoice_kind")
    if chosen not in set(InvoiceBuyer):
        fields.refuse("invoice_kind", _("Chọn người mua là ai, hoặc chọn không lấy hóa đơn."))
        return None
    kind = InvoiceBuyer(chosen)
    is_person = kind is InvoiceBuyer.PERSON
    readers = {
        InvoiceBuyer.PERSON: read_personal_number,
        InvoiceBuyer.COMPANY: read_tax_code,
        InvoiceBuyer.HOUSEHOLD: read_household_code,
    }
    name = fields.read("invoice_name", read_name, longest=200, instead={"name_empty": _no_name()})
    tax_code = fields.read("invoice_tax_code", readers[kind])
    address = fields.read(
        "invoice_address",
        read_line,
        longest=250,
        required=not is_person,
        instead={"text_empty": _l("Chưa ghi địa chỉ. Ví dụ 12 ngõ Văn Hương, xóm La Bằng")},
    )
    email = fields.read(
        "invoice_email",
        read_email,
        instead={
            "email_unreadable": _l("Địa chỉ thư chưa đúng. Ví dụ hoa@gmail.com, hoặc để trống")
        },
    )
    if name is None or tax_code is None or address is None or email is None:
        return None
    return InvoiceDraft(kind, name, tax_code, address, email)


def _no_name() -> object:
    return _l("Chưa ghi tên. Ví dụ Nguyễn Thị Hoa, hoặc Công ty TNHH Chè Xanh")


def read_made_out(
    fields: Fields, *, earliest: date, today: date, corrects: bool
) -> MadeOut | None:
    """Return which invoice was made out, or `None` with the faults noted.

    No invoice is older than its order (`earliest`); one that puts another right says why.
    """
    number = fields.read("number", read_number)
    issued_on = fields.read("issued_on", read_date, today=today, earliest=earliest, latest=today)
    reason: str | None = ""
    if corrects:
        empty = _l("Chưa ghi lý do. Ví dụ ghi nhầm số, công ty đổi tên")
        reason = fields.read("reason", read_line, longest=160, instead={"text_empty": empty})
    if number is None or issued_on is None or reason is None:
        return None
    return MadeOut(number, issued_on, reason)


def read_number(text: str) -> str:
    """Return the number of an invoice as it is printed: capitals, single spaces.

    Raises `ValueRefused`: `invoice_number_empty`, `invoice_number_unreadable` where it holds no
    digit, and what `read_line` refuses.
    """
    line = read_line(text, longest=40, required=False).upper()
    if not line:
        raise ValueRefused("invoice_number_empty")
    if not any(character.isdecimal() for character in line):
        raise ValueRefused("invoice_number_unreadable")
    return line


def as_typed(known: InvoiceRequest | None) -> dict[str, str]:
    """Return the fields of the form as somebody would have typed this request."""
    if known is None or known.given_up_at is not None:
        return {}
    return {
        "invoice_kind": known.kind.value,
        "invoice_name": known.name,
        "invoice_tax_code": known.tax_code,
        "invoice_address": known.address,
        "invoice_email": known.email,
    }
