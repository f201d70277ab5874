"""Let a cart know the press of a button that it has seen already."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0025", "0024"


def upgrade() -> None:
    op.add_column("cart", sa.Column("last_press", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("cart") as cart:
        cart.drop_column("last_press")
