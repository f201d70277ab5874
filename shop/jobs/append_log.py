"""Every 20 seconds: put new trace events into the transparency log; daily, publish its root."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.queries import log
from shop.services import transparency

EVERY = timedelta(seconds=20)

MOST_PER_TRANSACTION = 500


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Append what was recorded lately; once a day look through all events, then publish."""
    with open_session(engine, settings, **READ_ONLY) as session:
        recent = log.recent_event_id(session)
        is_checkpoint_due = transparency.is_checkpoint_due(session, now=now)
    appended = _append(engine, settings, above=0 if is_checkpoint_due else recent, now=now)
    if not is_checkpoint_due:
        return f"{appended} appended"
    with open_session(engine, settings) as session:
        checkpoint = transparency.publish_checkpoint(session, now=now)
        session.commit()
    return f"{appended} appended, " + (f"root of {checkpoint.size}" if checkpoint else "no news")


def _append(engine: Engine, settings: Settings, *, above: int, now: datetime) -> int:
    """Append in short transactions, so that nobody waits long, and return how many."""
    appended = 0
    while True:
        with open_session(engine, settings) as session:
            added = transparency.append_events(
                session, above=above, now=now, most=MOST_PER_TRANSACTION
            )
            session.commit()
        appended += added
        if added < MOST_PER_TRANSACTION:
            return appended
