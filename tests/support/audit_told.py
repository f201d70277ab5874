"""Every entry of the audit trail that any test makes must be one that people can read."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import event

from shop.models.people import AuditEntry
from shop.pages import audit_acts, audit_changes
from shop.pages.audit_fields import field


def unread(entry: AuditEntry) -> list[str]:
    """Return what of `entry` the history has no words for: act, subject, values, codes."""
    missing = []
    if entry.action not in audit_acts.ACTS:
        missing.append(f"the act {entry.action}")
    if entry.subject_kind not in audit_acts.SUBJECTS:
        missing.append(f"the subject {entry.subject_kind}")
    for told in (entry.before, entry.after):
        missing += _values(entry, told or {})
    return missing


def _values(entry: AuditEntry, told: Mapping[str, Any]) -> Iterator[str]:
    for name, value in told.items():
        if name in audit_changes.UNTOLD | {"net_quantity", "net_unit"}:
            continue
        known = field(entry.action, entry.subject_kind, name)
        if known is None:
            yield f"the value {name} of {entry.action}"
        elif known.choices is not None and isinstance(value, str):
            is_title = name == "source" and entry.action in {
                "money_received",
                "unknown_money_received",
            }
            if value not in known.choices and not is_title:
                yield f"{name} {value} of {entry.action}"


@event.listens_for(AuditEntry, "before_insert")
def _must_be_readable(_mapper: Any, _connection: Any, entry: AuditEntry) -> None:
    missing = unread(entry)
    assert missing == [], f"the history has no words for {missing}"
