"""Stock: what is where, what is held, what was given."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables of this part."""
    _place()
    _allocation()
    _reservation()
    _stock_level()
    _stock_movement()
    _stock_shortage()


def _place() -> None:
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "warehouse",
                "counter",
                "stall",
                "quarantine",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sells_online", sa.Boolean(), nullable=False),
        sa.Column("stall_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["seller.id"], name=op.f("fk_place_seller_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["stall_id"], ["stall.id"], name=op.f("fk_place_stall_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_seller_id"), "place", ["seller_id"], unique=False)


def _allocation() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("batch_pack_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_allocation_something_is_given")),
        sa.ForeignKeyConstraint(
            ["batch_pack_id"],
            ["batch_pack.id"],
            name=op.f("fk_allocation_batch_pack_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_allocation_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_allocation_place_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index(
        op.f("ix_allocation_batch_pack_id"), "allocation", ["batch_pack_id"], unique=False
    )
    op.create_index(
        op.f("ix_allocation_order_line_id"), "allocation", ["order_line_id"], unique=False
    )


def _reservation() -> None:
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("batch_pack_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "allocated",
                "released",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_something_is_held")),
        sa.ForeignKeyConstraint(
            ["batch_pack_id"],
            ["batch_pack.id"],
            name=op.f("fk_reservation_batch_pack_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_reservation_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_reservation_place_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index(
        op.f("ix_reservation_batch_pack_id"), "reservation", ["batch_pack_id"], unique=False
    )
    op.create_index(
        op.f("ix_reservation_order_line_id"), "reservation", ["order_line_id"], unique=False
    )
    op.create_index(
        op.f("ix_reservation_state_expires_at"),
        "reservation",
        ["state", "expires_at"],
        unique=False,
    )


def _stock_level() -> None:
    op.create_table(
        "stock_level",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("batch_pack_id", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "on_hand >= reserved AND reserved >= 0", name=op.f("ck_stock_level_never_oversold")
        ),
        sa.ForeignKeyConstraint(
            ["batch_pack_id"],
            ["batch_pack.id"],
            name=op.f("fk_stock_level_batch_pack_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_stock_level_place_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("place_id", "batch_pack_id", name=op.f("pk_stock_level")),
    )
    op.create_index(
        op.f("ix_stock_level_batch_pack_id"), "stock_level", ["batch_pack_id"], unique=False
    )


def _stock_movement() -> None:
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("batch_pack_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pack",
                "ship",
                "sale",
                "destroy",
                "stock_take",
                "transfer",
                "return",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("order_line_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_movement_something_moved")),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["account.id"],
            name=op.f("fk_stock_movement_actor_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["batch_pack_id"],
            ["batch_pack.id"],
            name=op.f("fk_stock_movement_batch_pack_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trace_event.id"],
            name=op.f("fk_stock_movement_event_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_stock_movement_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["place.id"],
            name=op.f("fk_stock_movement_place_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    op.create_index(
        op.f("ix_stock_movement_batch_pack_id"), "stock_movement", ["batch_pack_id"], unique=False
    )
    op.create_index(
        op.f("ix_stock_movement_place_id_batch_pack_id"),
        "stock_movement",
        ["place_id", "batch_pack_id"],
        unique=False,
    )


def _stock_shortage() -> None:
    op.create_table(
        "stock_shortage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_shortage_something_is_short")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_line.id"],
            name=op.f("fk_stock_shortage_order_line_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["pack.id"], name=op.f("fk_stock_shortage_pack_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["place.id"],
            name=op.f("fk_stock_shortage_place_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_shortage")),
    )
    op.create_index(
        op.f("ix_stock_shortage_order_line_id"), "stock_shortage", ["order_line_id"], unique=False
    )
