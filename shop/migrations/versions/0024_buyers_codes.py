"""Let buyers leave a proved e-mail address, and come in with a code that is sent there."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0024", "0023"


def upgrade() -> None:
    op.add_column("buyer", sa.Column("email", sa.Text(), nullable=False, server_default=""))
    purpose = sa.Enum(
        "enter", "email", name="purpose", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "buyer_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("buyer_id", sa.Integer(), nullable=False),
        sa.Column("purpose", purpose, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["buyer.id"], name=op.f("fk_buyer_code_buyer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_code")),
        sa.UniqueConstraint("seed", name=op.f("uq_buyer_code_seed")),
    )
    op.create_index(op.f("ix_buyer_code_buyer_id"), "buyer_code", ["buyer_id"])
    op.create_index(op.f("ix_buyer_code_made_at"), "buyer_code", ["made_at"])


def downgrade() -> None:
    op.drop_table("buyer_code")
    with op.batch_alter_table("buyer") as buyer:
        buyer.drop_column("email")
