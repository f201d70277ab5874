"""The checkout as a buyer typed it."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.phones import read_phone
from shop.forms.text import read_line, read_name, read_text
from shop.forms.values import ValueRefused

ELSEWHERE = "khac"
"""What is chosen instead of a proposed commune: none of these, keep what I typed."""

NAMES = {
    "name": _l("họ và tên"),
    "phone": _l("số điện thoại"),
    "email": _l("thư điện tử"),
    "commune": _l("xã, phường"),
    "commune_code": _l("xã, phường"),
    "province_code": _l("tỉnh, thành phố"),
    "street": _l("số nhà, đường hoặc thôn, xóm"),
    "delivery_method": _l("cách giao"),
    "payment_way": _l("cách trả tiền"),
    "note": _l("lời dặn"),
    "voucher": _l("mã giảm giá"),
}
"""What the summary of faults calls each field."""

WORDS = ("name", "phone", "email", "street", "note")
"""The fields about the buyer that are typed."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who orders and what they ask for; `None` where the field was refused."""

    name: str | None
    phone: str | None
    email: str | None
    street: str | None
    commune: str | None
    written_commune: str
    """The old name that was typed before today's was taken from the list; usually empty."""
    note: str | None
    keeps_phone: bool


PERSON = {
    "name_empty": _l("Chưa ghi họ và tên. Ví dụ Nguyễn Thị Hoa"),
    "name_too_short": _l("“%(typed)s” mới có một chữ cái. Ghi đủ họ và tên, ví dụ Nguyễn Thị Hoa"),
    "name_has_markup": _l("Họ tên có mã lạ. Xin chỉ ghi chữ, ví dụ Nguyễn Thị Hoa"),
}
"""What is wrong with the name of a person, in words about people and not about goods."""


def read_buyer(fields: Fields, *, needs_address: bool) -> Buyer:
    """Return the buyer in `fields`; faults stay beside their fields.

    Who fetches the goods need not say where they live.
    """
    return Buyer(
        name=fields.read(
            "name",
            read_name,
            longest=80,
            instead=PERSON,
        ),
        phone=fields.read("phone", read_phone),
        email=fields.read(
            "email",
            read_email,
            instead={
                "email_unreadable": _l("Địa chỉ thư chưa đúng. Ví dụ hoa@gmail.com, hoặc để trống")
            },
        ),
        street=fields.read(
            "street",
            read_line,
            longest=160,
            required=needs_address,
            instead={
                "text_empty": _l(
                    "Chưa ghi số nhà, đường hoặc thôn, xóm. Ví dụ 12 ngõ Văn Hương, xóm La Bằng"
                )
            },
        ),
        commune=fields.read(
            "commune",
            read_line,
            longest=120,
            required=needs_address,
            instead={"text_empty": _l("Chưa ghi xã, phường. Ví dụ La Bằng, Thái Nguyên")},
        ),
        written_commune=_old_name(fields.typed("written_commune")),
        note=fields.read("note", read_text, longest=500),
        keeps_phone=bool(fields.typed("keeps_phone")),
    )


def _old_name(text: str) -> str:
    """Return what a script of ours kept of the field; nobody can mend what is not to be seen."""
    try:
        return read_line(text, longest=120, required=False)
    except ValueRefused:
        return ""


def read_email(text: str) -> str:
    """Return the e-mail address in `text`, empty if nothing was typed.

    Raises `ValueRefused`: `email_unreadable`, and what `read_line` refuses.
    """
    line = read_line(text, longest=120, required=False)
    if line and not _EMAIL.fullmatch(line):
        raise ValueRefused("email_unreadable")
    return line
