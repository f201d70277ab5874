"""Carts: what a browser has put aside, compared with what is on the shelf today."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import NotFound, OutOfStock
from shop.models.catalog import Pack, ProductState, Seller
from shop.models.orders import Cart, CartLine, Order
from shop.queries import catalog, inventory
from shop.queries import orders as queries

MOST = 99
"""Packs of one kind in one cart; whoever needs more calls."""

JUST_NOW = timedelta(hours=2)
"""For so long a cart tells of an order that came out of it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a cart as it can be had today."""

    pack: Pack
    wanted: int
    available: int
    seen_price_vnd: int
    is_offered: bool

    @property
    def quantity(self) -> int:
        """Return how many there are to be had of what was wanted."""
        return min(self.wanted, self.available) if self.is_offered else 0

    @property
    def most(self) -> int:
        """Return up to how many the line may be raised."""
        return min(self.available, MOST)

    @property
    def total_vnd(self) -> int:
        """Return the đồng for `quantity` packs at the price of today."""
        return self.quantity * self.pack.price_vnd

    @property
    def old_price_vnd(self) -> int | None:
        """Return the price its owner saw when it is another today."""
        return self.seen_price_vnd if self.seen_price_vnd != self.pack.price_vnd else None

    def is_gone(self, refused_sku: str = "") -> bool:
        """Return whether none can be had, or an order was just refused for want of this pack."""
        return not self.quantity or self.pack.sku == refused_sku

    @property
    def is_cut(self) -> bool:
        """Return whether fewer can be had than were wanted, but some."""
        return 0 < self.quantity < self.wanted


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one seller: they become one order."""

    seller: Seller
    entries: Sequence[Entry]

    @property
    def buyable(self) -> list[Entry]:
        """Return the lines of which something can be had."""
        return [entry for entry in self.entries if entry.quantity]

    @property
    def goods_vnd(self) -> int:
        """Return the đồng for all that can be had."""
        return sum(entry.total_vnd for entry in self.entries)

    @property
    def is_chilled(self) -> bool:
        """Return whether something in it must stay cold on its way."""
        return any(entry.pack.product.is_chilled for entry in self.buyable)


def find(session: Session, token: str | None) -> Cart | None:
    """Return the cart behind the token of a cookie, if there is one."""
    return queries.cart_by_token_hash(session, _hash(token)) if token else None


def locked(session: Session, token: str | None) -> Cart | None:
    """Return the cart locked until the transaction ends: one browser orders one at a time."""
    if token:
        session.scalars(
            select(Cart.id).where(Cart.token_hash == _hash(token)).with_for_update(key_share=True)
        ).one_or_none()
    return find(session, token)


def add(
    session: Session,
    token: str | None,
    *,
    pack_id: int,
    quantity: int,
    now: datetime,
    today: date,
    press: str = "",
) -> tuple[str, Entry]:
    """Put packs into the cart behind `token`, or into a new one; return token and line.

    `press` names one press of the button: a browser that heard no answer sends it again by
    itself, and that adds nothing. No more goes in than is in stock. Raises `NotFound` for a pack
    that is not on offer and `OutOfStock` when none is left.
    """
    pack = _offered(session, pack_id)
    available = _in_stock(session, pack, quantity, today)
    cart, token = _cart(session, token, now)
    line = _line(cart, pack)
    is_again = bool(press) and cart.last_press == press
    line.quantity = min(line.quantity + (0 if is_again else quantity), available, MOST)
    line.seen_price_vnd = pack.price_vnd
    cart.last_press, cart.updated_at = press, now
    session.flush()
    return token, Entry(pack, line.quantity, available, pack.price_vnd, is_offered=True)


def change(session: Session, cart: Cart, *, pack_id: int, quantity: int, now: datetime) -> None:
    """Set a line to `quantity` at the price of today; nothing left takes it out."""
    for line in list(cart.lines):
        if line.pack_id != pack_id:
            continue
        if quantity <= 0:
            cart.lines.remove(line)
        else:
            line.quantity = min(quantity, MOST)
            line.seen_price_vnd = line.pack.price_vnd
    cart.updated_at = now
    session.flush()


def merge(session: Session, token: str | None, into: str, *, now: datetime) -> None:
    """Let what is in the cart behind `token` come into the one behind `into`; nothing is lost.

    Packs in both are added up, `MOST` at the most; the price seen last stays.
    """
    own = locked(session, into) or _new(session, into, now)
    other = locked(session, token) if token != into else None
    for line in list(other.lines) if other else []:
        kept = _line(own, line.pack)
        kept.quantity = min(kept.quantity + line.quantity, MOST)
        kept.seen_price_vnd = line.seen_price_vnd
    if other is not None:
        session.delete(other)
    own.updated_at = now
    session.flush()


def _new(session: Session, token: str, now: datetime) -> Cart:
    cart = Cart(token_hash=_hash(token), updated_at=now)
    session.add(cart)
    return cart


def throw_away(session: Session, token: str) -> None:
    """Remove the cart behind `token` with what is in it."""
    found = locked(session, token)
    if found is not None:
        session.delete(found)
        session.flush()


def order_key(cart: Cart | None, typed: str) -> str:
    """Return what an order out of this cart is known by: sent twice, it is placed once."""
    return f"web:{cart.id if cart else 0}:{typed}"


def just_placed(session: Session, cart: Cart | None, *, now: datetime) -> Sequence[Order]:
    """Return what came out of a cart a moment ago: the answer may not have reached its browser."""
    if cart is None:
        return ()
    return queries.placed_with_key(session, order_key(cart, ""), since=now - JUST_NOW)


def take_out(session: Session, cart: Cart, seller_id: int, *, now: datetime) -> None:
    """Take the lines of one seller out: they have become an order."""
    for line in list(cart.lines):
        if line.pack.seller_id == seller_id:
            cart.lines.remove(line)
    cart.updated_at = now
    session.flush()


def fill_again(session: Session, token: str | None, order: Order, *, now: datetime) -> str:
    """Put what an order held into the cart behind `token`, or a new one; return the token.

    The lines remember what was paid then, so that the cart tells what costs another price, what
    there is less of and what is gone. The same order twice puts no more in than once.
    """
    cart, token = _cart(session, token, now)
    for line in order.lines:
        there = _line(cart, line.pack)
        there.quantity = min(max(there.quantity, line.quantity), MOST)
        there.seen_price_vnd = line.unit_price_vnd
    cart.updated_at = now
    session.flush()
    return token


def replace(
    session: Session, cart: Cart, *, pack_id: int, by: int, now: datetime, today: date
) -> None:
    """Put `by` in the place of a pack that is gone, as many as were wanted.

    Raises `NotFound` for a pack that is not in the cart or not on offer, and `OutOfStock`.
    """
    gone = next((line for line in cart.lines if line.pack_id == pack_id), None)
    if gone is None:
        raise NotFound(f"pack {pack_id} is not in the cart")
    pack = _offered(session, by)
    available = _in_stock(session, pack, gone.quantity, today)
    there = _line(cart, pack)
    there.quantity = min(there.quantity + gone.quantity, available, MOST)
    there.seen_price_vnd = pack.price_vnd
    cart.lines.remove(gone)
    cart.updated_at = now
    session.flush()


def count(cart: Cart | None) -> int:
    """Return how many packs are in a cart."""
    return sum(line.quantity for line in cart.lines) if cart else 0


def review(session: Session, cart: Cart | None, *, today: date) -> list[Group]:
    """Return the cart by seller, each line with what can be had of it today."""
    if cart is None:
        return []
    available = _available(session, [line.pack_id for line in cart.lines], today)
    groups: dict[int, tuple[Seller, list[Entry]]] = {}
    for line in cart.lines:
        pack = line.pack
        entry = Entry(
            pack,
            line.quantity,
            available[pack.id],
            line.seen_price_vnd,
            is_offered=pack.is_offered and pack.product.state is ProductState.PUBLISHED,
        )
        groups.setdefault(pack.seller_id, (pack.product.seller, []))[1].append(entry)
    return [Group(seller, entries) for seller, entries in groups.values()]


def of_seller(session: Session, cart: Cart | None, slug: str, *, today: date) -> Group | None:
    """Return the part of a cart that belongs to one seller; of a cart of one, without a slug."""
    groups = review(session, cart, today=today)
    chosen = [group for group in groups if group.seller.slug == slug or not slug]
    return chosen[0] if len(chosen) == 1 else None


def _cart(session: Session, token: str | None, now: datetime) -> tuple[Cart, str]:
    """Return the cart behind `token`, or a new one with its token."""
    cart = locked(session, token)
    if cart is None or token is None:
        token = secrets.token_urlsafe(24)
        cart = Cart(token_hash=_hash(token), updated_at=now)
        session.add(cart)
    return cart, token


def _line(cart: Cart, pack: Pack) -> CartLine:
    """Return the line of `pack`, a new one with nothing in it yet where there is none."""
    line = next((line for line in cart.lines if line.pack_id == pack.id), None)
    if line is None:
        line = CartLine(pack_id=pack.id, pack=pack, quantity=0, seen_price_vnd=pack.price_vnd)
        cart.lines.append(line)
    return line


def _offered(session: Session, pack_id: int) -> Pack:
    pack = catalog.offered_packs(session, [pack_id]).get(pack_id)
    if pack is None:
        raise NotFound(f"pack {pack_id} is not on offer")
    return pack


def _in_stock(session: Session, pack: Pack, quantity: int, today: date) -> int:
    available = _available(session, [pack.id], today)[pack.id]
    if not available:
        raise OutOfStock(pack.sku, wanted=quantity, available=0, title=_title(pack))
    return available


def _available(session: Session, pack_ids: Sequence[int], today: date) -> dict[int, int]:
    known = inventory.available_by_pack(session, pack_ids, sell_through=today)
    return {pack_id: known.get(pack_id, 0) for pack_id in pack_ids}


def _title(pack: Pack) -> str:
    return f"{pack.product.name}, {pack.label}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
