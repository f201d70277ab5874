"""Every two minutes: tell people that what they wait for can be had again."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.clock import day_of
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.queries import stock_watches as queries
from shop.services import stock_watches

EVERY = timedelta(minutes=2)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Tell whose turn it is, each pack in a transaction of its own."""
    with open_session(engine, settings, **READ_ONLY) as session:
        pack_ids = queries.waited_for(session)
    told = 0
    for pack_id in sorted(pack_ids):
        with open_session(engine, settings) as session:
            told += stock_watches.tell(session, pack_id, now=now, today=day_of(now))
            session.commit()
    return f"{told} told"
