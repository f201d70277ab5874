"""Every minute: end orders whose stock was held long enough without the money or the call."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.errors import ShopError
from shop.queries.orders import lapsed_holds
from shop.services import order_payment

EVERY = timedelta(minutes=1)

log = structlog.get_logger()


def run(engine: Engine, settings: Settings, *, now: datetime) -> str:
    """Let each order lapse in a transaction of its own, so that one failure keeps no other."""
    with open_session(engine, settings, **READ_ONLY) as session:
        order_ids = lapsed_holds(session, now)
    refused = 0
    for order_id in order_ids:
        with open_session(engine, settings) as session:
            try:
                order_payment.lapse(session, order_id, now=now)
                session.commit()
            except (ShopError, SQLAlchemyError):  # the next minute asks again
                refused += 1
                log.error("order_did_not_lapse", order=order_id, exc_info=True)
    return f"{len(order_ids) - refused} lapsed, {refused} refused"
