"""Let people be told when what is sold out can be had again."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0015", "0014"


def upgrade() -> None:
    op.create_table(
        "stock_watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(phone = '') <> (email = '')", name=op.f("ck_stock_watch_one_way_to_tell")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_stock_watch_{table}_id"),
                ondelete="RESTRICT",
            )
            for table in ("seller", "pack")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_watch")),
        sa.UniqueConstraint("token", name=op.f("uq_stock_watch_token")),
        sa.UniqueConstraint(
            "pack_id", "phone", "email", name=op.f("uq_stock_watch_pack_id_phone_email")
        ),
    )
    op.create_index(
        op.f("ix_stock_watch_seller_id_turn_at"), "stock_watch", ["seller_id", "turn_at"]
    )


def downgrade() -> None:
    op.drop_table("stock_watch")
