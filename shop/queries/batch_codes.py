"""Finding batches by the codes that are printed on packs and slips, or by what was made of them.

A code's key is its letters and digits in capitals, without what stands between them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, func, or_, select
from sqlalchemy.orm import Session

from shop.models.base import total
from shop.models.batches import Batch, BatchInput, BatchKind, BatchPack, BatchState, CodeAlias
from shop.models.catalog import Pack, Product, Seller
from shop.queries.catalog import is_shown

MOST_BEGUN = 12
_BETWEEN = "- ./_"


def _key() -> Any:
    key: Any = Batch.lot
    for character in _BETWEEN:
        key = func.replace(key, character, "", type_=String)
    return func.upper(key)


def _codes() -> Any:
    """Every public code: packs by GTIN, deliveries and bulk by their seller."""
    return (
        select(
            Batch.id.label("batch_id"), Batch.seller_id, Batch.kind, Batch.lot, Batch.goods,
            Batch.made_on, Pack.gtin, Pack.label, Product.name,
            Seller.slug.label("seller_slug"), Seller.short_name,
        )
        .join(Seller, Seller.id == Batch.seller_id)
        .outerjoin(BatchPack, BatchPack.batch_id == Batch.id)
        .outerjoin(Pack, Pack.id == BatchPack.pack_id)
        .outerjoin(Product, Product.id == Pack.product_id)
        .where(Batch.state != BatchState.DRAFT)
        .where(or_(Pack.id.is_not(None), Batch.kind != BatchKind.RETAIL))
        .order_by(Batch.made_on.desc(), Batch.lot, Pack.position, Pack.gtin)
    )  # fmt: skip


def codes_with_lot(session: Session, lot: str) -> Sequence[Any]:
    """Return the public codes with exactly this lot."""
    return session.execute(_codes().where(Batch.lot == lot)).all()


def codes_with_key(session: Session, key: str) -> Sequence[Any]:
    """Return the public codes whose lot has this key."""
    return session.execute(_codes().where(_key() == key)).all()


def codes_begun(session: Session, key: str, *, demo: bool) -> Sequence[Any]:
    """Return the public codes whose lot begins with this key, the newest first; few of them."""
    return session.execute(
        _codes()
        .where(_key().startswith(key, autoescape=True))
        .where(BatchPack.withdrawn_at.is_(None), is_shown(demo=demo))
        .limit(MOST_BEGUN)
    ).all()


def codes_about_key(session: Session, key: str, *, gtin: str = "") -> Sequence[Any]:
    """Return the public codes among which are all that one slip of the pen turns into `key`.

    A slip leaves either the first or the last half as it is. Withdrawn codes are left out, and
    beside live sellers those of training ones, but for the lots of `gtin`.
    """
    kept = len(key) // 2 - 1
    halves = _key().startswith(key[: max(kept, 0)]), _key().endswith(key[kept + 2 :])
    return session.execute(
        _codes()
        .where(func.length(_key()).between(len(key) - 1, len(key) + 1), or_(*halves))
        .where(BatchPack.withdrawn_at.is_(None))
        .where(or_(is_shown(demo=False), Pack.gtin == gtin))
    ).all()


def lots_of_gtin(session: Session, gtin: str) -> Sequence[str]:
    """Return the public lots that were printed with a GTIN."""
    return session.scalars(
        select(Batch.lot)
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .where(Pack.gtin == gtin, Batch.state != BatchState.DRAFT)
    ).all()


def lots_of_seller(session: Session, seller_slug: str) -> Sequence[str]:
    """Return the public lots of a seller."""
    return session.scalars(
        select(Batch.lot)
        .join(Seller, Seller.id == Batch.seller_id)
        .where(Seller.slug == seller_slug, Batch.state != BatchState.DRAFT)
    ).all()


def present_code(session: Session, gtin: str, lot: str) -> Any:
    """Return the GTIN and lot of today behind a code that was printed in former times."""
    return session.execute(
        select(Pack.gtin, Batch.lot)
        .join(BatchPack, BatchPack.pack_id == Pack.id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(CodeAlias, CodeAlias.batch_pack_id == BatchPack.id)
        .where(CodeAlias.gtin == gtin, CodeAlias.lot == lot, Batch.state != BatchState.DRAFT)
    ).one_or_none()


def gtin_of_lot(session: Session, seller_slug: str, lot: str) -> str | None:
    """Return the first GTIN under which a lot of this seller was packed."""
    return session.scalar(
        select(Pack.gtin)
        .join(BatchPack, BatchPack.pack_id == Pack.id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Seller, Seller.id == Batch.seller_id)
        .where(Seller.slug == seller_slug, Batch.lot == lot, Batch.state != BatchState.DRAFT)
        .order_by(Pack.position, Pack.gtin)
        .limit(1)
    )


def uses_of(session: Session, batch_id: int) -> Sequence[Any]:
    """Return the public batches that goods of this one went into, a row for each."""
    first = (
        select(func.min(BatchPack.id))
        .where(BatchPack.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Batch.lot, Batch.goods, Batch.made_on, Pack.gtin, Seller.slug.label("seller_slug"),
            total(BatchInput.quantity_g).label("quantity_g"),
        )
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .join(Seller, Seller.id == Batch.seller_id)
        .outerjoin(BatchPack, BatchPack.id == first)
        .outerjoin(Pack, Pack.id == BatchPack.pack_id)
        .where(BatchInput.source_id == batch_id, Batch.state != BatchState.DRAFT)
        .group_by(Batch.id, Batch.lot, Batch.goods, Batch.made_on, Pack.gtin, Seller.slug)
        .order_by(Batch.made_on, Batch.lot)
    ).all()  # fmt: skip
