"""`Báo khi có hàng`: who asked first is told first, once, and then forgotten."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from shop.errors import FieldRefused, WrongMove
from shop.forms.stock_watches import Contact
from shop.models.catalog import Pack
from shop.models.stock_watches import StockWatch
from shop.queries import inventory
from shop.queries import stock_watches as queries
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, require
from shop.services.outbox import promise
from shop.services.permissions import Action

MOST_PACKS = 20
"""For so many packs one number or address may wait at a time."""

HEAD_START = timedelta(hours=24)
"""For so long those who were told have the goods to themselves before the next ones are told."""

PEOPLE_FOR_ONE = 2
"""So many are told for each pack there is: not all who are told still want it."""

KEPT = timedelta(days=180)
KEPT_AFTERWARDS = timedelta(days=7)


def is_had(session: Session, pack_id: int, *, today: date) -> bool:
    """Return whether a pack can be bought now."""
    return bool(inventory.available_by_pack(session, [pack_id], sell_through=today))


def ask(
    session: Session, pack: Pack, contact: Contact, *, locale: str, now: datetime
) -> StockWatch:
    """Let somebody wait for `pack`; who waits already waits on in the same place.

    Raises `FieldRefused` for `contact` where they wait for too many packs.
    """
    lock(session, pack)
    known = queries.same(session, pack.id, contact.phone, contact.email)
    if known is not None and known.told_at is None:
        return known
    if known is not None:
        session.delete(known)
        session.flush()
    if queries.count_of(session, contact.phone, contact.email) >= MOST_PACKS:
        raise FieldRefused("contact", "waits_for_too_many", most=MOST_PACKS)
    watch = StockWatch(
        seller_id=pack.seller_id,
        pack_id=pack.id,
        phone=contact.phone,
        email=contact.email,
        token=secrets.token_urlsafe(24),
        locale=locale,
        asked_at=now,
    )
    session.add(watch)
    session.flush()
    return watch


def withdraw(session: Session, watch: StockWatch) -> None:
    """Forget that somebody waits, with the number or the address they left."""
    session.delete(watch)
    session.flush()


def forget(session: Session, *, phone: str, email: str) -> None:
    """Forget all that a number and a proved e-mail address (may be empty) wait for."""
    session.execute(delete(StockWatch).where(StockWatch.phone == phone, StockWatch.email == ""))
    if email:
        session.execute(
            delete(StockWatch).where(StockWatch.email == email, StockWatch.phone == "")
        )


def tell(session: Session, pack_id: int, *, now: datetime, today: date) -> int:
    """Let those whose turn it is be told that `pack_id` can be had; return how many.

    In the order in which they asked, and no more at once than may hope to get some: the others
    are told when those had their time and there is still some left. A letter is promised to who
    left an address; who left a number comes onto the list of calls.
    """
    lock(session, session.get_one(Pack, pack_id))
    available = inventory.available_by_pack(session, [pack_id], sell_through=today).get(pack_id, 0)
    told = queries.turns_since(session, pack_id, now - HEAD_START)
    turns = queries.waiting(session, pack_id, limit=max(0, PEOPLE_FOR_ONE * available - told))
    for watch in turns:
        watch.turn_at = now
        if watch.email:
            _promise(session, watch, now=now)
    session.flush()
    return len(turns)


def _promise(session: Session, watch: StockWatch, *, now: datetime) -> None:
    """Promise the letter; the address stands in the row alone, and goes with it."""
    watch.told_at = now
    promise(
        session,
        kind="mail",
        subject=f"stock_watch:{watch.id}",
        key=f"mail:stock_watch:{watch.token}",
        payload={"template": "stock_arrived", "watch_id": watch.id, "locale": watch.locale},
        now=now,
        seller_id=watch.seller_id,
    )


def called(session: Session, watch: StockWatch, *, actor: Actor, now: datetime) -> None:
    """Note that somebody was called, whether or not they answered: the list is done with them.

    Raises `WrongMove` where it was not their turn or a colleague called before.
    """
    require(actor, Action.CONFIRM_ORDER, watch.seller_id)
    lock(session, watch)
    if watch.turn_at is None or watch.told_at is not None:
        raise WrongMove(f"watch {watch.id} is not to be called")
    watch.told_at = now
    session.flush()
    audit(session, actor, "waiting_buyer_called", watch, now=now, after={"pack": watch.pack.sku})
