"""Batches: what was made together, out of what."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables of this part."""
    _batch()
    _batch_input()
    _batch_notice()
    _batch_pack()
    _batch_step()
    _certificate_batch()
    _lineage_edge()
    _code_alias()


def _batch() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "delivery",
                "bulk",
                "retail",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "released",
                "held",
                "recalled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("packed_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retained_sample_g", sa.BigInteger(), nullable=False),
        sa.Column("leftover_g", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "expires_on IS NULL OR made_on IS NULL OR expires_on >= made_on",
            name=op.f("ck_batch_expires_after_it_is_made"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_batch_product_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_batch_seller_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("seller_id", "lot", name=op.f("uq_batch_seller_id_lot")),
    )
    op.create_index(op.f("ix_batch_lot"), "batch", ["lot"], unique=False)
    op.create_index(op.f("ix_batch_product_id"), "batch", ["product_id"], unique=False)
    op.create_index(
        op.f("ix_batch_seller_id_state_expires_on"),
        "batch",
        ["seller_id", "state", "expires_on"],
        unique=False,
    )


def _batch_input() -> None:
    op.create_table(
        "batch_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "raw_material",
                "ingredient",
                "packaging",
                "pesticide",
                "fertiliser",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("plot_id", sa.Integer(), nullable=True),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("harvested_on", sa.Date(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("phi_days", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_input_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trace_event.id"],
            name=op.f("fk_batch_input_event_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_batch_input_member_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["plot_id"], ["plot.id"], name=op.f("fk_batch_input_plot_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["batch.id"], name=op.f("fk_batch_input_source_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_input")),
    )
    op.create_index(op.f("ix_batch_input_batch_id"), "batch_input", ["batch_id"], unique=False)
    op.create_index(op.f("ix_batch_input_member_id"), "batch_input", ["member_id"], unique=False)
    op.create_index(op.f("ix_batch_input_source_id"), "batch_input", ["source_id"], unique=False)


def _batch_notice() -> None:
    op.create_table(
        "batch_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "hold", "recall", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_notice_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trace_event.id"],
            name=op.f("fk_batch_notice_event_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_notice")),
    )
    op.create_index(op.f("ix_batch_notice_batch_id"), "batch_notice", ["batch_id"], unique=False)


def _batch_pack() -> None:
    op.create_table(
        "batch_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("produced", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("produced >= 0", name=op.f("ck_batch_pack_produced_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_pack_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["pack.id"], name=op.f("fk_batch_pack_pack_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_pack")),
        sa.UniqueConstraint("batch_id", "pack_id", name=op.f("uq_batch_pack_batch_id_pack_id")),
    )
    op.create_index(op.f("ix_batch_pack_pack_id"), "batch_pack", ["pack_id"], unique=False)


def _batch_step() -> None:
    op.create_table(
        "batch_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_g", sa.BigInteger(), nullable=False),
        sa.Column("added_g", sa.BigInteger(), nullable=False),
        sa.Column("added_what", sa.Text(), nullable=True),
        sa.Column("out_g", sa.BigInteger(), nullable=False),
        sa.Column("loss_g", sa.BigInteger(), nullable=False),
        sa.Column("loss_reason", sa.Text(), nullable=True),
        sa.Column("by_product_g", sa.BigInteger(), nullable=False),
        sa.Column("by_product_to", sa.Text(), nullable=True),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "in_g + added_g = out_g + loss_g + by_product_g",
            name=op.f("ck_batch_step_in_equals_out_and_losses"),
        ),
        sa.CheckConstraint(
            "in_g >= 0 AND added_g >= 0 AND out_g >= 0 AND loss_g >= 0 AND by_product_g >= 0",
            name=op.f("ck_batch_step_weights_are_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_step_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trace_event.id"],
            name=op.f("fk_batch_step_event_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["member.id"],
            name=op.f("fk_batch_step_operator_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_step")),
        sa.UniqueConstraint("batch_id", "seq", name=op.f("uq_batch_step_batch_id_seq")),
    )


def _certificate_batch() -> None:
    op.create_table(
        "certificate_batch",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
            name=op.f("fk_certificate_batch_batch_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_batch_certificate_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("certificate_id", "batch_id", name=op.f("pk_certificate_batch")),
    )
    op.create_index(
        op.f("ix_certificate_batch_batch_id"), "certificate_batch", ["batch_id"], unique=False
    )


def _lineage_edge() -> None:
    op.create_table(
        "lineage_edge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("from_batch_id", sa.Integer(), nullable=False),
        sa.Column("to_batch_id", sa.Integer(), nullable=False),
        sa.Column("quantity_g", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trace_event.id"],
            name=op.f("fk_lineage_edge_event_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["from_batch_id"],
            ["batch.id"],
            name=op.f("fk_lineage_edge_from_batch_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["to_batch_id"],
            ["batch.id"],
            name=op.f("fk_lineage_edge_to_batch_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_edge")),
    )
    op.create_index(
        op.f("ix_lineage_edge_from_batch_id_to_batch_id"),
        "lineage_edge",
        ["from_batch_id", "to_batch_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_lineage_edge_to_batch_id_from_batch_id"),
        "lineage_edge",
        ["to_batch_id", "from_batch_id"],
        unique=False,
    )


def _code_alias() -> None:
    op.create_table(
        "code_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gtin", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("batch_pack_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_pack_id"],
            ["batch_pack.id"],
            name=op.f("fk_code_alias_batch_pack_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_alias")),
        sa.UniqueConstraint("gtin", "lot", name=op.f("uq_code_alias_gtin_lot")),
    )
