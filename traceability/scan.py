"""Finding out what a scanned or pasted text is: link, element string, URN or bare number."""

import re
from dataclasses import dataclass

from traceability import element_string, gtin
from traceability.application_identifiers import Element, require_bearable
from traceability.digital_link import DigitalLink
from traceability.errors import TraceabilityError

__all__ = ["Scan", "find_link", "read"]

_SYMBOLOGY = re.compile("][A-Za-z][0-9]")
_BETWEEN_DIGITS = re.compile(r"[\s-]+")
_KEYS = {8: "01", 12: "01", 13: "01", 14: "01", 18: "00"}
_DIGITS = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read: `kind` is `digital_link`, `epc_urn`, `element_string` or `key`.

    `link` is missing where no element can be the key of one; `base` is scheme and host of an
    address, else empty.
    """

    kind: str
    elements: tuple[Element, ...]
    link: DigitalLink | None
    base: str = ""


def read(text: str) -> Scan:
    """Return what `text` says; blanks round it, and between the digits of a number, are dropped.

    A number of 8, 12, 13 or 14 digits is a GTIN, one of 18 an SSCC. `TraceabilityError` of the
    kinds that the notation names; a text that looks like none is `not_digital_link`.

    >>> read("9 521321 100015").elements
    (('01', '09521321100015'),)
    >>> read("]Q1https://chelabang.example/01/09521321100015/10/A").link.lot
    'A'
    """
    require_bearable(text)
    trimmed = text.strip()
    if not trimmed:
        raise TraceabilityError("empty_value", "there is nothing to read")
    if trimmed[0] == "(":
        return _with_link("element_string", element_string.parse(trimmed))
    if trimmed.startswith(("]C1", "]d2", "]Q3", "]e0")):
        return _with_link("element_string", element_string.parse_fnc1(trimmed))
    content = _SYMBOLOGY.sub("", trimmed, count=1) if trimmed[0] == "]" else trimmed
    if content.startswith("urn:"):
        link = DigitalLink.from_epc(content)
        return Scan("epc_urn", link.elements, link)
    number = _BETWEEN_DIGITS.sub("", content)
    if _DIGITS.fullmatch(number) and len(number) in _KEYS:
        return _with_link("key", (_read_key(number),))
    if _DIGITS.match(content):
        return _with_link("element_string", element_string.parse_fnc1(content))
    link = DigitalLink.parse(content)
    scheme = content.partition("://")[0].lower()
    return Scan("digital_link", link.elements, link, f"{scheme}://{link.host}")


def find_link(elements: tuple[Element, ...]) -> DigitalLink | None:
    """Return the link that elements make, or `None` where no link can hold them.

    >>> find_link((("400", "PO-778"),)) is None
    True
    """
    try:
        return DigitalLink.of(elements)
    except TraceabilityError:
        return None


def _read_key(number: str) -> Element:
    ai = _KEYS[len(number)]
    return ai, gtin.validate(number) if ai == "01" else gtin.validate_key(number, "sscc")


def _with_link(kind: str, elements: tuple[Element, ...]) -> Scan:
    return Scan(kind, elements, find_link(elements))
