"""Every minute: read the notices whose reading was broken off, by a kill or by the database."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from integrations.errors import IntegrationError
from integrations.payments.protocol import Verdict
from shop import clock
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.errors import ShopError
from shop.services import provider_notices

EVERY = timedelta(minutes=1)

REFUSED_LATELY = timedelta(days=30)
"""How far back notices are read again that did not fit the secret of their time."""

log = structlog.get_logger()


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Read each in a transaction of its own; what cannot be read waits for the next minute."""
    done = read_all(engine, settings, by=now - provider_notices.PATIENCE, now=now)
    left = sum(verdict is Verdict.TROUBLE for verdict in done.values())
    return f"{len(done) - left} read, {left} left"


def read_all(
    engine: Engine, settings: Settings, *, by: datetime, now: datetime
) -> dict[int, Verdict]:
    """Read the notices that came by a moment and return what became of each, by its number."""
    with open_session(engine, settings, **READ_ONLY) as session:
        notice_ids = provider_notices.unread(session, by=by)
    found = {one: read(engine, settings, one, now=now) for one in notice_ids}
    return {number: verdict for number, verdict in found.items() if verdict is not None}


def read_refused(engine: Engine, settings: Settings, *, now: datetime) -> dict[int, Verdict]:
    """Read what was refused lately for its signature; return what is believed now."""
    with open_session(engine, settings, **READ_ONLY) as session:
        notice_ids = provider_notices.refused(session, since=now - REFUSED_LATELY)
    found = {one: read(engine, settings, one, now=now, again=True) for one in notice_ids}
    return {
        number: verdict
        for number, verdict in found.items()
        if verdict is not None and verdict is not Verdict.NOT_SIGNED
    }


def read(
    engine: Engine, settings: Settings, notice_id: int, *, now: datetime, again: bool = False
) -> Verdict | None:
    """Read one notice; `Verdict.TROUBLE` leaves it as it was, `None` says it has been read."""
    with open_session(engine, settings) as session:
        try:
            today = clock.today()
            verdict = provider_notices.take(session, notice_id, now=now, today=today, again=again)
            session.commit()
        except (SQLAlchemyError, ShopError, IntegrationError):
            log.exception("notice_not_taken", notice=notice_id)
            return Verdict.TROUBLE
    return verdict
