"""Let buyers have accounts of their own, and orders lose the person once nobody needs it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0019", "0018"


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _table(name: str, *columns: sa.Column[Any], links: tuple[tuple[str, str], ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column, _table in links),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_{name}_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in links
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    own = (("buyer_id", "buyer"),)
    _table(
        "buyer",
        *_text("phone", "name", "password_hash", "cart_token"),
        _moment("created_at"),
    )
    op.create_index(op.f("ix_buyer_phone"), "buyer", ["phone"])
    _table(
        "buyer_sign_in",
        *_text("token_hash", "device"),
        sa.Column("is_shared_computer", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("seen_at"),
        links=own,
    )
    op.create_index("uq_buyer_sign_in_token_hash", "buyer_sign_in", ["token_hash"], unique=True)
    _table(
        "buyer_consent",
        sa.Column("purpose", _choice("purpose", "orders", "addresses"), nullable=False),
        _moment("given_at"),
        _moment("withdrawn_at", nullable=True),
        links=own,
    )
    _table(
        "buyer_address",
        *_text("name", "phone", "email", "street", "commune", "province"),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("commune_code", "province_code")),
        _moment("used_at"),
        links=own,
    )
    _table(
        "buyer_order",
        sa.Column("proved_by", _choice("proved_by", "signed_in", "code", "link"), nullable=False),
        _moment("proved_at"),
        links=(*own, ("order_id", "sales_order")),
    )
    for table in ("buyer_sign_in", "buyer_consent", "buyer_address"):
        op.create_index(op.f(f"ix_{table}_buyer_id"), table, ["buyer_id"])
    op.create_index(op.f("ix_buyer_order_order_id"), "buyer_order", ["order_id"])
    op.create_index(
        "uq_buyer_order_buyer_id_order_id", "buyer_order", ["buyer_id", "order_id"], unique=True
    )
    op.add_column("sales_order", _moment("forget_from", nullable=True))


def downgrade() -> None:
    op.drop_column("sales_order", "forget_from")
    for table in ("buyer_order", "buyer_address", "buyer_consent", "buyer_sign_in", "buyer"):
        op.drop_table(table)
