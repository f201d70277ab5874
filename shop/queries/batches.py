"""Reading batches: by code, what went in, what is left of a delivery."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.base import total
from shop.models.batches import Batch, BatchInput, BatchKind, BatchPack, BatchStep
from shop.models.catalog import Pack
from shop.models.journal import LineageEdge
from shop.queries.parts import parts


def batch_by_lot(session: Session, seller_id: int, lot: str) -> Batch | None:
    """Return the batch of a seller with this printed code."""
    return session.scalars(
        select(Batch).where(Batch.seller_id == seller_id, Batch.lot == lot)
    ).one_or_none()


def lots_known(session: Session, seller_id: int, lots: Iterable[str]) -> set[str]:
    """Return those of `lots` that batches of a seller have already."""
    found: set[str] = set()
    for some in parts(lots):
        known = select(Batch.lot).where(Batch.seller_id == seller_id, Batch.lot.in_(some))
        found.update(session.scalars(known))
    return found


def whole_batch(session: Session, batch_id: int, *, locked: bool = False) -> Batch | None:
    """Return a batch with seller, product, packs, inputs, steps and notices.

    With `locked` nobody else changes it before this transaction ends.
    """
    if locked:
        locked_batches(session, [batch_id])
    return session.scalars(
        select(Batch)
        .where(Batch.id == batch_id)
        .options(
            joinedload(Batch.seller),
            joinedload(Batch.product),
            selectinload(Batch.packs).joinedload(BatchPack.pack).joinedload(Pack.product),
            selectinload(Batch.inputs).joinedload(BatchInput.source),
            selectinload(Batch.inputs).joinedload(BatchInput.member),
            selectinload(Batch.inputs).joinedload(BatchInput.plot),
            selectinload(Batch.steps).joinedload(BatchStep.operator),
            selectinload(Batch.notices),
        )
    ).one_or_none()


def batches_by_code(session: Session, lot: str, *, gtin: str | None) -> Sequence[Batch]:
    """Return the batches for sale that carry this lot, of any seller; with `gtin` at most one."""
    query = (
        select(Batch)
        .where(Batch.lot == lot, Batch.kind == BatchKind.RETAIL)
        .options(
            joinedload(Batch.seller),
            selectinload(Batch.packs).joinedload(BatchPack.pack).joinedload(Pack.product),
        )
        .order_by(Batch.id)
    )
    if gtin is not None:
        packed = select(BatchPack.batch_id).join(Pack, Pack.id == BatchPack.pack_id)
        query = query.where(Batch.id.in_(packed.where(Pack.gtin == gtin)))
    return session.scalars(query).all()


def locked_batches(session: Session, batch_ids: Iterable[int]) -> Sequence[Batch]:
    """Return batches as they are now, locked in the order of their ids.

    Nobody else writes to them, or takes from a delivery, before this transaction ends.
    """
    return session.scalars(
        select(Batch)
        .where(Batch.id.in_(sorted(batch_ids)))
        .order_by(Batch.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def lots_beginning(session: Session, seller_id: int, stem: str) -> Sequence[str]:
    """Return the lots of a seller that begin with `stem`."""
    return session.scalars(
        select(Batch.lot).where(Batch.seller_id == seller_id, Batch.lot.startswith(stem))
    ).all()


def used_g(session: Session, delivery_id: int) -> int:
    """Return how many grams of a delivery have gone into other batches."""
    return int(
        session.scalar(
            select(func.coalesce(total(BatchInput.quantity_g), 0)).where(
                BatchInput.source_id == delivery_id
            )
        )
        or 0
    )


def treatments_of_plot(session: Session, plot_id: int, *, until: date) -> Sequence[BatchInput]:
    """Return what was done to a plot up to a day, as far as any batch has it on record."""
    return session.scalars(
        select(BatchInput)
        .where(BatchInput.plot_id == plot_id, BatchInput.applied_on <= until)
        .where(BatchInput.phi_days.is_not(None))
        .order_by(BatchInput.applied_on, BatchInput.id)
    ).all()


def descendants(session: Session, batch_id: int) -> list[int]:
    """Return the ids of all batches that goods of this one went into, itself first."""
    reached = select(Batch.id.label("id")).where(Batch.id == batch_id).cte(recursive=True)
    reached = reached.union(
        select(LineageEdge.to_batch_id).join(reached, LineageEdge.from_batch_id == reached.c.id)
    )
    found = session.scalars(select(reached.c.id)).all()
    return [batch_id, *sorted(identity for identity in found if identity != batch_id)]
