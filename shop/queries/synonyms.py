"""Reading the words that offices said mean one thing."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.catalog import Seller
from shop.models.search import SynonymGroup


def groups(session: Session) -> Sequence[SynonymGroup]:
    """Return every group, the oldest first."""
    return session.scalars(select(SynonymGroup).order_by(SynonymGroup.id)).all()


def with_names(session: Session) -> Sequence[tuple[SynonymGroup, str]]:
    """Return every group with the short name of who added it, the newest first."""
    rows = session.execute(
        select(SynonymGroup, Seller.short_name)
        .join(Seller, Seller.id == SynonymGroup.seller_id)
        .order_by(SynonymGroup.id.desc())
    )
    return [(group, name) for group, name in rows]


def with_key(session: Session, key: str) -> SynonymGroup | None:
    """Return the group with these words, whoever added it."""
    return session.scalars(select(SynonymGroup).where(SynonymGroup.key == key)).one_or_none()


def count(session: Session, seller_id: int) -> int:
    """Return how many groups a seller added."""
    found = select(func.count(SynonymGroup.id)).where(SynonymGroup.seller_id == seller_id)
    return session.scalar(found) or 0
