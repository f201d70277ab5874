"""Let a way of delivery cost by place and weight, and let a parcel be followed at its carrier."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0027", "0026"

_TEXTS = (
    ("delivery_method", "carrier"),
    ("delivery_method", "tracking_template"),
    ("parcel", "tracking_url"),
)


def upgrade() -> None:
    op.add_column("delivery_method", sa.Column("fee_table", sa.JSON(), nullable=True))
    for table, name in _TEXTS:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for table, name in reversed(_TEXTS):
        op.drop_column(table, name)
    op.drop_column("delivery_method", "fee_table")
