"""Reading what was reported as wrong with packs, and whom a report may concern."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import ProblemReport
from shop.models.catalog import Seller


def same_report(
    session: Session, *, seller_id: int, code_seen: str, text: str, since: datetime
) -> ProblemReport | None:
    """Return a report with the same words about the same code that was made since then."""
    return session.scalars(
        select(ProblemReport)
        .where(ProblemReport.seller_id == seller_id, ProblemReport.made_at >= since)
        .where(ProblemReport.code_seen == code_seen, ProblemReport.text == text)
        .limit(1)
    ).one_or_none()


def beginnings(session: Session) -> list[tuple[int, str]]:
    """Return with which letters the lots and orders of each seller begin."""
    rows = session.execute(select(Seller.id, Seller.lot_prefix, Seller.order_prefix)).all()
    return [
        (row.id, beginning) for row in rows for beginning in (row.lot_prefix, row.order_prefix)
    ]
