"""Reviews: written behind the private link of an order, read by the office, then by everybody."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shop import formats
from shop.errors import Changed, ShopError, WrongMove
from shop.forms.reviews import Said
from shop.models.batches import BatchState
from shop.models.orders import Order, OrderLine, OrderState
from shop.models.reviews import ProductRating, Review, ReviewPhoto, ReviewState, Salutation
from shop.queries import reviews as queries
from shop.queries.locks import lock
from shop.services import order_moves, photos
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

MOST_PHOTOS = 4

PHOTO_PREFIX = "review-"
"""Begins the names of these photos: `forget_photos` deletes no others."""


class NotDelivered(ShopError):
    """Only what came to the buyer can be reviewed."""

    code = "not_delivered"
    status = 409


class ReviewDecided(ShopError):
    """The office has shown the review: what people have read is not changed behind them."""

    code = "review_decided"
    status = 409


class UnderRecall(ShopError):
    """A batch of this line is being recalled: what matters now is that nobody eats it."""

    code = "under_recall"
    status = 409


def came(order: Order) -> bool:
    """Return whether the goods of `order` were ever in the buyer's hands.

    Whoever sent them back may say why; a parcel that never arrived says nothing of the goods.
    """
    return any(move.to_state is OrderState.DELIVERED for move in order.moves)


def initial_of(order: Order) -> str:
    """Return all that stands of the buyer's name above a review: `H.`"""
    return formats.initialed("", order.buyer_name).upper()


def is_recalled(line: OrderLine) -> bool:
    """Return whether packs of this line are of a batch that is being recalled."""
    states = {given.batch_pack.batch.state for given in line.allocations}
    return BatchState.RECALLED in states


def write(
    session: Session,
    line: OrderLine,
    said: Said,
    tokens: Sequence[str],
    *,
    folder: Path,
    actor: Actor,
    now: datetime,
) -> Review:
    """Keep what the buyer of `line` says, for the office to read; again changes what waits.

    The private link is the authority. `tokens` are photos that were put aside. Raises
    `NotDelivered`, `UnderRecall`, `ReviewDecided` once it is shown, and `FieldRefused` for a
    photo that waited too long.
    """
    order = order_moves.locked(session, line.order_id)
    if not came(order):
        raise NotDelivered(f"{order.code} was not delivered")
    if is_recalled(line):
        raise UnderRecall(f"line {line.id} is of a recalled batch")
    review = queries.of_order(session, order.id).get(line.id)
    if review is None:
        review = Review(
            seller_id=order.seller_id,
            product_id=line.pack.product_id,
            order_line_id=line.id,
        )
        session.add(review)
    elif review.state is ReviewState.SHOWN:
        raise ReviewDecided(f"review {review.id} is shown")
    review.stars, review.text, review.salutation = said.stars, said.text, said.salutation
    review.initial = initial_of(order)
    review.state, review.submitted_at = ReviewState.WAITING, now
    review.decided_at = review.decided_by_id = None
    review.refused_because = ""
    session.flush()
    _keep_photos(session, review, tokens, folder=folder)
    audit(session, actor, "review_sent", review, now=now, after={"stars": said.stars})
    return review


def _keep_photos(session: Session, review: Review, tokens: Sequence[str], *, folder: Path) -> None:
    """Let the review have these photos and no others; those that stay keep their names."""
    wanted = list(dict.fromkeys(tokens))[:MOST_PHOTOS]
    review.photos = [photo for photo in review.photos if photo.token in wanted]
    there = {photo.token for photo in review.photos}
    for token in wanted:
        if token not in there:
            key, extension = photos.keep_staged(token, folder=folder, prefix=PHOTO_PREFIX)
            review.photos.append(ReviewPhoto(key=key, extension=extension, token=token))
    session.flush()


def approve(
    session: Session, review: Review, *, version: int, actor: Actor, now: datetime
) -> None:
    """Show a review to everybody.

    `version` is what the office read: raises `Changed` when its writer changed it meanwhile,
    `WrongMove` when somebody decided before.
    """
    _decide(session, review, version, actor, (ReviewState.WAITING, ReviewState.REFUSED))
    _count(session, review, 1)
    told = {"state": review.state.value}
    _decided(session, review, ReviewState.SHOWN, actor, now)
    audit(session, actor, "review_shown", review, now=now, before=told, after=_told(review))


def refuse(
    session: Session, review: Review, reason: str, *, version: int, actor: Actor, now: datetime
) -> None:
    """Keep a review from being seen, or take it away again; its writer is told `reason`.

    Raises `Changed` and `WrongMove` as `approve` does.
    """
    _decide(session, review, version, actor, (ReviewState.WAITING, ReviewState.SHOWN))
    if review.state is ReviewState.SHOWN:
        _count(session, review, -1)
    told = {"state": review.state.value}
    review.refused_because = reason
    _decided(session, review, ReviewState.REFUSED, actor, now)
    after = _told(review) | {"reason": reason}
    audit(session, actor, "review_refused", review, now=now, before=told, after=after)


def answer(session: Session, review: Review, text: str, *, actor: Actor, now: datetime) -> None:
    """Let the seller's answer stand below a review; an empty one takes it away."""
    require(actor, Action.MODERATE_REVIEW, review.seller_id)
    lock(session, review)
    before = {"answer": review.reply} if review.reply else None
    review.reply, review.replied_at = text, now if text else None
    session.flush()
    after = {"answer": text}
    audit(session, actor, "review_answered", review, now=now, before=before, after=after)


def _decide(
    session: Session,
    review: Review,
    version: int,
    actor: Actor,
    states: tuple[ReviewState, ...],
) -> None:
    require(actor, Action.MODERATE_REVIEW, review.seller_id)
    lock(session, review.product)
    lock(session, review)
    if review.state not in states:
        raise WrongMove(f"review {review.id} is {review.state}", state=review.state.value)
    if review.version != version:
        raise Changed(f"review {review.id} was changed")


def _decided(
    session: Session, review: Review, state: ReviewState, actor: Actor, now: datetime
) -> None:
    review.state, review.decided_at, review.decided_by_id = state, now, actor.account_id
    if state is ReviewState.SHOWN:
        review.refused_because = ""
    session.flush()


def _told(review: Review) -> dict[str, Any]:
    return {"state": review.state.value, "stars": review.stars}


def _count(session: Session, review: Review, change: int) -> None:
    """Count a review in or out; its product is locked, so that two at once both count."""
    rating = session.get(ProductRating, review.product_id, populate_existing=True)
    if rating is None:
        rating = ProductRating(
            product_id=review.product_id, stars_1=0, stars_2=0, stars_3=0, stars_4=0, stars_5=0
        )
        session.add(rating)
    name = f"stars_{review.stars}"
    setattr(rating, name, getattr(rating, name) + change)


def forget(session: Session, order_id: int) -> None:
    """Take words, letter of the name and photos out of what the buyer of an order said.

    The stars stay, with the day and the answer: they name nobody.
    """
    for review in queries.of_order(session, order_id).values():
        review.text = review.initial = ""
        review.salutation = Salutation.NONE
        review.photos = []
    session.flush()


def forget_photos(session: Session, folder: Path, *, now: datetime) -> int:
    """Delete files of photos that belong to no review any more; return how many photos."""
    kept = queries.kept_photos(session)
    return photos.forget_orphans(folder, PHOTO_PREFIX, kept=kept, now=now)
