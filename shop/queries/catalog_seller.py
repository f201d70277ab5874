"""Everything the page of a seller shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchKind, BatchPack, BatchState
from shop.models.catalog import Certificate, Pack, Product, Seller
from shop.models.people import Member
from shop.queries import catalog, catalog_list, page_versions
from shop.queries.catalog_wanted import Wanted
from shop.queries.page_versions import Part

RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class SellerRows:
    """The rows behind one seller's page."""

    seller: Seller
    goods: Sequence[Any]
    batches: Sequence[Any]
    people: Sequence[Any]
    households: int
    papers: Sequence[Any]
    today: date
    versions: Mapping[Part, int | None]


def seller_page(session: Session, slug: str, *, now: datetime, today: date) -> SellerRows | None:
    """Return the rows of the seller with this name in its address."""
    seller = catalog.seller_by_slug(session, slug)
    if seller is None:
        return None
    parts = [("seller", seller.id), ("about", seller.id), ("list", 0)]
    versions = page_versions.read(session, parts, now=now)
    wanted = Wanted(demo=True, seller=slug)
    return SellerRows(
        seller=seller,
        goods=catalog_list.page_of(session, wanted, today=today, limit=24),
        batches=_batches(session, seller.id, since=today - RECENT),
        people=_people(session, seller.id),
        households=_households(session, seller.id),
        papers=_papers(session, seller.id),
        today=today,
        versions=versions,
    )


def _batches(session: Session, seller_id: int, *, since: date) -> Sequence[Any]:
    return session.execute(
        select(
            Batch.lot, Batch.state, Batch.packed_on, Batch.expires_on, Product.name,
            func.min(Pack.gtin).label("gtin"),
        )
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Product, Product.id == Batch.product_id)
        .where(Batch.seller_id == seller_id, Batch.kind == BatchKind.RETAIL)
        .where(Batch.state != BatchState.DRAFT, Batch.packed_on >= since)
        .group_by(Batch.id, Batch.lot, Batch.state, Batch.packed_on, Batch.expires_on)
        .group_by(Product.name)
        .order_by(Batch.packed_on.desc(), Batch.lot)
        .limit(30)
    ).all()  # fmt: skip


def _people(session: Session, seller_id: int) -> Sequence[Any]:
    """Return the members who agreed to be named, by nothing but their names (R41)."""
    return session.execute(
        select(Member.full_name, Member.kind)
        .where(Member.seller_id == seller_id, Member.show_name)
        .order_by(Member.code)
    ).all()


def _households(session: Session, seller_id: int) -> int:
    counted = select(func.count()).select_from(Member).where(Member.seller_id == seller_id)
    return int(session.scalar(counted) or 0)


def _papers(session: Session, seller_id: int) -> Sequence[Any]:
    return session.scalars(
        select(Certificate)
        .where(Certificate.seller_id == seller_id, Certificate.covers_all_batches)
        .order_by(Certificate.kind, Certificate.issued_on.desc())
    ).all()
