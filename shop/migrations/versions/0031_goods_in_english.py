"""Let products, packs and sellers say in English what they say in Vietnamese."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0031", "0030"


def upgrade() -> None:
    english = sa.Column("english", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("product", english)
    op.add_column("pack", sa.Column("label_en", sa.Text(), nullable=False, server_default=""))
    op.add_column("seller", sa.Column("about_en", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for table, column in (("seller", "about_en"), ("pack", "label_en"), ("product", "english")):
        with op.batch_alter_table(table) as altered:
            altered.drop_column(column)
