"""Reading the books: what stands on an account."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.base import total
from shop.models.ledger import LedgerEntry, Posting


def balance(session: Session, account: str, *, order_id: int) -> int:
    """Return the sum in đồng of the postings of one order on `account`."""
    return int(
        session.scalar(
            select(func.coalesce(total(Posting.amount_vnd), 0))
            .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
            .where(Posting.account == account, LedgerEntry.order_id == order_id)
        )
        or 0
    )


def sales_posted(session: Session, order_id: int) -> int:
    """Return how often a sale was posted for an order, reversed ones counted."""
    return int(
        session.scalar(
            select(func.count())
            .select_from(LedgerEntry)
            .where(LedgerEntry.order_id == order_id, LedgerEntry.kind == "sale")
        )
        or 0
    )


def standing_sale(session: Session, order_id: int) -> LedgerEntry | None:
    """Return the sale posted for an order that no later entry reverses."""
    reversed_ids = select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    return session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.order_id == order_id, LedgerEntry.kind == "sale")
        .where(LedgerEntry.id.not_in(reversed_ids))
        .order_by(LedgerEntry.id.desc())
        .limit(1)
    ).one_or_none()


def entry_by_key(session: Session, key: str) -> LedgerEntry | None:
    """Return the entry that records this fact."""
    return session.scalars(select(LedgerEntry).where(LedgerEntry.key == key)).one_or_none()


def standing_allowances(session: Session, order_id: int) -> Sequence[LedgerEntry]:
    """Return what was let off an order and no later entry reverses."""
    reversed_ids = select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    return session.scalars(
        select(LedgerEntry)
        .where(LedgerEntry.order_id == order_id, LedgerEntry.kind == "allowance")
        .where(LedgerEntry.id.not_in(reversed_ids))
        .order_by(LedgerEntry.id)
    ).all()
