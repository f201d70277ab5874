"""GS1 keys made of digits: the GTIN on a pack, and the check digit that all such keys share.

Source: GS1 General Specifications, section 7.9.1 (check digit) and 3.3.2 (GTIN in 14 digits).
"""

import re

from traceability.errors import TraceabilityError, excerpt

__all__ = [
    "KEY_LENGTHS",
    "check_digit",
    "is_internal",
    "is_valid",
    "require_check_digit",
    "validate",
    "validate_key",
]

KEY_LENGTHS = {
    "gtin8": 8,
    "gtin12": 12,
    "gtin13": 13,
    "gtin14": 14,
    "gln": 13,
    "gdti": 13,
    "grai": 14,
    "sscc": 18,
    "gsrn": 18,
}
"""The numeric keys that end in a check digit (GRAI and GDTI without serial), and their length."""

_DIGITS = re.compile("[0-9]+")  # str.isdigit() also takes the digits of other scripts
_TYPED_BETWEEN = re.compile(r"[\s-]+")
_GTIN_LENGTHS = (8, 12, 13, 14)


def check_digit(payload: str) -> str:
    """Return the mod-10 digit that completes `payload`, which may have any length.

    `TraceabilityError` of kind `empty_value` or `non_digit` if it is not made of ASCII digits.

    >>> check_digit("952132110001")
    '5'
    """
    _require_digits(payload)
    odd, even = payload[::-2], payload[-2::-2]
    total = 3 * sum(map(int, odd)) + sum(map(int, even))
    return str(-total % 10)


def validate(number: str) -> str:
    """Return `number` as a GTIN-14: what people type or scan, of 8, 12, 13 or 14 digits.

    Blanks and hyphens between the digits are dropped. `TraceabilityError` of kind `empty_value`
    (nothing, or only zeros), `non_digit`, `bad_length` or `bad_check_digit`.

    >>> validate("9 521321 100015")
    '09521321100015'
    """
    digits = _TYPED_BETWEEN.sub("", number)
    _require_digits(digits)
    if len(digits) not in _GTIN_LENGTHS:
        raise TraceabilityError(
            "bad_length", f"a GTIN has 8, 12, 13 or 14 digits, not {len(digits)}", subject=number
        )
    require_check_digit(digits)
    return digits.zfill(14)


def is_valid(number: str) -> bool:
    """Say whether `validate` would accept `number`.

    >>> is_valid("9521321100015"), is_valid("9521321100016")
    (True, False)
    """
    try:
        validate(number)
    except TraceabilityError:
        return False
    return True


def validate_key(number: str, key: str) -> str:
    """Return `number` unchanged if it is a whole key of the kind `key` in `KEY_LENGTHS`.

    Nothing is trimmed. `TraceabilityError` of kind `unknown_key`, `bad_leading_digit` (a GRAI
    begins with 0), or as for `validate`.

    >>> validate_key("9521321000018", "gln")
    '9521321000018'
    """
    length = KEY_LENGTHS.get(key)
    if length is None:
        raise TraceabilityError("unknown_key", f"no such key: {excerpt(key)}", subject=key)
    _require_digits(number)
    if len(number) != length:
        raise TraceabilityError(
            "bad_length", f"{key} has {length} digits, not {len(number)}", subject=number
        )
    if key == "grai" and not number.startswith("0"):
        raise TraceabilityError("bad_leading_digit", "a GRAI begins with 0", subject=number)
    require_check_digit(number)
    return number


def is_internal(number: str) -> bool:
    """Say whether a valid GTIN is of restricted circulation: unique inside one company only.

    Such a number means nothing on another host and is never sent to a marketplace.
    Source: GS1 General Specifications, section 1.4 (prefixes 02, 04 and 20 to 29; in GTIN-8
    those beginning with 0 or 2).

    >>> is_internal("2000000000015"), is_internal("9521321100015")
    (True, False)
    """
    gtin14 = validate(number)
    if gtin14.startswith("000000"):
        return gtin14[6] in "02"
    return gtin14[1:3] in {"02", "04"} or gtin14[1] == "2"


def require_check_digit(number: str) -> None:
    """Refuse a `number` whose last digit does not fit the others, or that is all zeros.

    `TraceabilityError` of kind `non_digit`, `bad_check_digit` or `empty_value`.
    """
    _require_digits(number)
    expected = check_digit(number[:-1]) if len(number) > 1 else "0"
    if number[-1] != expected:
        raise TraceabilityError(
            "bad_check_digit",
            f"{excerpt(number)} should end in {expected}",
            subject=number,
        )
    if not number.strip("0"):
        raise TraceabilityError("empty_value", "a number of zeros names nothing", subject=number)


def _require_digits(number: str) -> None:
    if not number:
        raise TraceabilityError("empty_value", "the number is empty")
    if not _DIGITS.fullmatch(number):
        raise TraceabilityError(
            "non_digit", f"only the digits 0 to 9 are allowed: {excerpt(number)}", subject=number
        )
