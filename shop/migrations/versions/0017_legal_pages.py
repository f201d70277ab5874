"""Let sellers and the site have the pages a shop must have, each version of them kept."""

import sqlalchemy as sa
from alembic import op

from shop.migrations.append_only import protect, refuse_replacing

revision, down_revision = "0017", "0016"

PAGES = (
    "ve-chung-toi",
    "dieu-khoan",
    "thanh-toan",
    "giao-hang",
    "doi-tra",
    "khieu-nai",
    "du-lieu-ca-nhan",
    "thu-hoi",
    "canh-giac",
)


def upgrade() -> None:
    op.create_table(
        "legal_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=True),
        sa.Column(
            "page",
            sa.Enum(*PAGES, name="page", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("vi", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("is_start", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_legal_text_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in (("seller_id", "seller"), ("written_by_id", "account"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_text")),
        sa.UniqueConstraint(
            "seller_id", "page", "number", name=op.f("uq_legal_text_seller_id_page_number")
        ),
    )
    op.create_index(
        "uq_legal_text_of_the_site",
        "legal_text",
        ["page", "number"],
        unique=True,
        sqlite_where=sa.text("seller_id IS NULL"),
        postgresql_where=sa.text("seller_id IS NULL"),
    )
    protect(("legal_text",))
    refuse_replacing({"legal_text": (("id",), ("seller_id", "page", "number"))})
    op.create_table(
        "site_owner",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=name in {"tax_code", "registration_no"})
            for name in ("name", "address", "phone", "email", "tax_code", "registration_no")
        ),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_owner")),
    )
    op.add_column("seller", sa.Column("registered_on", sa.Date(), nullable=True))
    for name in ("registered_by", "responsible"):
        op.add_column("seller", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("responsible", "registered_by", "registered_on"):
        op.drop_column("seller", name)
    op.drop_table("site_owner")
    op.drop_table("legal_text")
