"""Reading what imports need to know: what is there already, and the runs that were."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Product, Seller
from shop.models.imports import ImportRun
from shop.models.inventory import StockLevel
from shop.queries.parts import parts

_FEW = 500
"""Packs that are asked about by their ids; of more, all of the seller are read."""


def products(session: Session, seller_id: int) -> Sequence[Product]:
    """Return all products of a seller with their packs, oldest first."""
    return session.scalars(
        select(Product)
        .where(Product.seller_id == seller_id)
        .options(selectinload(Product.packs))
        .order_by(Product.id)
        .execution_options(populate_existing=True)
    ).all()


def packs_in_batches(
    session: Session, seller_id: int, pack_ids: Collection[int] | None = None
) -> set[int]:
    """Return the packs of a seller that were made: what their labels say cannot change.

    With a few `pack_ids` only these are looked at.
    """
    made = (
        select(BatchPack.pack_id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .where(Pack.seller_id == seller_id)
        .distinct()
    )
    if pack_ids is not None and len(pack_ids) <= _FEW:
        made = made.where(Pack.id.in_(pack_ids))
    return set(session.scalars(made))


def on_hand(session: Session, seller_id: int) -> Mapping[int, int]:
    """Return how many of each pack of a seller stand anywhere."""
    rows = session.execute(
        select(BatchPack.pack_id, func.sum(StockLevel.on_hand))
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .where(Pack.seller_id == seller_id)
        .group_by(BatchPack.pack_id)
    )
    return {pack_id: int(count) for pack_id, count in rows}


def owners_of_gtins(session: Session, gtins: Collection[str]) -> Mapping[str, int]:
    """Return the pack that has each of these numbers, of any seller."""
    found: dict[str, int] = {}
    for some in parts(gtins):
        rows = session.execute(select(Pack.gtin, Pack.id).where(Pack.gtin.in_(some)))
        found.update({row.gtin: row.id for row in rows})
    return found


def batches(session: Session, seller_id: int, lots: Collection[str]) -> Mapping[str, Batch]:
    """Return the batches of a seller that have these lots, with packs, inputs and steps."""
    found: dict[str, Batch] = {}
    for some in parts(lots):
        rows = session.scalars(
            select(Batch)
            .where(Batch.seller_id == seller_id, Batch.lot.in_(some))
            .options(
                selectinload(Batch.packs).joinedload(BatchPack.pack),
                selectinload(Batch.inputs),
                selectinload(Batch.steps),
            )
            .execution_options(populate_existing=True)
        )
        found.update({batch.lot: batch for batch in rows})
    return found


def run(session: Session, run_id: int) -> ImportRun | None:
    """Return a run with its rows."""
    return session.scalars(
        select(ImportRun).where(ImportRun.id == run_id).options(selectinload(ImportRun.rows))
    ).one_or_none()


def run_by_token(session: Session, token: str) -> ImportRun | None:
    """Return the run that was confirmed on the page with this token."""
    return session.scalars(select(ImportRun).where(ImportRun.token == token)).one_or_none()


def run_of_file(session: Session, seller_id: int, kind: str, digest: str) -> ImportRun | None:
    """Return the last run of the very same file that was not undone."""
    return session.scalars(
        select(ImportRun)
        .where(
            ImportRun.seller_id == seller_id,
            ImportRun.kind == kind,
            ImportRun.digest == digest,
            ImportRun.undone_at.is_(None),
        )
        .order_by(ImportRun.id.desc())
        .limit(1)
    ).one_or_none()


def runs(session: Session, seller_id: int, *, most: int = 30) -> Sequence[ImportRun]:
    """Return the last runs of a seller, newest first."""
    return session.scalars(
        select(ImportRun)
        .where(ImportRun.seller_id == seller_id)
        .order_by(ImportRun.id.desc())
        .limit(most)
    ).all()


def seller_by_code(session: Session, code: str) -> Seller | None:
    """Return the seller with this address, or with lots that begin so."""
    found = session.scalars(
        select(Seller)
        .where((Seller.slug == code.lower()) | (Seller.lot_prefix == code.upper()))
        .order_by(Seller.slug != code.lower(), Seller.id)
        .limit(1)
    )
    return found.one_or_none()
