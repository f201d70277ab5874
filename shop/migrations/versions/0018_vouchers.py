"""Let sellers give something off, by a code or of itself, within limits that hold."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0018", "0017"


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    with op.batch_alter_table("order_line") as line:
        line.add_column(
            sa.Column("discount_vnd", sa.BigInteger(), nullable=False, server_default="0")
        )
    op.create_table(
        "voucher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "percent",
                "amount",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cap_vnd", sa.BigInteger(), nullable=True),
        sa.Column("minimum_vnd", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("uses_most", sa.Integer(), nullable=True),
        sa.Column("uses_per_phone", sa.Integer(), nullable=True),
        sa.Column("budget_vnd", sa.BigInteger(), nullable=True),
        sa.Column("product_ids", sa.JSON(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("used_vnd", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_something_is_given")),
        sa.CheckConstraint(
            "kind <> 'percent' OR amount <= 100", name=op.f("ck_voucher_no_more_than_all")
        ),
        sa.CheckConstraint(
            "used_count >= 0 AND used_vnd >= 0", name=op.f("ck_voucher_uses_are_counted")
        ),
        sa.CheckConstraint(
            "used_count <= uses_most", name=op.f("ck_voucher_no_more_uses_than_meant")
        ),
        sa.CheckConstraint(
            "used_vnd <= budget_vnd", name=op.f("ck_voucher_no_more_money_than_meant")
        ),
        _link("voucher", "seller_id", "seller"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("seller_id", "code", name=op.f("uq_voucher_seller_id_code")),
    )
    op.create_index(op.f("ix_voucher_seller_id"), "voucher", ["seller_id"])
    op.create_table(
        "voucher_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_vnd > 0", name=op.f("ck_voucher_use_something_was_given")),
        _link("voucher_use", "voucher_id", "voucher"),
        _link("voucher_use", "order_id", "sales_order"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_use")),
        sa.UniqueConstraint("order_id", name=op.f("uq_voucher_use_order_id")),
    )
    op.create_index(
        op.f("ix_voucher_use_voucher_id_phone"), "voucher_use", ["voucher_id", "phone"]
    )


def downgrade() -> None:
    op.drop_table("voucher_use")
    op.drop_table("voucher")
    with op.batch_alter_table("order_line") as line:
        line.drop_column("discount_vnd")
