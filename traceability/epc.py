"""EPC URNs, `urn:epc:id:sgtin:9521321.010002.0001`: the older names of the same things.

In a URN the GS1 company prefix stands apart; in the number it does not, so writing a URN needs
the length of the prefix. Source: GS1 EPC Tag Data Standard, sections 6 (URNs) and 7 (numbers).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from traceability import gtin
from traceability.application_identifiers import Element, require_bearable, validate
from traceability.errors import TraceabilityError

__all__ = ["build", "parse"]

_INSIDE = "+"  # the serial is written behind the key itself


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How one kind of URN maps to AIs.

    `digits` counts prefix and reference together (0: the reference is free text and no check
    digit follows), `indicator` says that the first digit of the reference leads the number,
    `pieces` that piece and total stand behind the reference. `serial` is the AI of the last
    part, `_INSIDE`, or empty where there is none.
    """

    name: str
    ai: str
    digits: int = 0
    serial: str = ""
    kind: str = "id"
    leading: str = ""
    indicator: bool = False
    pieces: bool = False

    @property
    def key_length(self) -> int:
        """The length of the key without its serial."""
        return len(self.leading) + self.digits + 1


_SCHEMES = (
    _Scheme("sgtin", "01", 13, "21", indicator=True),
    _Scheme("upui", "01", 13, "235", indicator=True),
    _Scheme("lgtin", "01", 13, "10", kind="class", indicator=True),
    _Scheme("sscc", "00", 17, indicator=True),
    _Scheme("sgln", "414", 12, "254"),
    _Scheme("pgln", "417", 12),
    _Scheme("grai", "8003", 12, _INSIDE, leading="0"),
    _Scheme("giai", "8004"),
    _Scheme("gdti", "253", 12, _INSIDE),
    _Scheme("sgcn", "255", 12, _INSIDE),
    _Scheme("ginc", "401"),
    _Scheme("gsin", "402", 16),
    _Scheme("gsrn", "8018", 17),
    _Scheme("gsrnp", "8017", 17),
    _Scheme("itip", "8006", 13, "21", indicator=True, pieces=True),
    _Scheme("cpi", "8010", serial="8011"),
)
_BY_NAME = {scheme.name: scheme for scheme in _SCHEMES}
_URN = re.compile("urn:epc:(id|class|idpat):([a-z]+):(.*)", re.DOTALL)
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_ESCAPED = re.compile('["%&/<>?#]')
_DIGITS = re.compile("[0-9]*")


def parse(urn: str) -> tuple[Element, ...]:
    """Return what a pure-identity URN, or a pattern for one class (`idpat`, ends in `.*`), names.

    A place without extension comes out with `("254", "0")`, as the URN spells it.
    `TraceabilityError` of kind `not_epc_urn`, `non_digit`, `bad_length`, `empty_value` or another
    that `application_identifiers.validate` names.

    >>> parse("urn:epc:class:lgtin:9521321.010001.LB-T12-A")
    (('01', '09521321100015'), ('10', 'LB-T12-A'))
    """
    require_bearable(urn)
    match = _URN.fullmatch(urn)
    scheme = _BY_NAME.get(match[2]) if match else None
    if match is None or scheme is None or match[1] not in {scheme.kind, "idpat"}:
        raise TraceabilityError("not_epc_urn", "no EPC URN of a known scheme", subject=urn)
    fields = match[3].split(".", _field_count(scheme) - 1)
    is_class = match[1] == "idpat"
    if len(fields) != _field_count(scheme) or (is_class and not _is_class_pattern(scheme, fields)):
        raise TraceabilityError("not_epc_urn", "the parts do not fit the scheme", subject=urn)
    elements = tuple(_elements(scheme, fields, is_class=is_class))
    for ai, value in elements:
        validate(ai, value)
    return elements


def build(elements: Iterable[Element], prefix_length: int) -> str:
    """Return the URN of the finest thing that `elements`, a key and its qualifiers, name.

    The consumer product variant has no place in it. `prefix_length` is that of the GS1 company
    prefix, 6 to 12 digits. `TraceabilityError` of kind `no_epc_urn` where the identifiers have no
    URN, `bad_length`, `non_digit`, or another that `application_identifiers.validate` names.

    >>> build([("01", "09521321100015"), ("10", "LB-T12-A")], 7)
    'urn:epc:class:lgtin:9521321.010001.LB-T12-A'
    """
    if not 6 <= prefix_length <= 12:
        raise TraceabilityError("bad_length", "a company prefix has 6 to 12 digits")
    values = dict(elements)
    for ai, value in values.items():
        validate(ai, value)
    ai = next(iter(values), "")
    schemes = [scheme for scheme in _SCHEMES if scheme.ai == ai]
    serials = [_serial_in(values, scheme) for scheme in schemes]
    for scheme, serial in zip(schemes, serials, strict=True):
        if serial or not scheme.serial:
            return _urn(scheme, values[ai], prefix_length, serial)
    if not schemes or "10" in values:
        raise TraceabilityError("no_epc_urn", "these identifiers have no EPC URN", subject=ai)
    return _urn(schemes[0], values[ai], prefix_length, "")


def _field_count(scheme: _Scheme) -> int:
    return 2 + 2 * scheme.pieces + bool(scheme.serial)


def _is_class_pattern(scheme: _Scheme, fields: list[str]) -> bool:
    return scheme.kind == "id" and bool(scheme.serial) and fields[-1] == "*"


def _elements(scheme: _Scheme, fields: list[str], *, is_class: bool) -> Iterable[Element]:
    prefix, reference, *rest = fields
    serial = _unescape(rest.pop()) if scheme.serial else ""
    _require_digits(prefix)
    if not 6 <= len(prefix) <= 12 or any(len(piece) != 2 for piece in rest):
        raise TraceabilityError("bad_length", "a part has the wrong length", subject=prefix)
    number = _number if scheme.digits else _free_text
    key = number(scheme, prefix, reference) + "".join(rest)
    if is_class or not scheme.serial:
        yield scheme.ai, key
    elif scheme.serial != _INSIDE:
        yield scheme.ai, key
        yield scheme.serial, serial
    elif serial:
        yield scheme.ai, key + serial
    else:
        raise TraceabilityError("empty_value", "the serial is empty", subject=key)


def _free_text(_scheme: _Scheme, prefix: str, reference: str) -> str:
    if not reference:
        raise TraceabilityError("empty_value", "the reference is empty", subject=prefix)
    return prefix + _unescape(reference)


def _number(scheme: _Scheme, prefix: str, reference: str) -> str:
    _require_digits(reference)
    if len(prefix) + len(reference) != scheme.digits:
        raise TraceabilityError(
            "bad_length",
            f"prefix and reference of {scheme.name} have {scheme.digits} digits together",
            subject=f"{prefix}.{reference}",
        )
    if scheme.indicator:
        prefix, reference = reference[0] + prefix, reference[1:]
    payload = prefix + reference
    return f"{scheme.leading}{payload}{gtin.check_digit(payload)}"


def _serial_in(values: dict[str, str], scheme: _Scheme) -> str:
    if scheme.serial == _INSIDE:
        return values[scheme.ai][scheme.key_length :]
    return values.get(scheme.serial, "0" if scheme.name == "sgln" else "")


def _urn(scheme: _Scheme, key: str, prefix_length: int, serial: str) -> str:
    payload = key[len(scheme.leading) : scheme.key_length - 1] if scheme.digits else key
    indicator, payload = (payload[0], payload[1:]) if scheme.indicator else ("", payload)
    prefix, reference = payload[:prefix_length], indicator + payload[prefix_length:]
    _require_digits(prefix)
    if not scheme.digits and not reference:
        raise TraceabilityError("bad_length", "nothing stands behind the prefix", subject=key)
    fields = [prefix, _escape(reference)]
    if scheme.pieces:
        fields += [key[-4:-2], key[-2:]]
    if not scheme.serial:
        return f"urn:epc:id:{scheme.name}:{'.'.join(fields)}"
    kind = scheme.kind if serial else "idpat"
    return f"urn:epc:{kind}:{scheme.name}:{'.'.join(fields)}.{_escape(serial) or '*'}"


def _require_digits(part: str) -> None:
    if not _DIGITS.fullmatch(part):
        raise TraceabilityError("non_digit", "this part is made of digits", subject=part)


def _escape(text: str) -> str:
    return _ESCAPED.sub(lambda match: f"%{ord(match[0]):02X}", text)


def _unescape(text: str) -> str:
    if _ESCAPED.search(_ESCAPE.sub("", text)):
        raise TraceabilityError("bad_charset", "this must be escaped in a URN", subject=text)
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
