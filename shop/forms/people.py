"""Signing in and changing a password, as typed."""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.phones import read_phone
from shop.forms.values import ValueRefused

MINE, SHARED = "mine", "shared"
"""Whose machine somebody signs in on (R15); who does not say is signed out soon, as if shared."""

LEAST = 6
LONGEST = 200


@dataclass(frozen=True, slots=True)
class SignInAsked:
    """Who wants in, with which secret, and on whose machine."""

    phone: str
    password: str = field(repr=False)
    is_shared_computer: bool = True


def read_sign_in(fields: Fields) -> SignInAsked | None:
    """Return what was asked for, or `None` with the faults noted in `fields`."""
    phone = fields.read("phone", read_phone)
    password = fields.typed("password")[:LONGEST]
    if not password:
        fields.refuse("password", str(_l("Chưa ghi mật khẩu hoặc mã PIN.")))
    if fields.faults or phone is None:
        return None
    return SignInAsked(phone, password, fields.typed("machine") != MINE)


@dataclass(frozen=True, slots=True)
class CardSignInAsked:
    """Who has scanned a card wants in, with its PIN, and on whose machine."""

    pin: str = field(repr=False)
    is_shared_computer: bool = True


def read_card_sign_in(fields: Fields) -> CardSignInAsked | None:
    """Return what was asked for, or `None` with the faults noted in `fields`."""
    pin = "".join(fields.typed("pin")[:LONGEST].split())
    if not pin:
        fields.refuse("pin", str(_l("Chưa ghi mã PIN của thẻ, 6 số.")))
        return None
    return CardSignInAsked(pin, fields.typed("machine") != MINE)


def read_new_password(fields: Fields) -> str | None:
    """Return the new password, or `None` with the faults noted in `fields`."""
    fresh = fields.read("fresh", read_password, instead=_SENTENCES)
    if fresh is not None and fields.typed("again") != fresh:
        fields.refuse("again", str(_l("Hai lần ghi chưa giống nhau. Xin ghi lại.")))
    return None if fields.faults else fresh


_SENTENCES = {
    "password_too_short": _l("Mật khẩu mới ngắn quá. Ví dụ ba bốn từ dễ nhớ, hoặc mã PIN 6 số."),
    "password_too_long": _l("Mật khẩu dài quá. Xin bớt lại."),
}


def read_password(text: str) -> str:
    """Return a new password; `ValueRefused`: `password_too_short`, `password_too_long`."""
    if len(text) < LEAST:
        raise ValueRefused("password_too_short")
    if len(text) > LONGEST:
        raise ValueRefused("password_too_long")
    return text
