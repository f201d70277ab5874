"""Every 15 seconds: bring the index of the search field up to date."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.clock import day_of
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.services import search

EVERY = timedelta(seconds=15)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Index what changed; a damaged index is built anew."""
    with open_session(engine, settings, **READ_ONLY) as session:
        came, went = search.bring_up_to_date(session, search.folder(settings), today=day_of(now))
    return f"{came} in, {went} out"
