"""Let buyers send goods back."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0029", "0028"


def upgrade() -> None:
    state = sa.Enum(
        "asked", "accepted", "refused", "received", "ended",
        name="state", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip
    op.create_table(
        "goods_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)",
            name=op.f("ck_goods_return_decided_when_no_longer_asked"),
        ),
        sa.CheckConstraint(
            "(state = 'received') = (received_at IS NOT NULL)",
            name=op.f("ck_goods_return_received_when_received"),
        ),
        _link("goods_return", "seller_id", "seller"),
        _link("goods_return", "order_id", "sales_order"),
        _link("goods_return", "report_id", "problem_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_return")),
        sa.UniqueConstraint("report_id", name=op.f("uq_goods_return_report_id")),
    )
    op.create_index(op.f("ix_goods_return_seller_id"), "goods_return", ["seller_id"])
    op.create_index(op.f("ix_goods_return_order_id"), "goods_return", ["order_id"])
    op.create_table(
        "goods_return_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_goods_return_line_something_comes_back")),
        sa.CheckConstraint(
            "received >= 0 AND received <= quantity",
            name=op.f("ck_goods_return_line_no_more_than_asked"),
        ),
        _link("goods_return_line", "return_id", "goods_return"),
        _link("goods_return_line", "order_line_id", "order_line"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_return_line")),
        sa.UniqueConstraint(
            "return_id", "order_line_id", name=op.f("uq_goods_return_line_return_id_order_line_id")
        ),
    )
    op.create_index(
        op.f("ix_goods_return_line_order_line_id"), "goods_return_line", ["order_line_id"]
    )


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )


def downgrade() -> None:
    op.drop_table("goods_return_line")
    op.drop_table("goods_return")
