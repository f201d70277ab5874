"""The pages a shop must have, and who runs the site, as typed in the office."""

from datetime import date

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.checkout import read_email
from shop.forms.legal_drafts import LegalDraft, OwnerDraft
from shop.forms.phones import national, read_phone
from shop.forms.sellers import read_registered_on, read_tax_code
from shop.forms.text import read_line, read_name, read_text
from shop.models.legal import LegalPage, SiteOwner

LONGEST = 20_000

TEXT_NAMES = {"vi": _l("tiếng Việt"), "en": _l("tiếng Anh")}
OWNER_NAMES = {
    "name": _l("tên"),
    "address": _l("địa chỉ"),
    "phone": _l("số điện thoại"),
    "email": _l("thư điện tử"),
    "tax_code": _l("mã số thuế"),
    "registration_no": _l("số đăng ký"),
    "registered_on": _l("ngày đăng ký"),
    "registered_by": _l("nơi cấp đăng ký"),
    "responsible": _l("người chịu trách nhiệm"),
}
"""What the summaries of faults call each field."""


def read_text_of(fields: Fields, page: LegalPage) -> LegalDraft | None:
    """Return a page as it was written, or `None` with the faults noted beside their fields."""
    vi = fields.read(
        "vi",
        read_text,
        longest=LONGEST,
        required=True,
        instead={"text_empty": _l("Trang này phải có chữ. Muốn bắt đầu lại thì lấy bản cũ.")},
    )
    en = fields.read("en", read_text, longest=LONGEST)
    over = fields.typed("over")
    if fields.faults or vi is None:
        return None
    is_number = over.isascii() and over.isdigit() and len(over) < 7
    return LegalDraft(page, vi, en or "", int(over) if is_number else 0)


def read_owner(fields: Fields, *, today: date) -> OwnerDraft | None:
    """Return who runs the site, or `None` with the faults noted beside their fields."""
    values: dict[str, object] = {
        "name": fields.read("name", read_name, longest=160),
        "address": fields.read("address", read_line, longest=200),
        "phone": fields.read("phone", read_phone),
        "email": fields.read("email", read_email),
        "tax_code": read_tax_code(fields),
        "registered_on": read_registered_on(fields, today=today),
    }
    for name, longest in (("registration_no", 60), ("registered_by", 160), ("responsible", 80)):
        values[name] = fields.read(name, read_line, required=False, longest=longest)
    values["registration_no"] = values["registration_no"] or None
    return None if fields.faults else OwnerDraft(values)


def as_typed(owner: SiteOwner | None) -> dict[str, str]:
    """Return the fields of the form as somebody would have typed who runs the site."""
    if owner is None:
        return {}
    day = owner.registered_on
    return {
        "name": owner.name,
        "address": owner.address,
        "phone": national(owner.phone),
        "email": owner.email,
        "tax_code": owner.tax_code or "",
        "registration_no": owner.registration_no or "",
        "registered_on": day.strftime("%d/%m/%Y") if day else "",
        "registered_by": owner.registered_by,
        "responsible": owner.responsible,
    }
