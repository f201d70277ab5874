"""Reading carts and orders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.batches import BatchPack
from shop.models.catalog import Pack, Product
from shop.models.inventory import Allocation
from shop.models.orders import Cart, CartLine, DeliveryMethod, Order, OrderLine, OrderState


def order_by_key(session: Session, idempotency_key: str) -> Order | None:
    """Return the order that was placed with this key, if it was."""
    return session.scalars(
        select(Order).where(Order.idempotency_key == idempotency_key)
    ).one_or_none()


def order_by_code(session: Session, code: str) -> Order | None:
    """Return the order with this code, as it is stored: eight letters and digits."""
    return session.scalars(select(Order).where(Order.code == code)).one_or_none()


def order_by_token(session: Session, token: str) -> Order | None:
    """Return the order behind a private link, with its lines, batches, moves and parcels."""
    return session.scalars(
        select(Order)
        .where(Order.token == token)
        .options(
            joinedload(Order.seller),
            selectinload(Order.lines).joinedload(OrderLine.pack).joinedload(Pack.product),
            selectinload(Order.lines)
            .selectinload(OrderLine.allocations)
            .joinedload(Allocation.batch_pack)
            .joinedload(BatchPack.batch),
            selectinload(Order.lines).selectinload(OrderLine.reservations),
            selectinload(Order.moves),
            selectinload(Order.parcels),
        )
    ).one_or_none()


def cart_by_token_hash(session: Session, token_hash: str) -> Cart | None:
    """Return the cart of a browser with packs, products and sellers."""
    return session.scalars(
        select(Cart)
        .where(Cart.token_hash == token_hash)
        .options(
            selectinload(Cart.lines)
            .joinedload(CartLine.pack)
            .joinedload(Pack.product)
            .options(joinedload(Product.seller), selectinload(Product.photos))
        )
    ).one_or_none()


def delivery_methods(session: Session, seller_id: int) -> Sequence[DeliveryMethod]:
    """Return the ways of delivery a seller offers, in its order."""
    return session.scalars(
        select(DeliveryMethod)
        .where(DeliveryMethod.seller_id == seller_id, DeliveryMethod.is_offered)
        .order_by(DeliveryMethod.position, DeliveryMethod.id)
    ).all()


def lapsed_holds(session: Session, now: datetime) -> Sequence[int]:
    """Return the ids of orders that have waited long enough for their money or their call."""
    return session.scalars(
        select(Order.id)
        .where(Order.state.in_([OrderState.NEW, OrderState.AWAITING_PAYMENT]))
        .where(Order.hold_until <= now)
        .order_by(Order.id)
    ).all()
