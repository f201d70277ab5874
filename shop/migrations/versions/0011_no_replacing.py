"""Let nobody put another row in the place of one that is only ever added to."""

from shop.migrations.append_only import KEYS, allow_replacing, refuse_replacing

revision, down_revision = "0011", "0010"


def upgrade() -> None:
    refuse_replacing(KEYS)


def downgrade() -> None:
    allow_replacing(KEYS)
