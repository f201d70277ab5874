"""Let members send goods and batches from their phones, for the office to decide."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"

_LINKS = (
    ("seller_id", "seller"),
    ("member_id", "member"),
    ("product_id", "product"),
    ("batch_id", "batch"),
    ("made_by_id", "account"),
    ("decided_by_id", "account"),
)


def upgrade() -> None:
    with op.batch_alter_table("product") as product:
        product.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        product.create_foreign_key(
            "fk_product_member_id", "member", ["member_id"], ["id"], ondelete="RESTRICT"
        )
        product.create_index("ix_product_member_id", ["member_id"])
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", "product", "batch"), nullable=False),
        sa.Column(
            "state",
            _choice("state", "draft", "sent", "returned", "approved", "withdrawn"),
            nullable=False,
        ),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("office_changes", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('approved', 'returned')) = (decided_at IS NOT NULL)",
            name=op.f("ck_submission_decided_when_decided"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_submission_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in _LINKS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "seller_id", "client_id", name=op.f("uq_submission_seller_id_client_id")
        ),
    )
    for column in ("member_id", "product_id", "batch_id"):
        op.create_index(op.f(f"ix_submission_{column}"), "submission", [column])
    op.create_index(
        op.f("ix_submission_seller_id_state_sent_at"),
        "submission",
        ["seller_id", "state", "sent_at"],
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    op.drop_table("submission")
    with op.batch_alter_table("product") as product:
        product.drop_index("ix_product_member_id")
        product.drop_constraint("fk_product_member_id", type_="foreignkey")
        product.drop_column("member_id")
