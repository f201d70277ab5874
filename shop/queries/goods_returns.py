"""Reading what buyers want to send back, and what of an order is still with them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.batches import Batch, BatchPack
from shop.models.inventory import Allocation, MovementKind, StockMovement
from shop.models.orders import OrderLine
from shop.models.returns import GoodsReturn, GoodsReturnLine, ReturnState

OPEN = (ReturnState.ASKED, ReturnState.ACCEPTED)
"""States in which goods may still come."""

NOTHING_COMES = (ReturnState.REFUSED, ReturnState.ENDED)


class Out(NamedTuple):
    """Packs of one batch that left with one line of an order and are with the buyer."""

    order_line_id: int
    batch_pack_id: int
    lot: str
    quantity: int


def still_out(session: Session, order_id: int) -> list[Out]:
    """Return what of an order left the house and did not come back, by line and batch."""
    lines = select(OrderLine.id).where(OrderLine.order_id == order_id)
    back = {
        (row.order_line_id, row.batch_pack_id): row.back
        for row in session.execute(
            select(
                StockMovement.order_line_id,
                StockMovement.batch_pack_id,
                func.sum(StockMovement.quantity).label("back"),
            )
            .where(StockMovement.kind == MovementKind.RETURN)
            .where(StockMovement.order_line_id.in_(lines))
            .group_by(StockMovement.order_line_id, StockMovement.batch_pack_id)
        )
    }
    left = session.execute(
        select(
            Allocation.order_line_id,
            Allocation.batch_pack_id,
            Batch.lot,
            func.sum(Allocation.quantity).label("went"),
        )
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Allocation.order_line_id.in_(lines), Allocation.shipped_at.is_not(None))
        .group_by(Allocation.order_line_id, Allocation.batch_pack_id, Batch.lot)
        .order_by(Allocation.order_line_id, Allocation.batch_pack_id)
    )
    found = (
        Out(row.order_line_id, row.batch_pack_id, row.lot,
            int(row.went) - int(back.get((row.order_line_id, row.batch_pack_id), 0)))
        for row in left
    )  # fmt: skip
    return [one for one in found if one.quantity > 0]


def of_order(session: Session, order_id: int) -> Sequence[GoodsReturn]:
    """Return what the buyer of an order wanted to send back, newest first, with its lines."""
    return session.scalars(
        select(GoodsReturn)
        .where(GoodsReturn.order_id == order_id)
        .options(selectinload(GoodsReturn.lines).joinedload(GoodsReturnLine.order_line))
        .order_by(GoodsReturn.id.desc())
    ).all()


def open_of(session: Session, order_id: int) -> Sequence[GoodsReturn]:
    """Return those of them that may still come."""
    return session.scalars(
        select(GoodsReturn).where(GoodsReturn.order_id == order_id, GoodsReturn.state.in_(OPEN))
    ).all()


def of_report(session: Session, report_id: int) -> GoodsReturn | None:
    """Return the goods that a report wants to send back, if it wants any."""
    return session.scalars(
        select(GoodsReturn)
        .where(GoodsReturn.report_id == report_id)
        .options(
            selectinload(GoodsReturn.lines)
            .joinedload(GoodsReturnLine.order_line)
            .joinedload(OrderLine.pack)
        )
    ).one_or_none()


def awaited(session: Session, seller_id: int) -> Sequence[GoodsReturn]:
    """Return the goods a seller said yes to and has not got back, the oldest first."""
    return session.scalars(
        select(GoodsReturn)
        .where(GoodsReturn.seller_id == seller_id, GoodsReturn.state == ReturnState.ACCEPTED)
        .options(joinedload(GoodsReturn.report))
        .order_by(GoodsReturn.decided_at, GoodsReturn.id)
    ).all()


def spoken_for(session: Session, order_id: int) -> dict[int, int]:
    """Return how many packs of each line are asked back or came back already."""
    counted = session.execute(
        select(
            GoodsReturnLine.order_line_id,
            GoodsReturn.state,
            func.sum(GoodsReturnLine.quantity).label("asked"),
            func.sum(GoodsReturnLine.received).label("came"),
        )
        .join(GoodsReturn, GoodsReturn.id == GoodsReturnLine.return_id)
        .where(GoodsReturn.order_id == order_id, GoodsReturn.state.not_in(NOTHING_COMES))
        .group_by(GoodsReturnLine.order_line_id, GoodsReturn.state)
    )
    found: dict[int, int] = {}
    for row in counted:
        count = row.came if row.state is ReturnState.RECEIVED else row.asked
        found[row.order_line_id] = found.get(row.order_line_id, 0) + int(count)
    return found


def came_before(session: Session, found: GoodsReturn) -> dict[int, int]:
    """Return how many packs of each line came back with earlier returns of the same order."""
    counted = session.execute(
        select(GoodsReturnLine.order_line_id, func.sum(GoodsReturnLine.received))
        .join(GoodsReturn, GoodsReturn.id == GoodsReturnLine.return_id)
        .where(GoodsReturn.order_id == found.order_id, GoodsReturn.id != found.id)
        .where(GoodsReturn.received_at <= found.received_at)
        .group_by(GoodsReturnLine.order_line_id)
    )
    return {line_id: int(count) for line_id, count in counted}
