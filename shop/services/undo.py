"""Undo: within a day a member takes back what was done about them, unless it changed since.

What can be undone stands in `UNDOERS`, by the name under which the audit trail tells it; each
undoer writes down its own change and refuses what others built on.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shop.clock import day_of
from shop.errors import NotFound, ShopError
from shop.models.people import AuditEntry, Consent, Member, Plot
from shop.queries import deeds
from shop.queries.locks import lock
from shop.services import helping, members, restoring, submission_undo
from shop.services.actors import Actor, audit, require, require_own
from shop.services.permissions import Action

WITHIN = timedelta(hours=24)
"""How long after it was done (R17)."""

UNDOERS: Mapping[str, Callable[..., None]] = {
    "member_changed": members.put_back,
    "plot_changed": members.put_plot_back,
    "consent_recorded": helping.take_back,
    "submission_begun": submission_undo.unmake,
    "submission_sent": submission_undo.unsend,
}
"""By act: called with the session and the entry, and by keyword `actor` and `now`. It raises
`Changed` where somebody changed that since, `NotAllowed` where it is not theirs to undo."""


class CannotUndo(ShopError):
    """What was done cannot be undone by one tap: the office has to put it right."""

    code = "cannot_undo"
    status = 409


class UndoneBefore(ShopError):
    """It was undone already."""

    code = "undone_before"
    status = 409


class TooLateToUndo(ShopError):
    """More than a day has passed."""

    code = "too_late_to_undo"
    status = 409


def is_open(session: Session, entry: AuditEntry, *, actor: Actor, now: datetime) -> bool:
    """Return whether `actor` may undo an entry now: young enough, and nothing built on it yet."""
    if entry.action not in UNDOERS or now - entry.at >= WITHIN:
        return False
    if not _stands(session, entry, now=now):
        return False
    if entry.subject_kind == "submission":
        return entry.seller_id is not None and actor.may(Action.ACT_AS_MEMBER, entry.seller_id)
    is_helper = actor.for_member_id is not None
    is_kept_from = entry.action == "consent_recorded" or members.is_never_by_helpers(entry)
    return not (is_helper and is_kept_from)


def _stands(session: Session, entry: AuditEntry, *, now: datetime) -> bool:
    """Return whether what was done stands as it was done; `undo` looks again, with a lock."""
    if entry.subject_kind == "submission":
        return submission_undo.stands(session, entry)
    if entry.subject_kind == "consent":
        consent = session.get_one(Consent, entry.subject_id)
        return consent.withdrawn_at is None and consent.until >= day_of(now)
    row = session.get_one(Member if entry.subject_kind == "member" else Plot, entry.subject_id)
    return restoring.stands(row, entry)


def undo(
    session: Session, member: Member, entry_id: int, *, actor: Actor, now: datetime
) -> AuditEntry:
    """Undo one thing that was done about `member`, or for them, and return its entry.

    The member may, who acts for them, and the office. Raises `NotAllowed`, `NotFound` for an
    entry that is not about them, `CannotUndo`, `UndoneBefore`, `TooLateToUndo`, and `Changed`
    where something was changed since.
    """
    if not actor.may(Action.MANAGE_MEMBERS, member.seller_id):
        require_own(actor, Action.ACT_AS_MEMBER, member)
    else:
        require(actor, Action.MANAGE_MEMBERS, member.seller_id)
    entry = deeds.about(session, member.id, entry_id)
    if entry is None:
        raise NotFound(f"entry {entry_id} about member {member.id}")
    lock(session, entry)
    if entry.action not in UNDOERS:
        raise CannotUndo(entry.action)
    if deeds.undone(session, [entry.id]):
        raise UndoneBefore(f"entry {entry.id}")
    if now - entry.at >= WITHIN:
        raise TooLateToUndo(f"entry {entry.id} of {entry.at:%Y-%m-%d %H:%M}")
    UNDOERS[entry.action](session, entry, actor=actor, now=now)
    audit(session, actor, "change_undone", entry, now=now, after={"action": entry.action})
    return entry
