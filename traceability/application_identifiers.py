"""The rules of GS1 Application Identifiers (AI): what a value may be and what stands together.

Sources: GS1 General Specifications, sections 3, 4.14 and 7.11 (character set 82), 7.12 (dates);
GS1 Digital Link, URI syntax, section 4 (keys and their qualifiers).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date

from traceability import gtin
from traceability.application_identifier_table import ApplicationIdentifier, Component, table
from traceability.errors import TraceabilityError
from traceability.iso_codes import COUNTRIES, CURRENCIES

__all__ = [
    "LONGEST_TEXT",
    "PRIMARY_KEYS",
    "ApplicationIdentifier",
    "Element",
    "check_together",
    "find",
    "find_at_start",
    "is_known",
    "read_date",
    "require_bearable",
    "validate",
]

Element = tuple[str, str]
"""An AI and its value, such as `("10", "LB-T12-A")`."""

PRIMARY_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": (),
    "01": (("22", "10", "21"), ("235",)),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "410": (),
    "411": (),
    "412": (),
    "413": (),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": (),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": (),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""AIs that may begin a Digital Link, each with the sequences of qualifiers it allows."""

LONGEST_TEXT = 8_192
"""No symbol holds more than 7,089 characters; what is longer is no code, and is not read."""

_CHARACTERS = {
    "N": re.compile("[0-9]*"),
    "X": re.compile(r"""[A-Za-z0-9!"%&'()*+,\-./:;<=>?_]*"""),
    "Y": re.compile(r"[A-Z0-9#\-/]*"),
    "Z": re.compile("[A-Za-z0-9_-]*"),
}


def find(ai: str) -> ApplicationIdentifier:
    """Return the AI, or raise `TraceabilityError` of kind `unknown_ai`.

    >>> find("10").meaning
    'lot'
    """
    known = table().get(ai)
    if known is None:
        raise TraceabilityError("unknown_ai", "no such application identifier", subject=ai)
    return known


def is_known(ai: str) -> bool:
    """Say whether there is such an AI.

    >>> is_known("10"), is_known("9999")
    (True, False)
    """
    return ai in table()


def find_at_start(text: str) -> ApplicationIdentifier:
    """Return the AI that `text` begins with, or raise `TraceabilityError` of kind `unknown_ai`.

    >>> find_at_start("3103000500").ai
    '3103'
    """
    for length in (2, 3, 4):  # no AI is the beginning of another
        known = table().get(text[:length])
        if known is not None:
            return known
    raise TraceabilityError("unknown_ai", "no application identifier here", subject=text[:4])


def validate(ai: str, value: str) -> None:
    """Refuse a `value` that `ai` cannot hold, with a `TraceabilityError`.

    Kinds: `unknown_ai`, `empty_value`, `too_short`, `too_long`, `non_digit`, `bad_charset`,
    `bad_check_digit`, `bad_leading_digit`, `bad_date`, `bad_country`, `bad_currency`, `bad_piece`.

    >>> validate("10", "LB-T12-A")
    >>> validate("17", "261131")
    Traceback (most recent call last):
        ...
    traceability.errors.TraceabilityError: no such date
    """
    components = find(ai).components
    if not value:
        raise TraceabilityError("empty_value", f"({ai}) has no value", subject=f"({ai})")
    rest = value
    for component in components:
        if component.optional and not rest:
            break
        part, rest = rest[: component.longest], rest[component.longest :]
        _validate_part(component, part, ai)
    if rest:
        raise TraceabilityError("too_long", f"({ai}) is too long", subject=value)


def check_together(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Return `elements` without repeats, or refuse a set that may not stand on one item.

    `TraceabilityError` of kind `conflicting_duplicate`, `mutually_exclusive_ai`,
    `missing_required_ai` or `unknown_ai`. Values are not looked at.

    >>> check_together([("10", "L1"), ("01", "09521321100015"), ("10", "L1")])
    (('10', 'L1'), ('01', '09521321100015'))
    """
    values: dict[str, str] = {}
    for ai, value in elements:
        if values.setdefault(ai, value) != value:
            raise TraceabilityError("conflicting_duplicate", f"({ai}) has two values", subject=ai)
    present = [find(ai) for ai in values]
    for known in present:
        for other in values:
            if other != known.ai and other.startswith(known.never_with):
                raise TraceabilityError(
                    "mutually_exclusive_ai",
                    f"({known.ai}) and ({other}) exclude each other",
                    subject=f"({known.ai}) ({other})",
                )
    for known in present:
        for group in known.needs:
            if not any(other.startswith(group) for other in values):
                raise TraceabilityError(
                    "missing_required_ai",
                    f"({known.ai}) needs one of {', '.join(group)}",
                    subject=f"({known.ai})",
                )
    return tuple(values.items())


def read_date(yymmdd: str, *, reference_year: int) -> date:
    """Return the date that six digits mean in `reference_year`; day 00 is the month's last.

    The century is the one that brings the year within 49 years before and 50 years after the
    reference. Source: GS1 General Specifications, section 7.12. `TraceabilityError` of kind
    `non_digit`, `bad_length` or `bad_date`.

    >>> read_date("280200", reference_year=2026)
    datetime.date(2028, 2, 29)
    """
    if not _CHARACTERS["N"].fullmatch(yymmdd):
        raise TraceabilityError("non_digit", "a date is made of digits", subject=yymmdd)
    if len(yymmdd) != 6:
        raise TraceabilityError("bad_length", "a date has six digits", subject=yymmdd)
    two_digits, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:])
    distance = two_digits - reference_year % 100
    century = reference_year // 100 - (distance >= 51) + (distance <= -50)
    year = century * 100 + two_digits
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except (ValueError, OverflowError) as error:
        raise TraceabilityError("bad_date", "no such date", subject=yymmdd) from error


def require_bearable(text: str) -> None:
    """Refuse a text that no symbol could hold: `TraceabilityError` of kind `too_long`."""
    if len(text) > LONGEST_TEXT:
        raise TraceabilityError("too_long", f"{len(text)} characters are no code", subject=text)


def _validate_part(component: Component, part: str, ai: str) -> None:
    if len(part) < component.shortest:
        raise TraceabilityError("too_short", f"({ai}) is too short", subject=part)
    if not _CHARACTERS[component.characters].fullmatch(part):
        kind = "non_digit" if component.characters == "N" else "bad_charset"
        raise TraceabilityError(kind, f"({ai}) has a character it cannot hold", subject=part)
    if component.contents:
        _CONTENTS[component.contents](part)


def _date(part: str) -> None:
    if part.endswith("00"):
        raise TraceabilityError("bad_date", "the day must be given", subject=part)
    _month_or_date(part)


def _month_or_date(part: str) -> None:
    read_date(part, reference_year=2000 + int(part[:2]))


def _require(kind: str, allowed: Callable[[str], bool]) -> Callable[[str], None]:
    def check(part: str) -> None:
        if not allowed(part):
            raise TraceabilityError(kind, f"{kind.replace('_', ' ')}: {part}", subject=part)

    return check


def _is_piece_of_total(part: str) -> bool:
    return "00" < part[:2] <= part[2:]


_CONTENTS: dict[str, Callable[[str], None]] = {
    "country": _require("bad_country", COUNTRIES.__contains__),
    "country_or_999": _require("bad_country", (COUNTRIES | {"999"}).__contains__),
    "currency": _require("bad_currency", CURRENCIES.__contains__),
    "date": _date,
    "hour": _require("bad_date", lambda part: part < "24"),
    "key": gtin.require_check_digit,
    "minute": _require("bad_date", lambda part: part < "60"),
    "month_or_date": _month_or_date,
    "piece": _require("bad_piece", _is_piece_of_total),
    "prefix": _require("non_digit", lambda part: bool(re.match("[0-9]{4}", part))),
    "time": _require("bad_date", lambda part: part[:2] < "24" and part[2:] < "60"),
    "zero": _require("bad_leading_digit", lambda part: part == "0"),
}
