"""Letters about an order: promised in its own transaction, sent by the worker."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.models.batches import ProblemReport
from shop.models.orders import Order
from shop.services.outbox import promise


def announce(session: Session, order: Order, happening: str, *, now: datetime) -> None:
    """Promise the buyer a letter about `happening`, and the office one about a new order.

    A buyer without an e-mail address gets none: the private link says the same. What happens
    once more after the order moved on (confirmed after all, cancelled again) is told again.
    """
    _to_buyer(session, order, happening, key=f"{happening}:{len(order.moves)}", now=now)
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


def tell_answer(session: Session, report: ProblemReport, *, now: datetime) -> None:
    """Promise the buyer a letter with the answer to what was reported on the page of an order.

    Each answer has a letter of its own: a later one takes the place of an earlier one.
    """
    order = session.get(Order, report.order_id) if report.by_buyer else None
    if order is not None:
        key = f"problem_answered:{report.id}:{now.isoformat()}"
        _to_buyer(session, order, "problem_answered", key=key, now=now, report_id=report.id)


def _to_buyer(
    session: Session, order: Order, happening: str, *, key: str, now: datetime, **about: int
) -> None:
    if not order.buyer_email:
        return
    promise(
        session,
        kind="mail",
        subject=f"order:{order.id}",
        key=f"mail:buyer:{order.id}:{key}",
        payload={
            "to": order.buyer_email,
            "template": f"order_{happening}",
            "order_id": order.id,
            "locale": order.locale,
            **about,
        },
        now=now,
        seller_id=order.seller_id,
    )
