"""Invariant 6: events hash to their names, the log holds them all, and was only added to."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule, select
from traceability.epcis import CONTEXT, event_hash
from traceability.errors import TraceabilityError
from traceability.log.tree import EMPTY_ROOT, leaf_hash, node_hash


def _events(reader: Reader) -> Iterator[tuple[Row, dict[str, Any]]]:
    for row in reader.rows(
        "SELECT id AS row, event_id, event_hash, is_error_declaration, kind, happened_at, "
        "client_id, body FROM trace_event ORDER BY id"
    ):
        yield row, _read(row.pop("body"))


def _read(body: str) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _hash(event: dict[str, Any]) -> str:
    try:
        return event_hash(event, CONTEXT)
    except TraceabilityError as error:
        return error.kind


def _hashes_differ(reader: Reader) -> Iterator[Row]:
    for row, event in _events(reader):
        found = _hash(event)
        if found != row["event_hash"]:
            yield {"row": row["row"], "stored": row["event_hash"], "found": found}


def _ids_differ(reader: Reader) -> Iterator[Row]:
    """The id of an event is the one it was given, or its hash (`design.md` 2)."""
    for row, event in _events(reader):
        wanted = event.get("eventID", row["event_hash"])
        if wanted != row["event_id"]:
            yield {"row": row["row"], "stored": row["event_id"], "wanted": wanted}


def _columns_differ(reader: Reader) -> Iterator[Row]:
    for row, event in _events(reader):
        said = {
            "kind": event.get("type"),
            "is_error_declaration": "errorDeclaration" in event,
            "client_id": _entry_of(event, row),
            "happened_at": _thousandths(event.get("eventTime")),
        }
        stored = {
            **{name: row[name] for name in ("kind", "client_id")},
            "is_error_declaration": bool(row["is_error_declaration"]),
            "happened_at": _thousandths(row["happened_at"]),
        }
        wrong = [name for name in said if said[name] != stored[name]]
        if wrong:
            yield {"row": row["row"], "columns": ", ".join(wrong)}


def _entry_of(event: dict[str, Any], row: Row) -> Any:
    """Return the entry that made the row: a declaration repeats an event and has none itself."""
    if "errorDeclaration" in event:
        return None
    return event.get("dacsan:clientId", row["client_id"])


def _moment(value: datetime | str) -> datetime:
    """Return a moment as it came from a column or an event; one without zone is in UTC."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _thousandths(value: datetime | str | None) -> str | None:
    """Return a moment as events write it: to the millisecond, what is finer cut off."""
    return None if value is None else _moment(value).isoformat(timespec="milliseconds")


def _entry(row: Row) -> bytes:
    """Return what of an event is hashed into the log: the form stands in `docs` and is public."""
    return json.dumps(
        {
            "event": row["event_hash"],
            "record": hashlib.sha256(row["body"].encode()).hexdigest(),
            "recorded_at": _moment(row["recorded_at"]).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        },
        separators=(",", ":"),
    ).encode()


def _leaves_differ(reader: Reader) -> Iterator[Row]:
    for row in reader.rows(
        "SELECT l.position AS row, l.leaf_hash, e.event_hash, e.recorded_at, e.body "
        "FROM log_leaf l JOIN trace_event e ON e.id = l.event_id ORDER BY l.position"
    ):
        if leaf_hash(_entry(row)).hex() != row["leaf_hash"]:
            yield {"row": row["row"], "event_hash": row["event_hash"]}


def _checkpoints_differ(reader: Reader) -> Iterator[Row]:
    leaves = (
        bytes.fromhex(row["leaf_hash"])
        for row in reader.rows("SELECT leaf_hash FROM log_leaf ORDER BY position")
    )
    tree = _GrowingTree()
    for row in reader.rows("SELECT size AS row, root FROM log_checkpoint ORDER BY size"):
        while tree.size < row["row"] and (leaf := next(leaves, None)) is not None:
            tree.append(leaf)
        if tree.size < row["row"] or tree.root().hex() != row["root"]:
            yield {"row": row["row"], "there": tree.size}


class _GrowingTree:
    """A Merkle tree of RFC 9162 that keeps the roots of its whole subtrees alone."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf: subtrees of one size become the next larger, as digits carry."""
        found, carry = leaf, self.size
        while carry & 1:
            found = node_hash(self._whole.pop(), found)
            carry >>= 1
        self._whole.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._whole:
            return EMPTY_ROOT
        found = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            found = node_hash(left, found)
        return found


RULES = (
    Rule(
        6,
        "event_hash_differs",
        "trace_event",
        _hashes_differ,
        "Sự kiện {row} tính lại ra {found}, không phải {stored}: nội dung đã bị sửa.",
        "Event {row} hashes to {found} and not to {stored}: it was altered.",
    ),
    Rule(
        6,
        "event_id_differs",
        "trace_event",
        _ids_differ,
        "Sự kiện {row} mang mã {stored}, đúng ra là {wanted}.",
        "Event {row} is stored as {stored}, and should be {wanted}.",
    ),
    Rule(
        6,
        "event_columns_differ",
        "trace_event",
        _columns_differ,
        "Sự kiện {row}: các cột {columns} không khớp với nội dung.",
        "Event {row}: the columns {columns} do not say what the event says.",
    ),
    Rule(
        6,
        "event_not_in_log",
        "trace_event",
        lambda reader: reader.rows(
            """
            SELECT e.id AS row, e.event_id FROM trace_event e
            JOIN seller s ON s.id = e.seller_id
            WHERE s.mode = 'live' AND e.recorded_at < :before
              AND NOT EXISTS (SELECT 1 FROM log_leaf l WHERE l.event_id = e.id)
            ORDER BY e.id
            """,
            before=reader.minutes_ago(1),
        ),
        "Sự kiện {row} ghi đã hơn một phút mà chưa vào sổ công khai.",
        "Event {row} was recorded more than a minute ago and is not in the log.",
        work_of_the_worker=True,
    ),
    Rule(
        6,
        "training_in_log",
        "log_leaf",
        select("""
            SELECT l.position AS row, e.id AS event FROM log_leaf l
            JOIN trace_event e ON e.id = l.event_id JOIN seller s ON s.id = e.seller_id
            WHERE s.mode <> 'live' ORDER BY l.position
        """),
        "Lá {row} của sổ công khai là sự kiện tập huấn {event}.",
        "Leaf {row} of the log is the training event {event}.",
    ),
    Rule(
        6,
        "log_has_gap",
        "log_leaf",
        select("""
            SELECT l.position AS row FROM log_leaf l
            WHERE l.position > 0
              AND NOT EXISTS (SELECT 1 FROM log_leaf b WHERE b.position = l.position - 1)
            UNION ALL
            SELECT MIN(position) AS row FROM log_leaf HAVING MIN(position) < 0
            ORDER BY 1
        """),
        "Sổ công khai thiếu lá ngay trước lá {row}.",
        "The log has no leaf just before leaf {row}.",
    ),
    Rule(
        6,
        "leaf_without_event",
        "log_leaf",
        select("""
            SELECT l.position AS row, l.event_id FROM log_leaf l
            WHERE NOT EXISTS (SELECT 1 FROM trace_event e WHERE e.id = l.event_id)
            ORDER BY l.position
        """),
        "Lá {row} của sổ công khai trỏ tới sự kiện {event_id} không còn nữa.",
        "Leaf {row} of the log points at event {event_id}, which is gone.",
    ),
    Rule(
        6,
        "leaf_hash_differs",
        "log_leaf",
        _leaves_differ,
        "Lá {row} của sổ công khai không phải mã băm của sự kiện {event_hash}.",
        "Leaf {row} of the log is not the hash of event {event_hash}.",
    ),
    Rule(
        6,
        "checkpoint_differs",
        "log_checkpoint",
        _checkpoints_differ,
        "Gốc đã công bố ở cỡ {row} không còn là phần đầu của sổ (sổ có {there} lá).",
        "The root published at size {row} is not the beginning of the log any more "
        "({there} leaves are there).",
    ),
)
