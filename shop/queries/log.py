"""Reading the transparency log: what is in it, what is not yet, and the root over it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.catalog import Seller, SellerMode
from shop.models.journal import LogCheckpoint, LogLeaf, TraceEvent

OVERLAP = 10_000
"""How many ids back the log is looked through each time, and not only once a day."""


def size(session: Session) -> int:
    """Return how many leaves the log has."""
    last = session.scalar(select(func.max(LogLeaf.position)))
    return 0 if last is None else last + 1


def last_checkpoint(session: Session) -> LogCheckpoint | None:
    """Return the checkpoint over the largest size."""
    return session.scalars(
        select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
    ).one_or_none()


def recent_event_id(session: Session) -> int:
    """Return an event id below which, in all likelihood, nothing is missing in the log.

    Ids are given before the commit, so that a slow transaction comes late with a low one.
    """
    last = session.scalar(select(func.max(LogLeaf.event_id)))
    return max(0, (last or 0) - OVERLAP)


def events_outside(session: Session, *, above: int, most: int) -> Sequence[TraceEvent]:
    """Return events of live sellers with ids over `above` that are no leaf, oldest id first.

    Training stays out of the log (`design.md` 2).
    """
    is_leaf = select(LogLeaf.event_id).where(LogLeaf.event_id == TraceEvent.id).exists()
    return session.scalars(
        select(TraceEvent)
        .join(Seller, Seller.id == TraceEvent.seller_id)
        .where(TraceEvent.id > above, Seller.mode == SellerMode.LIVE, ~is_leaf)
        .order_by(TraceEvent.id)
        .limit(most)
    ).all()


def leaf_hashes(session: Session, *, size: int) -> Iterator[bytes]:
    """Yield the first `size` leaf hashes in their order, a few thousand in memory at a time."""
    rows = session.execute(
        select(LogLeaf.leaf_hash)
        .where(LogLeaf.position < size)
        .order_by(LogLeaf.position)
        .execution_options(yield_per=5000)
    )
    return (bytes.fromhex(leaf_hash) for (leaf_hash,) in rows)
