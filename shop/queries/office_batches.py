"""Reading batches and deliveries for the office: lists, what can be taken, what was usual."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from shop.models.base import total
from shop.models.batches import Batch, BatchInput, BatchKind, BatchPack, BatchState, BatchStep
from shop.models.catalog import Pack, Product, ProductState
from shop.models.inventory import StockLevel
from shop.models.people import Member, Plot

_Taken = aliased(BatchInput)

PAGE = 40
"""Rows on one page of a list."""

MOST_OPEN = 60
"""Open deliveries offered at once on the page of a batch; the others are found by a search."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """How a list of batches is narrowed: by state (`expired` is one here), product, lot."""

    state: str = ""
    product_id: int | None = None
    lot: str = ""
    page: int = 1


def batches(
    session: Session, seller_id: int, narrowed: Narrowed, *, today: date
) -> tuple[Sequence[Any], int]:
    """Return one page of the batches for sale with packs made and left, and how many there are."""
    conditions = [Batch.seller_id == seller_id, Batch.kind == BatchKind.RETAIL]
    if narrowed.state:
        conditions.append(_in_state(narrowed.state, today))
    if narrowed.product_id is not None:
        conditions.append(Batch.product_id == narrowed.product_id)
    if narrowed.lot:
        conditions.append(_lot_holds(narrowed.lot))
    count = session.scalar(select(func.count(Batch.id)).where(*conditions)) or 0
    rows = session.execute(
        select(
            Batch.id, Batch.lot, Batch.goods, Batch.state, Batch.made_on, Batch.expires_on,
            _packs_made().label("made"), _packs_left().label("left"),
        )
        .where(*conditions)
        .order_by(Batch.made_on.desc(), Batch.id.desc())
        .limit(PAGE).offset((narrowed.page - 1) * PAGE)
    ).all()  # fmt: skip
    return rows, count


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    expired = and_(Batch.state == BatchState.RELEASED, Batch.expires_on < today)
    if state == "expired":
        return expired
    if state == BatchState.RELEASED:
        fresh = or_(Batch.expires_on.is_(None), Batch.expires_on >= today)
        return and_(Batch.state == BatchState.RELEASED, fresh)
    return Batch.state == state


def _lot_holds(key: str) -> ColumnElement[bool]:
    """Compare lots by their letters and digits alone, as `shop.forms.lots.code_key` does."""
    bare = func.upper(func.replace(Batch.lot, "-", ""))
    return bare.contains(key, autoescape=True)


def _packs_made() -> Any:
    return (
        select(total(BatchPack.produced))
        .where(BatchPack.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )


def _packs_left() -> Any:
    return (
        select(total(StockLevel.on_hand))
        .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
        .where(BatchPack.batch_id == Batch.id)
        .correlate(Batch)
        .scalar_subquery()
    )


def packs_left(session: Session, batch_id: int) -> dict[int, int]:
    """Return how many packs of a batch stand anywhere, by batch pack."""
    rows = session.execute(
        select(BatchPack.id, total(StockLevel.on_hand))
        .join(StockLevel, StockLevel.batch_pack_id == BatchPack.id)
        .where(BatchPack.batch_id == batch_id)
        .group_by(BatchPack.id)
    ).all()
    return {batch_pack_id: int(left) for batch_pack_id, left in rows}


def deliveries(
    session: Session, seller_id: int, *, only_open: bool, page: int
) -> tuple[Sequence[Any], int]:
    """Return one page of the deliveries, newest first, with grams left, and how many there are."""
    narrowed = _deliveries().where(Batch.seller_id == seller_id)
    if only_open:
        narrowed = narrowed.where(Batch.quantity_g > _used(), Batch.state == BatchState.RELEASED)
    count = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    newest = narrowed.order_by(Batch.made_on.desc(), Batch.id.desc())
    return session.execute(newest.limit(PAGE).offset((page - 1) * PAGE)).all(), count


def open_deliveries(
    session: Session, batch: Batch, *, wanted: str = "", also: Collection[int] = ()
) -> tuple[Sequence[Any], int]:
    """Return deliveries that `batch` can take from, and how many there are in all.

    `wanted` narrows them by code, goods or who gave them; those of `also` are among them in any
    case. At most `MOST_OPEN` come, those meant for the product of the batch first.
    """
    open_ones = _open_deliveries(batch)
    count = session.scalar(select(func.count()).select_from(open_ones.subquery())) or 0
    if wanted:
        texts = (Batch.lot, Batch.goods, Member.full_name, BatchInput.supplier)
        holds = [text.icontains(wanted, autoescape=True) for text in texts]
        open_ones = open_ones.where(or_(*holds, Batch.id.in_(also)))
    rows = session.execute(
        open_ones.order_by(
            Batch.id.in_(also).desc(),
            func.coalesce(Batch.product_id == batch.product_id, False).desc(),
            Batch.made_on.desc(),
            Batch.id.desc(),
        ).limit(MOST_OPEN)
    ).all()
    return rows, count


def grams_left(session: Session, batch: Batch, ids: Collection[int]) -> dict[int, int]:
    """Return how many grams are left of those of these deliveries that `batch` can take from."""
    found = session.execute(_open_deliveries(batch).where(Batch.id.in_(ids)))
    return {row.id: row.left_g for row in found}


def _open_deliveries(batch: Batch) -> Any:
    return _deliveries().where(
        Batch.seller_id == batch.seller_id,
        Batch.state == BatchState.RELEASED,
        Batch.quantity_g > _used(),
    )


def _deliveries() -> Any:
    return (
        select(
            Batch.id, Batch.lot, Batch.goods, Batch.state, Batch.made_on, Batch.quantity_g,
            Member.full_name, Plot.code.label("plot_code"), BatchInput.supplier,
            BatchInput.document, (Batch.quantity_g - _used()).label("left_g"),
        )
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .outerjoin(Member, Member.id == BatchInput.member_id)
        .outerjoin(Plot, Plot.id == BatchInput.plot_id)
        .where(Batch.kind == BatchKind.DELIVERY)
    )  # fmt: skip


def _used() -> Any:
    taken = select(func.coalesce(total(_Taken.quantity_g), 0))
    return taken.where(_Taken.source_id == Batch.id).correlate(Batch).scalar_subquery()


def steps_before(session: Session, batch: Batch) -> Sequence[Any]:
    """Return code, name and place of the steps of the newest finished batch of the product."""
    newest = (
        select(func.max(Batch.id))
        .join(BatchStep, BatchStep.batch_id == Batch.id)
        .where(Batch.product_id == batch.product_id, Batch.id != batch.id)
        .where(Batch.state != BatchState.DRAFT)
        .scalar_subquery()
    )
    return session.execute(
        select(BatchStep.code, BatchStep.name, BatchStep.place)
        .where(BatchStep.batch_id == newest)
        .order_by(BatchStep.seq)
    ).all()


def ingredients_before(session: Session, seller_id: int) -> Sequence[str]:
    """Return the names of what went into batches without a slip, to be proposed."""
    return session.scalars(
        select(BatchInput.name)
        .join(Batch, Batch.id == BatchInput.batch_id)
        .where(Batch.seller_id == seller_id, BatchInput.source_id.is_(None))
        .where(Batch.kind == BatchKind.RETAIL)
        .distinct()
        .order_by(BatchInput.name)
    ).all()


def goods_before(session: Session, seller_id: int) -> Sequence[str]:
    """Return the names of goods that were handed over before, to be proposed."""
    return session.scalars(
        select(Batch.goods)
        .where(Batch.seller_id == seller_id, Batch.kind == BatchKind.DELIVERY)
        .distinct()
        .order_by(Batch.goods)
    ).all()


def members(session: Session, seller_id: int) -> Sequence[Member]:
    """Return the members of a seller by name, with their plots."""
    return session.scalars(
        select(Member)
        .where(Member.seller_id == seller_id)
        .options(selectinload(Member.plots))
        .order_by(Member.full_name, Member.id)
    ).all()


def plot(session: Session, plot_id: int, seller_id: int) -> Plot | None:
    """Return a plot of a seller."""
    return session.scalars(
        select(Plot).where(Plot.id == plot_id, Plot.seller_id == seller_id)
    ).one_or_none()


def member(session: Session, member_id: int, seller_id: int) -> Member | None:
    """Return a member of a seller."""
    return session.scalars(
        select(Member).where(Member.id == member_id, Member.seller_id == seller_id)
    ).one_or_none()


def products(session: Session, seller_id: int) -> Sequence[Product]:
    """Return the products of which batches are made, by name."""
    return session.scalars(
        select(Product)
        .where(Product.seller_id == seller_id, Product.state != ProductState.RETIRED)
        .order_by(Product.name, Product.id)
    ).all()


def product(session: Session, product_id: int, seller_id: int) -> Product | None:
    """Return a product of a seller."""
    return session.scalars(
        select(Product).where(Product.id == product_id, Product.seller_id == seller_id)
    ).one_or_none()


def packs(session: Session, product_id: int) -> Sequence[Pack]:
    """Return the packs of a product that are offered, in the order of its page."""
    return session.scalars(
        select(Pack)
        .where(Pack.product_id == product_id, Pack.is_offered)
        .order_by(Pack.position, Pack.id)
    ).all()


def used_in(session: Session, delivery_id: int) -> Sequence[Any]:
    """Return the batches that took from a delivery, with the grams each took."""
    return session.execute(
        select(
            Batch.id, Batch.lot, Batch.goods, Batch.state, Batch.expires_on,
            total(BatchInput.quantity_g).label("quantity_g"),
        )
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .where(BatchInput.source_id == delivery_id)
        .group_by(Batch.id, Batch.lot, Batch.goods, Batch.state, Batch.expires_on)
        .order_by(Batch.id)
    ).all()  # fmt: skip
