"""Let buyers send goods as a gift and ask for an invoice, and sellers say under which number."""

import sqlalchemy as sa
from alembic import op

from shop.migrations.append_only import protect, refuse_replacing

revision, down_revision = "0026", "0025"


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def _money(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _adds_up(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        "total_vnd = net_vnd + tax_vnd", name=op.f(f"ck_{table}_total_adds_up")
    )


def upgrade() -> None:
    for column in (
        sa.Column("gift_card", sa.Text(), nullable=False, server_default=""),
        sa.Column("hides_prices", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("delivery_tax_class", sa.Text(), nullable=False, server_default=""),
        sa.Column("delivery_tax_basis_points", sa.Integer(), nullable=True),
        sa.Column("delivery_tax_vnd", sa.BigInteger(), nullable=False, server_default="0"),
    ):
        op.add_column("sales_order", column)
    op.add_column(
        "delivery_method",
        sa.Column("tax_class", sa.Text(), nullable=False, server_default="standard"),
    )
    op.create_table(
        "invoice_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "company",
                "household",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("name", "tax_code", "address", "email")
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        _link("invoice_request", "seller_id", "seller"),
        _link("invoice_request", "order_id", "sales_order"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_request")),
        sa.UniqueConstraint("order_id", name=op.f("uq_invoice_request_order_id")),
    )
    op.create_index(op.f("ix_invoice_request_seller_id"), "invoice_request", ["seller_id"])
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        *_money("net_vnd", "tax_vnd", "total_vnd"),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        _adds_up("invoice"),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (reason = '')",
            name=op.f("ck_invoice_corrected_for_a_reason"),
        ),
        _link("invoice", "seller_id", "seller"),
        _link("invoice", "order_id", "sales_order"),
        _link("invoice", "corrects_id", "invoice"),
        _link("invoice", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_invoice_corrects_id")),
    )
    op.create_index(op.f("ix_invoice_order_id"), "invoice", ["order_id"])
    op.create_index(op.f("ix_invoice_seller_id_number"), "invoice", ["seller_id", "number"])
    op.create_index(
        "uq_invoice_first_of_order",
        "invoice",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("corrects_id IS NULL"),
        postgresql_where=sa.text("corrects_id IS NULL"),
    )
    op.create_table(
        "invoice_sum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("tax_basis_points", sa.Integer(), nullable=True),
        *_money("net_vnd", "tax_vnd", "total_vnd"),
        _adds_up("invoice_sum"),
        _link("invoice_sum", "invoice_id", "invoice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_sum")),
    )
    op.create_index(op.f("ix_invoice_sum_invoice_id"), "invoice_sum", ["invoice_id"])
    protect(("invoice", "invoice_sum"))
    refuse_replacing({"invoice": (("id",), ("corrects_id",)), "invoice_sum": (("id",),)})


def downgrade() -> None:
    for table in ("invoice_sum", "invoice", "invoice_request"):
        op.drop_table(table)
    op.drop_column("delivery_method", "tax_class")
    for name in (
        "delivery_tax_vnd",
        "delivery_tax_basis_points",
        "delivery_tax_class",
        "hides_prices",
        "gift_card",
    ):
        op.drop_column("sales_order", name)
