"""Reading who wants an invoice, and which were made out."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from shop.models.invoices import Invoice, InvoiceRequest
from shop.models.orders import Order, OrderState

READY = (
    OrderState.CONFIRMED,
    OrderState.PACKING,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.COMPLETED,
)
"""States of an order for which an invoice can be made out."""


def request_of(session: Session, order_id: int) -> InvoiceRequest | None:
    """Return for whom the invoice of an order is wanted, given up or not."""
    return session.scalars(
        select(InvoiceRequest).where(InvoiceRequest.order_id == order_id)
    ).one_or_none()


def made_out(session: Session, order_id: int) -> Sequence[Invoice]:
    """Return what was made out for an order, the one that stands last."""
    return session.scalars(
        select(Invoice)
        .where(Invoice.order_id == order_id)
        .order_by(Invoice.id)
        .options(selectinload(Invoice.sums))
    ).all()


def with_number(session: Session, seller_id: int, number: str, *, but_of: int) -> str | None:
    """Return the code of another order than `but_of` that has an invoice of this number."""
    return session.scalars(
        select(Order.code)
        .join(Invoice, Invoice.order_id == Order.id)
        .where(Invoice.seller_id == seller_id, Invoice.number == number)
        .where(Invoice.order_id != but_of)
        .order_by(Order.id)
        .limit(1)
    ).first()


def _wanted(seller_id: int, is_made_out: bool | None) -> list[ColumnElement[bool]]:
    any_one = aliased(Invoice)
    found = select(any_one.id).where(any_one.order_id == Order.id).exists()
    asked: list[ColumnElement[bool]] = [InvoiceRequest.seller_id == seller_id]
    if is_made_out is None:
        return [*asked, (InvoiceRequest.given_up_at.is_(None)) | found]
    if is_made_out:
        return [*asked, found]
    return [*asked, InvoiceRequest.given_up_at.is_(None), ~found, Order.state.in_(READY)]


def count(session: Session, seller_id: int, *, is_made_out: bool | None = False) -> int:
    """Return how many orders wait for their invoice, have it, or (`None`) asked for it at all."""
    counted = (
        select(func.count())
        .select_from(InvoiceRequest)
        .join(Order, Order.id == InvoiceRequest.order_id)
        .where(*_wanted(seller_id, is_made_out))
    )
    return int(session.scalar(counted) or 0)


def page(
    session: Session,
    seller_id: int,
    *,
    is_made_out: bool | None = False,
    limit: int,
    offset: int = 0,
) -> Sequence[tuple[InvoiceRequest, Order, Invoice | None]]:
    """Return requests with their orders and the invoice that stands, as `count` counts them.

    Those that wait come oldest first, the others newest first.
    """
    later = aliased(Invoice)
    is_last = ~select(later.id).where(later.corrects_id == Invoice.id).exists()
    order_by: Any = InvoiceRequest.id if is_made_out is False else InvoiceRequest.id.desc()
    rows = session.execute(
        select(InvoiceRequest, Order, Invoice)
        .join(Order, Order.id == InvoiceRequest.order_id)
        .outerjoin(Invoice, (Invoice.order_id == Order.id) & is_last)
        .where(*_wanted(seller_id, is_made_out))
        .order_by(order_by)
        .limit(limit)
        .offset(offset)
        .options(selectinload(Order.lines))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]
