"""Asking providers to give money back; an unclear outcome is asked after before it is repeated."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from integrations.errors import ProviderError, Rejected
from integrations.http import Limits
from shop.config import Settings
from shop.db import open_session
from shop.jobs.deliverers import CameToNothing
from shop.models.outbox import OutboxMessage
from shop.services import provider_accounts, refund_delivery, refund_rules

KIND = refund_rules.KIND

LONGEST_SECONDS = 9.0
"""For one call; a repeat makes two, and both end within the claim."""


def deliver(
    message: OutboxMessage, *, settings: Settings, engine: Engine, now: datetime
) -> dict[str, Any]:
    """Ask once under the refund's own key and return what the provider said.

    A refusal is an answer too: it is written down for a person. Raises `CameToNothing` with the
    provider's own words when it is to be tried again.
    """
    refund_id = int(message.payload["refund_id"])
    with open_session(engine, settings) as session:
        errand = refund_delivery.begin(session, refund_id, now=now)
        session.commit()
        if errand is None:
            return {"state": "over"}
        limits = _limits(message, now)
        connection = provider_accounts.connect(session, errand.account, limits=limits)
    try:
        report = connection.refunds.create(errand.request)
    except Rejected as refusal:
        code, text = refusal.code or "", refusal.text or refusal.detail
        with open_session(engine, settings) as session:
            state = refund_delivery.refused(session, refund_id, code=code, text=text, now=now)
            session.commit()
        return {"state": state.value, "code": code, "request_id": refusal.request_id or ""}
    except ProviderError as error:
        raise CameToNothing(_trouble(error)) from error
    with open_session(engine, settings) as session:
        state = refund_delivery.take(session, refund_id, report, now=now)
        session.commit()
    return {"state": state.value, "code": report.code, "request_id": report.call_id}


def _trouble(error: ProviderError) -> str:
    """Return the kind of the error and its detail, then the provider's words for the office."""
    said = f"{type(error).__name__}: {error}"
    return f"{said} – {error.text}" if error.text else said


def _limits(message: OutboxMessage, now: datetime) -> Limits:
    left = (message.claimed_until - now).total_seconds() if message.claimed_until else 0.0
    seconds = max(0.1, min(LONGEST_SECONDS, left / 3))
    return Limits(connect=min(5.0, seconds), read=seconds, total=seconds, tries=1)
