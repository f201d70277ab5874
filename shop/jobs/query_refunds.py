"""Every minute: ask providers whether the money that they took to give back has gone."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from integrations.errors import IntegrationError, RateLimited, Unreachable
from integrations.payments.protocol import Connection
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.errors import ShopError
from shop.jobs import query_attempts
from shop.models.payments import ProviderAccount, RefundState
from shop.services import provider_accounts, refund_delivery

EVERY = timedelta(minutes=1)

log = structlog.get_logger()


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Ask after each refund with no transaction open, in transactions of its own."""
    with open_session(engine, settings, **READ_ONLY) as session:
        waiting = refund_delivery.waiting(session, now=now)
    over, silent = 0, set[int | None]()
    for refund_id, account_id in waiting:
        if account_id in silent:
            continue
        try:
            state = ask(engine, settings, refund_id, now=now)
        except (IntegrationError, ShopError, DBAPIError) as error:  # it is asked again later
            silent |= {account_id} if isinstance(error, Unreachable | RateLimited) else set()
            log.warning("refund_not_asked", refund=refund_id, error=type(error).__name__)
        else:
            over += state is not RefundState.ACCEPTED
    return f"{len(waiting)} asked, {over} over"


def ask(engine: Engine, settings: Settings, refund_id: int, *, now: datetime) -> RefundState:
    """Ask after one refund and let the answer be so; return the state it is in then."""
    with open_session(engine, settings) as session:
        account_id, question = refund_delivery.question(session, refund_id, now=now)
        session.commit()
        account = session.get_one(ProviderAccount, account_id)
        connection: Connection = provider_accounts.connect(
            session, account, limits=query_attempts.LIMITS
        )
    told = connection.transactions.query(question)
    with open_session(engine, settings) as session:
        state = refund_delivery.take_query(session, refund_id, told, now=now)
        session.commit()
    return state
