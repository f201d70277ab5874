"""Every five minutes: end the recoveries that no second person confirmed in time."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.queries.recoveries import run_out
from shop.services import recoveries

EVERY = timedelta(minutes=5)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """End each in a transaction of its own."""
    with open_session(engine, settings, **READ_ONLY) as session:
        recovery_ids = run_out(session, now)
    ended = 0
    for recovery_id in recovery_ids:
        with open_session(engine, settings) as session:
            ended += recoveries.expire(session, recovery_id, now=now)
            session.commit()
    return f"{ended} expired"
