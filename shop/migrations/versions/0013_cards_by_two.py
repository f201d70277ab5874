"""Let a card for an account in use take two people, and entries say who came by a card."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0013", "0012"

# No single person makes a card for an account that was there before: it may have been used.
_ADDED = (
    ("account", "is_in_use", sa.true()),
    ("account_recovery", "by_card", sa.false()),
    ("audit_entry", "by_card", sa.false()),
)


def upgrade() -> None:
    for table, name, value in _ADDED:
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=value))


def downgrade() -> None:
    for table, name, _value in reversed(_ADDED):
        op.drop_column(table, name)
