"""How names and values are written in the text that an event's hash is taken of.

Two systems that describe one event write it differently: another time zone, `46.10` for `46.1`, a
URN for a Digital Link. Here all of them come out alike.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from traceability.digital_link import DigitalLink, hash_form
from traceability.epcis import vocabulary
from traceability.errors import TraceabilityError, excerpt

__all__ = ["Context", "Namespaces", "write_time"]

Context = str | Mapping[str, Any] | Iterable[Any]
"""A JSON-LD `@context`: addresses, which are never fetched, and inline prefixes."""

_TIME = re.compile(r"(.{10}T.{8})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})", re.IGNORECASE)

_CBV = "https://ref.gs1.org/cbv/"
_SENSOR = "https://gs1.org/voc/"
_URN_WORD = re.compile("urn:epcglobal:cbv:(bizstep|disp|btt|sdt|er):(.+)", re.DOTALL)
_URN_LISTS = {"bizstep": "BizStep-", "disp": "Disp-", "btt": "BTT-", "sdt": "SDT-", "er": "ER-"}
_WORDS = {
    "bizStep": (_CBV + "BizStep-", vocabulary.BIZ_STEPS),
    "disposition": (_CBV + "Disp-", vocabulary.DISPOSITIONS),
    "transaction_type": (_CBV + "BTT-", vocabulary.TRANSACTION_TYPES),
    "party_type": (_CBV + "SDT-", vocabulary.SOURCE_DESTINATION_TYPES),
    "component": (_CBV + "Comp-", vocabulary.COMPONENTS),
    "measurement": (_SENSOR, vocabulary.MEASUREMENT_TYPES),
    "exception": (_SENSOR, vocabulary.SENSOR_ALERTS),
}


class Namespaces:
    """The prefixes that a document, and perhaps an event in it, declares inline."""

    def __init__(self, *contexts: Context) -> None:
        self._uris = dict(pair for context in contexts for pair in _declared(context))

    def name(self, name: str) -> str:
        """Return a member's name, a declared prefix written out: `{namespace}local`."""
        prefix, colon, local = name.partition(":")
        uri = self._uris.get(prefix) if colon else None
        return name if uri is None else f"{{{uri}}}{local}"

    def value(self, value: object, words: str = "") -> str:
        """Return a value as it is hashed; `words` names the list that a bare word may come from.

        >>> spaces = Namespaces({"exvn": "https://ns.example.org/htx/"})
        >>> spaces.value("46.10"), spaces.value(True), spaces.value("exvn:withering")
        ('46.1', 'True', 'https://ns.example.org/htx/withering')
        >>> spaces.value("receiving", "bizStep")
        'https://ref.gs1.org/cbv/BizStep-receiving'
        """
        text = str(value).strip()
        if words and text in _WORDS[words][1]:
            return _WORDS[words][0] + text
        if match := _URN_WORD.fullmatch(text):
            return _CBV + _URN_LISTS[match[1]] + match[2]
        prefix, colon, local = text.partition(":")
        if colon and prefix in self._uris:
            text = self._uris[prefix] + local
        return _identifier(text) or _number(text) or text


def write_time(written: object) -> str:
    """Return an RFC 3339 time in UTC with three decimals, the fourth rounded half up.

    `TraceabilityError` of kind `bad_time` if it is none, or has no zone.

    >>> write_time("2026-11-12T09:15:00.1235+07:00")
    '2026-11-12T02:15:00.124Z'
    """
    match = _TIME.fullmatch(str(written).strip())
    try:
        if match is None:
            raise ValueError
        moment = datetime.fromisoformat(match[1] + match[3].upper())
        tenths = int((match[2] or "0").ljust(4, "0")[:4])
        moment = moment.astimezone(UTC) + timedelta(milliseconds=(tenths + 5) // 10)
    except (ValueError, OverflowError):
        raise TraceabilityError(
            "bad_time", f"no time with a zone: {excerpt(str(written))}", subject=str(written)
        ) from None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _declared(context: Context) -> Iterator[tuple[str, str]]:
    if isinstance(context, str):
        return
    if isinstance(context, Mapping):
        yield from ((key, uri) for key, uri in context.items() if isinstance(uri, str))
    else:
        for part in context:
            yield from _declared(part)


def _identifier(text: str) -> str:
    """Return an EPC URN or a Digital Link in its constrained canonical form, else nothing."""
    try:
        if text.startswith("urn:epc:"):
            return DigitalLink.from_epc(text).epcis()
        if text.startswith(("http://", "https://")):
            return hash_form(text)
    except TraceabilityError:
        pass  # an address or URN of another kind stands for itself
    return ""


def _number(text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return ""
    if not math.isfinite(number):
        return ""
    return str(int(number)) if number.is_integer() else repr(number)
