"""The triggers that keep what must only ever be added to: they are there, and they are on."""

from collections.abc import Iterator

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule

GUARDED = {
    "ledger_entry": 1,
    "posting": 1,
    "invoice": 1,
    "invoice_sum": 1,
    "stock_movement": 2,
    "trace_event": 6,
    "lineage_edge": 6,
    "log_leaf": 6,
    "log_checkpoint": 6,
    "audit_entry": 9,
    "order_move": 9,
}
"""Tables that are only added to, each with the invariant that rests on it."""

_BITS = {"DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""Bits of `pg_trigger.tgtype`; 2 is BEFORE (PostgreSQL, src/include/catalog/pg_trigger.h)."""


def _sqlite(reader: Reader, table: str) -> set[str]:
    """Return the verbs that `table` refuses."""
    found = reader.rows(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table", table=table
    )
    said = [" ".join(str(row["sql"]).upper().split()) for row in found]
    name = table.upper()
    replaced = f" BEFORE INSERT ON {name} WHEN EXISTS (SELECT 1 FROM {name} WHERE ("  # noqa: S608
    keeps = any(replaced in trigger and "RAISE(ABORT" in trigger for trigger in said)
    return ({"REPLACE"} if keeps else set()) | {
        verb
        for verb in ("UPDATE", "DELETE")
        for trigger in said
        if f" BEFORE {verb} ON {name} " in trigger
        and " WHEN " not in trigger
        and "RAISE(ABORT" in trigger
    }


def _postgresql(reader: Reader, table: str) -> set[str]:
    found = reader.rows(
        """
        SELECT t.tgtype AS bits FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE t.tgrelid = to_regclass(:table) AND NOT t.tgisinternal AND t.tgqual IS NULL
          AND t.tgenabled IN ('O', 'A') AND f.prosrc ILIKE '%RAISE EXCEPTION%'
        """,
        table=table,
    )
    bits = [row["bits"] for row in found]
    return {verb for verb, bit in _BITS.items() if any(one & bit and one & 2 for one in bits)}


def _open_to(reader: Reader, table: str) -> Iterator[Row]:
    wanted = {"UPDATE", "DELETE", "TRUNCATE" if reader.is_postgresql else "REPLACE"}
    refused = _postgresql if reader.is_postgresql else _sqlite
    open_to = sorted(wanted - refused(reader, table))
    if open_to:
        yield {"row": table, "verbs": ", ".join(open_to)}


def _rule(table: str, invariant: int) -> Rule:
    return Rule(
        invariant,
        f"{table}_not_guarded",
        table,
        lambda reader: _open_to(reader, table),
        "Bảng {row} không còn được canh: {verbs} không bị từ chối.",
        "Table {row} is not guarded any more: {verbs} is not refused.",
    )


RULES = tuple(_rule(table, invariant) for table, invariant in GUARDED.items())
