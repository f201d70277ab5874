"""Let a helper act for a member: consents in a table of their own, who is helped on a device."""

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column(
            "given_how",
            sa.Enum(
                "paper",
                "phone",
                "face_to_face",
                name="given_how",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_consent_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in (
                ("seller_id", "seller"),
                ("member_id", "member"),
                ("helper_id", "account"),
                ("recorded_by_id", "account"),
                ("withdrawn_by_id", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_member_id"), "consent", ["member_id"])
    op.create_index(op.f("ix_consent_helper_id_until"), "consent", ["helper_id", "until"])
    _carry_over()
    with op.batch_alter_table("member") as member:
        member.drop_constraint("fk_member_helper_id", type_="foreignkey")
        member.drop_column("helper_id")
        member.drop_column("helper_consent")
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(sa.Column("for_member_id", sa.Integer(), nullable=True))
        sign_in.create_foreign_key(
            "fk_sign_in_for_member_id",
            "member",
            ["for_member_id"],
            ["id"],
            ondelete="RESTRICT",
        )


def _carry_over() -> None:
    """Write the consents that stood on members as rows of their own."""
    member = sa.table(
        "member",
        sa.column("id", sa.Integer()),
        sa.column("seller_id", sa.Integer()),
        sa.column("account_id", sa.Integer()),
        sa.column("helper_id", sa.Integer()),
        sa.column("helper_consent", sa.JSON()),
    )
    helper = member.alias("helper")
    connection = op.get_bind()
    found = connection.execute(
        sa.select(member.c.id, member.c.seller_id, helper.c.account_id, member.c.helper_consent)
        .join(helper, helper.c.id == member.c.helper_id)
        .where(helper.c.account_id.is_not(None))
    ).all()
    for member_id, seller_id, account_id, said in found:
        if not said or "expires" not in said:
            continue
        given_on = date.fromisoformat(said["consent_date"])
        connection.execute(
            sa.text(
                "INSERT INTO consent (seller_id, member_id, helper_id, given_how, given_on, until,"
                " note, recorded_at) VALUES (:seller, :member, :helper, 'paper', :given, :until,"
                " '', :at)"
            ).bindparams(
                sa.bindparam("given", type_=sa.Date()),
                sa.bindparam("until", type_=sa.Date()),
                sa.bindparam("at", type_=sa.DateTime(timezone=True)),
            ),
            {
                "seller": seller_id,
                "member": member_id,
                "helper": account_id,
                "given": given_on,
                "until": date.fromisoformat(said["expires"]),
                "at": datetime.combine(given_on, time(), UTC),
            },
        )


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_constraint("fk_sign_in_for_member_id", type_="foreignkey")
        sign_in.drop_column("for_member_id")
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("helper_id", sa.Integer(), nullable=True))
        member.add_column(sa.Column("helper_consent", sa.JSON(), nullable=True))
        member.create_foreign_key(
            "fk_member_helper_id", "member", ["helper_id"], ["id"], ondelete="RESTRICT"
        )
    op.drop_table("consent")
