"""Reading sellers for those who work for them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.catalog import Seller


def by_id(session: Session, ids: Iterable[int] | None) -> Sequence[Seller]:
    """Return the sellers with these ids, in the order they joined; all of them for `None`."""
    found = select(Seller).order_by(Seller.id)
    if ids is not None:
        found = found.where(Seller.id.in_(list(ids)))
    return session.scalars(found).all()
