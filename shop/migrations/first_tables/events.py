"""Events: what happened, and the log over it."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables of this part."""
    _log_checkpoint()
    _trace_event()
    _log_leaf()


def _log_checkpoint() -> None:
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )


def _trace_event() -> None:
    op.create_table(
        "trace_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event_hash", sa.Text(), nullable=False),
        sa.Column("is_error_declaration", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seller_id"],
            ["seller.id"],
            name=op.f("fk_trace_event_seller_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_event")),
        sa.UniqueConstraint("client_id", name=op.f("uq_trace_event_client_id")),
        sa.UniqueConstraint(
            "event_id",
            "is_error_declaration",
            name=op.f("uq_trace_event_event_id_is_error_declaration"),
        ),
    )
    op.create_index(
        op.f("ix_trace_event_recorded_at"), "trace_event", ["recorded_at"], unique=False
    )
    op.create_index(
        op.f("ix_trace_event_seller_id_happened_at"),
        "trace_event",
        ["seller_id", "happened_at"],
        unique=False,
    )


def _log_leaf() -> None:
    op.create_table(
        "log_leaf",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("leaf_hash", sa.Text(), nullable=False),
        sa.Column("appended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trace_event.id"],
            name=op.f("fk_log_leaf_event_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_leaf_event_id")),
    )
