"""Let offices say which words mean one thing."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0028", "0027"


def upgrade() -> None:
    op.create_table(
        "synonym_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["seller_id"],
            ["seller.id"],
            name=op.f("fk_synonym_group_seller_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_group")),
        sa.UniqueConstraint("key", name=op.f("uq_synonym_group_key")),
    )
    op.create_index(op.f("ix_synonym_group_seller_id"), "synonym_group", ["seller_id"])


def downgrade() -> None:
    op.drop_table("synonym_group")
