"""Let ways of delivery leave by an hour and rest on days, so that a day can be promised."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0021", "0020"


def upgrade() -> None:
    op.add_column(
        "delivery_method", sa.Column("cutoff", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("delivery_method", sa.Column("rest_weekdays", sa.JSON(), nullable=True))
    op.add_column("delivery_method", sa.Column("rest_days", sa.JSON(), nullable=True))


def downgrade() -> None:
    for name in ("rest_days", "rest_weekdays", "cutoff"):
        op.drop_column("delivery_method", name)
