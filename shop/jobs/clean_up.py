"""Daily, at three in the morning in Việt Nam: throw away what nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.config import Settings
from shop.db import open_session
from shop.services import housekeeping, photos

EVERY = timedelta(days=1)
AFTER = timedelta(hours=20)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Delete old sign-ins, carts, job turns and wrong tries, each kind in its own transaction."""
    counts = []
    for name, throw_away in (
        ("sign_ins", housekeeping.forget_sign_ins),
        ("carts", housekeeping.forget_carts),
        ("job_runs", housekeeping.forget_job_runs),
        ("unknown_numbers", housekeeping.forget_unknown_numbers),
    ):
        with open_session(engine, settings) as session:
            counts.append(f"{throw_away(session, now=now)} {name}")
            session.commit()
    waiting = photos.forget_staged(settings.var.resolve() / "photos", now=now)
    counts.append(f"{waiting} waiting_photos")
    return ", ".join(counts)
