"""Reading carts and orders."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.batches import BatchPack
from shop.models.catalog import Pack, Product, Seller
from shop.models.inventory import Allocation
from shop.models.orders import Cart, CartLine, DeliveryMethod, Order, OrderLine, OrderState
from shop.models.payments import AttemptState, Payment, PaymentAttempt


def order_by_key(session: Session, idempotency_key: str) -> Order | None:
    """Return the order that was placed with this key, if it was."""
    return session.scalars(
        select(Order).where(Order.idempotency_key == idempotency_key)
    ).one_or_none()


def awaited_with_key(
    session: Session, beginning: str, slug: str = "", *, now: datetime
) -> Order | None:
    """Return the newest order still held for its payment whose key begins so.

    `slug` is its seller's; empty for any.
    """
    asked = (
        select(Order)
        .where(Order.state == OrderState.AWAITING_PAYMENT, Order.hold_until > now)
        .where(Order.idempotency_key.startswith(beginning, autoescape=True))
    )
    if slug:
        asked = asked.join(Order.seller).where(Seller.slug == slug)
    return session.scalars(asked.order_by(Order.id.desc()).limit(1)).one_or_none()


def placed_with_key(session: Session, beginning: str, *, since: datetime) -> Sequence[Order]:
    """Return the orders placed since a moment whose key begins so, the newest first."""
    return session.scalars(
        select(Order)
        .where(Order.idempotency_key.startswith(beginning, autoescape=True))
        .where(Order.placed_at > since, Order.state != OrderState.CANCELLED)
        .order_by(Order.id.desc())
    ).all()


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
            selectinload(Order.lines)
            .joinedload(OrderLine.pack)
            .joinedload(Pack.product)
            .selectinload(Product.photos),
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


_HAS_REVIEW = exists().where(
    Payment.order_id == Order.id,
    PaymentAttempt.payment_id == Payment.id,
    PaymentAttempt.state == AttemptState.REVIEW,
)


def lapsed_holds(session: Session, now: datetime) -> Sequence[int]:
    """Return the ids of orders that have waited long enough for their money or their call.

    Those of whose money a provider has not decided yet are left out.
    """
    return session.scalars(
        select(Order.id)
        .where(Order.state.in_([OrderState.NEW, OrderState.AWAITING_PAYMENT]))
        .where(Order.hold_until <= now, ~_HAS_REVIEW)
        .order_by(Order.id)
    ).all()
