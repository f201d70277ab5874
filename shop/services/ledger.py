"""The books: posting entries that sum to zero, once each."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.ledger import LedgerEntry, Posting
from shop.services.actors import Actor


def post(
    session: Session,
    *,
    seller_id: int,
    key: str,
    kind: str,
    text: str,
    amounts: dict[str, int],
    actor: Actor,
    now: datetime,
    happened_at: datetime | None = None,
    order_id: int | None = None,
    payment_id: int | None = None,
    reverses_id: int | None = None,
) -> LedgerEntry:
    """Write one entry: `amounts` gives whole đồng per account and sums to zero.

    The same `key` twice returns the entry that is there. Raises `ValueError` when the sum is
    not zero, or the entry of this key says something else: that is a mistake of ours.
    """
    if sum(amounts.values()) != 0:
        raise ValueError(f"{key} does not balance: {amounts}")
    known = session.scalars(select(LedgerEntry).where(LedgerEntry.key == key)).one_or_none()
    if known is not None:
        if _amounts(known) != {name: amount for name, amount in amounts.items() if amount}:
            raise ValueError(f"{key} is posted with other amounts")
        return known
    entry = LedgerEntry(
        seller_id=seller_id,
        key=key,
        kind=kind,
        text=text,
        order_id=order_id,
        payment_id=payment_id,
        reverses_id=reverses_id,
        actor_id=actor.account_id,
        happened_at=happened_at or now,
        recorded_at=now,
        postings=[
            Posting(account=account, amount_vnd=amount)
            for account, amount in amounts.items()
            if amount
        ],
    )
    session.add(entry)
    session.flush()
    return entry


def _amounts(entry: LedgerEntry) -> dict[str, int]:
    return {posting.account: posting.amount_vnd for posting in entry.postings}


def reverse(session: Session, entry: LedgerEntry, *, actor: Actor, now: datetime) -> LedgerEntry:
    """Write the opposite of `entry`; a wrong entry is never touched."""
    return post(
        session,
        seller_id=entry.seller_id,
        key=f"reverse:{entry.key}",
        kind=f"{entry.kind}_reversed",
        text=entry.text,
        amounts={account: -amount for account, amount in _amounts(entry).items()},
        actor=actor,
        now=now,
        order_id=entry.order_id,
        payment_id=entry.payment_id,
        reverses_id=entry.id,
    )
