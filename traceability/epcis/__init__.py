"""Trace events as EPCIS 2.0 writes them: building them, naming them by their hash."""

from traceability.epcis.build import (
    Entry,
    Quantity,
    Reference,
    birth_data,
    declared_wrong,
    object_event,
    transformation_event,
)
from traceability.epcis.canonical import canonical_json
from traceability.epcis.context import CONTEXT
from traceability.epcis.event_hash import event_hash

__all__ = [
    "CONTEXT",
    "Entry",
    "Quantity",
    "Reference",
    "birth_data",
    "canonical_json",
    "declared_wrong",
    "event_hash",
    "object_event",
    "transformation_event",
]
