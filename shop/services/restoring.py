"""Putting a row back to what stood before a change that the audit trail tells."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import Changed
from shop.models.people import AuditEntry
from shop.services.actors import Actor, record_change


def stands(row: Any, entry: AuditEntry) -> bool:
    """Return whether `row` still has every value that the change of `entry` gave it."""
    after = entry.after or {}
    return all(getattr(row, name) == after.get(name) for name in entry.before or {})


def restore(session: Session, row: Any, entry: AuditEntry, *, actor: Actor, now: datetime) -> None:
    """Give `row`, which the caller has locked, the values it had before the change of `entry`.

    Only where it still has the values of then; raises `Changed` where it has not. What is put
    back is a change like any other, told under the same name.
    """
    before = entry.before or {}
    if not stands(row, entry):
        raise Changed(f"{entry.subject_kind} {entry.subject_id} since entry {entry.id}")
    record_change(session, actor, entry.action, row, before, now=now)
