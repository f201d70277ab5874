"""Writing down what happened: the events of this product's real steps, as plain dictionaries.

Every event carries the id of the form entry it comes from, so that two equal weighings are two
events and one entry sent twice is one. Names of people, phones and coordinates have no place in
an event; people and plots are named by ids. Source of the form: EPCIS 2.0, section 7.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from traceability.epcis import vocabulary
from traceability.epcis.context import PREFIX
from traceability.epcis.entry import (
    Entry,
    Quantity,
    Reference,
    local_time,
    prefixed,
    require_uri,
    require_word,
)
from traceability.errors import TraceabilityError, excerpt

__all__ = [
    "Entry",
    "Quantity",
    "Reference",
    "birth_data",
    "declared_wrong",
    "object_event",
    "transformation_event",
]

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
    named: dict[str, list[Any]] = {
        "epcList": [require_uri(epc) for epc in epcs],
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
    inside: dict[str, list[Any]] = {
        "inputEPCList": [require_uri(epc) for epc in input_epcs],
        "inputQuantityList": [quantity.element() for quantity in inputs],
    }
    outside: dict[str, list[Any]] = {
        "outputEPCList": [require_uri(epc) for epc in output_epcs],
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
    return {"cbvmda:lotNumber": lot, **known, **prefixed(extensions or {})}


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
    declaration: dict[str, Any] = {"declarationTime": local_time(at), "reason": reason}
    if corrections := list(corrected_by):
        declaration["correctiveEventIDs"] = corrections
    return {**event, "eventID": event_id, "errorDeclaration": declaration}


def _event(kind: str, entry: Entry, members: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, **entry.members(), **members}


def _step(biz_step: str, disposition: str) -> dict[str, Any]:
    step = {"bizStep": require_word(biz_step, vocabulary.BIZ_STEPS)}
    if disposition:
        step["disposition"] = require_word(disposition, vocabulary.DISPOSITIONS)
    return step


def _persistent(added: Iterable[str], removed: Iterable[str]) -> dict[str, Any]:
    changes = {
        name: [require_word(word, vocabulary.DISPOSITIONS) for word in words]
        for name, words in (("set", added), ("unset", removed))
    }
    known = _named_lists(changes)
    return {"persistentDisposition": known} if known else {}


def _named_lists(lists: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: members for name, members in lists.items() if members}
