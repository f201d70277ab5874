"""Reading who waits for goods."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.models.catalog import Pack, Product, ProductState
from shop.models.stock_watches import StockWatch


def packs_of(session: Session, slug: str) -> Sequence[Pack]:
    """Return the packs on offer of a published product, with product and seller."""
    return session.scalars(
        select(Pack)
        .join(Pack.product)
        .where(Product.slug == slug, Product.state == ProductState.PUBLISHED, Pack.is_offered)
        .options(joinedload(Pack.product).joinedload(Product.seller))
        .order_by(Pack.price_vnd, Pack.position, Pack.id)
    ).all()


def same(session: Session, pack_id: int, phone: str, email: str) -> StockWatch | None:
    """Return the row of somebody who waits for this pack already."""
    return session.scalars(
        select(StockWatch)
        .where(StockWatch.pack_id == pack_id)
        .where(StockWatch.phone == phone, StockWatch.email == email)
    ).one_or_none()


def count_of(session: Session, phone: str, email: str) -> int:
    """Return for how many packs somebody waits."""
    counted = select(func.count()).where(StockWatch.phone == phone, StockWatch.email == email)
    return int(session.scalar(counted) or 0)


def of_email(session: Session, email: str) -> Sequence[StockWatch]:
    """Return what the holder of an e-mail address waits for, with pack and product."""
    if not email:
        return []
    return session.scalars(
        select(StockWatch)
        .where(StockWatch.email == email)
        .options(joinedload(StockWatch.pack).joinedload(Pack.product))
        .order_by(StockWatch.asked_at, StockWatch.id)
    ).all()


def by_token(session: Session, token: str) -> StockWatch | None:
    """Return what a withdrawal link leads to."""
    return session.scalars(
        select(StockWatch)
        .where(StockWatch.token == token)
        .options(joinedload(StockWatch.pack).joinedload(Pack.product).joinedload(Product.seller))
    ).one_or_none()


def waited_for(session: Session) -> Sequence[int]:
    """Return the packs that somebody still waits for."""
    return session.scalars(
        select(StockWatch.pack_id).where(StockWatch.turn_at.is_(None)).distinct()
    ).all()


def waiting(session: Session, pack_id: int, *, limit: int) -> Sequence[StockWatch]:
    """Return who waits for a pack, who came first before the others, locked."""
    return session.scalars(
        select(StockWatch)
        .where(StockWatch.pack_id == pack_id, StockWatch.turn_at.is_(None))
        .order_by(StockWatch.asked_at, StockWatch.id)
        .limit(limit)
        .with_for_update(of=StockWatch, key_share=True)
    ).all()


def turns_since(session: Session, pack_id: int, since: datetime) -> int:
    """Return how many people were told of a pack since then."""
    counted = select(func.count()).where(
        StockWatch.pack_id == pack_id, StockWatch.turn_at >= since
    )
    return int(session.scalar(counted) or 0)


def counts(session: Session, seller_id: int) -> Sequence[Any]:
    """Return for each pack that people wait for how many do, and since when the first."""
    return session.execute(
        select(
            Pack.id,
            Product.name,
            Pack.label,
            func.count().label("people"),
            func.min(StockWatch.asked_at).label("since"),
        )
        .join(Pack, Pack.id == StockWatch.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .where(StockWatch.seller_id == seller_id, StockWatch.turn_at.is_(None))
        .group_by(Pack.id, Product.name, Pack.label)
        .order_by(func.count().desc(), Product.name, Pack.id)
    ).all()


def to_call(session: Session, seller_id: int, *, limit: int | None = None) -> Sequence[StockWatch]:
    """Return whom to call now that their goods have come, who waited longest first."""
    return session.scalars(
        select(StockWatch)
        .where(StockWatch.seller_id == seller_id, StockWatch.phone != "")
        .where(StockWatch.turn_at.is_not(None), StockWatch.told_at.is_(None))
        .options(joinedload(StockWatch.pack).joinedload(Pack.product))
        .order_by(StockWatch.turn_at, StockWatch.asked_at, StockWatch.id)
        .limit(limit)
    ).all()


def count_to_call(session: Session, seller_id: int) -> int:
    """Return how many are to be called."""
    counted = (
        select(func.count())
        .select_from(StockWatch)
        .where(StockWatch.seller_id == seller_id, StockWatch.phone != "")
        .where(StockWatch.turn_at.is_not(None), StockWatch.told_at.is_(None))
    )
    return int(session.scalar(counted) or 0)
