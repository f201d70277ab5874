"""Reading vouchers and their uses."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.catalog import Product, ProductState
from shop.models.orders import Order
from shop.models.vouchers import Voucher, VoucherUse


def by_code(session: Session, seller_id: int, code: str) -> Voucher | None:
    """Return the voucher of a seller with this code, whether or not it is open."""
    return session.scalars(
        select(Voucher).where(Voucher.seller_id == seller_id, Voucher.code == code)
    ).one_or_none()


def automatic(session: Session, seller_id: int) -> Sequence[Voucher]:
    """Return the open vouchers of a seller that need no code."""
    return session.scalars(
        select(Voucher)
        .where(Voucher.seller_id == seller_id, Voucher.code.is_(None), Voucher.is_open)
        .order_by(Voucher.id)
    ).all()


def uses_of_phone(session: Session, voucher_id: int, phone: str) -> int:
    """Return how many orders of this number the voucher stands for."""
    counted = select(func.count()).where(
        VoucherUse.voucher_id == voucher_id,
        VoucherUse.phone == phone,
        VoucherUse.given_back_at.is_(None),
    )
    return int(session.scalar(counted) or 0)


def use_of(session: Session, order_id: int) -> VoucherUse | None:
    """Return the use of a voucher by an order, given back or not."""
    return session.scalars(select(VoucherUse).where(VoucherUse.order_id == order_id)).one_or_none()


def of_seller(session: Session, seller_id: int) -> Sequence[Voucher]:
    """Return all vouchers of a seller, open ones first, newest first."""
    return session.scalars(
        select(Voucher)
        .where(Voucher.seller_id == seller_id)
        .order_by(Voucher.is_open.desc(), Voucher.id.desc())
    ).all()


def uses(session: Session, voucher_id: int, *, limit: int, offset: int = 0) -> Sequence[Any]:
    """Return the orders that a voucher made cheaper, newest first."""
    return session.execute(
        select(
            VoucherUse.amount_vnd,
            VoucherUse.taken_at,
            VoucherUse.given_back_at,
            Order.code,
            Order.total_vnd,
        )
        .join(Order, Order.id == VoucherUse.order_id)
        .where(VoucherUse.voucher_id == voucher_id)
        .order_by(VoucherUse.taken_at.desc(), VoucherUse.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def count_uses(session: Session, voucher_id: int) -> int:
    """Return how many uses there were, those given back among them."""
    counted = select(func.count()).where(VoucherUse.voucher_id == voucher_id)
    return int(session.scalar(counted) or 0)


def products(session: Session, seller_id: int) -> Sequence[Any]:
    """Return the products on sale of a seller: id and name."""
    return session.execute(
        select(Product.id, Product.name)
        .where(Product.seller_id == seller_id, Product.state == ProductState.PUBLISHED)
        .order_by(Product.name)
    ).all()
