"""Triggers that refuse to change or delete what must only ever be added to."""

from alembic import op

TABLES = (
    "trace_event",
    "lineage_edge",
    "log_leaf",
    "log_checkpoint",
    "stock_movement",
    "ledger_entry",
    "posting",
    "audit_entry",
    "order_move",
)


def protect(tables: tuple[str, ...]) -> None:
    """Make `tables` refuse UPDATE and DELETE, on SQLite and PostgreSQL."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for table in tables:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "trace_event": (("id",), ("client_id",), ("event_id", "is_error_declaration")),
    "lineage_edge": (("id",),),
    "log_leaf": (("position",), ("event_id",)),
    "log_checkpoint": (("size",),),
    "stock_movement": (("id",),),
    "ledger_entry": (("id",), ("key",)),
    "posting": (("id",),),
    "audit_entry": (("id",),),
    "order_move": (("id",),),
}
"""What no two rows of a table have in common."""


def refuse_replacing(keys: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    """Make tables refuse INSERT OR REPLACE on SQLite.

    It takes the row out that stands in the way without asking the trigger that refuses DELETE,
    unless the connection set `recursive_triggers` (SQLite, lang_conflict). PostgreSQL has nothing
    like it: its ON CONFLICT updates, and asks.
    """
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, unique in keys.items():
        same = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")"
            for key in unique
        )
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - constants
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def allow_replacing(keys: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    """Undo `refuse_replacing`."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in keys:
        op.execute(f"DROP TRIGGER {table}_no_replace")
