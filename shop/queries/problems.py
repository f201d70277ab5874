"""Reading what people reported to a seller."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, ProblemReport
from shop.models.orders import Order


def count(session: Session, seller_id: int) -> int:
    """Return how many reports a seller was sent."""
    counted = select(func.count()).where(ProblemReport.seller_id == seller_id)
    return int(session.scalar(counted) or 0)


def reports(session: Session, seller_id: int, *, limit: int, offset: int = 0) -> Sequence[Any]:
    """Return the reports to a seller with lot and order.

    The unanswered come first, oldest of them; then the answered, newest of them.
    """
    is_open = ProblemReport.answered_at.is_(None)
    return session.execute(
        select(ProblemReport, Batch.lot, Order.code)
        .outerjoin(Batch, Batch.id == ProblemReport.batch_id)
        .outerjoin(Order, Order.id == ProblemReport.order_id)
        .where(ProblemReport.seller_id == seller_id)
        .order_by(
            ProblemReport.answered_at.is_not(None),
            case((is_open, ProblemReport.made_at)),
            ProblemReport.made_at.desc(),
            ProblemReport.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    ).all()


def report_by_id(session: Session, report_id: int) -> Any | None:
    """Return one report with lot and order."""
    return session.execute(
        select(ProblemReport, Batch.lot, Order.code)
        .outerjoin(Batch, Batch.id == ProblemReport.batch_id)
        .outerjoin(Order, Order.id == ProblemReport.order_id)
        .where(ProblemReport.id == report_id)
    ).one_or_none()
