"""The event hash of CBV 2.0, section 8.9.2: one name for one event, whoever writes it down.

It names an event, and makes sending one twice harmless; it proves nothing, and an error
declaration is not part of it. Where the published table and the program that everybody uses
(epcis-event-hash-generator 1.9.3) differ, this follows the program: certificationInfo is in,
parentID stands before the lists, the lists of parties and transactions come last.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from traceability.epcis.hash_values import Context, Namespaces, write_time
from traceability.errors import TraceabilityError

__all__ = ["event_hash", "pre_hash"]

_COMMENTS = frozenset({"comment", "rdfs:comment"})
_LEFT_OUT = _COMMENTS | {"@context", "type", "eventID", "recordTime", "errorDeclaration"}
_TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
_EPC_LISTS = frozenset({"epcList", "inputEPCList", "childEPCs", "outputEPCList"})
_QUANTITY_LISTS = frozenset(
    {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
)
_TYPES_IN_LISTS = {
    "bizTransactionList": "transaction_type",
    "sourceList": "party_type",
    "destinationList": "party_type",
}
_WORDS = {
    "bizStep": "bizStep",
    "disposition": "disposition",
    "set": "disposition",
    "unset": "disposition",
    "component": "component",
    "exception": "exception",
}


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_EVENT = _names("""
    eventTime eventTimeZoneOffset certificationInfo parentID
    epcList inputEPCList childEPCs quantityList childQuantityList inputQuantityList
    outputEPCList outputQuantityList action transformationID bizStep disposition
    persistentDisposition readPoint bizLocation sensorElementList
""")
_PARTS = {
    "quantityElement": _names("epcClass quantity uom"),
    "persistentDisposition": _names("set unset"),
    "readPoint": _names("id"),
    "bizLocation": _names("id"),
    "sensorMetadata": _names("""
        time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules
    """),
    "sensorReport": _names("""
        type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism
        chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue
        minValue maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem
    """),
}


def event_hash(event: Mapping[str, Any], context: Context = ()) -> str:
    """Return `ni:///sha-256;{hex}?ver=CBV2.0` for one event.

    `context` is the `@context` of the document around it; one inside the event is added to it.
    Errors as for `pre_hash`, and `bad_charset`.
    """
    try:
        text = pre_hash(event, context).encode()
    except UnicodeEncodeError as error:
        raise TraceabilityError("bad_charset", "half a character stands alone") from error
    return f"ni:///sha-256;{sha256(text).hexdigest()}?ver=CBV2.0"


def pre_hash(event: Mapping[str, Any], context: Context = ()) -> str:
    """Return the text that the hash is taken of, to see where two writings of an event differ.

    The event need not be valid, but members that have parts must have them. `TraceabilityError`
    of kind `missing_member` if it has no type, `bad_member` or `bad_time`.

    >>> pre_hash({"type": "ObjectEvent", "bizStep": "receiving", "action": "OBSERVE"})
    'eventType=ObjectEventaction=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-receiving'
    """
    if "type" not in event:
        raise TraceabilityError("missing_member", "an event has a type", subject="type")
    return _EventText(Namespaces(context, event.get("@context", ()))).write(event)


class _EventText:
    """Writes the members of one event as text, with the prefixes that hold for it."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces

    def write(self, event: Mapping[str, Any]) -> str:
        ordered = (self._known(name, event[name]) for name in _EVENT if name in event)
        rest = (
            piece
            for name, value in event.items()
            if name not in _EVENT and name not in _LEFT_OUT
            for piece in self._unordered(name, value)
        )
        return f"eventType={event['type']}{''.join(ordered)}{''.join(sorted(rest))}"

    def _known(self, name: str, value: Any) -> str:
        if name in _EPC_LISTS:
            return _under(name, (self._leaf("epc", epc) for epc in _listed(value)))
        if name in _QUANTITY_LISTS:
            return _under(name, (self._quantity(each) for each in _listed(value)))
        if name == "sensorElementList":
            return _under(name, map(self._sensor_element, _listed(value)))
        if name in _PARTS:
            return self._in_order(name, value)
        return "".join(sorted(self._leaf(name, each) for each in _listed(value)))

    def _unordered(self, name: str, value: Any) -> list[str]:
        """Write what is sorted among itself at the end: extensions and the typed lists."""
        if name in _TYPES_IN_LISTS:
            text = _under(name, (self._as_written(name, each) for each in _listed(value)))
            return [text] if text else []
        return list(self._extension(name, value))

    def _as_written(self, list_name: str, value: Any) -> str:
        words = _TYPES_IN_LISTS[list_name]
        members = _parts(list_name, value)
        return "".join(self._leaf(name, each, words) for name, each in members.items())

    def _quantity(self, value: Any) -> str:
        return self._in_order("quantityElement", value)

    def _in_order(self, name: str, value: Any) -> str:
        members, order = _parts(name, value), _PARTS[name]
        words = "measurement" if name == "sensorReport" else ""
        known = (
            "".join(sorted(self._leaf(key, each, words) for each in _listed(members[key])))
            for key in order
            if key in members
        )
        return name + "".join(known) + self._beside(order, members)

    def _sensor_element(self, value: Any) -> str:
        element = _parts("sensorElement", value)
        metadata = element.get("sensorMetadata")
        known = self._in_order("sensorMetadata", metadata) if metadata else ""
        reports = sorted(
            self._in_order("sensorReport", each)
            for each in _listed(element.get("sensorReport", []))
        )
        others = self._beside(("sensorMetadata", "sensorReport"), element)
        return f"sensorElement{known}{''.join(reports)}{others}"

    def _beside(self, known: Iterable[str], members: Mapping[str, Any]) -> str:
        others = {name: value for name, value in members.items() if name not in known}
        return "".join(sorted(self._members(others)))

    def _extension(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, list):
            for each in value:
                yield from self._extension(name, each)
        elif isinstance(value, Mapping):
            yield self._namespaces.name(name) + "".join(sorted(self._members(value)))
        else:
            yield self._pair(name, self._namespaces.value(value))

    def _members(self, members: Mapping[str, Any]) -> Iterator[str]:
        for name, value in members.items():
            if name not in _COMMENTS:
                yield from self._extension(name, value)

    def _leaf(self, name: str, value: Any, words_of_type: str = "") -> str:
        if name in _TIMES:
            text = write_time(value)
        else:
            words = words_of_type if name == "type" else _WORDS.get(name, "")
            text = self._namespaces.value(value, words)
        return self._pair(name, text)

    def _pair(self, name: str, text: str) -> str:
        name = self._namespaces.name(name)
        return f"{name}={text}" if text else name


def _parts(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TraceabilityError("bad_member", f"{name} has members of its own", subject=name)
    return value


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else (value,)


def _under(name: str, pieces: Iterable[str]) -> str:
    """Write a list: its name once, then its pieces sorted; nothing for an empty list."""
    texts = sorted(pieces)
    return name + "".join(texts) if texts else ""
