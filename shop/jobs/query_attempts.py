"""Every minute: ask providers after the tries that no notice settled."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from integrations.errors import IntegrationError
from integrations.payments.protocol import Connection, Outcome, PaymentQuery
from shop import clock
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.models.payments import PaymentAttempt, ProviderAccount
from shop.services import provider_accounts, provider_payments

EVERY = timedelta(minutes=1)
PATIENCE = timedelta(minutes=5)
"""How long a notice may take before we ask ourselves."""

log = structlog.get_logger()


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Ask after each try with no transaction open; what it says goes the way of a notice."""
    with open_session(engine, settings, **READ_ONLY) as session:
        attempt_ids = provider_payments.waiting(session, since=now - PATIENCE)
    settled = 0
    for attempt_id in attempt_ids:
        try:
            settled += ask(engine, settings, attempt_id, now=now)
        except IntegrationError as error:  # the next minute asks again
            log.warning("attempt_not_asked", attempt=attempt_id, error=type(error).__name__)
    return f"{len(attempt_ids)} asked, {settled} settled"


def ask(engine: Engine, settings: Settings, attempt_id: int, *, now: datetime) -> bool:
    """Ask after one try and let the answer be so; return whether it settled anything."""
    with open_session(engine, settings, **READ_ONLY) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        account = session.get_one(ProviderAccount, attempt.provider_account_id)
        connection: Connection = provider_accounts.connect(session, account)
        question = PaymentQuery(attempt.reference, attempt.created_at)
    told = connection.transactions.query(question)
    if told.outcome in {Outcome.PENDING, Outcome.UNKNOWN}:
        return False
    with open_session(engine, settings) as session:
        account = session.get_one(ProviderAccount, account.id)
        provider_payments.take(session, account, told, now=now, today=clock.today())
        session.commit()
    return True
