"""Buyers' accounts: opening one, signing in and out, what they let us keep, being forgotten."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.models.buyers import (
    Buyer,
    BuyerAddress,
    BuyerCode,
    BuyerConsent,
    BuyerOrder,
    BuyerSignIn,
    ProvedBy,
    Purpose,
)
from shop.models.orders import Order
from shop.models.people import UnknownNumber
from shop.queries import buyers as queries
from shop.queries.locks import lock
from shop.services import carts, forgetting, pins, sign_ins, stock_watches

MOST_WITH_ONE_PHONE = 5
"""Accounts that may bear one number; every one of them is asked for its password."""

MOST_ADDRESSES = 10
SEEN_EVERY = timedelta(minutes=5)


def open_account(
    session: Session,
    *,
    phone: str,
    name: str,
    password: str,
    purposes: Iterable[Purpose],
    now: datetime,
) -> Buyer:
    """Open an account for `phone` (E.164), or return the one that this password opens already.

    What is answered says of no number whether it has an account. Raises `FieldRefused` for a
    password that is easy to guess, `LockedOut`.
    """
    if pins.is_pin(password):
        pins.require_hard(password, phone=phone)
    tried = tries_of(session, phone, now=now)
    known = queries.with_phone(session, phone)
    found = _matching(known, password)
    if found is None and len(known) >= MOST_WITH_ONE_PHONE:
        _make_room(session, known, now=now)
    buyer = found or _new(session, phone, name, password, now=now)
    if found is not None:
        sign_ins.forget_wrong_tries(tried)
    for purpose in purposes:
        agree(session, buyer, purpose, now=now)
    return buyer


def find(session: Session, *, phone: str, password: str, now: datetime) -> Buyer:
    """Return the account that number and password open.

    Raises `WrongPassword` and `LockedOut`, the same for a number without an account; the caller
    commits in each case: the count of wrong tries must stay.
    """
    tried = tries_of(session, phone, now=now)
    found = _matching(queries.with_phone(session, phone), password)
    if found is None:
        sign_ins.count_wrong_try(tried, now=now)
        raise sign_ins.WrongPassword
    sign_ins.forget_wrong_tries(tried)
    return found


def sign_in(
    session: Session,
    buyer: Buyer,
    *,
    is_shared_computer: bool,
    device: str,
    cart_token: str | None,
    now: datetime,
) -> str:
    """Return the token of a new device; the cart of the browser comes into that of the account."""
    token = secrets.token_urlsafe(32)
    row = BuyerSignIn(
        token_hash=sign_ins.hash_token(token),
        buyer_id=buyer.id,
        is_shared_computer=is_shared_computer,
        device=device[:200],
        created_at=now,
        seen_at=now,
    )
    session.add(row)
    carts.merge(session, cart_token, buyer.cart_token, now=now)
    return token


def signed_in(session: Session, token: str, *, now: datetime) -> BuyerSignIn | None:
    """Return the device behind a token while its session lives."""
    row = queries.sign_in(session, sign_ins.hash_token(token))
    if row is None:
        return None
    idle = sign_ins.SHARED_IDLE if row.is_shared_computer else sign_ins.OWN_IDLE
    return row if now - row.seen_at < idle else None


def sign_out(session: Session, row: BuyerSignIn) -> None:
    """End one device's session."""
    session.delete(row)


def sign_out_everywhere(session: Session, buyer: Buyer, *, now: datetime) -> None:
    """End every session; the cart gets a name that no device knows any more."""
    lock(session, buyer)
    session.execute(delete(BuyerSignIn).where(BuyerSignIn.buyer_id == buyer.id))
    fresh = secrets.token_urlsafe(24)
    carts.merge(session, buyer.cart_token, fresh, now=now)
    buyer.cart_token = fresh


def change_password(
    session: Session, buyer: Buyer, *, password: str, fresh: str, now: datetime
) -> None:
    """Set another password and end every session. Raises as `find` does, and `FieldRefused`."""
    confirm(session, buyer, password, now=now)
    if _matching(queries.with_phone(session, buyer.phone), fresh) is not None:
        raise FieldRefused("fresh", "password_same")
    set_password(session, buyer, fresh, now=now)


def confirm(session: Session, buyer: Buyer, password: str, *, now: datetime) -> None:
    """Check the password of an account that is signed in. Raises as `find` does."""
    tried = tries_of(session, buyer.phone, now=now)
    if not sign_ins.matches(buyer.password_hash, password):
        sign_ins.count_wrong_try(tried, now=now)
        raise sign_ins.WrongPassword
    sign_ins.forget_wrong_tries(tried)


def set_password(session: Session, buyer: Buyer, fresh: str, *, now: datetime) -> None:
    """Set a password and end every session; raises `FieldRefused` for one easy to guess."""
    if pins.is_pin(fresh):
        pins.require_hard(fresh, phone=buyer.phone)
    sign_out_everywhere(session, buyer, now=now)
    end_codes(session, buyer, now=now)
    buyer.password_hash = sign_ins.hash_password(fresh)


def end_codes(session: Session, buyer: Buyer, *, now: datetime) -> None:
    """Let no code that is on its way to a buyer count any more."""
    on_the_way = update(BuyerCode).where(
        BuyerCode.buyer_id == buyer.id, BuyerCode.ended_at.is_(None)
    )
    session.execute(on_the_way.values(ended_at=now))


def agree(session: Session, buyer: Buyer, purpose: Purpose, *, now: datetime) -> None:
    """Write down that a buyer lets us keep something; once is enough."""
    if purpose not in agreed(session, buyer):
        session.add(BuyerConsent(buyer_id=buyer.id, purpose=purpose, given_at=now))
        session.flush()


def withdraw(session: Session, buyer: Buyer, purpose: Purpose, *, now: datetime) -> None:
    """Take a consent back: what was kept for it goes, and nothing more is kept."""
    for consent in queries.consents(session, buyer.id):
        if consent.purpose is purpose and consent.withdrawn_at is None:
            consent.withdrawn_at = now
    kept = BuyerAddress if purpose is Purpose.ADDRESSES else BuyerOrder
    session.execute(delete(kept).where(kept.buyer_id == buyer.id))


def agreed(session: Session, buyer: Buyer) -> set[Purpose]:
    """Return what a buyer lets us keep at present."""
    found = queries.consents(session, buyer.id)
    return {consent.purpose for consent in found if consent.withdrawn_at is None}


def own(
    session: Session, buyer: Buyer, order: Order, proved_by: ProvedBy, *, now: datetime
) -> None:
    """Write down that an order was shown to be this buyer's."""
    if queries.owned(session, buyer.id, order.id) is None:
        session.add(
            BuyerOrder(buyer_id=buyer.id, order_id=order.id, proved_by=proved_by, proved_at=now)
        )
        session.flush()


def keep_order(session: Session, buyer_id: int, order: Order, *, now: datetime) -> None:
    """Keep an order placed by a signed-in buyer, and where it goes, as far as they agreed."""
    buyer = session.get(Buyer, buyer_id)
    if buyer is None:
        return
    purposes = agreed(session, buyer)
    if Purpose.ORDERS in purposes:
        own(session, buyer, order, ProvedBy.SIGNED_IN, now=now)
    if Purpose.ADDRESSES in purposes and order.street:
        _keep_address(session, buyer, order, now=now)


def forget_address(session: Session, buyer: Buyer, address_id: int) -> None:
    """Remove one address of this buyer; that of another is not found."""
    session.execute(
        delete(BuyerAddress).where(
            BuyerAddress.buyer_id == buyer.id, BuyerAddress.id == address_id
        )
    )


def disown(session: Session, buyer: Buyer, order_id: int) -> None:
    """Take an order out of the account; the order itself stays with its seller."""
    session.execute(
        delete(BuyerOrder).where(BuyerOrder.buyer_id == buyer.id, BuyerOrder.order_id == order_id)
    )


def erase(session: Session, buyer: Buyer, *, password: str, now: datetime) -> None:
    """Erase an account with everything in it, and the person out of its orders.

    Orders that are done lose name, phone, e-mail, street and note at once, those under way when
    they are done; sums, days, goods and batches stay for the books and for recalls. An order that
    came in by its private link alone is only let go: the link proves no phone number. Nobody is
    told any more of goods that number and address waited for. Raises as `find` does.
    """
    confirm(session, buyer, password, now=now)
    for tie in queries.orders(session, buyer.id):
        if tie.proved_by is not ProvedBy.LINK:
            forgetting.ask(session, tie.order, now=now)
    stock_watches.forget(session, phone=buyer.phone, email=buyer.email)
    _remove(session, buyer)


def _remove(session: Session, buyer: Buyer) -> None:
    for table in (BuyerOrder, BuyerAddress, BuyerCode, BuyerConsent, BuyerSignIn):
        session.execute(delete(table).where(table.buyer_id == buyer.id))
    carts.throw_away(session, buyer.cart_token)
    session.delete(buyer)
    session.flush()


def _new(session: Session, phone: str, name: str, password: str, *, now: datetime) -> Buyer:
    buyer = Buyer(
        phone=phone,
        name=name,
        password_hash=sign_ins.hash_password(password),
        cart_token=secrets.token_urlsafe(24),
        created_at=now,
    )
    session.add(buyer)
    session.flush()
    return buyer


def _matching(known: Iterable[Buyer], password: str) -> Buyer | None:
    """Return the account a password opens; a number without one takes as long as one with one."""
    found = [buyer for buyer in known if sign_ins.matches(buyer.password_hash, password)]
    if not known:
        sign_ins.waste_a_try(password)
    return found[0] if found else None


def _make_room(session: Session, known: Iterable[Buyer], *, now: datetime) -> None:
    """Let the oldest account with nothing in it go; a number is nobody's to block."""
    for buyer in known:
        holds = queries.orders(session, buyer.id) or queries.addresses(session, buyer.id)
        if not holds and now - buyer.created_at > timedelta(days=1):
            _remove(session, buyer)
            return
    raise FieldRefused("phone", "phone_crowded")


def tries_of(session: Session, phone: str, *, now: datetime) -> UnknownNumber:
    """Return the count of wrong tries for a buyer's number, locked; known or not, it is alike."""
    key = sign_ins.hash_token(f"buyer:{phone}")
    tried = session.get(UnknownNumber, key, with_for_update=True)
    if tried is None:
        tried = UnknownNumber(phone_hash=key, failed_sign_ins=0, tried_at=now)
        session.add(tried)
        session.flush()
    sign_ins.require_open(tried, now=now)
    tried.tried_at = now
    return tried


def _keep_address(session: Session, buyer: Buyer, order: Order, *, now: datetime) -> None:
    known = queries.addresses(session, buyer.id)
    said = {
        "name": order.buyer_name,
        "phone": order.buyer_phone,
        "email": order.buyer_email,
        "street": order.street,
        "commune": order.commune,
        "commune_code": order.commune_code,
        "province": order.province,
        "province_code": order.province_code,
    }
    for address in known:
        if all(getattr(address, name) == value for name, value in said.items()):
            address.used_at = now
            return
    for oldest in known[MOST_ADDRESSES - 1 :]:
        session.delete(oldest)
    session.add(BuyerAddress(buyer_id=buyer.id, used_at=now, **said))
    session.flush()
