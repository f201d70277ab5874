"""A buyer's account as typed: opening it, signing in, saying what may be kept."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.checkout import PERSON, read_email
from shop.forms.people import LONGEST, MINE, read_password
from shop.forms.phones import read_phone
from shop.forms.text import read_name
from shop.models.buyers import Purpose

NAMES = {
    "phone": _l("số điện thoại"),
    "name": _l("họ và tên"),
    "fresh": _l("mật khẩu"),
    "password": _l("mật khẩu"),
    "code": _l("mã"),
    "email": _l("địa chỉ thư"),
}

_FIGURES = re.compile(r"[0-9]{6}")

_PASSWORD = {
    "password_too_short": _l("Mật khẩu ngắn quá. Ví dụ ba bốn từ dễ nhớ, hoặc 6 số khó đoán."),
    "password_too_long": _l("Mật khẩu dài quá. Xin bớt lại."),
}


@dataclass(frozen=True, slots=True)
class Opening:
    """Who wants an account, and what they let us keep; `phone` is E.164."""

    phone: str
    name: str
    password: str = field(repr=False)
    purposes: Iterable[Purpose]
    is_shared_computer: bool


def read_opening(fields: Fields) -> Opening | None:
    """Return what was asked for, or `None` with the faults noted in `fields`."""
    phone = fields.read("phone", read_phone)
    name = fields.read(
        "name",
        read_name,
        longest=80,
        instead=PERSON,
    )
    password = read_fresh(fields)
    if phone is None or name is None or password is None or fields.faults:
        return None
    return Opening(
        phone=phone,
        name=name,
        password=password,
        purposes=read_purposes(fields),
        is_shared_computer=fields.typed("machine") != MINE,
    )


def read_fresh(fields: Fields) -> str | None:
    """Return a new password, or `None` with the fault noted."""
    return fields.read("fresh", read_password, instead=_PASSWORD)


def read_purposes(fields: Fields) -> list[Purpose]:
    """Return what somebody ticked; nothing is ticked beforehand."""
    return [purpose for purpose in Purpose if fields.typed(f"keep_{purpose.value}")]


def read_secret(fields: Fields, name: str = "password") -> str:
    """Return the password that was typed, with the fault noted where there is none."""
    password = fields.typed(name)[:LONGEST]
    if not password:
        fields.refuse(name, str(_l("Chưa ghi mật khẩu.")))
    return password


def read_address(fields: Fields) -> str | None:
    """Return an e-mail address in small letters, or `None` with the fault noted."""
    email = fields.read("email", read_email)
    if email == "" and not fields.faults:
        fields.refuse("email", str(_l("Chưa ghi địa chỉ thư. Ví dụ hoa@gmail.com")))
    if email and not email.isascii():
        fields.refuse("email", str(_l("Địa chỉ thư chỉ có chữ không dấu. Ví dụ hoa@gmail.com")))
    return email.lower() if email and not fields.faults else None


def read_figures(fields: Fields, name: str = "code") -> str:
    """Return the six figures of a code, with the fault noted where they are not six.

    Blanks, dashes and full-width figures are taken as people and keyboards give them.
    """
    typed = unicodedata.normalize("NFKC", fields.typed(name)[:LONGEST])
    figures = "".join(sign for sign in typed if not sign.isspace() and sign not in "-.·")
    if not _FIGURES.fullmatch(figures):
        fields.refuse(name, str(_l("Mã có 6 số. Xem trong thư mới nhất.")))
    return figures


@dataclass(frozen=True, slots=True)
class Entering:
    """Who comes in with a code, and the password they want from now on, if any."""

    phone: str
    figures: str = field(repr=False)
    fresh: str | None = field(repr=False)
    is_shared_computer: bool


def read_entering(fields: Fields) -> Entering | None:
    """Return what was asked for, or `None` with the faults noted in `fields`."""
    phone = fields.read("phone", read_phone)
    figures = read_figures(fields)
    fresh = read_fresh(fields) if fields.typed("fresh") else None
    if phone is None or fields.faults:
        return None
    return Entering(phone, figures, fresh, fields.typed("machine") != MINE)
