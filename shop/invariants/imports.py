"""Invariants 5 and 9 for files: what a run says it made is there, and a page brings in once."""

from shop.invariants.rules import Rule, select

TABLES = ("product", "pack", "member", "plot", "batch")
"""What a run can make."""


def _made_and_missing(table: str) -> Rule:
    return Rule(
        9,
        f"imported_{table}_is_missing",
        "import_row",
        select(f"""
            SELECT r.id AS row, r.run_id, r.title FROM import_row r
            JOIN import_run u ON u.id = r.run_id
            WHERE r.subject_kind = '{table}' AND r.act IN ('created', 'stocked')
              AND (u.undone_at IS NULL OR r.kept_because IN ('withdrawn', 'lot_stays'))
              AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = r.subject_id)
            ORDER BY r.id
        """),  # noqa: S608 - put together from constants
        "Lần nhập {run_id} ghi đã thêm {title}, mà không còn trong sổ.",
        "Run {run_id} is said to have made {title}, which is not there.",
    )


RULES = (
    *(_made_and_missing(table) for table in TABLES),
    Rule(
        9,
        "import_undone_by_nobody",
        "import_run",
        select("""
            SELECT u.id AS row FROM import_run u
            WHERE u.undone_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM audit_entry a
                WHERE a.subject_kind = 'import_run' AND a.subject_id = u.id
                  AND a.action = 'import_undone' AND a.at = u.undone_at)
            ORDER BY u.id
        """),
        "Lần nhập {row} đã rút lại mà không ghi ai rút.",
        "Run {row} was taken back, and nobody is on record for it.",
    ),
)
