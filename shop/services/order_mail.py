"""Letters about an order: promised in its own transaction, sent by the worker."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.models.orders import Order
from shop.services.outbox import promise


def announce(session: Session, order: Order, happening: str, *, now: datetime) -> None:
    """Promise the buyer a letter about `happening`, and the office one about a new order.

    A buyer without an e-mail address gets none: the private link says the same. What happens
    once more after the order moved on (confirmed after all, cancelled again) is told again.
    """
    if order.buyer_email:
        promise(
            session,
            kind="mail",
            subject=f"order:{order.id}",
            key=f"mail:buyer:{order.id}:{happening}:{len(order.moves)}",
            payload={
                "to": order.buyer_email,
                "template": f"order_{happening}",
                "order_id": order.id,
                "locale": order.locale,
            },
            now=now,
            seller_id=order.seller_id,
        )
    if happening == "placed" and order.seller.email:
        promise(
            session,
            kind="mail",
            subject=f"order:{order.id}",
            key=f"mail:office:{order.id}:placed",
            payload={
                "to": order.seller.email,
                "template": "order_for_office",
                "order_id": order.id,
                "locale": "vi",
            },
            now=now,
            seller_id=order.seller_id,
        )
