"""Reading what the office asked for people who lost their password or phone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from shop.models.credentials import AccountRecovery, RecoveryState


def asked_for(session: Session, account_id: int) -> AccountRecovery | None:
    """Return what stands as asked for an account, its time over or not."""
    return session.scalars(
        select(AccountRecovery).where(
            AccountRecovery.account_id == account_id,
            AccountRecovery.state == RecoveryState.ASKED,
        )
    ).one_or_none()


def one(session: Session, seller_id: int, recovery_id: int) -> AccountRecovery | None:
    """Return a recovery of this very seller, with its people."""
    return session.scalars(
        select(AccountRecovery)
        .where(AccountRecovery.id == recovery_id, AccountRecovery.seller_id == seller_id)
        .options(joinedload(AccountRecovery.account), joinedload(AccountRecovery.asked_by))
    ).one_or_none()


def waiting(session: Session, seller_id: int, *, now: datetime) -> Sequence[AccountRecovery]:
    """Return what a second person may still confirm at `now`, the oldest first."""
    return session.scalars(
        select(AccountRecovery)
        .where(AccountRecovery.seller_id == seller_id)
        .where(AccountRecovery.state == RecoveryState.ASKED, AccountRecovery.expires_at > now)
        .options(joinedload(AccountRecovery.account), joinedload(AccountRecovery.asked_by))
        .order_by(AccountRecovery.id)
    ).all()


def run_out(session: Session, now: datetime) -> Sequence[int]:
    """Return the ids of those whose time to be confirmed is over."""
    return session.scalars(
        select(AccountRecovery.id)
        .where(AccountRecovery.state == RecoveryState.ASKED, AccountRecovery.expires_at <= now)
        .order_by(AccountRecovery.id)
    ).all()
