"""The second factor: codes of a phone (TOTP, RFC 6238), and recovery codes for a lost phone.

Compulsory for treasurers and administrators. Sample accounts of training sellers have a training
authenticator instead, whose code stands on the page: each sign-in has a secret of its own, so it
opens nothing else.
"""

import base64
import hmac
import secrets
from datetime import datetime

from pyotp import TOTP, random_base32
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from shop.errors import NotAllowed, ShopError
from shop.models.catalog import Seller, SellerMode
from shop.models.credentials import RecoveryCode, SecondFactor
from shop.models.people import Account, Grant, SignIn
from shop.services import sign_ins
from shop.services.actors import Actor, audit
from shop.vault import SecretUnreadable, Vault

ISSUER = "Đặc Sản"
STEP_SECONDS = 30
WINDOW = (-1, 0, 1)
"""Steps beside the present one that are taken too: clocks of phones are a little off."""

RECOVERY_CODES = 10

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


class WrongCode(ShopError):
    """The code is not the one of now, or not one of the recovery codes that are left."""

    code = "wrong_code"
    status = 422


class CodeUsed(ShopError):
    """The code was right and has been used: the next one comes within half a minute."""

    code = "code_used"
    status = 422


class PhoneUnreadable(ShopError):
    """The secret was closed under another master key: recovery codes still open."""

    code = "phone_unreadable"
    status = 409


def new_secret() -> str:
    """Return a secret of 160 bits in base 32."""
    return random_base32()


def address(account: Account, secret: str) -> str:
    """Return what the QR code for the phone's generator of codes says."""
    return TOTP(secret).provisioning_uri(name=account.phone, issuer_name=ISSUER)


def code_at(secret: str, now: datetime) -> str:
    """Return the code of a secret at `now`."""
    return TOTP(secret).generate_otp(_step(now))


def is_training(session: Session, account: Account, *, now: datetime) -> bool:
    """Return whether the training authenticator stands for this account: a sample, no more.

    Every role it has at `now` must be over a seller that trains; an account that people opened
    is never one.
    """
    if not account.is_sample:
        return False
    modes = session.scalars(
        select(Seller.mode)
        .select_from(Grant)
        .outerjoin(Seller, Seller.id == Grant.seller_id)
        .where(Grant.account_id == account.id)
        .where(Grant.until.is_(None) | (Grant.until > now))
    ).all()
    return all(mode is SellerMode.TRAINING for mode in modes)


def training_code(session: Session, row: SignIn, *, now: datetime) -> str:
    """Return what the training authenticator shows for a sign-in at `now`."""
    return code_at(_training_secret(session, row), now)


def _training_secret(session: Session, row: SignIn) -> str:
    vault: Vault = session.info["vault"]
    return base64.b32encode(vault.derive(f"training authenticator {row.id}")[:20]).decode("ascii")


def enrolled(session: Session, account_id: int) -> SecondFactor | None:
    """Return the generator an account has on a phone of its own."""
    return session.scalars(
        select(SecondFactor).where(
            SecondFactor.account_id == account_id, SecondFactor.secret != ""
        )
    ).one_or_none()


def codes_left(session: Session, account_id: int) -> int:
    """Return how many recovery codes of an account are unused."""
    return int(
        session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def enrol(
    session: Session, row: SignIn, secret: str, code: str, *, actor: Actor, now: datetime
) -> list[str]:
    """Take up a generator that shows the right code, and return its recovery codes.

    Only where the account has none: a second phone comes after the first was taken away. Raises
    `WrongCode`, and `CodeUsed` where another window was faster.
    """
    _require_own(row, actor)
    account = sign_ins.account_of(session, row.account_id)
    step = _matching_step(secret, code, above=0, now=now)
    if step is None:
        raise WrongCode
    factor = _factor_of(session, account, now=now)
    if factor.secret:
        raise CodeUsed
    vault: Vault = session.info["vault"]
    factor.secret, factor.last_step, factor.set_at = vault.close({"totp": secret}), step, now
    sign_ins.forget_wrong_tries(factor)
    sign_ins.note_second_factor(session, row.id, at=now)
    audit(session, actor, "second_factor_set", account, now=now)
    return _make_codes(session, account)


def prove(session: Session, row: SignIn, code: str, *, actor: Actor, now: datetime) -> None:
    """Take the code of the phone for a sign-in: each time step once.

    Raises `WrongCode`, `CodeUsed`, `LockedOut`; the caller commits in each case, for the count.
    """
    _require_own(row, actor)
    _check(session, row, code, now=now)
    sign_ins.note_second_factor(session, row.id, at=now)


def prove_by_recovery_code(
    session: Session, row: SignIn, code: str, *, actor: Actor, now: datetime
) -> None:
    """Take a recovery code for a sign-in, and never again. Raises and counts as `prove` does."""
    _require_own(row, actor)
    account = sign_ins.account_of(session, row.account_id)
    factor = _factor_of(session, account, now=now)
    sign_ins.require_open(factor, now=now)
    found = session.scalars(
        select(RecoveryCode).where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == sign_ins.hash_token(_folded(code)),
            RecoveryCode.used_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        sign_ins.count_wrong_try(factor, now=now)
        raise WrongCode
    sign_ins.forget_wrong_tries(factor)
    found.used_at = now
    sign_ins.note_second_factor(session, row.id, at=now)
    left = codes_left(session, account.id)
    audit(session, actor, "recovery_code_used", account, now=now, after={"left": left})


def renew_codes(
    session: Session, row: SignIn, code: str, *, actor: Actor, now: datetime
) -> list[str]:
    """Return ten new recovery codes for the code of the phone; the old ones end.

    Raises and counts as `prove` does.
    """
    _require_own(row, actor)
    account = _check(session, row, code, now=now)
    audit(session, actor, "recovery_codes_made", account, now=now)
    return _make_codes(session, account)


def change_phone(session: Session, row: SignIn, code: str, *, actor: Actor, now: datetime) -> None:
    """Take the generator away for the code it shows: this device is led to set up another.

    Every other device is signed out. Raises and counts as `prove` does.
    """
    _require_own(row, actor)
    account = _check(session, row, code, now=now)
    take_away(session, account, actor=actor, now=now)
    session.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.id != row.id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )
    sign_ins.note_second_factor(session, row.id, at=None)


def take_away(
    session: Session,
    account: Account,
    *,
    actor: Actor,
    now: datetime,
    seller: Seller | None = None,
) -> None:
    """Remove the generator and its recovery codes, as part of an act that was decided."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    audit(session, actor, "second_factor_removed", account, now=now, seller=seller)


def _check(session: Session, row: SignIn, code: str, *, now: datetime) -> Account:
    account = sign_ins.account_of(session, row.account_id)
    factor = _factor_of(session, account, now=now)
    sign_ins.require_open(factor, now=now)
    if is_training(session, account, now=now):
        secret, last_step = _training_secret(session, row), 0
    elif factor.secret:
        secret, last_step = _opened(session, factor), factor.last_step
    else:
        raise WrongCode
    step = _matching_step(secret, code, above=last_step, now=now)
    if step is None:
        sign_ins.count_wrong_try(factor, now=now)
        is_known = _matching_step(secret, code, above=0, now=now) is not None
        raise CodeUsed if is_known else WrongCode
    sign_ins.forget_wrong_tries(factor)
    factor.last_step = step
    return account


def _factor_of(session: Session, account: Account, *, now: datetime) -> SecondFactor:
    """Return the row of an account that is locked, and write one where there is none."""
    factor = session.get(SecondFactor, account.id, populate_existing=True)
    if factor is None:
        factor = SecondFactor(account_id=account.id, secret="", set_at=now)
        factor.last_step = factor.failed_sign_ins = 0
        session.add(factor)
        session.flush()
    return factor


def _opened(session: Session, factor: SecondFactor) -> str:
    vault: Vault = session.info["vault"]
    try:
        return vault.open(factor.secret)["totp"]
    except SecretUnreadable as error:
        raise PhoneUnreadable(f"second factor of account {factor.account_id}") from error


def _matching_step(secret: str, code: str, *, above: int, now: datetime) -> int | None:
    """Return the step whose code it is; every step is compared, in the same time."""
    typed, maker, found = "".join(code.split()).encode(), TOTP(secret), None
    for offset in WINDOW:
        step = _step(now) + offset
        is_equal = hmac.compare_digest(maker.generate_otp(step).encode(), typed)
        if is_equal and step > above:
            found = step
    return found


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def _make_codes(session: Session, account: Account) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    made = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account.id, code_hash=sign_ins.hash_token(_folded(code)))
        for code in made
    )
    session.flush()
    return made


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _folded(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _require_own(row: SignIn, actor: Actor) -> None:
    """Let nobody but the person behind a sign-in touch its second factor."""
    if actor.account_id != row.account_id or actor.for_member_id is not None:
        raise NotAllowed(f"sign-in {row.id} is not of account {actor.account_id}")
