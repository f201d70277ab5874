"""What every kind of thing needs to be taken back: who does it, why something stays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.models.imports import ImportRow, ImportRun
from shop.queries import import_subjects
from shop.services.actors import Actor, audit

CHANGED_SINCE, IN_USE, WITHDRAWN = "changed_since", "in_use", "withdrawn"
LOT_STAYS, STOCK_MOVED, GONE = "lot_stays", "stock_moved", "gone"


@dataclass(frozen=True, slots=True)
class Undoing:
    """A run that is taken back, by whom and when."""

    session: Session
    run: ImportRun
    actor: Actor
    now: datetime

    @property
    def by(self) -> dict[str, Any]:
        """Return who and when, as services ask for it."""
        return {"actor": self.actor, "now": self.now}


Found = Sequence[tuple[ImportRow, Any]]
"""Rows of a run with the things that they made or changed, the last first."""

Judge = Callable[[ImportRow, Any], str | None]
"""Says why something cannot be taken back, if it cannot."""


def keep(found: Found, judge: Judge) -> list[tuple[ImportRow, Any]]:
    """Let what `judge` has a reason for stay, for this reason; return the rest."""
    for row, subject in found:
        row.kept_because = judge(row, subject)
    return [(row, subject) for row, subject in found if row.kept_because is None]


def stands(now: Mapping[str, Any], after: Mapping[str, Any] | None) -> bool:
    """Return whether what the run wrote is still what stands there."""
    return all(now.get(name) == value for name, value in (after or {}).items())


def remove(
    undoing: Undoing, found: Found, told: Callable[[Any], dict[str, Any]]
) -> list[tuple[ImportRow, Any]]:
    """Delete what nothing points at; return the rest, which stays as it is in use.

    `told` is what the trail says of a thing, for there is no row any more to be named by.
    """
    if not found:
        return []
    session, by, now = undoing.session, undoing.actor, undoing.now
    ids = [subject.id for _, subject in found]
    pointed_at = import_subjects.pointed_at(session, type(found[0][1]), ids)
    left = []
    for row, subject in found:
        if subject.id in pointed_at:
            row.kept_because = IN_USE
            left.append((row, subject))
        else:
            before = told(subject)
            audit(session, by, "import_row_removed", subject, now=now, before=before)
            session.delete(subject)
    session.flush()
    return left
