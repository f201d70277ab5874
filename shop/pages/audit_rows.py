"""One row of the change history in words: when, who, for whom, what, from where, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.models.people import AuditEntry
from shop.pages import audit_acts, audit_choices
from shop.pages.audit_changes import Change, changes
from shop.pages.device_words import device
from shop.queries import addresses, audit_subjects, sign_in_deeds

_NAMING = ("full_name", "name", "lot", "sku", "code", "file")
"""By which of the values a row is named that is not there any more."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the page and the file show of one entry."""

    id: int
    at: datetime
    act: str
    subject: str
    url: str
    """The page of what it is about, where the office has one."""

    history_url: str
    """Everything that was done to it."""

    who: str
    for_whom: str
    """For whom a helper acted, or whose way in it was about."""

    is_by_helper: bool
    origin: str
    device: str
    said_device: str
    changes: Sequence[Change]
    stored: Mapping[str, Any]


def rows(session: Session, found: Iterable[Any]) -> Iterable[Row]:
    """Yield the rows for entries with the names of who acted and for whom, in their order."""
    found = list(found)
    entries = [entry for entry, _who, _whom in found]
    named = audit_subjects.names(session, entries)
    provinces = _provinces(session, entries)
    concerned = sign_in_deeds.concerned(session, entries)
    for entry, who, for_whom in found:
        about = named.get((entry.subject_kind, entry.subject_id))
        yield Row(
            id=entry.id,
            at=entry.at,
            act=audit_acts.act(entry.action),
            subject=audit_acts.subject(entry.subject_kind, _name(entry, about)),
            url=_url(entry, about),
            history_url=url_for("office_audit.index", gi=entry.subject_kind, so=entry.subject_id),
            who=audit_acts.actor(entry.actor_kind, who),
            is_by_helper=entry.for_member_id is not None,
            for_whom=for_whom or concerned.get(entry.id, ""),
            origin=entry.origin,
            device=_device(entry),
            said_device=entry.device or "",
            changes=changes(entry, provinces=provinces),
            stored=_stored(entry),
        )


def _provinces(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of provinces by code, where an entry tells of any."""
    sides = (side for entry in entries for side in (entry.before, entry.after))
    if not any("province_codes" in (side or {}) for side in sides):
        return {}
    return dict(addresses.provinces(session, day=clock.today()))


def _device(entry: AuditEntry) -> str:
    """Return the device and, where it was by a printed card, by what its person came in."""
    said = [device(entry.device), _("vào bằng thẻ") if entry.by_card else ""]
    return ", ".join(str(one) for one in said if one)


def _name(entry: AuditEntry, about: str | None) -> str | None:
    """Return what the row is called that an entry is about; of what is gone, as it was called."""
    if entry.subject_kind == "certificate":
        return _paper(entry, about)
    if about is not None:
        return about
    told = {**(entry.after or {}), **(entry.before or {})}
    return next((str(told[name]) for name in _NAMING if told.get(name)), None)


def _paper(entry: AuditEntry, about: str | None) -> str | None:
    """Return a paper by its kind, in the language of the page, and its number."""
    kind = str((entry.after or {}).get("kind", ""))
    words = [str(audit_choices.PAPER_KINDS[kind])] if kind in audit_choices.PAPER_KINDS else []
    return ", ".join([*words, *([about] if about else [])]) or None


def _url(entry: AuditEntry, about: str | None) -> str:
    if about is None:
        return ""
    if entry.subject_kind == "sales_order":
        return url_for("office_orders.show", code=about)
    if entry.subject_kind == "batch":
        return url_for("office_batches.show", batch_id=entry.subject_id)
    if entry.subject_kind == "member":
        return url_for("office_members.show", member_id=entry.subject_id)
    if entry.subject_kind == "product":
        return url_for("office_products.edit", product_id=entry.subject_id)
    return ""


def _stored(entry: AuditEntry) -> dict[str, Any]:
    """Return an entry as it is stored, but for who acted and from where."""
    return {
        "id": entry.id,
        "action": entry.action,
        "subject": f"{entry.subject_kind}:{entry.subject_id}",
        "before": entry.before,
        "after": entry.after,
    }
