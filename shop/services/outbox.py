"""Promises: writing down what must be told to someone outside, and trying again what failed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.models.outbox import OutboxMessage, OutboxState
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action


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


def may_retry(actor: Actor, message: OutboxMessage) -> bool:
    """Return whether `actor` may have this message tried again."""
    return actor.may(_action(message), message.seller_id)


def _action(message: OutboxMessage) -> Action:
    return Action.MANAGE_INSTALLATION if message.seller_id is None else Action.SEE_ORDERS


def retry(session: Session, message: OutboxMessage, *, actor: Actor, now: datetime) -> None:
    """Let a message that was given up be tried again from the start.

    For those who see the orders of its seller, or who run the installation where it has none;
    raises `NotAllowed`, or `WrongMove` when the message has not been given up.
    """
    require(actor, _action(message), message.seller_id)
    lock(session, message)
    if message.state is not OutboxState.DEAD:
        raise WrongMove(f"message {message.id} is {message.state}", state=message.state.value)
    audit(
        session,
        actor,
        "message_retried",
        message,
        now=now,
        before={"tries": message.tries, "error": message.last_error},
    )
    message.state = OutboxState.PENDING
    message.tries = 0
    message.due_at = now
    message.claimed_by = None
    message.claimed_until = None
    session.flush()
