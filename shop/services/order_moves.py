"""The table of states of an order, and the one function that moves it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.models.orders import Order, OrderMove, OrderState
from shop.services.actors import Actor, require
from shop.services.permissions import Action

S = OrderState

MOVES: dict[OrderState | None, frozenset[OrderState]] = {
    None: frozenset({S.NEW, S.AWAITING_PAYMENT}),
    S.NEW: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.AWAITING_PAYMENT: frozenset({S.NEW, S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.PACKING, S.CANCELLED}),
    S.PACKING: frozenset({S.SHIPPED, S.CANCELLED}),
    S.SHIPPED: frozenset({S.DELIVERED, S.DELIVERY_FAILED}),
    S.DELIVERY_FAILED: frozenset({S.SHIPPED, S.RETURNED}),
    S.DELIVERED: frozenset({S.COMPLETED, S.RETURNED}),
    S.COMPLETED: frozenset({S.RETURNED}),
    S.CANCELLED: frozenset({S.CONFIRMED, S.NEW}),
    S.RETURNED: frozenset(),
}
"""Where an order may go (`design.md` 2). Out of `cancelled` only late money leads, and only while
`services.order_payment.accept_late` finds stock for it."""

BUYER_MAY_CANCEL = frozenset({S.NEW, S.AWAITING_PAYMENT, S.CONFIRMED})
"""Until packing starts."""

AT_HOME = frozenset({S.CONFIRMED, S.PACKING})
"""The goods have been given to the order and stand in the house."""


def move(
    session: Session,
    order: Order,
    state: OrderState,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> None:
    """Bring `order` to `state` and record it; raise `WrongMove` where there is no way."""
    before = order.state if order.moves else None
    if state not in MOVES[before]:
        raise WrongMove(f"{order.code}: {before} -> {state}", state=order.state.value)
    order.state = state
    order.moves.append(
        OrderMove(
            from_state=before, to_state=state, moved_at=now, actor_id=actor.account_id, note=note
        )
    )
    session.flush()


def locked(session: Session, order_id: int) -> Order:
    """Return the order, locked until the transaction ends: states move one at a time."""
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def locked_for(session: Session, order_id: int, actor: Actor, action: Action) -> Order:
    """Return the order, locked, for somebody who may do `action` with the orders of its seller.

    The seller of the order decides, not the one somebody has chosen to look at. Raises
    `NotAllowed`.
    """
    order = locked(session, order_id)
    require(actor, action, order.seller_id)
    return order
