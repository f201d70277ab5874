"""What the simulator remembers, in a file of its own: a restart forgets nothing."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["Call", "Notice", "Records", "Transaction"]

_TABLES = """
CREATE TABLE IF NOT EXISTS transactions (
    terminal TEXT, reference TEXT, facts TEXT NOT NULL, PRIMARY KEY (terminal, reference)
);
CREATE TABLE IF NOT EXISTS refunds (
    terminal TEXT, request_id TEXT, reference TEXT NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (terminal, request_id)
);
CREATE TABLE IF NOT EXISTS notices (
    id INTEGER PRIMARY KEY, terminal TEXT NOT NULL, reference TEXT NOT NULL, query TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due REAL, claimed REAL NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, terminal TEXT NOT NULL, what TEXT NOT NULL,
    reference TEXT NOT NULL, outcome TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, terminal TEXT NOT NULL, place TEXT NOT NULL, kind TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Transaction:
    """One payment as VNPay knows it; times as VNPay writes them, the amount in hundredths."""

    terminal: str
    reference: str
    amount: str
    info: str
    created: str
    expires: str
    return_url: str
    locale: str
    number: str = "0"
    code: str = ""
    status: str = "01"
    bank: str = ""
    paid: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice that is told until it is answered."""

    id: int
    terminal: str
    reference: str
    query: str
    tries: int
    due: float | None
    answer: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call, in or out, for the page that lists them."""

    at: float
    terminal: str
    what: str
    reference: str
    outcome: str


class Records:
    """The file; each method is one transaction."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "vnpay.sqlite"
        with self._open() as opened:
            opened.executescript(_TABLES)

    def are_there(self) -> bool:
        """Return whether the file is still in its place."""
        return self._path.exists()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        opened = sqlite3.connect(self._path, timeout=10, isolation_level="IMMEDIATE")
        opened.row_factory = sqlite3.Row
        try:
            with opened:
                yield opened
        finally:
            opened.close()

    def keep(self, transaction: Transaction) -> None:
        """Write a payment down as it is now."""
        facts = json.dumps(asdict(transaction))
        with self._open() as opened:
            opened.execute(
                "INSERT INTO transactions VALUES (?, ?, ?) "
                "ON CONFLICT (terminal, reference) DO UPDATE SET facts = excluded.facts",
                (transaction.terminal, transaction.reference, facts),
            )

    def transaction(self, terminal: str, reference: str) -> Transaction | None:
        """Return a payment, if VNPay has seen it."""
        with self._open() as opened:
            row = opened.execute(
                "SELECT facts FROM transactions WHERE terminal = ? AND reference = ?",
                (terminal, reference),
            ).fetchone()
        return Transaction(**json.loads(row["facts"])) if row else None

    def next_number(self) -> str:
        """Return the next of VNPay's own numbers."""
        with self._open() as opened:
            row = opened.execute(
                "INSERT INTO settings VALUES ('number', '14000001') ON CONFLICT (name) "
                "DO UPDATE SET value = CAST(value AS INTEGER) + 1 RETURNING value"
            ).fetchone()
        return str(row["value"])

    def keep_refund(
        self, terminal: str, request_id: str, reference: str, facts: dict[str, str]
    ) -> bool:
        """Write a refund down; `False` when this request was made before."""
        with self._open() as opened:
            done = opened.execute(
                "INSERT INTO refunds VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (terminal, request_id, reference, json.dumps(facts)),
            )
        return done.rowcount == 1

    def change_refund(self, terminal: str, request_id: str, **facts: str) -> None:
        """Let facts of a refund be others."""
        with self._open() as opened:
            row = opened.execute(
                "SELECT facts FROM refunds WHERE terminal = ? AND request_id = ?",
                (terminal, request_id),
            ).fetchone()
            if row:
                opened.execute(
                    "UPDATE refunds SET facts = ? WHERE terminal = ? AND request_id = ?",
                    (json.dumps(json.loads(row["facts"]) | facts), terminal, request_id),
                )

    def refunds(self, terminal: str, reference: str = "") -> list[dict[str, str]]:
        """Return the refunds of a payment, or all of them, the last one first."""
        with self._open() as opened:
            rows = opened.execute(
                "SELECT request_id, reference, facts FROM refunds WHERE terminal = ? "
                "AND (? = '' OR reference = ?) ORDER BY rowid DESC LIMIT ?",
                (terminal, reference, reference, _SHOWN),
            ).fetchall()
        return [
            json.loads(row["facts"])
            | {"request_id": row["request_id"], "reference": row["reference"]}
            for row in rows
        ]

    def promise_notice(self, terminal: str, reference: str, query: str, due: float) -> None:
        """Tell the shop of this, from `due` on."""
        with self._open() as opened:
            opened.execute(
                "INSERT INTO notices (terminal, reference, query, due) VALUES (?, ?, ?, ?)",
                (terminal, reference, query, due),
            )

    def claim_notices(self, now: float, lease: float) -> Sequence[Notice]:
        """Return the notices that are due, for this caller alone until `now` + `lease`."""
        with self._open() as opened:
            rows = opened.execute(
                "UPDATE notices SET claimed = ? WHERE due <= ? AND claimed <= ? RETURNING *",
                (now + lease, now, now),
            ).fetchall()
        return [_notice(row) for row in rows]

    def note_answer(self, notice_id: int, answer: str, due: float | None) -> None:
        """Write down how a notice was answered and when it is told again; `None`: never."""
        with self._open() as opened:
            opened.execute(
                "UPDATE notices SET tries = tries + 1, answer = ?, due = ?, claimed = 0 "
                "WHERE id = ?",
                (answer, due, notice_id),
            )

    def notices(self, terminal: str) -> Sequence[Notice]:
        """Return the notices to one site, the last one first."""
        with self._open() as opened:
            rows = opened.execute(
                "SELECT * FROM notices WHERE terminal = ? ORDER BY id DESC LIMIT ?",
                (terminal, _SHOWN),
            ).fetchall()
        return [_notice(row) for row in rows]

    def tell_again(self, terminal: str, notice_id: int, now: float) -> None:
        """Let a notice to this site be told once more, as VNPay sometimes does."""
        with self._open() as opened:
            opened.execute(
                "UPDATE notices SET due = ? WHERE id = ? AND terminal = ?",
                (now, notice_id, terminal),
            )

    def note_call(self, call: Call) -> None:
        """Write a call down."""
        with self._open() as opened:
            opened.execute(
                "INSERT INTO calls (at, terminal, what, reference, outcome) "
                "VALUES (?, ?, ?, ?, ?)",
                (call.at, call.terminal, call.what, call.reference, call.outcome),
            )

    def calls(self, terminal: str) -> Sequence[Call]:
        """Return the calls from and to one site, the last one first."""
        with self._open() as opened:
            rows = opened.execute(
                "SELECT at, terminal, what, reference, outcome FROM calls WHERE terminal = ? "
                "ORDER BY id DESC LIMIT ?",
                (terminal, _SHOWN),
            ).fetchall()
        return [Call(*row) for row in rows]

    def order_fault(self, terminal: str, place: str, kind: str) -> None:
        """Let the next call of a kind (`pay`, `notice`, `query`, `refund`) go wrong this way."""
        with self._open() as opened:
            opened.execute(
                "INSERT INTO faults (terminal, place, kind) VALUES (?, ?, ?)",
                (terminal, place, kind),
            )

    def take_fault(self, terminal: str, place: str) -> str:
        """Return the fault that this call is to have, once; empty for none."""
        with self._open() as opened:
            row = opened.execute(
                "DELETE FROM faults WHERE id = (SELECT MIN(id) FROM faults WHERE terminal = ? "
                "AND place = ?) RETURNING kind",
                (terminal, place),
            ).fetchone()
        return str(row["kind"]) if row else ""

    def setting(self, name: str, default: str) -> str:
        """Return what was set on the page."""
        with self._open() as opened:
            row = opened.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else default

    def set(self, name: str, value: str) -> None:
        """Set something on the page."""
        with self._open() as opened:
            opened.execute(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) "
                "DO UPDATE SET value = excluded.value",
                (name, value),
            )


def _notice(row: Any) -> Notice:
    return Notice(
        row["id"],
        row["terminal"],
        row["reference"],
        row["query"],
        row["tries"],
        row["due"],
        row["answer"],
    )
