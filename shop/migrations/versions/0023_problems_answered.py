"""Let buyers report from the page of an order, with photos, and read how far it has come."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0023", "0022"

_STATES = ("received", "looking", "answered", "settled")
_REASONS = ("damaged", "missing", "wrong", "spoiled", "not_arrived", "other")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table("problem_report") as report:
        report.add_column(
            sa.Column("state", sa.String(32), nullable=False, server_default="received")
        )
        report.add_column(sa.Column("reason", sa.String(32), nullable=True))
        report.add_column(
            sa.Column("by_buyer", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        report.create_index("ix_problem_report_order_id", ["order_id"])
    op.execute("UPDATE problem_report SET state = 'answered' WHERE answered_at IS NOT NULL")
    with op.batch_alter_table("problem_report") as report:
        report.alter_column(
            "state", type_=_choice("state", *_STATES), existing_nullable=False, server_default=None
        )
        report.alter_column("reason", type_=_choice("reason", *_REASONS), existing_nullable=True)
        report.alter_column("by_buyer", server_default=None)
        report.create_check_constraint(
            op.f("ck_problem_report_answered_when_answered"),
            "(state IN ('answered', 'settled')) = (answered_at IS NOT NULL)",
        )
    op.create_table(
        "problem_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["problem_report.id"],
            name=op.f("fk_problem_photo_report_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_problem_photo_key")),
    )
    op.create_index(op.f("ix_problem_photo_report_id"), "problem_photo", ["report_id"])


def downgrade() -> None:
    op.drop_table("problem_photo")
    with op.batch_alter_table("problem_report") as report:
        report.drop_constraint(op.f("ck_problem_report_answered_when_answered"), type_="check")
        report.drop_index("ix_problem_report_order_id")
        for name in ("state", "reason", "by_buyer"):
            report.drop_column(name)
