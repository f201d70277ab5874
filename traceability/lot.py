"""Lot codes: making them, checking them, and understanding what people type.

A new lot is `PREFIX-YYMMDD-NN` and a check character: ISO 7064, MOD 37,36, over its letters and
digits. It catches every wrong character and nearly every swap. Lots made elsewhere have none and
are taken as they are. Source of the form: GS1 General Specifications, section 3.4.1 (AI 10, at
most 20 characters), narrowed to `[0-9A-Z-]` so that a lot can be typed, spoken and put in a link.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from traceability.errors import TraceabilityError

__all__ = ["LONGEST_LOT", "check_character", "generate", "near", "normalise", "verify"]

LONGEST_LOT = 20

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOT = re.compile("[0-9A-Z]+(-[0-9A-Z]+)*")
_LONGEST_TYPED = 200
_LOOK_ALIKE = frozenset(
    frozenset(pair)
    for pair in "0O 0D 0Q OQ OD 1I 1L IL 17 2Z 5S 6G 8B UV".split()  # noqa: SIM905
)


def check_character(text: str) -> str:
    """Return the character that completes `text`; all but its letters A-Z and digits is skipped.

    Source: ISO/IEC 7064, hybrid system MOD 37,36.

    >>> check_character("A12425GABC1234002")
    'M'
    """
    product = 36
    for character in text:
        value = _ALPHABET.find(character)
        if value >= 0:
            product = ((product + value) % 36 or 36) * 2 % 37
    return _ALPHABET[(37 - product) % 36]


def generate(prefix: str, packed_on: date, number: int) -> str:
    """Return the lot of the `number`th batch that is packed on `packed_on`, counted from 1.

    `prefix` names the product in at most 9 letters, digits and single hyphens.
    `TraceabilityError` of kind `bad_charset`, `too_long` or `bad_length` (a number under 1).

    >>> generate("CHE", date(2026, 11, 12), 1)
    'CHE-261112-01T'
    """
    if not _LOT.fullmatch(prefix):
        raise TraceabilityError("bad_charset", "a prefix is made of 0-9, A-Z, -", subject=prefix)
    if number < 1:
        raise TraceabilityError("bad_length", "batches of a day are counted from 1")
    lot = f"{prefix}-{packed_on:%y%m%d}-{number:02}"
    if len(lot) >= LONGEST_LOT:
        raise TraceabilityError("too_long", "a lot has at most 20 characters", subject=lot)
    return lot + check_character(lot)


def verify(lot: str) -> bool:
    """Say whether `lot` ends in its right check character; a lot made elsewhere seldom does.

    >>> verify("CHE-261112-01T"), verify("CHE-261113-01T"), verify("LB-T12-A")
    (True, False, False)
    """
    return bool(_LOT.fullmatch(lot)) and len(lot) > 1 and check_character(lot[:-1]) == lot[-1]


def normalise(text: str) -> str:
    """Return what people typed as a lot can be written: `[0-9A-Z-]`, at most 20 characters.

    Accents go, blanks and punctuation become one hyphen, invisible characters vanish. Whoever
    stores the result shows it first. `TraceabilityError` of kind `empty_value`, `too_long` or
    `bad_charset` (a letter or sign that no Latin letter or digit stands for).

    >>> normalise("Lô chè 15/10")
    'LO-CHE-15-10'
    """
    if len(text) > _LONGEST_TYPED:
        raise TraceabilityError("too_long", "a lot has at most 20 characters", subject=text)
    folded = unicodedata.normalize("NFKD", text).replace("đ", "d").replace("Đ", "D")
    lot = re.sub("-+", "-", "".join(map(_typed, folded))).strip("-").upper()
    if not lot:
        raise TraceabilityError("empty_value", "no letter or digit is left", subject=text)
    if not _LOT.fullmatch(lot):
        raise TraceabilityError("bad_charset", "a lot is made of 0-9, A-Z, -", subject=text)
    if len(lot) > LONGEST_LOT:
        raise TraceabilityError("too_long", "a lot has at most 20 characters", subject=lot)
    return lot


def near(lot: str, candidates: Iterable[str]) -> list[str]:
    """Return the candidates one slip away from `lot`, most likely first; `lot` itself is none.

    A slip is, in this order: other hyphens or small letters, a look-alike (0 and O), two
    neighbours swapped, a character left out or too many, a wrong character. Where slips are
    alike, a candidate whose check character is right comes first, then the order given holds.

    >>> near("CHE-261121-01T", ["GAO-261112-01X", "CHE-261112-01T"])
    ['CHE-261112-01T']
    """
    found = []
    for candidate in candidates:
        slip = _slip(lot.upper(), candidate.upper())
        if slip is not None and candidate != lot:
            found.append(((slip, not verify(candidate)), candidate))
    return [candidate for _, candidate in sorted(found, key=lambda ranked: ranked[0])]


def _typed(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return ""
    return "-" if category[0] in "PZ" or character.isspace() else character


def _slip(one: str, other: str) -> int | None:
    if one.replace("-", "") == other.replace("-", ""):
        return 0
    if abs(len(one) - len(other)) > 1:
        return None
    start = _same_start(one, other)
    one, other = one[start:], other[start:]
    end = _same_start(one[::-1], other[::-1])
    one, other = one[: len(one) - end], other[: len(other) - end]
    if len(one) == len(other) == 1:
        return 1 if frozenset((one, other)) in _LOOK_ALIKE else 4
    if len(one) == 2 and one == other[::-1]:
        return 2
    return 3 if len(one) + len(other) == 1 else None


def _same_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
