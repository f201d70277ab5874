"""Printed cards: a code and a PIN of its own open one account, until the card is taken back (R20).

What a card carries exists in the answer that makes it and nowhere else: the database keeps
hashes. One account has one living card.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.errors import NotFound, ShopError
from shop.models.catalog import Seller
from shop.models.credentials import SignInCard
from shop.models.people import Account, SignIn
from shop.queries import cards, members, staff
from shop.services import pins, sign_ins
from shop.services.actors import SYSTEM, Actor, audit, require
from shop.services.labels import is_address_safe
from shop.services.permissions import SIMPLE_ROLES, Action

MOST_WRONG_PINS = 20
"""In a row; who has found a card gets no further, however slowly they try.

An account has one living card, so this is the limit over all cards of a person, too. Beyond it
the card ends and nothing else: phone number and password are never locked by wrong PINs.
"""


class CardTakesTwo(ShopError):
    """The account is in use: a way into it is no single person's to make."""

    code = "card_takes_two"
    status = 409


class NotForACard(ShopError):
    """The account may do more than a card may open, or works for others too."""

    code = "not_for_a_card"
    status = 409


class CardAddressNotSafe(ShopError):
    """A card would lead its person to an address without encryption."""

    code = "card_address_not_safe"
    status = 409


class CardUnusable(ShopError):
    """The card was taken back, or there never was such a card."""

    code = "card_unusable"
    status = 410


class WrongPin(ShopError):
    """The PIN does not belong to this card."""

    code = "wrong_pin"
    status = 422


@dataclass(frozen=True, slots=True)
class Issued:
    """A new card with its secrets, which are told once."""

    card: SignInCard
    token: str = field(repr=False)
    pin: str = field(repr=False)


def issue(
    session: Session, account: Account, seller: Seller, *, actor: Actor, now: datetime
) -> Issued:
    """Make the first card for a member, helper or vendor of `seller` who never signed in.

    Raises `NotAllowed`, `NotFound` for whoever has no role with the seller, `NotForACard` for
    whoever has another role or one elsewhere, `CardTakesTwo` for an account in use (R20).
    """
    require(actor, Action.MANAGE_MEMBERS, seller.id)
    account = sign_ins.account_of(session, account.id)
    if account.is_in_use:
        raise CardTakesTwo(f"account {account.id}")
    return make(session, account, seller, actor=actor, now=now)


def make(
    session: Session,
    account: Account,
    seller: Seller,
    *,
    actor: Actor,
    now: datetime,
    asked_by: Account | None = None,
) -> Issued:
    """Make a card for a locked account, as part of an act that was decided, `asked_by` somebody.

    It ends the card before it. Raises what `require_fit` and `require_address` raise.
    """
    require_fit(session, account, seller, now=now)
    require_address(session)
    end_all(session, account, actor=actor, now=now)
    token = secrets.token_urlsafe(24)
    years = members.birth_years(session, account.id)
    pin = pins.new_pin(phone=account.phone, birth_years=years)
    card = SignInCard(
        seller_id=seller.id,
        account_id=account.id,
        token_hash=sign_ins.hash_token(token),
        pin_hash=sign_ins.hash_password(pin),
        created_at=now,
        created_by_id=actor.account_id,
    )
    account.is_in_use = True
    session.add(card)
    session.flush()
    after = {"name": account.name, **({"asked_by": asked_by.name} if asked_by else {})}
    audit(session, actor, "card_issued", card, now=now, after=after)
    return Issued(card, token, pin)


def require_fit(session: Session, account: Account, seller: Seller, *, now: datetime) -> None:
    """Raise `NotFound` or `NotForACard` unless a card of `seller` may open all of the account."""
    standing = staff.living_grants(session, account.id, now=now)
    if all(given.seller_id != seller.id for given in standing):
        raise NotFound(f"account {account.id} has no role with seller {seller.id}")
    for given in standing:
        if given.role not in SIMPLE_ROLES or given.seller_id != seller.id:
            raise NotForACard(f"account {account.id} is {given.role} too", role=given.role.value)


def require_address(session: Session) -> None:
    """Raise `CardAddressNotSafe` where a card would send its secret over plain http."""
    if not is_address_safe(session):
        raise CardAddressNotSafe(url=session.info["base_url"])


def is_sample(session: Session) -> bool:
    """Return whether a card is printed as a sample: its address is for this network alone."""
    return str(session.info["base_url"]).startswith("http://")


def revoke(session: Session, card: SignInCard, *, actor: Actor, now: datetime) -> None:
    """Take a card back and end what was opened with it; a repeat changes nothing."""
    require(actor, Action.MANAGE_MEMBERS, card.seller_id)
    sign_ins.account_of(session, card.account_id)
    session.refresh(card)
    if card.revoked_at is None:
        _end(session, card, actor=actor, now=now)


def end_all(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """End the living card of an account, as part of an act that was decided."""
    living = cards.living(session, account.id)
    if living is not None:
        _end(session, living, actor=actor, now=now)


def _end(session: Session, card: SignInCard, *, actor: Actor, now: datetime) -> None:
    card.revoked_at, card.revoked_by_id = now, actor.account_id
    session.execute(
        update(SignIn)
        .where(SignIn.card_id == card.id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.flush()
    after = {"name": card.account.name}
    audit(session, actor, "card_revoked", card, now=now, after=after)


def find(session: Session, token: str) -> SignInCard:
    """Return the living card with this code; raise `CardUnusable` when there is none."""
    card = session.scalars(
        select(SignInCard).where(
            SignInCard.token_hash == sign_ins.hash_token(token), SignInCard.revoked_at.is_(None)
        )
    ).one_or_none()
    if card is None or not card.account.is_active:
        raise CardUnusable
    return card


def open_session(
    session: Session,
    card_id: int,
    pin: str,
    *,
    is_shared_computer: bool,
    device: str,
    now: datetime,
) -> tuple[str, SignIn]:
    """Return the token and the row of a session opened with a card and its PIN.

    Raises `CardUnusable`, `WrongPin`, `LockedOut`; the caller commits in each case. Wrong PINs
    lock the card for a short while and too many of them end it. They count apart from wrong
    passwords: who found a card locks nobody out of their phone, nor the other way round.
    """
    card = session.get(SignInCard, card_id)
    if card is None:
        raise CardUnusable
    account = sign_ins.account_of(session, card.account_id)
    session.refresh(card)
    is_simple = sign_ins.roles_of(account, now=now) <= SIMPLE_ROLES
    if card.revoked_at is not None or not account.is_active or not is_simple:
        raise CardUnusable
    sign_ins.require_open(card, now=now)
    if not sign_ins.matches(card.pin_hash, pin):
        _count_wrong_pin(session, card, now=now)
        raise WrongPin
    sign_ins.forget_wrong_tries(card)
    card.wrong_pins, card.last_used_at = 0, now
    return sign_ins.open_session(
        session,
        account,
        is_shared_computer=is_shared_computer,
        device=device,
        now=now,
        card_id=card.id,
    )


def _count_wrong_pin(session: Session, card: SignInCard, *, now: datetime) -> None:
    sign_ins.count_wrong_try(card, now=now)
    card.wrong_pins += 1
    if card.wrong_pins >= MOST_WRONG_PINS:
        _end(session, card, actor=SYSTEM, now=now)
