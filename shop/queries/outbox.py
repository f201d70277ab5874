"""Reading promises and the turns of periodic jobs: what is due, what waits, what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from shop.models.outbox import JobRun, OutboxMessage, OutboxState


@dataclass(frozen=True, slots=True)
class Backlog:
    """What has not been told yet: how many messages wait or were given up, since when."""

    pending: int
    dead: int
    oldest_due_at: datetime | None


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition for messages that may be claimed at `now`.

    An earlier message of the same subject that is still pending, in delivery or waiting for its
    next try, goes first. One that was given up blocks nothing: an address that does not exist
    must not silence everything else about an order, and a person sees it in the list.
    """
    earlier = aliased(OutboxMessage)
    is_first = ~(
        select(earlier.id)
        .where(
            earlier.subject == OutboxMessage.subject,
            earlier.id < OutboxMessage.id,
            earlier.state == OutboxState.PENDING,
        )
        .exists()
    )
    return and_(
        OutboxMessage.state == OutboxState.PENDING,
        OutboxMessage.due_at <= now,
        or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until <= now),
        is_first,
    )


def is_anything_due(session: Session, now: datetime) -> bool:
    """Return whether a message could be claimed at `now`; takes no lock."""
    return session.scalar(select(OutboxMessage.id).where(_is_due(now)).limit(1)) is not None


def next_due(session: Session, now: datetime) -> OutboxMessage | None:
    """Return the message that has waited longest, locked; those locked by others are passed by."""
    return session.scalars(
        select(OutboxMessage)
        .where(_is_due(now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def backlog(session: Session) -> Backlog:
    """Return how much has not been told yet."""
    rows = session.execute(
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.state != OutboxState.SENT)
        .group_by(OutboxMessage.state)
    )
    counted = {state: int(count) for state, count in rows}
    oldest = session.scalar(
        select(func.min(OutboxMessage.due_at)).where(OutboxMessage.state == OutboxState.PENDING)
    )
    pending, dead = counted.get(OutboxState.PENDING, 0), counted.get(OutboxState.DEAD, 0)
    return Backlog(pending, dead, oldest)


def dead_messages(session: Session, *, limit: int = 200) -> Sequence[OutboxMessage]:
    """Return the messages that were given up, newest first, for a person to look at."""
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.DEAD)
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    ).all()


def last_finished_runs(session: Session) -> dict[str, datetime]:
    """Return when each periodic job last ended; nothing recent means that no worker runs."""
    rows = session.execute(
        select(JobRun.job, func.max(JobRun.finished_at).label("finished_at"))
        .where(JobRun.finished_at.is_not(None))
        .group_by(JobRun.job)
    )
    return {run.job: run.finished_at for run in rows}
