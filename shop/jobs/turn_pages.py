"""Every minute: count up the parts of pages that are others since midnight."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from shop import page_bumps
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.models.page_versions import PageVersion

EVERY = timedelta(minutes=1)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Give new versions to what is due, a few parts in each transaction."""
    with open_session(engine, settings, **READ_ONLY) as session:
        due = session.execute(
            select(PageVersion.kind, PageVersion.id)
            .where(PageVersion.next_change_at <= now)
            .order_by(PageVersion.kind, PageVersion.id)
        ).all()
    parts = [(row.kind, row.id) for row in due]
    for start in range(0, len(parts), page_bumps.AT_ONCE):
        with open_session(engine, settings) as session:
            page_bumps.bump(session, parts[start : start + page_bumps.AT_ONCE])
            session.commit()
    return f"{len(parts)} parts of pages turned"
