"""PINs of six digits: made so that nobody guesses them, refused when somebody would."""

import re
import secrets
from collections.abc import Iterable

from shop.errors import FieldRefused

DIGITS = 6
"""Of a PIN, which is enough for who only writes down their own work (R20)."""

_RUNS = ("0123456789012345", "9876543210987654")


def is_pin(text: str) -> bool:
    """Return whether a secret is made of plain digits alone."""
    return text.isascii() and text.isdecimal()


def new_pin(*, phone: str = "", birth_years: Iterable[int] = ()) -> str:
    """Return a PIN at random that is hard to guess for whoever knows the person."""
    years = tuple(birth_years)
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if why_easy(pin, phone=phone, birth_years=years) == "":
            return pin


def require_hard(pin: str, *, phone: str = "", birth_years: Iterable[int] = ()) -> None:
    """Raise `FieldRefused` for digits that a stranger or a neighbour tries first."""
    if why := why_easy(pin, phone=phone, birth_years=birth_years):
        raise FieldRefused("password", why)


def why_easy(pin: str, *, phone: str = "", birth_years: Iterable[int] = ()) -> str:
    """Return the sentence code of why these digits are easy to guess; nothing when they are not.

    Easy are: at most two different digits, a run such as 123456 or 876543, a part said again
    (`123123`, `112233`), six digits in a row of the own phone number or its beginning with its
    end, and the year of birth.

    >>> [why_easy(pin) for pin in ("000000", "345678", "112233", "250196")]
    ['pin_easy', 'pin_easy', 'pin_easy', '']
    >>> why_easy("540007", phone="+84540000007"), why_easy("054007", phone="+84540000007")
    ('pin_is_phone', 'pin_is_phone')
    >>> why_easy("345678", phone="+84912345678"), why_easy("195719", birth_years=[1957])
    ('pin_easy', 'pin_is_birth_year')
    """
    if _is_pattern(pin):
        return "pin_easy"
    national = "0" + phone.removeprefix("+84").removeprefix("0")
    if phone and any(_is_of_number(part, national) for part in (pin, pin[::-1])):
        return "pin_is_phone"
    if any(str(year) in pin or pin in str(year) * 2 for year in birth_years):
        return "pin_is_birth_year"
    return ""


def _is_of_number(pin: str, national: str) -> bool:
    """Return whether digits are a part of a number, or its first ones with its last ones."""
    ends = (
        number[:at] + number[at - len(pin) :]
        for number in (national, national[1:])
        for at in range(1, len(pin))
    )
    return pin in national or pin in ends


def _is_pattern(pin: str) -> bool:
    if len(set(pin)) <= 2 or any(pin in run for run in _RUNS):
        return True
    is_said_again = re.fullmatch(r"(\d{2,})\1+", pin) is not None
    is_in_pairs = re.fullmatch(r"(?:(\d)\1)+", pin) is not None
    return is_said_again or is_in_pairs
