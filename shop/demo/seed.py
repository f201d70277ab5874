"""Loading the demo: everything passes through the services, so that nothing is special."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.clock import VIETNAM
from shop.demo import goods, legal, people, reference
from shop.demo.work import load_batches
from shop.models.catalog import Seller


def load(session: Session, *, today: date) -> bool:
    """Write the whole demo as of `today` and tell so; where it is there already, change nothing.

    `open_work.load` adds what is still to be done.
    """
    reference.load(session)
    if session.scalar(select(Seller.id).where(Seller.is_sample).limit(1)) is not None:
        return False
    opened = datetime.combine(today - timedelta(days=400), time(8), VIETNAM).astimezone(UTC)
    sellers = people.load_sellers(session, today=today, now=opened)
    legal.load(session, sellers, today=today, now=opened)
    members = people.load_members(session, sellers, today=today, now=opened)
    people.load_stalls(session, sellers, members, today=today, now=opened)
    products = goods.load_products(session, sellers, today=today, now=opened)
    batches = load_batches(session, products, members, today=today)
    goods.load_certificates(session, sellers, products, batches, today=today, now=opened)
    return True
