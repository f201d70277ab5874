"""Reading which gateways' notices were refused lately: a wrong secret shows in nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.payments import ProviderAccount, ProviderNotice

WORTH_TELLING = 3
"""So many refused notices of one contract in a day are no accident."""

LOOKED_AT = 2000
"""The last notices that are counted: the table grows for ever, the inbox is opened all day."""


def refused(session: Session, since: datetime, *, seller_id: int | None = None) -> Sequence[Any]:
    """Return contract id, seller id, provider, outcome and count of what was refused since then.

    Of contracts in use, where it was often; `seller_id` narrows it to one seller.
    """
    newest = select(func.coalesce(func.max(ProviderNotice.id), 0)).scalar_subquery()
    found = (
        select(
            ProviderAccount.id,
            ProviderAccount.seller_id,
            ProviderAccount.provider,
            ProviderNotice.outcome,
            func.count().label("times"),
        )
        .join(ProviderNotice, ProviderNotice.provider_account_id == ProviderAccount.id)
        .where(ProviderNotice.id > newest - LOOKED_AT, ProviderNotice.received_at >= since)
        .where(ProviderNotice.outcome.in_(["not_signed", "wrong_amount"]))
        .where(ProviderAccount.is_active)
        .group_by(
            ProviderAccount.id,
            ProviderAccount.seller_id,
            ProviderAccount.provider,
            ProviderNotice.outcome,
        )
        .having(func.count() >= WORTH_TELLING)
        .order_by(ProviderAccount.id, ProviderNotice.outcome)
    )
    if seller_id is not None:
        found = found.where(ProviderAccount.seller_id == seller_id)
    return session.execute(found).all()
