"""Let people sign in by a printed card, prove a second factor, and be recovered by two."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    _cards()
    _second_factors()
    _recoveries()
    op.add_column(
        "account",
        sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(
            sa.Column(
                "opened_with",
                _choice("opened_with", "password", "card"),
                nullable=False,
                server_default="password",
            )
        )
        sign_in.add_column(sa.Column("card_id", sa.Integer(), nullable=True))
        sign_in.add_column(
            sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True)
        )
        sign_in.create_foreign_key(
            "fk_sign_in_card_id", "sign_in_card", ["card_id"], ["id"], ondelete="RESTRICT"
        )


def _cards() -> None:
    table = "sign_in_card"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("wrong_pins", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        _link(table, "seller_id", "seller"),
        *(_link(table, name, "account") for name in ("account_id", "created_by_id")),
        _link(table, "revoked_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_card")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_card_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_card_account_id"), table, ["account_id"])
    _unique_where("uq_sign_in_card_living", table, "revoked_at IS NULL")


def _second_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        _link("second_factor", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _link("recovery_code", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])


def _recoveries() -> None:
    table = "account_recovery"
    states = ("asked", "confirmed", "refused", "expired")
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("state", _choice("recovery_state", *states), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recognised_by", sa.Text(), nullable=False),
        sa.Column("without_phone", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _link(table, "seller_id", "seller"),
        *(_link(table, name, "account") for name in ("account_id", "asked_by_id")),
        _link(table, "answered_by_id", "account"),
        sa.CheckConstraint(
            "state <> 'confirmed'"
            " OR (answered_by_id IS NOT NULL AND answered_by_id <> asked_by_id)",
            name=op.f("ck_account_recovery_confirmed_by_another"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_recovery")),
    )
    op.create_index(op.f("ix_account_recovery_seller_id"), table, ["seller_id"])
    op.create_index(op.f("ix_account_recovery_account_id"), table, ["account_id"])
    _unique_where("uq_account_recovery_open", table, "state = 'asked'")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def _unique_where(name: str, table: str, condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        name, table, ["account_id"], unique=True, sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_constraint("fk_sign_in_card_id", type_="foreignkey")
        sign_in.drop_column("opened_with")
        sign_in.drop_column("card_id")
        sign_in.drop_column("second_factor_at")
    op.drop_column("account", "must_change_password")
    for table in ("account_recovery", "recovery_code", "second_factor", "sign_in_card"):
        op.drop_table(table)
