"""Element strings: AIs and values as people read them, `(01)…(10)…`, and as symbols carry them.

Source: GS1 General Specifications, section 7.8 (concatenation and separators).
"""

import re
from collections.abc import Iterable

from traceability.application_identifiers import (
    Element,
    check_together,
    find,
    find_at_start,
    require_bearable,
    validate,
)
from traceability.errors import TraceabilityError

__all__ = ["SEPARATOR", "build", "build_fnc1", "parse", "parse_fnc1"]

SEPARATOR = "\x1d"
"""How a scanner sends the FNC1 that ends a value of variable length."""

_BRACKET = r"\("
_OPENING = re.compile(r"(?<!\\)\(")
_SYMBOLOGY = re.compile(r"\](C1|d2|Q3|e0)")


def parse(text: str) -> tuple[Element, ...]:
    r"""Return the elements of a bracketed string, in its order, repeats left out.

    A bracket inside a value is written `\(`. `TraceabilityError` of the kinds that
    `application_identifiers.validate` and `.check_together` name.

    >>> parse("(01)09521321100015(10)LB-T12-A")
    (('01', '09521321100015'), ('10', 'LB-T12-A'))
    """
    require_bearable(text)
    before, *parts = _OPENING.split(text)
    if before or not parts:
        raise TraceabilityError("unknown_ai", "an element begins with (AI)", subject=before)
    elements = []
    for part in parts:
        ai, _, value = part.partition(")")
        elements.append((ai, value.replace(_BRACKET, "(")))
    return _checked(elements)


def build(elements: Iterable[Element]) -> str:
    r"""Return the bracketed form that people read, in the order given.

    >>> build([("01", "09521321100015"), ("10", "L(1)")])
    '(01)09521321100015(10)L\\(1)'
    """
    return "".join(f"({ai}){value.replace('(', _BRACKET)}" for ai, value in _checked(elements))


def parse_fnc1(text: str) -> tuple[Element, ...]:
    r"""Return the elements of a scanned symbol, with or without symbology identifier.

    A separator missing behind a value of variable length cannot be noticed: what follows is
    read as part of that value. Errors as for `parse`.

    >>> parse_fnc1("]d2010952132110001510LB-T12-A\x1d17271112")
    (('01', '09521321100015'), ('10', 'LB-T12-A'), ('17', '271112'))
    """
    require_bearable(text)
    rest = _SYMBOLOGY.sub("", text, count=1) if text.startswith("]") else text
    rest = rest.removeprefix(SEPARATOR)
    if not rest:
        raise TraceabilityError("empty_value", "the symbol holds nothing")
    elements = []
    while rest:
        known = find_at_start(rest)
        rest = rest[len(known.ai) :]
        end = rest.find(SEPARATOR) if SEPARATOR in rest else len(rest)
        if known.has_predefined_length:
            end = min(end, known.longest)
        elements.append((known.ai, rest[:end]))
        rest = rest[end:].removeprefix(SEPARATOR)
    return _checked(elements)


def build_fnc1(elements: Iterable[Element]) -> str:
    r"""Return what a symbol carries behind its first FNC1, in the order given.

    Values of predefined length put first save separators.

    >>> build_fnc1([("10", "L1"), ("01", "09521321100015")])
    '10L1\x1d0109521321100015'
    """
    checked = _checked(elements)
    ends = ("" if find(ai).has_predefined_length else SEPARATOR for ai, _ in checked)
    parts = (f"{ai}{value}{end}" for (ai, value), end in zip(checked, ends, strict=True))
    return "".join(parts).removesuffix(SEPARATOR)


def _checked(elements: Iterable[Element]) -> tuple[Element, ...]:
    given = tuple(elements)
    for ai, value in given:
        validate(ai, value)
    return check_together(given)
