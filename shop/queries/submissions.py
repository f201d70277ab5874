"""Reading what members sent: a member's own, and what waits for the office to decide."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from shop.models.catalog import Product
from shop.models.submissions import Submission, SubmissionKind, SubmissionState

OPEN = (SubmissionState.DRAFT, SubmissionState.SENT, SubmissionState.RETURNED)
"""States in which something is still to come."""


def by_client_id(
    session: Session, seller_id: int, client_id: str, *, locked: bool = False
) -> Submission | None:
    """Return the one submission of this entry of a phone."""
    query = select(Submission).where(
        Submission.seller_id == seller_id, Submission.client_id == client_id
    )
    if locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def one(session: Session, submission_id: int, *, locked: bool = False) -> Submission | None:
    """Return a submission with its member and its product."""
    query = select(Submission).where(Submission.id == submission_id)
    if locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def of_member(session: Session, member_id: int, kind: SubmissionKind) -> Sequence[Submission]:
    """Return what a member sent of one kind, newest first; what was withdrawn is left out."""
    return session.scalars(
        select(Submission)
        .where(Submission.member_id == member_id, Submission.kind == kind)
        .where(Submission.state != SubmissionState.WITHDRAWN)
        .options(joinedload(Submission.product), joinedload(Submission.batch))
        .order_by(Submission.changed_at.desc(), Submission.id.desc())
    ).all()


def count_open(session: Session, member_id: int) -> int:
    """Return how many entries of a member nobody has decided yet, drafts among them."""
    return _count(session, Submission.member_id == member_id, Submission.state.in_(OPEN))


def unread_decisions(session: Session, member_id: int) -> Sequence[Submission]:
    """Return the decisions that the member has not read yet, newest first."""
    return session.scalars(
        select(Submission)
        .where(Submission.member_id == member_id, Submission.decided_at.is_not(None))
        .where(or_(Submission.seen_at.is_(None), Submission.seen_at < Submission.decided_at))
        .options(joinedload(Submission.product), joinedload(Submission.batch))
        .order_by(Submission.decided_at.desc(), Submission.id.desc())
    ).all()


def waiting(
    session: Session, seller_id: int, kinds: Sequence[SubmissionKind], *, limit: int | None = None
) -> Sequence[Submission]:
    """Return what waits for the office of a seller, the oldest first."""
    return session.scalars(
        select(Submission)
        .where(Submission.seller_id == seller_id, Submission.kind.in_(kinds))
        .where(Submission.state == SubmissionState.SENT)
        .options(
            joinedload(Submission.member),
            joinedload(Submission.product),
            joinedload(Submission.batch),
        )
        .order_by(Submission.sent_at, Submission.id)
        .limit(limit)
    ).all()


def count_waiting(session: Session, seller_id: int, kinds: Sequence[SubmissionKind]) -> int:
    """Return how many submissions wait for the office of a seller."""
    return _count(
        session,
        Submission.seller_id == seller_id,
        Submission.kind.in_(kinds),
        Submission.state == SubmissionState.SENT,
    )


def decided_lately(session: Session, seller_id: int, *, since: datetime) -> Sequence[Submission]:
    """Return what the office of a seller decided since a moment, newest first."""
    return session.scalars(
        select(Submission)
        .where(Submission.seller_id == seller_id, Submission.decided_at >= since)
        .options(joinedload(Submission.member), joinedload(Submission.decided_by))
        .order_by(Submission.decided_at.desc(), Submission.id.desc())
    ).all()


def products_of(session: Session, member_id: int) -> Sequence[Product]:
    """Return the products that are a member's own, by name, with their packs."""
    return session.scalars(
        select(Product).where(Product.member_id == member_id).order_by(Product.name, Product.id)
    ).all()


def waiting_of_product(session: Session, product_id: int) -> Sequence[Submission]:
    """Return the changes of a product that wait for the office, the newest first."""
    return session.scalars(
        select(Submission)
        .where(Submission.product_id == product_id, Submission.state == SubmissionState.SENT)
        .order_by(Submission.sent_at.desc(), Submission.id.desc())
    ).all()


def photos_in_use(session: Session) -> frozenset[str]:
    """Return the tokens of photos that wait for a decision: they are not thrown away."""
    found = session.scalars(
        select(Submission.photo).where(Submission.photo != "", Submission.state.in_(OPEN))
    )
    return frozenset(found)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Submission).where(*conditions)
    return session.scalar(query) or 0
