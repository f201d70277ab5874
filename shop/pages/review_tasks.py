"""Reviews that wait to be read, as rows of the inbox."""

from collections.abc import Iterator

from flask import url_for
from sqlalchemy.orm import Session

from shop.models.reviews import ReviewState
from shop.pages import reviews
from shop.queries import reviews as queries


def waiting(session: Session, seller_id: int, *, shown: int) -> Iterator[tuple[str, str, str]]:
    """Yield title, facts and address of each review that waits, oldest first."""
    found = queries.of_seller(session, seller_id, state=ReviewState.WAITING, limit=shown)
    for review in found:
        title = f"{review.product.name}: {reviews.stars_words(review.stars)}"
        text = " ".join(review.text.split())
        facts = text if len(text) <= 90 else f"{text[:89].rstrip()}…"
        yield title, facts, url_for("office_reviews.show", review_id=review.id)


def count(session: Session, seller_id: int) -> int:
    """Return how many reviews wait."""
    return queries.count(session, seller_id, ReviewState.WAITING)
