"""Every minute: ask providers after the tries that no notice settled."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from integrations.errors import IntegrationError, RateLimited, Unreachable
from integrations.http import Limits
from integrations.payments.protocol import Connection, Outcome, PaymentQuery, Verdict
from shop import clock
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.errors import ShopError
from shop.models.payments import AttemptState, PaymentAttempt, ProviderAccount
from shop.services import provider_accounts, provider_payments

EVERY = timedelta(minutes=1)
LIMITS = Limits(connect=5, read=8, total=9, tries=1)
"""Other jobs wait meanwhile: who does not answer is asked again in a minute."""

PATIENCE = timedelta(minutes=5)
"""How long a notice may take before we ask ourselves."""

log = structlog.get_logger()


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Ask after each try with no transaction open; what it says goes the way of a notice."""
    with open_session(engine, settings, **READ_ONLY) as session:
        waiting = provider_payments.waiting(session, begun_by=now - PATIENCE, now=now)
    settled, silent = 0, set[int | None]()
    for attempt_id, account_id in waiting:
        if account_id in silent:
            continue
        try:
            settled += ask(engine, settings, attempt_id, now=now, limits=LIMITS)
        except (IntegrationError, ShopError, DBAPIError) as error:  # the next minute asks again
            silent |= {account_id} if isinstance(error, Unreachable | RateLimited) else set()
            log.warning("attempt_not_asked", attempt=attempt_id, error=type(error).__name__)
    return f"{len(waiting)} asked, {settled} settled"


def _note(engine: Engine, settings: Settings, attempt_id: int, *, now: datetime) -> None:
    with open_session(engine, settings) as session:
        provider_payments.note_question(session, attempt_id, now=now)
        session.commit()


def ask(
    engine: Engine,
    settings: Settings,
    attempt_id: int,
    *,
    now: datetime,
    limits: Limits | None = None,
) -> bool:
    """Ask after one try and let the answer be so; return whether it settled anything."""
    with open_session(engine, settings, **READ_ONLY) as session:
        attempt = session.get_one(PaymentAttempt, attempt_id)
        account = session.get_one(ProviderAccount, attempt.provider_account_id)
        connection: Connection = provider_accounts.connect(session, account, limits=limits)
        question = PaymentQuery(attempt.reference, attempt.created_at)
        is_in_review = attempt.state is AttemptState.REVIEW
    if is_in_review:
        _note(engine, settings, attempt_id, now=now)
    told = connection.transactions.query(question)
    if told.outcome in {Outcome.PENDING, Outcome.UNKNOWN}:
        return False
    with open_session(engine, settings) as session:
        account = session.get_one(ProviderAccount, account.id)
        verdict = provider_payments.take(session, account, told, now=now, today=clock.today())
        session.commit()
    return verdict is Verdict.RECORDED
