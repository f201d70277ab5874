"""Let the old address of a renamed product lead to it for ever."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0020", "0019"


def upgrade() -> None:
    op.create_table(
        "former_address",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_former_address_product_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_address")),
    )
    op.create_index(op.f("ix_former_address_product_id"), "former_address", ["product_id"])


def downgrade() -> None:
    op.drop_table("former_address")
