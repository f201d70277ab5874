"""Which orders may be paid in cash at the door (`commerce.md` 3)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.catalog import Seller
from shop.models.orders import DeliveryMethod, Order, Parcel


def limit_vnd(seller: Seller) -> int:
    """Return the đồng up to which this seller lets a buyer pay at the door."""
    return int(seller.settings.get("cod_max_vnd", 3_000_000))


def obstacle(seller: Seller, method: DeliveryMethod, *, total_vnd: int) -> str:
    """Return the code of what keeps an order from being paid at the door; empty if nothing."""
    return _obstacle(seller, takes_cod=method.takes_cod, total_vnd=total_vnd)


def obstacle_of(
    session: Session, seller: Seller, phone: str, *, takes_cod: bool, total_vnd: int
) -> str:
    """Return the same for whoever has this number: who refused two parcels pays before."""
    found = _obstacle(seller, takes_cod=takes_cod, total_vnd=total_vnd)
    if not found and _refused_parcels(session, seller, phone) >= 2:
        return "cod_refused_before"
    return found


def _obstacle(seller: Seller, *, takes_cod: bool, total_vnd: int) -> str:
    if not takes_cod:
        return "cod_not_here"
    return "cod_too_much" if total_vnd > limit_vnd(seller) else ""


def _refused_parcels(session: Session, seller: Seller, phone: str) -> int:
    """Return how many cash orders this number turned away at the door."""
    turned_away = Order.parcels.any(Parcel.failed_reason == "refused")
    return int(
        session.scalar(
            select(func.count())
            .select_from(Order)
            .where(Order.seller_id == seller.id, Order.buyer_phone == phone)
            .where(Order.payment_way == "cod", turned_away)
        )
        or 0
    )
