"""Every 15 seconds: write photos that came in the formats nobody should wait for."""

import time
from datetime import datetime, timedelta

from sqlalchemy import Engine

from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.queries import photos as queries
from shop.services import photo_formats, photos

EVERY = timedelta(seconds=15)
AFTER = timedelta(seconds=7)

LONGEST_SECONDS = 4
"""After so long the other jobs have their turn; what is left waits for the next."""

AT_ONCE = 50


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Write the files first and a line about them afterwards, one photo in each transaction."""
    folder = settings.var.resolve() / "photos"
    tried, begun, done = ",".join(photo_formats.writable()), time.monotonic(), 0
    with open_session(engine, settings, **READ_ONLY) as session:
        waiting = queries.without_formats(session, tried, limit=AT_ONCE)
    for kind, key, extension in waiting:
        formats = photo_formats.write_further(key, extension, folder=folder)
        with open_session(engine, settings) as session:
            photos.note_formats(session, kind, key, formats, tried)
            session.commit()
        done += 1
        if time.monotonic() - begun > LONGEST_SECONDS:
            break
    return f"{done} of {len(waiting)} photos"
