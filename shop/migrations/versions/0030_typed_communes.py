"""Let an order keep the words in which its buyer gave the commune."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0030", "0029"


def upgrade() -> None:
    column = sa.Column("typed_commune", sa.Text(), nullable=False, server_default="")
    op.add_column("sales_order", column)


def downgrade() -> None:
    with op.batch_alter_table("sales_order") as order:
        order.drop_column("typed_commune")
