"""Every half minute: show that a worker lives, and how much it has before it."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.queries import outbox

EVERY = timedelta(seconds=30)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Return how many messages wait, were given up, and for how many seconds the oldest waits."""
    with open_session(engine, settings, **READ_ONLY) as session:
        backlog = outbox.backlog(session)
    late = max(timedelta(), now - backlog.oldest_due_at) if backlog.oldest_due_at else timedelta()
    return f"pending={backlog.pending} dead={backlog.dead} late_s={int(late.total_seconds())}"
