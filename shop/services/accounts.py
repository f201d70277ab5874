"""Accounts: opening one, giving and taking roles, a new password, ending its sessions."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotAllowed, NotFound, ShopError
from shop.models.catalog import Seller
from shop.models.people import Account, Grant, GrantScope, Role
from shop.queries import accounts, staff
from shop.services import sign_ins
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

LEAST_PASSWORD = 8
"""Characters a password has at the least."""

LEAST_PIN = 6
"""Digits of a PIN, which is enough for who only writes down their own work (R20)."""

_PIN_IS_ENOUGH = {Role.MEMBER, Role.HELPER, Role.VENDOR}
_OVER_EVERYTHING = {Role.ADMIN, Role.INSPECTOR, Role.INTEGRATOR}


class LastAdmin(ShopError):
    """Nobody would be left who may run the installation."""

    code = "last_admin"
    status = 409


def open_account(
    session: Session,
    *,
    phone: str,
    name: str,
    password: str,
    actor: Actor,
    now: datetime,
    seller: Seller | None = None,
) -> Account:
    """Open an account for `phone` (E.164) without any role yet; the history of `seller` tells it.

    Raises `FieldRefused` for a number that has one, or a password too short for anybody.
    """
    _require_somewhere(actor)
    if len(password) < LEAST_PIN:
        raise FieldRefused("password", "password_short", least=LEAST_PIN)
    if staff.account_by_phone(session, phone) is not None:
        raise FieldRefused("phone", "phone_taken")
    account = Account(
        phone=phone,
        name=name,
        password_hash=sign_ins.hash_password(password),
        created_at=now,
    )
    session.add(account)
    session.flush()
    audit(session, actor, "account_opened", account, now=now, seller=seller)
    return account


def require_fit(password: str, roles: set[Role]) -> None:
    """Raise `FieldRefused` for a password that is too short for one of `roles`."""
    is_pin_enough = password.isdecimal() and roles <= _PIN_IS_ENOUGH and bool(roles)
    least = LEAST_PIN if is_pin_enough else LEAST_PASSWORD
    if len(password) < least:
        raise FieldRefused("password", "password_short", least=least)


def grant(
    session: Session,
    account: Account,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    seller: Seller | None = None,
    commune_code: str | None = None,
    until: datetime | None = None,
) -> Grant:
    """Give `account` a role over a seller, a commune, or everything; a repeat changes nothing.

    Whoever manages the accounts of one seller gives no role beyond it. Raises `NotAllowed`, and
    `FieldRefused` for a role that needs to be told over what.
    """
    if seller is None or role is Role.ADMIN:
        require(actor, Action.MANAGE_INSTALLATION, None)
    else:
        require(actor, Action.MANAGE_ACCOUNTS, seller.id)
    scope = _scope(role, seller, commune_code)
    for known in staff.living_grants(session, account.id, now=now):
        if (known.role, known.scope, known.seller_id, known.commune_code, known.until) == (
            role,
            scope,
            seller.id if seller else None,
            commune_code,
            until,
        ):
            return known
    given = Grant(
        account_id=account.id,
        role=role,
        scope=scope,
        seller_id=seller.id if seller else None,
        commune_code=commune_code,
        until=until,
    )
    session.add(given)
    session.flush()
    session.refresh(account, ["grants"])
    audit(session, actor, "role_granted", given, now=now, after={"role": role.value})
    return given


def _scope(role: Role, seller: Seller | None, commune_code: str | None) -> GrantScope:
    if seller is not None:
        return GrantScope.SELLER
    if commune_code is not None:
        return GrantScope.COMMUNE
    if role not in _OVER_EVERYTHING:
        raise FieldRefused("scope", "scope_missing")
    return GrantScope.ALL


def revoke(session: Session, given: Grant, *, actor: Actor, now: datetime) -> None:
    """End a role at once; the row stays and says until when it was held.

    Raises `LastAdmin` when nobody else may run the installation.
    """
    if given.seller_id is None or given.role is Role.ADMIN:
        require(actor, Action.MANAGE_INSTALLATION, None)
    else:
        require(actor, Action.MANAGE_ACCOUNTS, given.seller_id)
    is_over_all = given.role is Role.ADMIN and given.scope is GrantScope.ALL
    if is_over_all and accounts.admins(session, now=now) <= 1:
        raise LastAdmin
    before = given.until.isoformat() if given.until else None
    given.until = now
    session.flush()
    audit(session, actor, "role_revoked", given, now=now, before={"until": before})


def standing_grant(
    session: Session,
    account: Account,
    role: Role,
    *,
    now: datetime,
    seller: Seller | None = None,
    commune_code: str | None = None,
) -> Grant:
    """Return the grant of `role` that `account` has; `NotFound` when it has none."""
    for given in staff.living_grants(session, account.id, now=now):
        wanted = (role, seller.id if seller else None, commune_code)
        if (given.role, given.seller_id, given.commune_code) == wanted:
            return given
    raise NotFound(f"account {account.id} has no such role")


def set_password(
    session: Session,
    account: Account,
    password: str,
    *,
    actor: Actor,
    now: datetime,
    seller: Seller | None = None,
) -> None:
    """Give `account` a new password; who was signed in with the old one is signed out.

    The history of `seller` tells it, where somebody acts for one.
    """
    _require_over(session, actor, account, now=now)
    standing = staff.living_grants(session, account.id, now=now)
    require_fit(password, {given.role for given in standing})
    sign_ins.change_password(session, account, password, now=now)
    session.flush()
    audit(session, actor, "password_set", account, now=now, seller=seller)


def end_sessions(
    session: Session,
    account: Account,
    *,
    actor: Actor,
    now: datetime,
    seller: Seller | None = None,
) -> None:
    """Sign `account` out on every device; the history of `seller` tells it."""
    _require_over(session, actor, account, now=now)
    sign_ins.sign_out_everywhere(session, account.id, now=now)
    audit(session, actor, "sessions_ended", account, now=now, seller=seller)


def _require_somewhere(actor: Actor) -> None:
    is_ours = actor.kind in {"system", "demo"}
    if not is_ours and actor.sellers(Action.MANAGE_ACCOUNTS) == set():
        raise NotAllowed(action=Action.MANAGE_ACCOUNTS.value)


def _require_over(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Let only those act on an account who manage all that it has a role in."""
    if actor.account_id == account.id:
        return
    for given in staff.living_grants(session, account.id, now=now):
        if given.role is Role.ADMIN or given.seller_id is None:
            require(actor, Action.MANAGE_INSTALLATION, None)
        else:
            require(actor, Action.MANAGE_ACCOUNTS, given.seller_id)
    _require_somewhere(actor)
