"""Reading what concerns one member: counts of the first page, own batches, own lines of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from shop.models.base import total
from shop.models.batches import Batch, BatchInput, BatchKind, BatchPack
from shop.models.catalog import Pack, Product, ProductState
from shop.models.inventory import Allocation
from shop.models.orders import Order, OrderLine, OrderState
from shop.models.people import Member
from shop.models.submissions import Submission, SubmissionKind, SubmissionState

TO_BE_SENT = (OrderState.CONFIRMED, OrderState.PACKING)
SHOWN_STATES = (
    OrderState.CONFIRMED,
    OrderState.PACKING,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.COMPLETED,
)
"""Orders a member sees: before that nobody has paid or said yes, after that nothing was sold."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The live facts of the first page."""

    returned: int
    waiting: int
    open_orders: int
    batches: int


def counts(session: Session, member_id: int) -> Counts:
    """Return what the big buttons say."""
    state, kind = Submission.state, Submission.kind
    is_goods = (Submission.member_id == member_id) & (kind == SubmissionKind.PRODUCT)
    returned, waiting = session.execute(
        select(
            func.count(case((state == SubmissionState.RETURNED, 1))),
            func.count(case((state == SubmissionState.SENT, 1))),
        ).where(is_goods)
    ).one()
    lines = _own_lines(member_id).where(Order.state.in_(TO_BE_SENT)).subquery()
    orders = session.scalar(select(func.count(func.distinct(lines.c.order_id))))
    own = session.scalar(select(func.count()).select_from(_own_batches(member_id).subquery()))
    return Counts(returned, waiting, orders or 0, own or 0)


def batches(session: Session, member_id: int) -> Sequence[Batch]:
    """Return the batches for sale that are the member's or hold what they gave, newest first."""
    ids = _own_batches(member_id)
    return session.scalars(
        select(Batch)
        .where(Batch.id.in_(ids))
        .options(joinedload(Batch.product))
        .order_by(Batch.made_on.desc(), Batch.id.desc())
    ).all()


def most_at_once(session: Session, member_id: int) -> int:
    """Return the most grams the member ever handed over at once, 0 before the first time."""
    most = select(func.max(Batch.quantity_g)).where(
        Batch.kind == BatchKind.DELIVERY,
        Batch.id.in_(select(BatchInput.batch_id).where(BatchInput.member_id == member_id)),
    )
    return session.scalar(most) or 0


def goods_before(session: Session, member_id: int) -> Sequence[str]:
    """Return what the member handed over before, the latest first, to be proposed."""
    latest = func.max(BatchInput.id)
    return session.scalars(
        select(BatchInput.name)
        .join(Batch, Batch.id == BatchInput.batch_id)
        .where(BatchInput.member_id == member_id, Batch.kind == BatchKind.DELIVERY)
        .group_by(BatchInput.name)
        .order_by(latest.desc())
        .limit(5)
    ).all()


def products_to_make(session: Session, member: Member) -> Sequence[Product]:
    """Return what a member's goods may become: their own products, then the cooperative's."""
    return session.scalars(
        select(Product)
        .where(Product.seller_id == member.seller_id, Product.state != ProductState.RETIRED)
        .where(or_(Product.member_id == member.id, _of_the_seller()))
        .order_by(Product.member_id.is_(None), Product.name, Product.id)
    ).all()


def _of_the_seller() -> ColumnElement[bool]:
    return Product.member_id.is_(None) & (Product.state == ProductState.PUBLISHED)


def order_lines(session: Session, member_id: int, *, limit: int) -> Sequence[Any]:
    """Return the member's own lines of orders, newest first: no buyer, no other line."""
    return session.execute(
        _own_lines(member_id)
        .where(Order.state.in_(SHOWN_STATES))
        .order_by(Order.placed_at.desc(), OrderLine.id)
        .limit(limit)
    ).all()


def _own_batches(member_id: int) -> Select[Any]:
    given = select(BatchInput.batch_id).where(BatchInput.member_id == member_id)
    opened = select(Submission.batch_id).where(
        Submission.member_id == member_id, Submission.batch_id.is_not(None)
    )
    made = select(Product.id).where(Product.member_id == member_id)
    return select(Batch.id).where(
        Batch.kind == BatchKind.RETAIL,
        or_(Batch.id.in_(given), Batch.id.in_(opened), Batch.product_id.in_(made)),
    )


def _own_lines(member_id: int) -> Select[Any]:
    """Select order, day, goods and quantity: all of an own product's line, else what was sent
    of batches that hold the member's goods."""
    of_own = (
        select(func.coalesce(total(Allocation.quantity), 0))
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .where(Allocation.order_line_id == OrderLine.id)
        .where(BatchPack.batch_id.in_(_own_batches(member_id)))
        .correlate(OrderLine)
        .scalar_subquery()
    )
    is_own_product = Product.member_id == member_id
    quantity = case((is_own_product, OrderLine.quantity), else_=of_own).label("quantity")
    return (
        select(
            Order.id.label("order_id"), Order.code, Order.state, Order.placed_at,
            Order.buyer_name, OrderLine.title, quantity, Pack.unit, Pack.label,
            OrderLine.unit_price_vnd,
        )
        .join(Order, Order.id == OrderLine.order_id)
        .join(Pack, Pack.id == OrderLine.pack_id)
        .join(Product, Product.id == Pack.product_id)
        .where(or_(is_own_product, of_own > 0))
    )  # fmt: skip
