"""Reading what waits in the office today: stopped and ageing batches, papers, reports, sales."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.models.base import total
from shop.models.batches import (
    Batch,
    BatchNotice,
    BatchPack,
    BatchState,
    NoticeKind,
    ProblemReport,
)
from shop.models.catalog import Certificate, Pack, Product, ProductState
from shop.models.inventory import Allocation, Place, StockLevel
from shop.models.ledger import LedgerEntry, Posting
from shop.models.orders import Order, OrderLine
from shop.queries.inventory import available_by_pack

PAPERS_AHEAD = timedelta(days=60)
PAPERS_BEHIND = timedelta(days=30)


def stopped_batches(session: Session, seller_id: int) -> Sequence[Any]:
    """Return batches and deliveries under recall or hold: lot, state, reason, packs left, sent.

    Recalls come first; `sent` counts the orders that left with packs of the batch.
    """
    left = (
        select(func.coalesce(total(StockLevel.on_hand), 0))
        .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
        .where(BatchPack.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    sent = (
        select(func.count(func.distinct(OrderLine.order_id)))
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .where(BatchPack.batch_id == Batch.id, Allocation.shipped_at.is_not(None))
        .correlate(Batch)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Batch.id,
            Batch.kind,
            Batch.lot,
            Batch.goods,
            Batch.state,
            BatchNotice.reason,
            BatchNotice.declared_at,
            left.label("packs_left"),
            sent.label("sent"),
        )
        .join(BatchNotice, BatchNotice.batch_id == Batch.id)
        .where(Batch.seller_id == seller_id, BatchNotice.ended_at.is_(None))
        .where(Batch.state.in_([BatchState.RECALLED, BatchState.HELD]))
        .order_by(BatchNotice.kind != NoticeKind.RECALL, BatchNotice.declared_at.desc())
    ).all()


def dated_stock(session: Session, seller_id: int) -> Sequence[Any]:
    """Return the batches for sale that have a last day and packs left, first to expire first."""
    return session.execute(
        select(
            Batch.id,
            Batch.lot,
            Batch.goods,
            Batch.made_on,
            Batch.packed_on,
            Batch.expires_on,
            total(StockLevel.on_hand).label("packs_left"),
        )
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .join(Place, Place.id == StockLevel.place_id)
        .where(Batch.seller_id == seller_id, Batch.state == BatchState.RELEASED)
        .where(Batch.expires_on.is_not(None), StockLevel.on_hand > 0, Place.sells_online)
        .group_by(
            Batch.id, Batch.lot, Batch.goods, Batch.made_on, Batch.packed_on, Batch.expires_on
        )
        .order_by(Batch.expires_on, Batch.lot)
    ).all()


def ageing_papers(session: Session, seller_id: int, *, today: date) -> Sequence[Certificate]:
    """Return the papers that end within 60 days or ended in the last 30, those first.

    Papers of single batches (a test report, a quarantine paper) are not renewed.
    """
    return session.scalars(
        select(Certificate)
        .where(Certificate.seller_id == seller_id, Certificate.revoked_on.is_(None))
        .where(Certificate.covers_all_batches)
        .where(Certificate.expires_on >= today - PAPERS_BEHIND)
        .where(Certificate.expires_on <= today + PAPERS_AHEAD)
        .order_by(Certificate.expires_on, Certificate.id)
    ).all()


def next_paper(session: Session, seller_id: int, *, today: date) -> Certificate | None:
    """Return the valid paper that ends first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.seller_id == seller_id, Certificate.expires_on >= today)
        .where(Certificate.covers_all_batches)
        .where(or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > today))
        .order_by(Certificate.expires_on, Certificate.id)
        .limit(1)
    ).one_or_none()


def open_reports(session: Session, seller_id: int) -> Sequence[ProblemReport]:
    """Return what people reported and nobody has answered, oldest first."""
    return session.scalars(
        select(ProblemReport)
        .where(ProblemReport.seller_id == seller_id, ProblemReport.answered_at.is_(None))
        .order_by(ProblemReport.made_at, ProblemReport.id)
    ).all()


def scarce_packs(
    session: Session, seller_id: int, *, today: date, few: int
) -> list[tuple[Any, int]]:
    """Return the packs on offer of which at most `few` can be bought, with how many."""
    offered = session.execute(
        select(Pack.id, Pack.label, Product.name)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.seller_id == seller_id, Product.state == ProductState.PUBLISHED)
        .where(Pack.is_offered)
        .order_by(Product.name, Pack.position, Pack.id)
    ).all()
    left = available_by_pack(session, [row.id for row in offered], sell_through=today)
    return [(row, left.get(row.id, 0)) for row in offered if left.get(row.id, 0) <= few]


def sales_since(
    session: Session, seller_id: int, since: datetime
) -> Sequence[tuple[datetime, int]]:
    """Return when sales were posted since a moment and for how many đồng, reversals as minus."""
    return session.execute(
        select(LedgerEntry.happened_at, Posting.amount_vnd)
        .join(Posting, Posting.entry_id == LedgerEntry.id)
        .where(LedgerEntry.seller_id == seller_id, LedgerEntry.happened_at >= since)
        .where(LedgerEntry.kind.in_(["sale", "sale_reversed"]), Posting.account == "buyers")
    ).all()


def placed_since(session: Session, seller_id: int, since: datetime) -> int:
    """Return how many orders were placed since a moment."""
    return int(
        session.scalar(
            select(func.count())
            .select_from(Order)
            .where(Order.seller_id == seller_id, Order.placed_at >= since)
        )
        or 0
    )
