"""Daily, at three in the morning in Việt Nam: throw away what nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.config import Settings
from shop.db import open_session
from shop.queries import submissions
from shop.services import forgetting, housekeeping, order_problems, photos, reviews
from shop.services.imports import waiting as waiting_imports

EVERY = timedelta(days=1)
AFTER = timedelta(hours=20)


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Delete what is old, each kind in its own transaction; return how much of each it was."""
    counts = []
    for name, throw_away in (
        ("sign_ins", housekeeping.forget_sign_ins),
        ("buyer_sign_ins", housekeeping.forget_buyer_sign_ins),
        ("buyer_codes", housekeeping.forget_buyer_codes),
        ("buyers_of_orders", forgetting.forget_asked),
        ("carts", housekeeping.forget_carts),
        ("job_runs", housekeeping.forget_job_runs),
        ("stock_watches", housekeeping.forget_watches),
        ("unknown_numbers", housekeeping.forget_unknown_numbers),
    ):
        with open_session(engine, settings) as session:
            counts.append(f"{throw_away(session, now=now)} {name}")
            session.commit()
    with open_session(engine, settings) as session:
        kept = submissions.photos_in_use(session)
    waiting = photos.forget_staged(settings.var.resolve() / "photos", now=now, kept=kept)
    counts.append(f"{waiting} waiting_photos")
    for name, forget in (
        ("problem_photos", order_problems.forget_photos),
        ("review_photos", reviews.forget_photos),
    ):
        with open_session(engine, settings) as session:
            orphans = forget(session, settings.var.resolve() / "photos", now=now)
        counts.append(f"{orphans} {name}")
    files = waiting_imports.forget(settings.var.resolve() / "imports_waiting", now=now)
    counts.append(f"{files} waiting_files")
    return ", ".join(counts)
