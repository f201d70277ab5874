"""The transparency log: each trace event of a live seller becomes a leaf, daily a root is kept.

An entry of the log is the UTF-8 of a JSON object without blanks, keys in this order:

    {"event":"<event_hash>","record":"<SHA-256 of the stored body, hex>","recorded_at":"<moment>"}

`event_hash` leaves an error declaration out, `record` covers it (`traceability.md` E.2). The
moment is in UTC with six decimals: `2026-11-22T04:57:41.120000Z`. The leaf is
SHA-256(0x00 || entry), the tree that of RFC 9162.
"""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from shop import clock
from shop.models.journal import LogCheckpoint, LogLeaf, TraceEvent
from shop.queries import log
from traceability.log.tree import EMPTY_ROOT, leaf_hash, node_hash


def entry(event: TraceEvent) -> bytes:
    """Return what of `event` is hashed into the log."""
    return json.dumps(
        {
            "event": event.event_hash,
            "record": hashlib.sha256(event.body.encode()).hexdigest(),
            "recorded_at": event.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        },
        separators=(",", ":"),
    ).encode()


def append_events(session: Session, *, above: int, now: datetime, most: int) -> int:
    """Make up to `most` events with ids over `above` leaves and return how many were.

    Positions are unique: of two workers that append at once, one is refused by the database.
    """
    position = log.size(session)
    events = log.events_outside(session, above=above, most=most)
    session.add_all(
        LogLeaf(
            position=position + number,
            event_id=event.id,
            leaf_hash=leaf_hash(entry(event)).hex(),
            appended_at=now,
        )
        for number, event in enumerate(events)
    )
    session.flush()
    return len(events)


def is_checkpoint_due(session: Session, *, now: datetime) -> bool:
    """Return whether no checkpoint was published yet on this day in Việt Nam."""
    last = log.last_checkpoint(session)
    return last is None or clock.day_of(last.published_at) < clock.day_of(now)


def publish_checkpoint(session: Session, *, now: datetime) -> LogCheckpoint | None:
    """Keep the root of the log if it has grown since the last time."""
    last = log.last_checkpoint(session)
    size = log.size(session)
    if size == (last.size if last is not None else 0):
        return None
    checkpoint = LogCheckpoint(size=size, root=_root(session, size).hex(), published_at=now)
    session.add(checkpoint)
    session.flush()
    return checkpoint


def _root(session: Session, size: int) -> bytes:
    """Return the root over the first leaves, keeping no more of them than the tree is high.

    Whole subtrees stand in a row, the largest first; two of one height become the next higher.
    """
    row: list[tuple[int, bytes]] = []
    for leaf in log.leaf_hashes(session, size=size):
        height, found = 0, leaf
        while row and row[-1][0] == height:
            found = node_hash(row.pop()[1], found)
            height += 1
        row.append((height, found))
    if not row:
        return EMPTY_ROOT
    _, found = row.pop()
    while row:
        found = node_hash(row.pop()[1], found)
    return found
