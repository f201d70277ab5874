"""The seller as its office types it: what is decided once, and what the public reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.checkout import read_email
from shop.forms.dates import read_date
from shop.forms.money import read_amount
from shop.forms.phones import national, read_phone
from shop.forms.seller_drafts import ContactDraft, DeliveryDraft, SellerDraft
from shop.forms.text import read_line, read_name, read_text
from shop.models.catalog import Seller, SellerKind, SellerMode
from shop.models.orders import DeliveryKind
from shop.search.folding import slug as slug_of

KINDS = {
    SellerKind.COOPERATIVE.value: _l("Hợp tác xã, tổ hợp tác"),
    SellerKind.MARKET_POINT.value: _l("Điểm chợ"),
    SellerKind.HOUSEHOLD.value: _l("Hộ kinh doanh"),
}
MODES = {
    SellerMode.LIVE.value: (_l("Bán thật"), _l("Đơn thật, tiền thật. Không đổi lại được.")),
    SellerMode.TRAINING.value: (
        _l("Tập huấn"),
        _l("Để tập: mã đơn bắt đầu bằng TT, mọi trang ghi rõ là đang tập."),
    ),
}
"""Name and consequence of each mode."""

NAMES = {
    "kind": _l("loại nơi bán"),
    "mode": _l("bán thật hay tập huấn"),
    "name": _l("tên đầy đủ"),
    "short_name": _l("tên ngắn"),
    "phone": _l("số điện thoại"),
    "email": _l("thư điện tử"),
    "hamlet": _l("thôn, xóm, số nhà"),
    "commune": _l("xã, phường"),
    "commune_code": _l("xã, phường"),
    "old_address": _l("địa chỉ cũ"),
    "tax_code": _l("mã số thuế"),
    "registration_no": _l("số đăng ký"),
    "registered_on": _l("ngày đăng ký"),
    "registered_by": _l("nơi cấp đăng ký"),
    "responsible": _l("người chịu trách nhiệm"),
    "about": _l("giới thiệu"),
    "about_en": _l("giới thiệu tiếng Anh"),
    "slug": _l("địa chỉ trang"),
    "lot_prefix": _l("chữ đầu mã lô"),
    "order_prefix": _l("chữ đầu mã đơn"),
    "parcel_fee": _l("phí gửi bưu kiện"),
}
"""What the summary of faults calls each field."""

_TAX_CODE = re.compile(r"\d{10}(-?\d{3})?|\d{12}", re.ASCII)
FETCHED, SENT = "Tự đến lấy", "Gửi bưu kiện"
"""What the first ways of delivery are called; buyers read the names as they stand."""

PARCEL_DAYS = 4
_FIRST_REGISTERED = date(1945, 9, 2)
HIGHEST_FEE_VND = 2_000_000

_SHORTEST_SLUG, _LONGEST_SLUG = 3, 40


@dataclass(frozen=True, slots=True)
class Where:
    """A commune of today and its province."""

    commune: str
    commune_code: str
    province: str
    province_code: str


def read_contact(fields: Fields, where: Where | None, *, today: date) -> ContactDraft | None:
    """Return what the public is to read, or `None` with the faults noted beside their fields."""
    name = fields.read("name", read_name, longest=160)
    short_name = fields.read("short_name", read_name, longest=40)
    phone = fields.read("phone", read_phone)
    texts = {
        "email": fields.read("email", read_email),
        "hamlet": fields.read("hamlet", read_line, required=False, longest=120),
        "old_address": fields.read("old_address", read_line, required=False, longest=200),
        "about": fields.read("about", read_text, longest=2000),
        "about_en": fields.read("about_en", read_text, longest=2000),
    }
    registration_no = fields.read("registration_no", read_line, required=False, longest=60)
    tax_code = read_tax_code(fields)
    registered_by = fields.read("registered_by", read_line, required=False, longest=160)
    responsible = fields.read("responsible", read_line, required=False, longest=80)
    registered_on = read_registered_on(fields, today=today)
    if fields.faults or name is None or short_name is None or phone is None or where is None:
        return None
    return ContactDraft(
        name=name,
        short_name=short_name,
        phone=phone,
        commune=where.commune,
        commune_code=where.commune_code,
        province=where.province,
        province_code=where.province_code,
        tax_code=tax_code,
        registration_no=registration_no or None,
        registered_on=registered_on,
        registered_by=registered_by or "",
        responsible=responsible or "",
        **{name: text or "" for name, text in texts.items()},
    )


def read_seller(fields: Fields, where: Where | None, *, today: date) -> SellerDraft | None:
    """Return the seller to be opened, or `None` with the faults noted beside their fields."""
    kind = _choice(fields, "kind", KINDS, _("Chọn loại nơi bán."))
    mode = _choice(fields, "mode", MODES, _("Chọn bán thật hay tập huấn."))
    contact = read_contact(fields, where, today=today)
    slug = _read_slug(fields)
    lot_prefix = _read_letters(
        fields,
        "lot_prefix",
        "[A-Z][A-Z0-9]{1,5}",
        _("Từ 2 đến 6 chữ không dấu hoặc số, bắt đầu bằng chữ. Ví dụ LBT"),
    )
    order_prefix = _read_letters(
        fields, "order_prefix", "[A-Z]{2}", _("Đúng hai chữ cái không dấu. Ví dụ LB")
    )
    deliveries = _read_deliveries(fields)
    if contact is None or fields.faults:
        return None
    return SellerDraft(
        kind=SellerKind(kind),
        mode=SellerMode(mode),
        slug=slug,
        lot_prefix=lot_prefix,
        order_prefix=order_prefix,
        contact=contact,
        deliveries=deliveries,
    )


def as_typed(seller: Seller) -> dict[str, str]:
    """Return the fields of the contact form as somebody would have typed this seller."""
    return {
        "name": seller.name,
        "short_name": seller.short_name,
        "phone": national(seller.phone),
        "email": seller.email,
        "hamlet": seller.hamlet,
        "commune": f"{seller.commune}, {seller.province}",
        "old_address": seller.old_address,
        "tax_code": seller.tax_code or "",
        "registration_no": seller.registration_no or "",
        "registered_on": seller.registered_on.strftime("%d/%m/%Y") if seller.registered_on else "",
        "registered_by": seller.registered_by,
        "responsible": seller.responsible,
        "about": seller.about,
        "about_en": seller.about_en,
    }


def where_of(seller: Seller) -> Where:
    """Return the commune a seller is in."""
    return Where(seller.commune, seller.commune_code, seller.province, seller.province_code)


def _choice(fields: Fields, name: str, known: Mapping[str, object], sentence: str) -> str:
    typed = fields.typed(name)
    if typed not in known:
        fields.refuse(name, sentence)
    return typed


def read_tax_code(fields: Fields) -> str | None:
    """Return a tax code: 10 digits, 13 with a branch, or the 12 of a person's number."""
    typed = fields.typed("tax_code").replace(" ", "").replace(".", "")
    if typed and not _TAX_CODE.fullmatch(typed):
        fields.refuse("tax_code", _("Mã số thuế có 10, 12 hoặc 13 chữ số. Ví dụ 4600123456"))
    return typed or None


def read_registered_on(fields: Fields, *, today: date) -> date | None:
    """Return the day of a registration; left empty, it is nobody's to guess."""
    if not fields.typed("registered_on").strip():
        return None
    return fields.read(
        "registered_on", read_date, today=today, earliest=_FIRST_REGISTERED, latest=today
    )


def _read_slug(fields: Fields) -> str:
    """Return the end of the seller's address; left empty, it is made of the short name."""
    slug = slug_of(fields.typed("slug").strip() or fields.typed("short_name"))
    if not _SHORTEST_SLUG <= len(slug) <= _LONGEST_SLUG:
        fields.refuse("slug", _("Từ 3 đến 40 chữ không dấu, số và gạch nối. Ví dụ htx-la-bang"))
    return slug


def _read_letters(fields: Fields, name: str, form: str, sentence: str) -> str:
    typed = fields.typed(name).strip().upper()
    if not re.fullmatch(form, typed, re.ASCII):
        fields.refuse(name, sentence)
    return typed


def _read_deliveries(fields: Fields) -> list[DeliveryDraft]:
    """Return the two plain ways to begin with: fetching, and parcels where a fee is said."""
    found = []
    if fields.typed("pickup"):
        found.append(DeliveryDraft(DeliveryKind.PICKUP, FETCHED, 0, 0, is_chilled=True))
    if fields.typed("parcel_fee").strip():
        fee_vnd = fields.read("parcel_fee", read_amount, minimum=0, maximum=HIGHEST_FEE_VND)
        found.append(DeliveryDraft(DeliveryKind.PARCEL, SENT, fee_vnd or 0, PARCEL_DAYS))
    return found
