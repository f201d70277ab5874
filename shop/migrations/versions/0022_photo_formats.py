"""Keep photos in further formats, and let one show a single pack."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0022", "0021"


def upgrade() -> None:
    with op.batch_alter_table("photo") as photo:
        photo.add_column(sa.Column("pack_id", sa.Integer(), nullable=True))
        photo.create_foreign_key(
            "fk_photo_pack_id", "pack", ["pack_id"], ["id"], ondelete="RESTRICT"
        )
        photo.create_index("ix_photo_pack_id", ["pack_id"])
        for name in ("formats", "formats_tried"):
            photo.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("review_photo") as photo:
        for name, value in (("extension", "webp"), ("formats", ""), ("formats_tried", "")):
            photo.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=value))


def downgrade() -> None:
    with op.batch_alter_table("review_photo") as photo:
        for name in ("extension", "formats", "formats_tried"):
            photo.drop_column(name)
    with op.batch_alter_table("photo") as photo:
        photo.drop_index("ix_photo_pack_id")
        photo.drop_constraint("fk_photo_pack_id", type_="foreignkey")
        for name in ("pack_id", "formats", "formats_tried"):
            photo.drop_column(name)
