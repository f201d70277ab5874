"""Find what was done at a seller, or for a member, in a long trail."""

from alembic import op

revision, down_revision = "0009", "0008"


def upgrade() -> None:
    op.create_index(op.f("ix_audit_entry_seller_id_at"), "audit_entry", ["seller_id", "at"])
    op.create_index(op.f("ix_audit_entry_for_member_id"), "audit_entry", ["for_member_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_entry_for_member_id"), "audit_entry")
    op.drop_index(op.f("ix_audit_entry_seller_id_at"), "audit_entry")
