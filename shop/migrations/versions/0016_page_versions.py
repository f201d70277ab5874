"""Versions of the parts of public pages, by which kept copies are checked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shop import clock

revision, down_revision = "0016", "0015"

# What pages of the rows there are stand on; from now on the session counts them up. All are due
# at once: the worker says until when each holds.
_PARTS = (
    ("batch", "batch"),
    ("product", "product"),
    ("shelf", "product"),
    ("seller", "seller"),
    ("about", "seller"),
    ("certificate", "certificate"),
)


def upgrade() -> None:
    op.create_table(
        "page_version",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("next_change_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_page_version")),
    )
    parts = sa.table("page_version", *map(sa.column, ("kind", "id", "version", "next_change_at")))
    said = (sa.literal(clock.stamp(), sa.BigInteger), sa.func.current_timestamp())
    for kind, name in _PARTS:
        rows: Any = sa.select(sa.literal(kind), sa.column("id"), *said).select_from(sa.table(name))
        op.execute(parts.insert().from_select(parts.columns.keys(), rows))
    for kind in ("list", "home"):
        op.execute(
            parts.insert().from_select(
                parts.columns.keys(), sa.select(sa.literal(kind), sa.literal(0), *said)
            )
        )


def downgrade() -> None:
    op.drop_table("page_version")
