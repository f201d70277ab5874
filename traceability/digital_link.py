"""GS1 Digital Link: the web address in the QR code, `https://host/01/{gtin}/10/{lot}`.

Source: GS1 Digital Link Standard, URI Syntax 1.6 (on the basis of ISO/IEC 18975), and, for the
constrained form, EPCIS/CBV 2.0, section 8.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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

__all__ = ["DigitalLink", "hash_form"]

_WHERE_THINGS_GO = frozenset({"410", "411", "412", "413"})
_CONSTRAINED_QUALIFIERS = {
    "01": ("21", "235", "10"),
    "414": ("254",),
    "415": ("8020",),
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

    >>> link = DigitalLink("01", "09521321100015", qualifiers=(("10", "LB-T12-A"),))
    >>> link.build("chelabang.example")
    'https://chelabang.example/01/09521321100015/10/LB-T12-A'
    """

    key: str
    value: str
    qualifiers: tuple[Element, ...] = ()
    attributes: tuple[Element, ...] = ()
    host: str = ""

    def __post_init__(self) -> None:
        _require_sequence(self.key, [ai for ai, _ in self.qualifiers])
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
        (key, value), *qualifiers = path
        if lenient and key == "01":
            value = gtin.validate(value)
        return cls(key, value, tuple(qualifiers), tuple(attributes), host)

    @classmethod
    def of(cls, elements: Iterable[Element], host: str = "") -> Self:
        """Return the link for elements in any order, as an element string gives them.

        `missing_required_ai` if none of them can be the key of a link.

        >>> DigitalLink.of([("21", "S1"), ("10", "L1"), ("01", "09521321100015")]).canonical()
        'https://id.gs1.org/01/09521321100015/10/L1/21/S1'
        """
        values = dict(check_together(elements))
        keys = [ai for ai in values if ai in PRIMARY_KEYS]
        if not keys:
            raise TraceabilityError("missing_required_ai", "no key that a link can begin with")
        key = min(keys, key=_WHERE_THINGS_GO.__contains__)
        present = [[ai for ai in order if ai in values] for order in PRIMARY_KEYS[key]]
        value = values.pop(key)
        qualifiers = [(ai, values.pop(ai)) for ai in max(present, key=len, default=[])]
        return cls(key, value, tuple(qualifiers), tuple(values.items()), host)

    @classmethod
    def from_epc(cls, urn: str) -> Self:
        """Return the link for an EPC URN. Errors as for `epc.parse`.

        >>> DigitalLink.from_epc("urn:epc:id:sgln:9521321.00001.0").canonical()
        'https://id.gs1.org/414/9521321000018'
        """
        (key, value), *qualifiers = epc.parse(urn)
        return cls(key, value, tuple(pair for pair in qualifiers if pair != ("254", "0")))

    @property
    def path(self) -> tuple[Element, ...]:
        """Key and qualifiers."""
        return (self.key, self.value), *self.qualifiers

    @property
    def elements(self) -> tuple[Element, ...]:
        """Key, qualifiers and attributes, in the order of the link."""
        return self.path + self.attributes

    @property
    def gtin(self) -> str | None:
        """The GTIN in 14 digits, if that is the key."""
        return self.value if self.key == "01" else None

    @property
    def lot(self) -> str | None:
        """The lot, as written on the pack."""
        return dict(self.qualifiers).get("10")

    @property
    def serial(self) -> str | None:
        """The serial of the single pack."""
        return dict(self.qualifiers).get("21")

    @property
    def is_internal(self) -> bool:
        """Say whether the number means something on its own host only (`gtin.is_internal`)."""
        return self.gtin is not None and gtin.is_internal(self.gtin)

    def build(self, host: str = "") -> str:
        """Return the address on `host`, or where it was read from; `no_domain` if that is no host.

        `host` may have a port, and may be a whole base address for a server without TLS or one
        that does not stand at the root.

        >>> DigitalLink("01", "09521321100015").build("http://127.0.0.1:8000/cho")
        'http://127.0.0.1:8000/cho/01/09521321100015'
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
        host = self.host if self.is_internal else digital_link_syntax.CANONICAL_HOST
        return digital_link_syntax.write(host, self.path, sorted(self.attributes))

    def epcis(self) -> str:
        """Return the constrained form that EPCIS compares and hashes: the finest name alone.

        Always on `id.gs1.org`, so that an event hashes alike everywhere; to compare goods, use
        `identity`.

        >>> DigitalLink.parse("https://a.example/01/09521321100015/10/L1/21/7?17=271112").epcis()
        'https://id.gs1.org/01/09521321100015/21/7'
        """
        return digital_link_syntax.write_for_hash(_constrained(self.path))

    def identity(self) -> str:
        """Return the constrained form, an internal number with its host: equal for equal goods."""
        _, *qualifiers = _constrained(self.path)
        return replace(self, qualifiers=tuple(qualifiers), attributes=()).canonical()


def hash_form(uri: str) -> str:
    """Return what `DigitalLink.epcis` would, without asking whether the values are valid.

    An event is hashed as it was written, wrong check digits included. `TraceabilityError` of kind
    `not_digital_link`, `no_domain`, `illegal_null`, `bad_charset` or `non_digit` if it is no link.

    >>> hash_form("https://a.example/01/9521321100016/10/L1")
    'https://id.gs1.org/01/09521321100016/10/L1'
    """
    _, path, _ = digital_link_syntax.read(uri, lenient=True)
    if not all(value.isascii() for _, value in path):
        raise TraceabilityError("bad_charset", "a value has letters with marks", subject=uri)
    ai, value = path[0]
    start = find(ai).components[0]
    if start.characters == "N" and not value[: start.longest].isdecimal():
        raise TraceabilityError("non_digit", f"({ai}) begins with digits", subject=uri)
    if ai == "01":
        path[0] = (ai, value.zfill(14))
    return digital_link_syntax.write_for_hash(_constrained(tuple(path)))


def _constrained(path: tuple[Element, ...]) -> tuple[Element, ...]:
    key, *qualifiers = path
    kept = _CONSTRAINED_QUALIFIERS.get(key[0], ())
    finest = sorted((q for q in qualifiers if q[0] in kept), key=lambda q: kept.index(q[0]))
    return (key, *finest[:1])


def _require_sequence(key: str, qualifiers: list[str]) -> None:
    if key not in PRIMARY_KEYS:
        raise TraceabilityError("not_digital_link", "a link begins with a key", subject=key)
    allowed = PRIMARY_KEYS[key] or ((),)
    if not any([ai for ai in order if ai in qualifiers] == qualifiers for order in allowed):
        raise TraceabilityError(
            "bad_qualifier_sequence",
            f"({key}) does not take {', '.join(qualifiers)} in this order",
            subject="/".join((key, *qualifiers)),
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
