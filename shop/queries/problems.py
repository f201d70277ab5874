"""Reading what people reported to a seller."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, ProblemReport
from shop.models.orders import Order


def reports(session: Session, seller_id: int, *, limit: int = 100) -> Sequence[Any]:
    """Return the reports to a seller with lot and order, the unanswered first, oldest of them."""
    return session.execute(
        select(ProblemReport, Batch.lot, Order.code)
        .outerjoin(Batch, Batch.id == ProblemReport.batch_id)
        .outerjoin(Order, Order.id == ProblemReport.order_id)
        .where(ProblemReport.seller_id == seller_id)
        .order_by(ProblemReport.answered_at.is_not(None), ProblemReport.made_at)
        .order_by(ProblemReport.id)
        .limit(limit)
    ).all()


def report_by_id(session: Session, report_id: int) -> Any | None:
    """Return one report with lot and order."""
    return session.execute(
        select(ProblemReport, Batch.lot, Order.code)
        .outerjoin(Batch, Batch.id == ProblemReport.batch_id)
        .outerjoin(Order, Order.id == ProblemReport.order_id)
        .where(ProblemReport.id == report_id)
    ).one_or_none()
