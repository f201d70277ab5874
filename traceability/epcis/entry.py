"""What a form entry says, checked: amounts, papers, parties, when and where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from traceability.epcis import vocabulary
from traceability.epcis.context import PREFIX
from traceability.errors import TraceabilityError, excerpt

__all__ = [
    "Entry",
    "Quantity",
    "Reference",
    "local_time",
    "prefixed",
    "require_uri",
    "require_word",
]

_VIETNAM = timezone(timedelta(hours=7))  # the only zone of the country, all year
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_OUR_WORD = re.compile(rf"{PREFIX}:[A-Za-z][A-Za-z0-9_]*")
_CLIENT_ID = re.compile("[A-Za-z0-9._-]{1,64}")


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
        element: dict[str, Any] = {"epcClass": require_uri(self.epc_class)}
        if self.grams is not None:
            element |= {"quantity": _thousandth(self.grams), "uom": "KGM"}
        elif self.millilitres is not None:
            element |= {"quantity": _thousandth(self.millilitres), "uom": "LTR"}
        elif self.pieces is not None:
            element |= {"quantity": self.pieces}
        return element


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper (`inv`, `desadv`, `testres`) or a party (`owning_party`), by type and URI."""

    type: str
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody entered: when and where it happened, on which papers, between whom.

    `client_id` is the entry's own id, made where it was typed, a UUID for instance: letters,
    digits, `.`, `_` and `-`, not to be taken for a number. `extensions` are further members, named
    without our prefix.
    """

    client_id: str
    at: datetime
    read_point: str = ""
    biz_location: str = ""
    papers: tuple[Reference, ...] = ()
    sources: tuple[Reference, ...] = ()
    destinations: tuple[Reference, ...] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """Return the members that every event takes from its entry."""
        return {
            "eventTime": local_time(self.at),
            "eventTimeZoneOffset": "+07:00",
            **self._places(),
            **self._references(),
            **prefixed({**self.extensions, "clientId": _client_id(self.client_id)}),
        }

    def _places(self) -> dict[str, Any]:
        places = {"readPoint": self.read_point, "bizLocation": self.biz_location}
        return {name: {"id": require_uri(uri)} for name, uri in places.items() if uri}

    def _references(self) -> dict[str, Any]:
        """Write the typed lists; `type` comes first, because the hash keeps the order."""
        parties = vocabulary.SOURCE_DESTINATION_TYPES
        lists = (
            ("bizTransactionList", "bizTransaction", vocabulary.TRANSACTION_TYPES, self.papers),
            ("sourceList", "source", parties, self.sources),
            ("destinationList", "destination", parties, self.destinations),
        )
        return {
            name: [
                {"type": require_word(each.type, words), member: require_uri(each.uri)}
                for each in references
            ]
            for name, member, words, references in lists
            if references
        }


def prefixed(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return `members` with our prefix before each name.

    >>> prefixed({"plotCode": "P7"})
    {'dacsan:plotCode': 'P7'}
    """
    return {f"{PREFIX}:{name}": value for name, value in members.items()}


def local_time(at: datetime) -> str:
    """Return `at` in the time of Viet Nam, to the millisecond; `naive_time` without a zone."""
    if at.utcoffset() is None:
        raise TraceabilityError("naive_time", "a time needs its zone", subject=at.isoformat())
    return at.astimezone(_VIETNAM).isoformat(timespec="milliseconds")


def require_word(word: str, known: frozenset[str]) -> str:
    """Return `word` if it is in the list `known` or one of ours; `unknown_word` otherwise."""
    if word not in known and not _OUR_WORD.fullmatch(word):
        raise TraceabilityError("unknown_word", f"no such word: {excerpt(word)}", subject=word)
    return word


def require_uri(text: str) -> str:
    """Return `text` if it is a URI, which all ids in events are; `bad_uri` otherwise."""
    if not _URI.fullmatch(text):
        raise TraceabilityError("bad_uri", f"this is no URI: {excerpt(text)}", subject=text)
    return text


def _thousandth(amount: int) -> int | float:
    """Return a thousandth of `amount`: the nearest float prints as the exact decimal."""
    whole, rest = divmod(amount, 1000)
    return amount / 1000 if rest else whole


def _client_id(text: str) -> str:
    """Refuse what the hash would take for a number and write in another way."""
    if not _CLIENT_ID.fullmatch(text) or _looks_like_a_number(text):
        raise TraceabilityError("bad_client_id", "an entry needs an id of its own", subject=text)
    return text


def _looks_like_a_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
