"""Keeping promises: one worker at a time claims a message, then writes down what came of it.

A claim is a lease. Who holds it may talk to the outside until `claimed_until`; a worker that
dies leaves nothing behind but the wait until then. The name in `claimed_by` is new for each
claim, so that a worker that comes back late changes nothing any more.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.models.outbox import OutboxMessage, OutboxState
from shop.queries import outbox

MOST_TRIES = 20
"""With the pauses below they last 27 hours: a day without internet loses no letter."""

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=2)


def claim(
    session: Session, *, claimant: str, lease: timedelta, now: datetime
) -> OutboxMessage | None:
    """Return the next due message, claimed until `now + lease`; `None` when nothing is due.

    A message whose tries all ended without a word, because each worker died over it, is given
    up here instead of being handed out again.
    """
    while (message := outbox.next_due(session, now)) is not None:
        if message.tries < MOST_TRIES:
            message.tries += 1
            message.claimed_by = claimant
            message.claimed_until = now + lease
            session.flush()
            return message
        message.state = OutboxState.DEAD
        message.last_error = message.last_error or "no worker survived its delivery"
        session.flush()
    return None


def mark_sent(
    session: Session, message: OutboxMessage, answer: dict[str, Any], *, now: datetime
) -> bool:
    """Keep the `answer` from outside; return `False` when the claim has passed to another."""
    return _settle(
        session, message, state=OutboxState.SENT, sent_at=now, answer=answer, last_error=""
    )


def mark_failed(
    session: Session, message: OutboxMessage, error: str, *, is_final: bool, now: datetime
) -> bool:
    """Keep why it failed and when to try again; the last try, or a final refusal, gives it up.

    Returns `False` when the claim has passed to another.
    """
    if is_final or message.tries >= MOST_TRIES:
        return _settle(session, message, state=OutboxState.DEAD, last_error=error)
    return _settle(session, message, due_at=now + pause(message.tries), last_error=error)


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries: three times as long each time, up to two hours.

    Up to a quarter is added by chance, so that what failed together does not come back together.
    """
    steps = min(tries - 1, 10)  # ten are beyond the longest pause already
    grown: timedelta = min(FIRST_PAUSE * 3**steps, LONGEST_PAUSE)
    return grown * random.uniform(1.0, 1.25)


def _settle(session: Session, message: OutboxMessage, **values: Any) -> bool:
    settled = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.claimed_by == message.claimed_by,
            OutboxMessage.state == OutboxState.PENDING,
        )
        .values(claimed_by=None, claimed_until=None, **values)
        .execution_options(synchronize_session=False)
        .returning(OutboxMessage.id)
    )
    return settled.scalar_one_or_none() is not None
