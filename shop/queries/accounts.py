"""Reading the accounts of the whole installation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from shop.models.people import Account, Grant, GrantScope, Role


def all_accounts(session: Session) -> Sequence[Account]:
    """Return every account with its grants, in the order they were opened."""
    return session.scalars(
        select(Account).options(selectinload(Account.grants)).order_by(Account.id)
    ).all()


def is_anybody_there(session: Session) -> bool:
    """Return whether the installation has an account at all."""
    return session.scalar(select(Account.id).limit(1)) is not None


def admins(session: Session, *, now: datetime) -> int:
    """Return how many active accounts may run the whole installation at `now`."""
    return int(
        session.scalar(
            select(func.count(Grant.account_id.distinct()))
            .join(Account, Account.id == Grant.account_id)
            .where(Account.is_active, Grant.role == Role.ADMIN, Grant.scope == GrantScope.ALL)
            .where(or_(Grant.until.is_(None), Grant.until > now))
        )
        or 0
    )
