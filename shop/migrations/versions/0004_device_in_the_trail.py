"""Tell in the audit trail on which device something was done."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("device", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entry", "device")
