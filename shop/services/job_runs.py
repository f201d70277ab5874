"""Turns of periodic jobs: each is taken by one worker, however many there are."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.models.outbox import JobRun


def take(session: Session, job: str, *, due_at: datetime, worker: str) -> bool:
    """Take the turn of `job` that was due at `due_at`; return `False` when somebody has it.

    The caller commits before the work begins: a worker that dies over it leaves the turn taken,
    and the next turn does what this one left undone.
    """
    if session.get(JobRun, (job, due_at)) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(JobRun(job=job, due_at=due_at, worker=worker))
    except IntegrityError:
        return False
    return True


def finish(session: Session, job: str, *, due_at: datetime, now: datetime, result: str) -> None:
    """Write down that the turn came to its end, and what came of it."""
    session.execute(
        update(JobRun)
        .where(JobRun.job == job, JobRun.due_at == due_at)
        .values(finished_at=now, result=result)
    )


def fail(session: Session, job: str, *, due_at: datetime, error: str) -> None:
    """Write down what broke the turn off; it stays unfinished."""
    session.execute(
        update(JobRun).where(JobRun.job == job, JobRun.due_at == due_at).values(result=error)
    )
