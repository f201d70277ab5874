"""Reading stock: what may be sold, from which batch first."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from shop.models.base import total
from shop.models.batches import Batch, BatchPack, BatchState
from shop.models.inventory import Place, PlaceKind, StockLevel


def fit_to_sell(sell_through: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition on `Batch` for goods that are released and good through that day.

    The day may be a parameter of a statement that is put together once.
    """
    return and_(
        Batch.state == BatchState.RELEASED,
        or_(Batch.expires_on.is_(None), Batch.expires_on >= sell_through),
        BatchPack.withdrawn_at.is_(None),
    )


def sellable(
    session: Session, pack_id: int, *, seller_id: int, sell_through: date
) -> list[StockLevel]:
    """Return the online levels that may be sold, first to expire first, locked.

    The order (no expiry last, then the day it was made, then the lot) is that of
    `commerce.md` 4.3. A batch that was held while we waited for the lock is left out.
    """
    levels = {
        (level.batch_pack_id, level.place_id): level
        for level in session.scalars(
            select(StockLevel)
            .join(StockLevel.batch_pack)
            .join(BatchPack.batch)
            .join(Place, Place.id == StockLevel.place_id)
            .where(BatchPack.pack_id == pack_id, Place.seller_id == seller_id, Place.sells_online)
            .where(StockLevel.on_hand > StockLevel.reserved, fit_to_sell(sell_through))
            .order_by(StockLevel.batch_pack_id, StockLevel.place_id)
            .with_for_update(of=StockLevel, key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    first_to_expire = session.execute(
        select(StockLevel.batch_pack_id, StockLevel.place_id)
        .join(StockLevel.batch_pack)
        .join(BatchPack.batch)
        .where(StockLevel.batch_pack_id.in_({batch_pack_id for batch_pack_id, _ in levels}))
        .where(fit_to_sell(sell_through))
        .order_by(Batch.expires_on.is_(None), Batch.expires_on, Batch.made_on, Batch.lot)
        .order_by(StockLevel.place_id)
    )
    return [levels[key] for found in first_to_expire if (key := (found[0], found[1])) in levels]


def locked_levels(
    session: Session, batch_pack_ids: Iterable[int], *, place_id: int | None = None
) -> Sequence[StockLevel]:
    """Return the levels of these batch packs, or those at one place, locked in key order."""
    wanted = select(StockLevel).where(StockLevel.batch_pack_id.in_(list(batch_pack_ids)))
    if place_id is not None:
        wanted = wanted.where(StockLevel.place_id == place_id)
    return session.scalars(
        wanted.order_by(StockLevel.batch_pack_id, StockLevel.place_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def lock_packs(session: Session, pack_ids: Iterable[int], *, seller_id: int) -> None:
    """Lock every online level of these packs in the order of their keys.

    Whoever changes several lines of an order locks all it may touch at once, in the one order
    that a hold of a batch follows too; what was read before the lock is read anew after it.
    """
    session.scalars(
        select(StockLevel)
        .join(StockLevel.batch_pack)
        .join(Place, Place.id == StockLevel.place_id)
        .where(BatchPack.pack_id.in_(sorted(pack_ids)), Place.seller_id == seller_id)
        .where(Place.sells_online)
        .order_by(StockLevel.batch_pack_id, StockLevel.place_id)
        .with_for_update(of=StockLevel, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def locked_level(session: Session, *, place_id: int, batch_pack_id: int) -> StockLevel | None:
    """Return one level, locked; `None` when the batch has never stood there."""
    return session.scalars(
        select(StockLevel)
        .where(StockLevel.place_id == place_id, StockLevel.batch_pack_id == batch_pack_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def available_by_pack(
    session: Session, pack_ids: Iterable[int], *, sell_through: date
) -> dict[int, int]:
    """Return how many of each pack can be bought online now; packs without stock are left out."""
    rows = session.execute(
        select(BatchPack.pack_id, total(StockLevel.on_hand - StockLevel.reserved))
        .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Place, Place.id == StockLevel.place_id)
        .where(BatchPack.pack_id.in_(list(pack_ids)), Place.sells_online)
        .where(fit_to_sell(sell_through))
        .group_by(BatchPack.pack_id)
    ).all()
    return {pack_id: int(left) for pack_id, left in rows if left}


def main_place(session: Session, seller_id: int) -> Place:
    """Return the place from which a seller serves the web shop."""
    return session.scalars(
        select(Place)
        .where(Place.seller_id == seller_id, Place.sells_online)
        .order_by(Place.id)
        .limit(1)
    ).one()


def quarantine_place(session: Session, seller_id: int) -> Place:
    """Return the place where returned goods wait."""
    return session.scalars(
        select(Place)
        .where(Place.seller_id == seller_id, Place.kind == PlaceKind.QUARANTINE)
        .order_by(Place.id)
        .limit(1)
    ).one()
