"""Writing down what happened: the events of this product's real steps, as plain dictionaries.

Every event carries the id of the form entry it comes from, so that two equal weighings are two
events and one entry sent twice is one. Names of people, phones and coordinates have no place in
an event; people and plots are named by ids. Source of the form: EPCIS 2.0, section 7.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from traceability.epcis import vocabulary
from traceability.errors import TraceabilityError, excerpt

__all__ = [
    "CONTEXT",
    "NAMESPACE",
    "PREFIX",
    "VIETNAM",
    "Entry",
    "Quantity",
    "Reference",
    "birth_data",
    "declared_wrong",
    "object_event",
    "transformation_event",
]

PREFIX = "dacsan"
NAMESPACE = "https://ns.dacsan.example/epcis/"  # ends in "/": the hash of others needs it

CONTEXT = (
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {PREFIX: NAMESPACE, "cbvmda": "urn:epcglobal:cbv:mda:"},
)
"""The `@context` of all our documents. The version is pinned: another one changes the hashes."""

VIETNAM = timezone(timedelta(hours=7))

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_CURIE = re.compile(rf"{PREFIX}:[A-Za-z][A-Za-z0-9_]*")
_MOST_CLIENT_ID = 64

_OBJECT_STEPS: Mapping[str, tuple[str, str]] = {
    "commissioning": ("ADD", "active"),
    "receiving": ("OBSERVE", "in_progress"),
    "inspecting": ("OBSERVE", ""),
    "shipping": ("OBSERVE", "in_transit"),
    "retail_selling": ("OBSERVE", "retail_sold"),
    "destroying": ("DELETE", "destroyed"),
    "stock_taking": ("OBSERVE", ""),
    "holding": ("OBSERVE", "non_sellable_other"),
}
"""Action and usual disposition of each step; any other step is an observation."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a class of goods: grams, millilitres or pieces; none of them if unknown."""

    epc_class: str
    grams: int | None = None
    millilitres: int | None = None
    pieces: int | None = None

    def __post_init__(self) -> None:
        given = [v for v in (self.grams, self.millilitres, self.pieces) if v is not None]
        if len(given) > 1:
            raise TraceabilityError("bad_quantity", "one unit is enough", subject=self.epc_class)
        if any(amount < 0 for amount in given):
            raise TraceabilityError("bad_quantity", "less than nothing", subject=self.epc_class)

    def element(self) -> dict[str, Any]:
        """Return the EPCIS quantityElement: kg or litres as exact decimals, pieces bare.

        >>> Quantity("https://a.example/01/09521321100015/10/L1", grams=27_500).element()
        {'epcClass': 'https://a.example/01/09521321100015/10/L1', 'quantity': 27.5, 'uom': 'KGM'}
        """
        element: dict[str, Any] = {"epcClass": _uri(self.epc_class)}
        if self.grams is not None:
            element |= {"quantity": _thousandth(self.grams), "uom": "KGM"}
        elif self.millilitres is not None:
            element |= {"quantity": _thousandth(self.millilitres), "uom": "LTR"}
        elif self.pieces is not None:
            element |= {"quantity": self.pieces}
        return element


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper (`inv`, `desadv`, `testres` ...) or a party (`owning_party` ...), by type and URI."""

    type: str
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody entered: when and where it happened, on which papers, between whom.

    `client_id` is the entry's own id, made where it was typed, a UUID for instance. `extensions`
    are further members, named without our prefix.
    """

    client_id: str
    at: datetime
    read_point: str = ""
    biz_location: str = ""
    papers: tuple[Reference, ...] = ()
    sources: tuple[Reference, ...] = ()
    destinations: tuple[Reference, ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)


def object_event(
    entry: Entry,
    biz_step: str,
    *,
    epcs: Iterable[str] = (),
    quantities: Iterable[Quantity] = (),
    disposition: str | None = None,
    set_dispositions: Iterable[str] = (),
    unset_dispositions: Iterable[str] = (),
    ilmd: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return an ObjectEvent: something happened to goods that stay the same goods.

    `biz_step` is a word of the CBV or one of ours ("dacsan:spraying"); action and disposition
    follow from it unless `disposition` is given. A recall is `holding` with "recalled" among
    `set_dispositions`; it stays until another event unsets it. `TraceabilityError` of kind
    `nothing_named`, `ilmd_without_birth`, `unknown_word`, `bad_uri`, `bad_quantity`,
    `naive_time` or `bad_client_id`.
    """
    action, usual = _OBJECT_STEPS.get(biz_step, ("OBSERVE", ""))
    named = {
        "epcList": [_uri(epc) for epc in epcs],
        "quantityList": [quantity.element() for quantity in quantities],
    }
    if not any(named.values()):
        raise TraceabilityError("nothing_named", "an event is about some goods")
    if ilmd and action != "ADD":
        raise TraceabilityError("ilmd_without_birth", "goods get their data once, at birth")
    return _event(
        "ObjectEvent",
        entry,
        {"action": action, **_named_lists(named)}
        | _step(biz_step, usual if disposition is None else disposition)
        | _persistent(set_dispositions, unset_dispositions)
        | ({"ilmd": dict(ilmd)} if ilmd else {}),
    )


def transformation_event(
    entry: Entry,
    *,
    inputs: Iterable[Quantity],
    outputs: Iterable[Quantity],
    input_epcs: Iterable[str] = (),
    output_epcs: Iterable[str] = (),
    biz_step: str = "creating_class_instance",
    disposition: str = "active",
    ilmd: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a TransformationEvent: goods went in and other goods came out.

    Drying, cooking, blending lots, packing bulk into packs. Name all inputs with their weights:
    the mass balance and the lineage rest on them. Errors as for `object_event`.
    """
    inside = {
        "inputEPCList": [_uri(epc) for epc in input_epcs],
        "inputQuantityList": [quantity.element() for quantity in inputs],
    }
    outside = {
        "outputEPCList": [_uri(epc) for epc in output_epcs],
        "outputQuantityList": [quantity.element() for quantity in outputs],
    }
    if not any(inside.values()) or not any(outside.values()):
        raise TraceabilityError("nothing_named", "something goes in and something comes out")
    return _event(
        "TransformationEvent",
        entry,
        _named_lists(inside | outside)
        | _step(biz_step, disposition)
        | ({"ilmd": dict(ilmd)} if ilmd else {}),
    )


def birth_data(
    *,
    lot: str,
    harvested_on: date | None = None,
    made_on: date | None = None,
    packed_on: date | None = None,
    expires_on: date | None = None,
    extensions: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the ILMD of a new lot: what is true of it from birth on.

    >>> birth_data(lot="LBT-261103-01", expires_on=date(2028, 4, 26))
    {'cbvmda:lotNumber': 'LBT-261103-01', 'cbvmda:itemExpirationDate': '2028-04-26'}
    """
    days = {
        "cbvmda:harvestStartDate": harvested_on,
        "cbvmda:harvestEndDate": harvested_on,
        f"{PREFIX}:madeOn": made_on,
        f"{PREFIX}:packedOn": packed_on,
        "cbvmda:itemExpirationDate": expires_on,
    }
    known = {name: day.isoformat() for name, day in days.items() if day}
    return {"cbvmda:lotNumber": lot, **known, **_prefixed(extensions or {})}


def declared_wrong(
    event: Mapping[str, Any],
    *,
    event_id: str,
    at: datetime,
    reason: str = "incorrect_data",
    corrected_by: Iterable[str] = (),
) -> dict[str, Any]:
    """Return `event` again, declared wrong; nothing is ever changed or taken away.

    `event_id` is the id of the wrong event, `corrected_by` the ids of the right ones. Its hash is
    that of the wrong event. `TraceabilityError` of kind `unknown_word` or `naive_time`.
    """
    if reason not in vocabulary.ERROR_REASONS:
        raise TraceabilityError("unknown_word", f"no such reason: {excerpt(reason)}")
    declaration: dict[str, Any] = {"declarationTime": _time(at), "reason": reason}
    if corrections := list(corrected_by):
        declaration["correctiveEventIDs"] = corrections
    return {**event, "eventID": event_id, "errorDeclaration": declaration}


def _event(kind: str, entry: Entry, members: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": kind,
        "eventTime": _time(entry.at),
        "eventTimeZoneOffset": f"{entry.at.astimezone(VIETNAM):%:z}",
        **members,
        **_places(entry),
        **_references(entry),
        **_prefixed({**entry.extensions, "clientId": _client_id(entry.client_id)}),
    }


def _places(entry: Entry) -> dict[str, Any]:
    places = {"readPoint": entry.read_point, "bizLocation": entry.biz_location}
    return {name: {"id": _uri(uri)} for name, uri in places.items() if uri}


def _references(entry: Entry) -> dict[str, Any]:
    """Write the typed lists; `type` comes first, because the hash keeps the order."""
    parties = vocabulary.SOURCE_DESTINATION_TYPES
    lists = (
        ("bizTransactionList", "bizTransaction", vocabulary.TRANSACTION_TYPES, entry.papers),
        ("sourceList", "source", parties, entry.sources),
        ("destinationList", "destination", parties, entry.destinations),
    )
    return {
        name: [{"type": _word(each.type, words), member: _uri(each.uri)} for each in references]
        for name, member, words, references in lists
        if references
    }


def _step(biz_step: str, disposition: str) -> dict[str, Any]:
    step = {"bizStep": _word(biz_step, vocabulary.BIZ_STEPS)}
    if disposition:
        step["disposition"] = _word(disposition, vocabulary.DISPOSITIONS)
    return step


def _persistent(added: Iterable[str], removed: Iterable[str]) -> dict[str, Any]:
    changes = {
        name: [_word(word, vocabulary.DISPOSITIONS) for word in words]
        for name, words in (("set", added), ("unset", removed))
    }
    known = _named_lists(changes)
    return {"persistentDisposition": known} if known else {}


def _named_lists(lists: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: members for name, members in lists.items() if members}


def _prefixed(members: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{PREFIX}:{name}": value for name, value in members.items()}


def _thousandth(amount: int) -> int | float:
    """Return a thousandth of `amount`: the nearest float prints as the exact decimal."""
    whole, rest = divmod(amount, 1000)
    return amount / 1000 if rest else whole


def _time(at: datetime) -> str:
    if at.utcoffset() is None:
        raise TraceabilityError("naive_time", "a time needs its zone", subject=at.isoformat())
    return at.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def _word(word: str, known: frozenset[str]) -> str:
    if word not in known and not _CURIE.fullmatch(word):
        raise TraceabilityError("unknown_word", f"no such word: {excerpt(word)}", subject=word)
    return word


def _uri(text: str) -> str:
    if not _URI.fullmatch(text):
        raise TraceabilityError("bad_uri", f"this is no URI: {excerpt(text)}", subject=text)
    return text


def _client_id(text: str) -> str:
    """Refuse what the hash would take for a number and write in another way."""
    try:
        float(text)
    except ValueError:
        if 0 < len(text.strip()) <= _MOST_CLIENT_ID:
            return text
    raise TraceabilityError("bad_client_id", "an entry needs an id of its own", subject=text)
