"""Signing in and out: passwords, short lock-outs per account, sessions that can be ended."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NoReturn

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.errors import ShopError
from shop.models.people import Account, SignIn, UnknownNumber

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
    _require_open(account, now=now)
    if not _matches(account.password_hash, password):
        _count_wrong_try(account, now=now)
        raise WrongPassword
    account.failed_sign_ins = 0
    account.locked_until = None


def _refuse_unknown(session: Session, phone: str, password: str, *, now: datetime) -> NoReturn:
    key = _hash(phone)
    tried = session.get(UnknownNumber, key, with_for_update=True)
    if tried is None:
        tried = UnknownNumber(phone_hash=key, failed_sign_ins=0, tried_at=now)
        session.add(tried)
    _require_open(tried, now=now)
    _matches(_nobody(), password)
    tried.tried_at = now
    _count_wrong_try(tried, now=now)
    raise WrongPassword


def _require_open(tried: Account | UnknownNumber, *, now: datetime) -> None:
    if tried.locked_until is not None and tried.locked_until > now:
        raise LockedOut(until=tried.locked_until)


def _count_wrong_try(tried: Account | UnknownNumber, *, now: datetime) -> None:
    tried.failed_sign_ins += 1
    if tried.failed_sign_ins >= TRIES:
        tried.locked_until = now + LOCK
        tried.failed_sign_ins = 0


def account_of(session: Session, account_id: int) -> Account:
    """Return the account, locked until the transaction ends."""
    return session.scalars(
        select(Account).where(Account.id == account_id).with_for_update(key_share=True)
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
    session: Session, account: Account, *, is_shared_computer: bool, device: str, now: datetime
) -> tuple[str, SignIn]:
    """Return the token and the row of a new session for `account`."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_hash=_hash(token),
        account_id=account.id,
        account=account,
        is_shared_computer=is_shared_computer,
        device=device[:200],
        created_at=now,
        seen_at=now,
    )
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """Return the living session behind `token` with its account and grants."""
    row = session.scalars(
        select(SignIn)
        .where(SignIn.token_hash == _hash(token), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.account).options(selectinload(Account.grants)))
    ).one_or_none()
    if row is None or not row.account.is_active:
        return None
    idle = SHARED_IDLE if row.is_shared_computer else OWN_IDLE
    return row if now - row.seen_at < idle else None


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
    account.failed_sign_ins = 0
    account.locked_until = None
    sign_out_everywhere(session, account.id, now=now)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
