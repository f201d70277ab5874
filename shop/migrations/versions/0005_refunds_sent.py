"""Let refunds go back through the provider, above a limit with a second person."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"

_WAYS = ("", "provider", "hand")


def upgrade() -> None:
    with op.batch_alter_table("payment") as payment:
        payment.add_column(
            sa.Column("remitted_vnd", sa.BigInteger(), nullable=False, server_default="0")
        )
        payment.create_check_constraint(
            op.f("ck_payment_remits_what_was_owed"),
            "remitted_vnd >= 0 AND remitted_vnd <= amount_vnd",
        )
    with op.batch_alter_table("payment") as payment:
        payment.alter_column("remitted_vnd", server_default=None)
    with op.batch_alter_table("refund") as refund:
        refund.add_column(sa.Column("key", sa.Text(), nullable=True))
        refund.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        refund.add_column(sa.Column("way", sa.String(32), nullable=True))
        refund.add_column(sa.Column("proposed_by_id", sa.Integer(), nullable=True))
        refund.add_column(sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
        refund.add_column(sa.Column("limit_vnd", sa.BigInteger(), nullable=True))
        refund.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        for name in ("confirmed_at", "sent_at", "accepted_at", "queried_at"):
            refund.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        refund.add_column(sa.Column("details", sa.JSON(), nullable=True))
    op.execute(
        "UPDATE refund SET key = 'refund-' || CAST(id AS TEXT), details = '{}', "
        "way = CASE WHEN state = 'settled' THEN 'hand' ELSE '' END, "
        "limit_vnd = CASE WHEN state = 'settled' THEN amount_vnd END"
    )
    with op.batch_alter_table("refund") as refund:
        refund.alter_column("key", existing_type=sa.Text(), nullable=False)
        refund.alter_column("details", existing_type=sa.JSON(), nullable=False)
        refund.alter_column("way", existing_type=sa.String(32), nullable=False)
        refund.create_unique_constraint("uq_refund_key", ["key"])
        refund.create_check_constraint(
            op.f("ck_refund_two_persons"), "confirmed_by_id <> proposed_by_id"
        )
        refund.create_check_constraint(op.f("ck_refund_way"), sa.column("way").in_(_WAYS))
        for column, table in (
            ("follows_id", "refund"),
            ("proposed_by_id", "account"),
            ("confirmed_by_id", "account"),
        ):
            refund.create_foreign_key(
                f"fk_refund_{column}", table, [column], ["id"], ondelete="RESTRICT"
            )


def downgrade() -> None:
    with op.batch_alter_table("refund") as refund:
        refund.drop_constraint("fk_refund_follows_id", type_="foreignkey")
        refund.drop_constraint("fk_refund_proposed_by_id", type_="foreignkey")
        refund.drop_constraint("fk_refund_confirmed_by_id", type_="foreignkey")
        refund.drop_constraint(op.f("ck_refund_two_persons"), type_="check")
        refund.drop_constraint(op.f("ck_refund_way"), type_="check")
        refund.drop_constraint("uq_refund_key", type_="unique")
        for name in (
            "key",
            "follows_id",
            "way",
            "proposed_by_id",
            "proposed_at",
            "limit_vnd",
            "confirmed_by_id",
            "confirmed_at",
            "sent_at",
            "accepted_at",
            "queried_at",
            "details",
        ):
            refund.drop_column(name)
    with op.batch_alter_table("payment") as payment:
        payment.drop_constraint(op.f("ck_payment_remits_what_was_owed"), type_="check")
        payment.drop_column("remitted_vnd")
