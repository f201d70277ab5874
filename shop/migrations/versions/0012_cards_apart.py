"""Let wrong PINs of a card lock the card alone, and not its person's phone."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"


def upgrade() -> None:
    op.add_column(
        "sign_in_card",
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "sign_in_card", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("sign_in_card", "locked_until")
    op.drop_column("sign_in_card", "failed_sign_ins")
