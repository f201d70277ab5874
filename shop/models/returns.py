"""Goods that a buyer wants to send back: which, whether the office takes them, what came."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Quantity, choice, link_to
from shop.models.batches import ProblemReport
from shop.models.orders import OrderLine


class ReturnState(StrEnum):
    """How far goods that come back are."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RECEIVED = "received"
    ENDED = "ended"
    """Said yes to, and never sent."""


class GoodsReturn(Model):
    """The wish to send goods of one order back; why stands in the report it came with."""

    __tablename__ = "goods_return"
    __table_args__ = (
        CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name="decided_when_no_longer_asked"
        ),
        CheckConstraint(
            "(state = 'received') = (received_at IS NOT NULL)", name="received_when_received"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), index=True)
    report_id: Mapped[int] = mapped_column(link_to("problem_report"), unique=True)
    state: Mapped[ReturnState] = mapped_column(choice(ReturnState, "state"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]

    report: Mapped[ProblemReport] = relationship()
    lines: Mapped[list["GoodsReturnLine"]] = relationship(
        back_populates="goods_return", order_by="GoodsReturnLine.id"
    )


class GoodsReturnLine(Model):
    """So many packs of one line of the order; `received` counts those that came back."""

    __tablename__ = "goods_return_line"
    __table_args__ = (
        UniqueConstraint("return_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="something_comes_back"),
        CheckConstraint("received >= 0 AND received <= quantity", name="no_more_than_asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(link_to("goods_return"))
    order_line_id: Mapped[int] = mapped_column(link_to("order_line"), index=True)
    quantity: Mapped[Quantity]
    received: Mapped[Quantity] = mapped_column(default=0)

    goods_return: Mapped[GoodsReturn] = relationship(back_populates="lines")
    order_line: Mapped[OrderLine] = relationship()
