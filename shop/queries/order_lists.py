"""Reading orders for the office: lists that are narrowed and searched, and one whole order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.batches import Batch, BatchPack
from shop.models.inventory import Allocation
from shop.models.orders import Order, OrderLine, OrderState
from shop.models.payments import Payment


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which orders of a seller a list is about; empty means all of them."""

    seller_id: int
    states: tuple[OrderState, ...] = ()
    is_short: bool | None = None
    text: str = ""


def _condition(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Order.seller_id == narrowed.seller_id]
    if narrowed.states:
        found.append(Order.state.in_(narrowed.states))
    if narrowed.is_short is not None:
        found.append(Order.is_short.is_(narrowed.is_short))
    if narrowed.text:
        found.append(or_(*_matches(narrowed.text)))
    return found


def _matches(text: str) -> Iterable[ColumnElement[bool]]:
    """Yield the ways an order can be meant by `text`: its code, the phone, a lot in it."""
    letters = "".join(character for character in text.upper() if character.isalnum())
    if letters:
        yield Order.code.contains(letters, autoescape=True)
    digits = letters.removeprefix("0")
    if digits.isdigit() and len(digits) >= 3:
        yield Order.buyer_phone.contains(digits, autoescape=True)
    lot = "".join(text.upper().split())
    yield Order.id.in_(
        select(OrderLine.order_id)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .join(BatchPack, BatchPack.id == Allocation.batch_pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(func.upper(Batch.lot) == lot)
    )


def count(session: Session, narrowed: Narrowed) -> int:
    """Return how many orders the list holds."""
    counted = select(func.count()).select_from(Order).where(*_condition(narrowed))
    return int(session.scalar(counted) or 0)


def page(
    session: Session,
    narrowed: Narrowed,
    *,
    limit: int,
    offset: int = 0,
    oldest_first: bool = False,
) -> Sequence[tuple[Order, Payment]]:
    """Return one page of the list with what each order owes."""
    in_order = (Order.placed_at, Order.id)
    return session.execute(
        select(Order, Payment)
        .join(Payment, Payment.order_id == Order.id)
        .where(*_condition(narrowed))
        .order_by(*(column if oldest_first else column.desc() for column in in_order))
        .limit(limit)
        .offset(offset)
    ).all()


def counts_by_state(session: Session, seller_id: int) -> dict[OrderState, int]:
    """Return how many orders of a seller stand in each state; states without one are left out."""
    rows = session.execute(
        select(Order.state, func.count()).where(Order.seller_id == seller_id).group_by(Order.state)
    )
    return dict(rows.all())


def short_count(session: Session, seller_id: int) -> int:
    """Return how many orders wait for goods that are not there."""
    return count(session, Narrowed(seller_id, is_short=True))


def whole_order(session: Session, code: str) -> Order | None:
    """Return one order with its seller, lines, packs, batches, moves and parcels."""
    return session.scalars(
        select(Order)
        .where(Order.code == code)
        .options(
            joinedload(Order.seller),
            selectinload(Order.lines).joinedload(OrderLine.pack),
            selectinload(Order.lines)
            .selectinload(OrderLine.allocations)
            .joinedload(Allocation.batch_pack)
            .joinedload(BatchPack.batch),
            selectinload(Order.moves),
            selectinload(Order.parcels),
        )
    ).one_or_none()
