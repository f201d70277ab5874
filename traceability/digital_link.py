"""GS1 Digital Link: the web address in the QR code, `https://host/01/{gtin}/10/{lot}`.

Source: GS1 Digital Link Standard, URI Syntax 1.6 (on the basis of ISO/IEC 18975), and, for the
constrained form, EPCIS/CBV 2.0, section 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from traceability import digital_link_syntax, element_string, epc, gtin
from traceability.application_identifiers import (
    PRIMARY_KEYS,
    Element,
    check_together,
    find,
    validate,
)
from traceability.errors import TraceabilityError

__all__ = ["CANONICAL_HOST", "DigitalLink"]

CANONICAL_HOST = "id.gs1.org"

_WHERE_THINGS_GO = frozenset({"410", "411", "412", "413"})
_CONSTRAINED_QUALIFIERS = {
    "01": ("21", "235", "10"),
    "414": ("254",),
    "8006": ("21", "10"),
    "8010": ("8011",),
}
"""The one qualifier, finest first, that the constrained form keeps."""


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A key, its qualifiers and its attributes, and the host that the link was read from.

    Every instance is valid: `TraceabilityError` of kind `bad_qualifier_sequence`,
    `qualifier_in_query`, `duplicate_query_ai`, `missing_required_ai`, or another that
    `application_identifiers.validate` and `.check_together` name, refuses all others.

    >>> link = DigitalLink((("01", "09521321100015"), ("10", "LB-T12-A")))
    >>> link.build("chelabang.example")
    'https://chelabang.example/01/09521321100015/10/LB-T12-A'
    """

    path: tuple[Element, ...]
    attributes: tuple[Element, ...] = ()
    host: str = ""

    def __post_init__(self) -> None:
        _require_sequence([ai for ai, _ in self.path])
        for ai, value in self.path:
            validate(ai, value)
        _require_attributes(self.path, self.attributes)
        check_together(self.elements)

    @classmethod
    def parse(cls, uri: str, *, lenient: bool = False) -> Self:
        """Return what `uri` names; query keys that are no AIs and the fragment are not part of it.

        `lenient` also takes what older labels hold: GTINs of 8, 12 and 13 digits, the words of
        syntax 1.2 (`/gtin/…/lot/…`) and a slash at the end; compare with `build` to see whether
        anything was mended. Besides the kinds named above `TraceabilityError` may be
        `not_digital_link`, `no_domain` or `illegal_null`.

        >>> DigitalLink.parse("https://chelabang.example/t/01/09521321100015/10/LB%2FT12").lot
        'LB/T12'
        """
        host, path, attributes = digital_link_syntax.read(uri, lenient=lenient)
        if lenient and path[0][0] == "01":
            path[0] = ("01", gtin.validate(path[0][1]))
        return cls(tuple(path), tuple(attributes), host)

    @classmethod
    def of(cls, elements: Iterable[Element], host: str = "") -> Self:
        """Return the link for elements in any order, as an element string gives them.

        `missing_required_ai` if none of them can be the key of a link.

        >>> DigitalLink.of([("21", "S1"), ("10", "L1"), ("01", "09521321100015")]).canonical()
        'https://id.gs1.org/01/09521321100015/10/L1/21/S1'
        """
        values = dict(check_together(elements))
        keys = sorted(
            (ai for ai in values if ai in PRIMARY_KEYS), key=_WHERE_THINGS_GO.__contains__
        )
        if not keys:
            raise TraceabilityError("missing_required_ai", "no key that a link can begin with")
        present = [[ai for ai in order if ai in values] for order in PRIMARY_KEYS[keys[0]]]
        path = [keys[0], *max(present, key=len, default=[])]
        elements = tuple((ai, values.pop(ai)) for ai in path)
        return cls(elements, tuple(values.items()), host)

    @classmethod
    def from_epc(cls, urn: str) -> Self:
        """Return the link for an EPC URN. Errors as for `epc.parse`.

        >>> DigitalLink.from_epc("urn:epc:id:sgln:9521321.00001.0").canonical()
        'https://id.gs1.org/414/9521321000018'
        """
        return cls(tuple(element for element in epc.parse(urn) if element != ("254", "0")))

    @property
    def elements(self) -> tuple[Element, ...]:
        """Key, qualifiers and attributes, in the order of the link."""
        return self.path + self.attributes

    @property
    def gtin(self) -> str | None:
        """The GTIN in 14 digits, if that is the key."""
        return dict(self.path).get("01")

    @property
    def lot(self) -> str | None:
        """The lot, as written on the pack."""
        return dict(self.path).get("10")

    @property
    def serial(self) -> str | None:
        """The serial of the single pack."""
        return dict(self.path).get("21")

    @property
    def is_internal(self) -> bool:
        """Say whether the number means something on its own host only (`gtin.is_internal`)."""
        return self.gtin is not None and gtin.is_internal(self.gtin)

    def build(self, host: str = "") -> str:
        """Return the address on `host` (or where it was read from), which may have a port.

        `no_domain` if there is no host, or it is none.
        """
        return digital_link_syntax.write(host or self.host, self.path, self.attributes)

    def element_string(self) -> str:
        """Return the bracketed form that people read.

        >>> DigitalLink.parse("https://a.example/01/09521321100015?17=271112").element_string()
        '(01)09521321100015(17)271112'
        """
        return element_string.build(self.elements)

    def epc_urn(self, prefix_length: int) -> str:
        """Return the EPC URN; `prefix_length` is that of the company prefix (see `epc.build`)."""
        return epc.build(self.path, prefix_length)

    def canonical(self) -> str:
        """Return the one address that equal links share, attributes sorted by AI.

        It stands on `id.gs1.org`, but an internal number keeps its host, without which it names
        nothing: `no_domain` if the host is not known.
        """
        host = self.host if self.is_internal else CANONICAL_HOST
        return digital_link_syntax.write(host, self.path, sorted(self.attributes))

    def epcis(self) -> str:
        """Return the constrained form that EPCIS compares and hashes: the finest name alone.

        Always on `id.gs1.org`, so that an event hashes alike everywhere; to compare goods, use
        `identity`.

        >>> DigitalLink.parse("https://a.example/01/09521321100015/10/L1/21/7?17=271112").epcis()
        'https://id.gs1.org/01/09521321100015/21/7'
        """
        return digital_link_syntax.write(CANONICAL_HOST, self._constrained())

    def identity(self) -> str:
        """Return the constrained form, an internal number with its host: equal for equal goods."""
        return type(self)(self._constrained(), host=self.host).canonical()

    def _constrained(self) -> tuple[Element, ...]:
        key, *qualifiers = self.path
        kept = _CONSTRAINED_QUALIFIERS.get(key[0], ())
        finest = sorted((q for q in qualifiers if q[0] in kept), key=lambda q: kept.index(q[0]))
        return (key, *finest[:1])


def _require_sequence(ais: list[str]) -> None:
    if not ais or ais[0] not in PRIMARY_KEYS:
        raise TraceabilityError("not_digital_link", "a link begins with a key")
    qualifiers = ais[1:]
    allowed = PRIMARY_KEYS[ais[0]] or ((),)
    if not any([ai for ai in order if ai in qualifiers] == qualifiers for order in allowed):
        raise TraceabilityError(
            "bad_qualifier_sequence",
            f"({ais[0]}) does not take {', '.join(qualifiers)} in this order",
            subject="/".join(ais),
        )


def _require_attributes(path: tuple[Element, ...], attributes: tuple[Element, ...]) -> None:
    key = path[0][0]
    qualifiers = {ai for order in PRIMARY_KEYS[key] for ai in order}
    seen = {ai for ai, _ in path}
    for ai, value in attributes:
        if ai in qualifiers or not find(ai).may_be_attribute:
            raise TraceabilityError(
                "qualifier_in_query", f"({ai}) does not belong in the query", subject=ai
            )
        if ai in seen:
            raise TraceabilityError("duplicate_query_ai", f"({ai}) stands twice", subject=ai)
        seen.add(ai)
        validate(ai, value)
