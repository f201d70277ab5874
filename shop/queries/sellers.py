"""Reading sellers, their ways of delivery and accounts for those who work for them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.catalog import Seller
from shop.models.orders import DeliveryMethod
from shop.models.payments import BankAccount


def by_id(session: Session, ids: Iterable[int] | None) -> Sequence[Seller]:
    """Return the sellers with these ids, in the order they joined; all of them for `None`."""
    found = select(Seller).order_by(Seller.id)
    if ids is not None:
        found = found.where(Seller.id.in_(list(ids)))
    return session.scalars(found).all()


def locked_names(session: Session) -> Sequence[Seller]:
    """Return every seller, locked: whoever opens one meanwhile waits and sees it."""
    return session.scalars(select(Seller).order_by(Seller.id).with_for_update()).all()


def delivery_methods(session: Session, seller_id: int) -> Sequence[DeliveryMethod]:
    """Return the ways of delivery of a seller in their order, closed ones among them."""
    return session.scalars(
        select(DeliveryMethod)
        .where(DeliveryMethod.seller_id == seller_id)
        .order_by(DeliveryMethod.position, DeliveryMethod.id)
    ).all()


def delivery_method(session: Session, method_id: int) -> DeliveryMethod | None:
    """Return a way of delivery by its number."""
    return session.get(DeliveryMethod, method_id)


def locked_bank_accounts(
    session: Session, seller_id: int, *, stall_id: int | None
) -> Sequence[BankAccount]:
    """Return the accounts in use of a seller or a stall, its seller locked until the end."""
    session.scalars(select(Seller.id).where(Seller.id == seller_id).with_for_update()).one()
    return session.scalars(
        select(BankAccount)
        .where(BankAccount.seller_id == seller_id, BankAccount.is_active)
        .where(BankAccount.stall_id.is_not_distinct_from(stall_id))
        .order_by(BankAccount.id)
        .execution_options(populate_existing=True)
    ).all()
