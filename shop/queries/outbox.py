"""Reading promises and the turns of periodic jobs: what is due, what waits, what was given up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from shop.models.orders import Order
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


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Which given-up messages are meant: those of a seller, those of nobody's, or both."""

    seller_id: int
    with_installation: bool = False
    since: datetime | None = None


def _is_given_up(which: GivenUp) -> ColumnElement[bool]:
    whose: ColumnElement[bool] = OutboxMessage.seller_id == which.seller_id
    if which.with_installation:
        whose = or_(whose, OutboxMessage.seller_id.is_(None))
    conditions = [OutboxMessage.state == OutboxState.DEAD, whose]
    if which.since is not None:
        conditions.append(OutboxMessage.due_at >= which.since)
    return and_(*conditions)


def count_given_up(session: Session, which: GivenUp) -> int:
    """Return how many messages were given up."""
    counted = select(func.count()).select_from(OutboxMessage).where(_is_given_up(which))
    return int(session.scalar(counted) or 0)


def given_up(
    session: Session, which: GivenUp, *, limit: int, offset: int = 0
) -> Sequence[OutboxMessage]:
    """Return messages that were given up, newest first, for a person to look at."""
    return session.scalars(
        select(OutboxMessage)
        .where(_is_given_up(which))
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def message(session: Session, message_id: int) -> OutboxMessage | None:
    """Return a message by its number."""
    return session.get(OutboxMessage, message_id)


def order_codes(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of orders by their number."""
    rows = session.execute(select(Order.id, Order.code).where(Order.id.in_(set(ids))))
    return {row.id: row.code for row in rows}


def last_finished_runs(session: Session) -> dict[str, datetime]:
    """Return when each periodic job last ended; nothing recent means that no worker runs."""
    rows = session.execute(
        select(JobRun.job, func.max(JobRun.finished_at).label("finished_at"))
        .where(JobRun.finished_at.is_not(None))
        .group_by(JobRun.job)
    )
    return {run.job: run.finished_at for run in rows}


def by_key(session: Session, key: str) -> OutboxMessage | None:
    """Return the message under this key."""
    return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one_or_none()
