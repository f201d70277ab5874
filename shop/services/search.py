"""The index behind the search field: built from the database, losing it loses nothing."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from shop.config import Settings
from shop.queries import search as queries
from shop.search import engine
from shop.services.synonyms import all_groups


def folder(settings: Settings) -> Path:
    """Return where the index of this machine stands."""
    return settings.var.resolve() / "search"


def rebuild(session: Session, place: Path, *, today: date) -> int:
    """Build the index anew beside the one in use, put it in its place, return how many goods."""
    found = queries.documents(session, today=today)
    engine.build(place, found, all_groups(session))
    return len(found)


def bring_up_to_date(session: Session, place: Path, *, today: date) -> tuple[int, int]:
    """Index what changed since the last time; return how many goods came in and went out.

    What the index holds is compared with the database by a digest of each product's texts, so
    that no change is missed, whoever made it. An index that is missing or damaged is built anew.
    """
    wanted = {one.product_id: one for one in queries.documents(session, today=today)}
    groups = all_groups(session)
    try:
        index = engine.open_index(place)
        known = {entry.product_id: entry.digest for entry in index.entries.values()}
        known_groups = index.synonyms
        index.close()
        changed = [one for key, one in wanted.items() if known.get(key) != one.digest]
        gone = known.keys() - wanted.keys()
        others = groups if groups != known_groups else None
        if changed or gone or others is not None:
            engine.update(place, changed, gone, others)
    except engine.IndexUnusable:
        engine.build(place, wanted.values(), groups)
        return len(wanted), 0
    return len(changed), len(gone)
