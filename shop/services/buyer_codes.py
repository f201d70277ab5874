"""Codes by e-mail: coming in without a password, and proving the address they go to."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shop.errors import ShopError
from shop.models.buyers import Buyer, BuyerCode, CodePurpose
from shop.queries import buyers as queries
from shop.queries.locks import lock
from shop.services import buyers, sign_ins
from shop.services.outbox import promise
from shop.vault import Vault

GOOD_FOR = timedelta(minutes=10)
TRIES = 5
"""Wrong tries after which a code is worth nothing: one in two hundred thousand guesses it."""

PAUSE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_IN_AN_HOUR = 5
"""So many codes an account, or an address, gets in an hour: nobody fills a stranger's mailbox."""


class CodeWrong(ShopError):
    """The figures are not those that were sent, or were used, or are too old."""

    code = "mailed_code_wrong"
    status = 422


class CodesExhausted(ShopError):
    """So many codes went to this address that another must wait."""

    code = "mailed_codes_exhausted"
    status = 429


def figures(session: Session, code: BuyerCode) -> str:
    """Return the six figures of a code."""
    vault: Vault = session.info["vault"]
    derived = vault.derive(f"buyer code {code.seed}")
    return f"{int.from_bytes(derived[:8]) % 1_000_000:06d}"


def ask_to_enter(session: Session, phone: str, *, locale: str, now: datetime) -> None:
    """Send a code to each account of a number (E.164) that has an address.

    Nothing tells whether there is such an account, or whether a code went out.
    """
    for buyer in queries.with_phone(session, phone):
        if not buyer.email:
            continue
        lock(session, buyer)
        made = queries.codes_since(session, buyer.id, now - HOUR)
        is_asked_again = any(
            code.purpose is CodePurpose.ENTER and code.made_at > now - PAUSE for code in made
        )
        if len(made) < MOST_IN_AN_HOUR and not is_asked_again:
            _send(session, buyer, CodePurpose.ENTER, buyer.email, locale=locale, now=now)


def enter(session: Session, *, phone: str, typed: str, fresh: str | None, now: datetime) -> Buyer:
    """Return the account that number and code open, with `fresh` as its password if given.

    A new password ends every session of the account. Raises `CodeWrong` and
    `sign_ins.LockedOut`, alike for a number without an account, and `FieldRefused` for a password
    that is easy to guess; the caller commits in each case but the last: wrong tries must stay.
    """
    tried = buyers.tries_of(session, phone, now=now)
    for buyer in queries.with_phone(session, phone):
        lock(session, buyer)
        found = _used(session, buyer, CodePurpose.ENTER, typed, now=now)
        if found is None or found.email != buyer.email:
            continue
        if fresh is not None:
            buyers.set_password(session, buyer, fresh, now=now)
        sign_ins.forget_wrong_tries(tried)
        return buyer
    sign_ins.count_wrong_try(tried, now=now)
    raise CodeWrong


def ask_for_email(
    session: Session, buyer: Buyer, *, email: str, password: str, locale: str, now: datetime
) -> None:
    """Send a code to the address that a buyer wants codes to go to.

    Raises `CodesExhausted`; `WrongPassword` and `LockedOut` as `buyers.find` does, where the
    caller commits.
    """
    buyers.confirm(session, buyer, password, now=now)
    lock(session, buyer)
    made = queries.codes_since(session, buyer.id, now - HOUR)
    if max(len(made), queries.codes_to(session, email, now - HOUR)) >= MOST_IN_AN_HOUR:
        raise CodesExhausted
    _send(session, buyer, CodePurpose.EMAIL, email, locale=locale, now=now)


def awaited(session: Session, buyer: Buyer, *, now: datetime) -> str:
    """Return the address to which a code went that still proves it; empty without one."""
    found = queries.open_codes(session, buyer.id, CodePurpose.EMAIL, since=now - GOOD_FOR)
    return found[0].email if found else ""


def prove_email(session: Session, buyer: Buyer, typed: str, *, now: datetime) -> None:
    """Let codes go to an address whose reader knows the code that went there.

    Raises `CodeWrong`; the caller commits in each case.
    """
    lock(session, buyer)
    found = _used(session, buyer, CodePurpose.EMAIL, typed, now=now)
    if found is None:
        raise CodeWrong
    buyers.end_codes(session, buyer, now=now)
    buyer.email = found.email


def forget_email(session: Session, buyer: Buyer, *, now: datetime) -> None:
    """Let no code go out any more, and none that is on its way count."""
    lock(session, buyer)
    buyers.end_codes(session, buyer, now=now)
    buyer.email = ""


def _send(
    session: Session,
    buyer: Buyer,
    purpose: CodePurpose,
    email: str,
    *,
    locale: str,
    now: datetime,
) -> None:
    code = BuyerCode(
        buyer_id=buyer.id,
        purpose=purpose,
        email=email,
        seed=secrets.token_urlsafe(24),
        made_at=now,
    )
    session.add(code)
    session.flush()
    promise(
        session,
        kind="mail",
        subject=f"buyer_code:{code.id}",
        key=f"mail:buyer_code:{code.id}",
        payload={"template": "buyer_code", "code_id": code.id, "locale": locale},
        now=now,
    )


def _used(
    session: Session, buyer: Buyer, purpose: CodePurpose, typed: str, *, now: datetime
) -> BuyerCode | None:
    """Return the code that was typed, ended by that; each other one counts a wrong try."""
    for code in queries.open_codes(session, buyer.id, purpose, since=now - GOOD_FOR):
        if secrets.compare_digest(figures(session, code).encode(), typed.encode()):
            code.ended_at = now
            session.flush()
            return code
        code.wrong_tries += 1
        if code.wrong_tries >= TRIES:
            code.ended_at = now
    session.flush()
    return None
