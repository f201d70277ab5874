"""Reading what the buyer of an order reported behind its private link."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from shop.models.batches import ProblemPhoto, ProblemReport, ProblemState
from shop.queries import goods_returns

OPEN = (ProblemState.RECEIVED, ProblemState.LOOKING)
"""States in which the office still owes an answer."""


def of_order(session: Session, order_id: int) -> Sequence[ProblemReport]:
    """Return the buyer's reports of an order, newest first, with their photos."""
    return session.scalars(
        select(ProblemReport)
        .where(ProblemReport.order_id == order_id, ProblemReport.by_buyer)
        .order_by(ProblemReport.made_at.desc(), ProblemReport.id.desc())
        .options(selectinload(ProblemReport.photos))
    ).all()


def open_count(session: Session, order_id: int) -> int:
    """Return how many reports about an order nobody has answered."""
    counted = select(func.count()).where(
        ProblemReport.order_id == order_id, ProblemReport.state.in_(OPEN)
    )
    return int(session.scalar(counted) or 0)


def same(
    session: Session,
    order_id: int,
    text: str,
    tokens: frozenset[str],
    *,
    back: Mapping[int, int],
    since: datetime,
) -> ProblemReport | None:
    """Return the buyer's report of an order with these words and photos, made since then.

    `back` counts the packs of each line that it wants to send back: others are another report.
    """
    found = session.scalars(
        select(ProblemReport)
        .where(ProblemReport.order_id == order_id, ProblemReport.by_buyer)
        .where(ProblemReport.text == text, ProblemReport.made_at >= since)
    ).all()
    wanted = {
        one.report_id: {line.order_line_id: line.quantity for line in one.lines}
        for one in goods_returns.of_order(session, order_id)
    }
    return next(
        (
            one
            for one in found
            if frozenset(photo.token for photo in one.photos) == tokens
            and wanted.get(one.id, {}) == dict(back)
        ),
        None,
    )


def kept_photos(session: Session) -> frozenset[str]:
    """Return the names under which photos of reports are kept."""
    return frozenset(session.scalars(select(ProblemPhoto.key)))
