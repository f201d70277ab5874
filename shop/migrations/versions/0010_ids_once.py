"""Let SQLite never give the id of a row that was taken out to a later one.

The trail, the log of imports and the versions of pages name rows by their ids alone. PostgreSQL
takes them from a sequence and never did so.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0010", "0009"

TABLES = ("product", "pack", "member", "plot", "batch")
"""What the undo of an import takes out."""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        options = {"sqlite_autoincrement": True}
        with op.batch_alter_table(table, recreate="always", table_kwargs=options):
            pass
        _go_on_behind_the_trail(table)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        with op.batch_alter_table(table, recreate="always"):
            pass


def _go_on_behind_the_trail(table: str) -> None:
    """Let new ids begin behind the highest that the table has or the trail names."""
    connection, name = op.get_bind(), {"name": table}
    highest = connection.scalar(
        sa.text(
            "SELECT max(last) FROM (SELECT max(subject_id) AS last FROM audit_entry"
            " WHERE subject_kind = :name"
            " UNION ALL SELECT max(subject_id) FROM import_row WHERE subject_kind = :name"
            " UNION ALL SELECT seq FROM sqlite_sequence WHERE name = :name)"
        ),
        name,
    )
    if highest is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :highest)"),
            {"name": table, "highest": highest},
        )
