"""Where packs are and how many: movements are the truth, levels their sums."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Quantity, choice, link_to
from shop.models.batches import BatchPack
from shop.models.catalog import Seller
from shop.models.journal import TraceEvent


class PlaceKind(StrEnum):
    """What a place is for."""

    WAREHOUSE = "warehouse"
    COUNTER = "counter"
    STALL = "stall"
    QUARANTINE = "quarantine"


class Place(Model):
    """Somewhere goods stand; those marked `sells_online` serve web and marketplaces."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind, "kind"))
    name: Mapped[str]
    sells_online: Mapped[bool] = mapped_column(default=False)
    stall_id: Mapped[int | None] = mapped_column(link_to("stall"))

    seller: Mapped[Seller] = relationship()


class MovementKind(StrEnum):
    """Why a number of packs came or went."""

    PACK = "pack"
    SHIP = "ship"
    SALE = "sale"
    DESTROY = "destroy"
    STOCK_TAKE = "stock_take"
    TRANSFER = "transfer"
    RETURN = "return"


class StockMovement(Model):
    """So many packs came to or left a place; neither changed nor deleted, by trigger."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="something_moved"),
        Index(None, "place_id", "batch_pack_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(link_to("place"))
    batch_pack_id: Mapped[int] = mapped_column(link_to("batch_pack"), index=True)
    kind: Mapped[MovementKind] = mapped_column(choice(MovementKind, "kind"))
    quantity: Mapped[Quantity]
    event_id: Mapped[int | None] = mapped_column(link_to("trace_event"))
    order_line_id: Mapped[int | None] = mapped_column(link_to("order_line"))
    actor_id: Mapped[int | None] = mapped_column(link_to("account"))
    reason: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]

    batch_pack: Mapped[BatchPack] = relationship()
    event: Mapped[TraceEvent | None] = relationship()


class StockLevel(Model):
    """How many packs of one batch stand at one place: the sums of `StockMovement`, for speed."""

    __tablename__ = "stock_level"
    __table_args__ = (
        CheckConstraint("on_hand >= reserved AND reserved >= 0", name="never_oversold"),
    )

    place_id: Mapped[int] = mapped_column(link_to("place"), primary_key=True)
    batch_pack_id: Mapped[int] = mapped_column(link_to("batch_pack"), primary_key=True, index=True)
    on_hand: Mapped[Quantity]
    reserved: Mapped[Quantity] = mapped_column(default=0)

    place: Mapped[Place] = relationship()
    batch_pack: Mapped[BatchPack] = relationship()

    @property
    def available(self) -> int:
        """Return how many packs nobody has asked for yet."""
        return self.on_hand - self.reserved


class ReservationState(StrEnum):
    """What became of stock that was held for a line."""

    HELD = "held"
    ALLOCATED = "allocated"
    RELEASED = "released"


class Reservation(Model):
    """Stock of one batch held for an order line until it expires or is allocated."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="something_is_held"),
        Index(None, "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(link_to("order_line"), index=True)
    place_id: Mapped[int] = mapped_column(link_to("place"))
    batch_pack_id: Mapped[int] = mapped_column(link_to("batch_pack"), index=True)
    quantity: Mapped[Quantity]
    state: Mapped[ReservationState] = mapped_column(choice(ReservationState, "state"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    batch_pack: Mapped[BatchPack] = relationship()


class Allocation(Model):
    """Packs of a named batch given to an order line; the stock stays reserved until it ships."""

    __tablename__ = "allocation"
    __table_args__ = (CheckConstraint("quantity > 0", name="something_is_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_line_id: Mapped[int] = mapped_column(link_to("order_line"), index=True)
    place_id: Mapped[int] = mapped_column(link_to("place"))
    batch_pack_id: Mapped[int] = mapped_column(link_to("batch_pack"), index=True)
    quantity: Mapped[Quantity]
    allocated_at: Mapped[datetime]
    picked_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]

    batch_pack: Mapped[BatchPack] = relationship()


class StockShortage(Model):
    """What was sold but not there: a task for a person, never a negative level."""

    __tablename__ = "stock_shortage"
    __table_args__ = (CheckConstraint("quantity > 0", name="something_is_short"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(link_to("place"))
    pack_id: Mapped[int] = mapped_column(link_to("pack"))
    order_line_id: Mapped[int | None] = mapped_column(link_to("order_line"), index=True)
    quantity: Mapped[Quantity]
    source: Mapped[str]
    noted_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
