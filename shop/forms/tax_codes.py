"""Tax codes: ten digits, the last a check digit, three more for a branch; of a person 12."""

import re

from shop.forms.characters import plain
from shop.forms.values import ValueRefused, refuse_excel_damage

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
"""By which the first nine digits are multiplied."""

_BETWEEN = re.compile(r"[\s.\-]")
PERSONAL_DIGITS = 12


def is_checked(digits: str) -> bool:
    """Return whether the tenth digit of a tax code fits the nine before it.

    It is 10 less the rest that the weighted sum leaves when divided by 11; a code for which that
    would be 10 is never given out. (General Department of Taxation, structure of the tax code.)

    >>> is_checked("0300588569"), is_checked("0300588568")
    (True, False)
    """
    pairs = zip(WEIGHTS, digits, strict=False)
    return 10 - sum(weight * int(digit) for weight, digit in pairs) % 11 == int(digits[9])


def read_tax_code(text: str) -> str:
    """Return the tax code of a company: `0300588569`, or `0300588569-001` for a branch.

    Blanks, dots and dashes between the digits are let go. Raises `ValueRefused`:
    `tax_code_empty`, `tax_code_unreadable`, `tax_code_length`, `tax_code_wrong`.
    """
    digits = _digits(text)
    if len(digits) not in {10, 13}:
        raise ValueRefused("tax_code_length", count=len(digits))
    return _checked(digits)


def read_household_code(text: str) -> str:
    """Return the tax code of a household: that of its owner (12 digits), or one from before.

    Since 1 July 2025 a household is taxed under the personal number of who stands for it
    (Circular 86/2024/TT-BTC). Raises as `read_tax_code` does, `household_code_length` for its
    length.
    """
    digits = _digits(text)
    if len(digits) == PERSONAL_DIGITS:
        return digits
    if len(digits) not in {10, 13}:
        raise ValueRefused("household_code_length", count=len(digits))
    return _checked(digits)


def read_personal_number(text: str) -> str:
    """Return the 12 digits of a person's identity card, empty if nothing was typed.

    Raises `ValueRefused`: `tax_code_unreadable`, `personal_number_length`.
    """
    if not plain(text):
        return ""
    digits = _digits(text)
    if len(digits) != PERSONAL_DIGITS:
        raise ValueRefused("personal_number_length", count=len(digits))
    return digits


def _digits(text: str) -> str:
    found = plain(text)
    if not found:
        raise ValueRefused("tax_code_empty")
    refuse_excel_damage(found, shown=text)
    digits = _BETWEEN.sub("", found)
    if not digits.isdecimal():
        raise ValueRefused("tax_code_unreadable")
    return digits


def _checked(digits: str) -> str:
    if not is_checked(digits) or digits[10:] == "000":
        raise ValueRefused("tax_code_wrong")
    return "-".join(filter(None, (digits[:10], digits[10:])))
