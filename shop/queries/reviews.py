"""Reading reviews: of one product for everybody, of one seller for its office."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.orders import Order, OrderLine, OrderState
from shop.models.reviews import Review, ReviewPhoto, ReviewState


def shown(session: Session, product_id: int, *, limit: int, offset: int = 0) -> Sequence[Any]:
    """Return the shown reviews of a product, newest first, a row for each photo of each.

    One statement. `sent_back` says that the order came back after it had been delivered.
    """
    return session.execute(
        _shown(), {"product_id": product_id, "limit": limit, "offset": offset}
    ).all()


@cache
def _shown() -> Any:
    page = (
        select(Review.id)
        .where(Review.product_id == bindparam("product_id"), Review.state == ReviewState.SHOWN)
        .order_by(Review.submitted_at.desc(), Review.id.desc())
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
        .cte("page")
    )
    return (
        select(
            Review.id, Review.stars, Review.text, Review.salutation, Review.initial,
            Review.submitted_at, Review.reply, Review.replied_at, OrderLine.title,
            (Order.state == OrderState.RETURNED).label("sent_back"),
            ReviewPhoto.key.label("photo"), ReviewPhoto.extension, ReviewPhoto.formats,
        )
        .join(page, page.c.id == Review.id)
        .join(OrderLine, OrderLine.id == Review.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(ReviewPhoto, ReviewPhoto.review_id == Review.id)
        .order_by(Review.submitted_at.desc(), Review.id.desc(), ReviewPhoto.id)
    )  # fmt: skip


def of_order(session: Session, order_id: int) -> dict[int, Review]:
    """Return the reviews of an order by line."""
    found = session.scalars(
        select(Review)
        .join(Review.line)
        .where(OrderLine.order_id == order_id)
        .options(selectinload(Review.photos))
    )
    return {review.order_line_id: review for review in found}


def one(session: Session, review_id: int) -> Review | None:
    """Return a review with its product, its order and its photos."""
    return session.scalars(
        select(Review)
        .where(Review.id == review_id)
        .options(
            joinedload(Review.product),
            joinedload(Review.line).joinedload(OrderLine.order),
            selectinload(Review.photos),
        )
    ).one_or_none()


def by_photo(session: Session, key: str, extension: str) -> Review | None:
    """Return the review that a photo came with which is there in this format."""
    found = session.scalars(select(ReviewPhoto).where(ReviewPhoto.key == key)).one_or_none()
    if found is None or extension not in {found.extension, *found.formats.split(",")}:
        return None
    return found.review


def count(session: Session, seller_id: int, state: ReviewState | None = None) -> int:
    """Return how many reviews of the goods of a seller there are, of one state or of all."""
    counted = select(func.count()).select_from(Review).where(Review.seller_id == seller_id)
    if state is not None:
        counted = counted.where(Review.state == state)
    return int(session.scalar(counted) or 0)


def of_seller(
    session: Session,
    seller_id: int,
    *,
    state: ReviewState | None = None,
    limit: int,
    offset: int = 0,
) -> Sequence[Review]:
    """Return reviews of the goods of a seller, newest first; those that wait, oldest first."""
    asked = (
        select(Review)
        .where(Review.seller_id == seller_id)
        .options(joinedload(Review.product), selectinload(Review.photos))
    )
    if state is not None:
        asked = asked.where(Review.state == state)
    is_waiting = state is ReviewState.WAITING
    first = Review.submitted_at if is_waiting else Review.submitted_at.desc()
    return session.scalars(asked.order_by(first, Review.id).limit(limit).offset(offset)).all()


def used_photos(session: Session) -> frozenset[str]:
    """Return the tokens of photos that came with reviews."""
    return frozenset(session.scalars(select(ReviewPhoto.token)))


def kept_photos(session: Session) -> frozenset[str]:
    """Return the names under which photos of reviews are kept."""
    return frozenset(session.scalars(select(ReviewPhoto.key)))
