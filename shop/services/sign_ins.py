"""Signing in and out: passwords, short lock-outs per account, sessions that can be ended."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import NoReturn, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.errors import ShopError
from shop.models.people import Account, OpenedWith, Role, SignIn, UnknownNumber
from shop.services.permissions import SECOND_FACTOR_ROLES, SIMPLE_ROLES

TRIES = 5
LOCK = timedelta(minutes=2)
"""Short and per account: one hall's single line must not lock out a village (R21)."""

SHARED_IDLE = timedelta(minutes=10)
OWN_IDLE = timedelta(days=30)

# OWASP's choice for argon2id with little memory: 19 MiB a sign-in, not 64, on an office PC
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class WrongPassword(ShopError):
    """Phone number and password do not belong together; which of them, nobody is told."""

    code = "wrong_password"
    status = 422


class LockedOut(ShopError):
    """Too many tries for this number; it opens again by itself."""

    code = "locked_out"
    status = 429


class Tried(Protocol):
    """What counts wrong tries and is locked by them."""

    failed_sign_ins: int
    locked_until: datetime | None


class Owed(StrEnum):
    """What somebody who has signed in must still do before anything is open to them."""

    SECOND_FACTOR = "second_factor"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a step


@cache
def _nobody() -> str:
    """Return a hash that fits no password: an unknown number takes as long as a known one."""
    return _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password or PIN."""
    return _hasher.hash(password)


def sign_in(
    session: Session,
    *,
    phone: str,
    password: str,
    is_shared_computer: bool,
    device: str,
    now: datetime,
) -> tuple[str, SignIn]:
    """Return a new token with its row, or raise `WrongPassword` or `LockedOut`.

    The caller commits in each case: the count of wrong tries must stay. An unknown number costs
    as much time as a known one, and is locked like one.
    """
    account = session.scalars(
        select(Account)
        .where(Account.phone == phone, Account.is_active)
        .with_for_update(key_share=True)
    ).one_or_none()
    if account is None:
        _refuse_unknown(session, phone, password, now=now)
    confirm_password(account, password, now=now)
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)
    return open_session(
        session, account, is_shared_computer=is_shared_computer, device=device, now=now
    )


def confirm_password(account: Account, password: str, *, now: datetime) -> None:
    """Check the password of a locked account; raise `WrongPassword` or `LockedOut` and count."""
    require_open(account, now=now)
    if not matches(account.password_hash, password):
        count_wrong_try(account, now=now)
        raise WrongPassword
    forget_wrong_tries(account)


def waste_a_try(password: str) -> None:
    """Take as long as comparing a password does, where there is none to compare with."""
    matches(_nobody(), password)


def _refuse_unknown(session: Session, phone: str, password: str, *, now: datetime) -> NoReturn:
    key = hash_token(phone)
    tried = session.get(UnknownNumber, key, with_for_update=True)
    if tried is None:
        tried = UnknownNumber(phone_hash=key, failed_sign_ins=0, tried_at=now)
        session.add(tried)
    require_open(tried, now=now)
    matches(_nobody(), password)
    tried.tried_at = now
    count_wrong_try(tried, now=now)
    raise WrongPassword


def require_open(tried: Tried, *, now: datetime) -> None:
    """Raise `LockedOut` while wrong tries keep it locked."""
    if tried.locked_until is not None and tried.locked_until > now:
        raise LockedOut(until=tried.locked_until)


def count_wrong_try(tried: Tried, *, now: datetime) -> None:
    """Count one more wrong try; the fifth locks for two minutes."""
    tried.failed_sign_ins += 1
    if tried.failed_sign_ins >= TRIES:
        tried.locked_until = now + LOCK
        tried.failed_sign_ins = 0


def forget_wrong_tries(tried: Tried) -> None:
    """Begin to count anew after a right one."""
    tried.failed_sign_ins = 0
    tried.locked_until = None


def account_of(session: Session, account_id: int) -> Account:
    """Return the account as it is now, locked until the transaction ends."""
    return session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def living(session: Session, account_id: int, *, now: datetime) -> Sequence[SignIn]:
    """Return the sessions of an account that are not over, the one used last first."""
    shared = SignIn.is_shared_computer & (SignIn.seen_at > now - SHARED_IDLE)
    own = ~SignIn.is_shared_computer & (SignIn.seen_at > now - OWN_IDLE)
    return session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), shared | own)
        .order_by(SignIn.seen_at.desc())
    ).all()


def open_session(
    session: Session,
    account: Account,
    *,
    is_shared_computer: bool,
    device: str,
    now: datetime,
    card_id: int | None = None,
    second_factor_at: datetime | None = None,
) -> tuple[str, SignIn]:
    """Return the token and the row of a new session for `account`, opened with a card or not.

    `second_factor_at` is when the second factor was proved, where another session of the same
    person is carried on.
    """
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_hash=hash_token(token),
        account_id=account.id,
        account=account,
        is_shared_computer=is_shared_computer,
        opened_with=OpenedWith.PASSWORD if card_id is None else OpenedWith.CARD,
        card_id=card_id,
        second_factor_at=second_factor_at,
        device=device[:200],
        created_at=now,
        seen_at=now,
    )
    account.is_in_use = True
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the living session behind `token` with its account and grants."""
    row = session.scalars(
        select(SignIn)
        .where(SignIn.token_hash == hash_token(token), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.account).options(selectinload(Account.grants)))
    ).one_or_none()
    if row is None or not row.account.is_active:
        return None
    if row.opened_with is OpenedWith.CARD and not roles_of(row.account, now=now) <= SIMPLE_ROLES:
        return None
    idle = SHARED_IDLE if row.is_shared_computer else OWN_IDLE
    return row if now - row.seen_at < idle else None


def roles_of(account: Account, *, now: datetime) -> set[Role]:
    """Return the roles an account has at `now`, over whatever."""
    return {one.role for one in account.grants if one.until is None or one.until > now}


def owed(row: SignIn, *, now: datetime) -> Owed | None:
    """Return what must still be done on this device before anything is open; usually nothing.

    It is asked on every request, so a role given meanwhile counts at once.
    """
    needs_factor = not roles_of(row.account, now=now).isdisjoint(SECOND_FACTOR_ROLES)
    if needs_factor and row.second_factor_at is None:
        return Owed.SECOND_FACTOR
    if row.account.must_change_password and row.opened_with is OpenedWith.PASSWORD:
        return Owed.NEW_PASSWORD
    return None


def note_second_factor(session: Session, sign_in_id: int, *, at: datetime | None) -> None:
    """Note that the second factor was proved on a device, or has to be proved anew."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(second_factor_at=at))


def touch(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Note that the session was used."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def sign_out(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """End one session."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def sign_out_everywhere(session: Session, account_id: int, *, now: datetime) -> None:
    """End every session of an account, on every device."""
    session.execute(
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def change_password(session: Session, account: Account, password: str, *, now: datetime) -> None:
    """Set a new password and end every session: whoever knew the old one is out."""
    account.password_hash = hash_password(password)
    account.must_change_password, account.is_in_use = False, True
    forget_wrong_tries(account)
    sign_out_everywhere(session, account.id, now=now)


def matches(password_hash: str, password: str) -> bool:
    """Return whether a password or PIN is the one that was hashed."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def hash_token(token: str) -> str:
    """Return what the database keeps of a long random secret."""
    return hashlib.sha256(token.encode()).hexdigest()
