"""Let buyers say what they think of what they got, once the office has read it."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0014", "0013"

_LINKS = (
    ("seller_id", "seller"),
    ("product_id", "product"),
    ("order_line_id", "order_line"),
    ("decided_by_id", "account"),
)
_STARS = tuple(f"stars_{number}" for number in range(1, 6))


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salutation", _choice("salutation", "chi", "anh", "none"), nullable=False),
        sa.Column("initial", sa.Text(), nullable=False),
        sa.Column("state", _choice("state", "waiting", "shown", "refused"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_because", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_one_to_five_stars")),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)",
            name=op.f("ck_review_decided_when_decided"),
        ),
        *(_link("review", column, to) for column, to in _LINKS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("order_line_id", name=op.f("uq_review_order_line_id")),
    )
    for column in ("product_id", "seller_id"):
        name = op.f(f"ix_review_{column}_state_submitted_at")
        op.create_index(name, "review", [column, "state", "submitted_at"])
    op.create_table(
        "review_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        _link("review_photo", "review_id", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_review_photo_key")),
    )
    op.create_index(op.f("ix_review_photo_review_id"), "review_photo", ["review_id"])
    op.create_table(
        "product_rating",
        sa.Column("product_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _STARS),
        sa.CheckConstraint(
            " AND ".join(f"{name} >= 0" for name in _STARS),
            name=op.f("ck_product_rating_counts_are_counts"),
        ),
        _link("product_rating", "product_id", "product"),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_rating")),
    )


def downgrade() -> None:
    for table in ("product_rating", "review_photo", "review"):
        op.drop_table(table)
