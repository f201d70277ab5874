"""Promises: writing down what must be told to someone outside."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.outbox import OutboxMessage, OutboxState


def promise(
    session: Session,
    *,
    kind: str,
    subject: str,
    key: str,
    payload: dict[str, Any],
    now: datetime,
    seller_id: int | None = None,
) -> OutboxMessage:
    """Promise to deliver `payload` after this transaction; the same `key` is promised once."""
    known = session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one_or_none()
    if known is not None:
        return known
    message = OutboxMessage(
        seller_id=seller_id,
        key=key,
        kind=kind,
        subject=subject,
        payload=payload,
        state=OutboxState.PENDING,
        created_at=now,
        due_at=now,
    )
    session.add(message)
    session.flush()
    return message
