"""Trace events as EPCIS 2.0 writes them: building them, naming them by their hash."""

from traceability.epcis.event_hash import event_hash

__all__ = ["event_hash"]
