"""Asking after a payment whose buyer came back before the provider's notice did."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from integrations.errors import IntegrationError
from integrations.http import Limits
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.jobs import query_attempts
from shop.models.outbox import OutboxMessage
from shop.models.payments import PaymentAttempt
from shop.services import outbox, provider_payments

KIND = provider_payments.ASK_AFTER

PAUSES = (timedelta(seconds=15), timedelta(seconds=45), timedelta(minutes=2))
"""How long after a question that told nothing the next one is put."""

LIMITS = Limits(connect=5, read=8, total=9, tries=2)


def deliver(
    message: OutboxMessage, *, settings: Settings, engine: Engine, now: datetime
) -> dict[str, Any]:
    """Ask, unless the notice came meanwhile; what tells nothing is asked again a few times.

    After that it is left to the sweep of all tries.
    """
    attempt_id = int(message.payload["attempt_id"])
    with open_session(engine, settings, **READ_ONLY) as session:
        state = session.get_one(PaymentAttempt, attempt_id).state
    if state not in provider_payments.OPEN:
        return {"state": state.value}
    try:
        is_settled = query_attempts.ask(engine, settings, attempt_id, now=now, limits=LIMITS)
    except IntegrationError as error:
        return _again(message, settings, engine, type(error).__name__, now=now)
    return {"settled": True} if is_settled else _again(message, settings, engine, "", now=now)


def _again(
    message: OutboxMessage, settings: Settings, engine: Engine, failure: str, *, now: datetime
) -> dict[str, Any]:
    """Promise the next question, as long as one follows; return what is kept as the answer.

    It counts as made when the buyer came back: the page waits no longer for it.
    """
    turn = int(message.payload.get("turn", 0))
    if turn >= len(PAUSES):
        return {"left_to_the_sweep": failure or "undecided"}
    first = str(message.payload.get("first", message.key))
    with open_session(engine, settings) as session:
        following = outbox.promise(
            session,
            kind=KIND,
            subject=message.subject,
            key=f"{first}:{turn + 1}",
            payload=dict(message.payload) | {"turn": turn + 1, "first": first},
            seller_id=message.seller_id,
            now=message.created_at,
        )
        following.due_at = now + PAUSES[turn]
        session.commit()
    seconds = int(PAUSES[turn].total_seconds())
    return {"asked_again_in_seconds": seconds} | ({"failure": failure} if failure else {})
