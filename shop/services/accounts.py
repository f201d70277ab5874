"""Accounts: opening one, giving and taking roles, a new password, ending its sessions."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotAllowed, NotFound, ShopError
from shop.models.catalog import Seller
from shop.models.people import Account, Grant, GrantScope, Role, SignIn
from shop.queries import accounts, members, staff
from shop.services import pins, sign_ins
from shop.services.actors import Actor, audit, require, require_nobody_helped
from shop.services.permissions import SIMPLE_ROLES, Action

LEAST_PASSWORD = 8
"""Characters a password has at the least."""

_OVER_EVERYTHING = {Role.ADMIN, Role.INSPECTOR, Role.INTEGRATOR}


GIVEN_BY = {Role.MEMBER: Action.MANAGE_MEMBERS, Role.HELPER: Action.MANAGE_MEMBERS}
"""By what somebody may give a role; any other one by managing accounts."""


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
    _require_somewhere(actor, Action.MANAGE_ACCOUNTS, Action.MANAGE_MEMBERS)
    if len(password) < pins.DIGITS:
        raise FieldRefused("password", "password_short", least=pins.DIGITS)
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


def require_fit(
    password: str, roles: set[Role], *, phone: str = "", birth_years: Iterable[int] = ()
) -> None:
    """Raise `FieldRefused` for a password too short for one of `roles`, or easy to guess.

    Six digits are enough for members, helpers and vendors; digits that whoever knows the phone
    number or the year of birth tries first are not, for nobody.
    """
    is_pin = pins.is_pin(password)
    least = pins.DIGITS if is_pin and roles and roles <= SIMPLE_ROLES else LEAST_PASSWORD
    if len(password) < least:
        raise FieldRefused("password", "password_short", least=least)
    if is_pin:
        pins.require_hard(password, phone=phone, birth_years=birth_years)


def ask_for_better(session: Session, account: Account, password: str, *, now: datetime) -> None:
    """Let whoever signed in with a password too weak for their roles choose another first."""
    try:
        _require_fit_for(session, account, password, now=now)
    except FieldRefused:
        account.must_change_password = True


def _require_fit_for(session: Session, account: Account, password: str, *, now: datetime) -> None:
    require_fit(
        password,
        {given.role for given in staff.living_grants(session, account.id, now=now)},
        phone=account.phone,
        birth_years=members.birth_years(session, account.id),
    )


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
        require(actor, GIVEN_BY.get(role, Action.MANAGE_ACCOUNTS), seller.id)
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
    after = {"role": role.value, **({"until": until.isoformat()} if until else {})}
    audit(session, actor, "role_granted", given, now=now, after=after)
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
    until = given.until.isoformat() if given.until else None
    given.until = now
    session.flush()
    before, after = {"role": given.role.value, "until": until}, {"until": now.isoformat()}
    audit(session, actor, "role_revoked", given, now=now, before=before, after=after)


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

    The history of `seller` tells it, where somebody acts for one; else that of each seller for
    whom the account works. Raises `NotAllowed`, also
    while the actor helps a member (R18).
    """
    require_nobody_helped(actor)
    _require_over(session, actor, account, now=now)
    _require_fit_for(session, account, password, now=now)
    sign_ins.change_password(session, account, password, now=now)
    session.flush()
    for told in [seller] if seller else _works_for(session, account, now=now):
        audit(session, actor, "password_set", account, now=now, seller=told)


def _works_for(session: Session, account: Account, *, now: datetime) -> list[Seller | None]:
    """Return the sellers over which an account has a role; nobody in particular for none."""
    standing = staff.living_grants(session, account.id, now=now)
    ids = {given.seller_id for given in standing if given.seller_id is not None}
    return [session.get_one(Seller, one) for one in sorted(ids)] or [None]


def choose_password(
    session: Session, row: SignIn, password: str, *, actor: Actor, now: datetime
) -> tuple[str, SignIn]:
    """Replace a password for one time by the person's own; return the session that goes on.

    Raises `FieldRefused` for the same password again, or one that does not fit.
    """
    account = sign_ins.account_of(session, row.account_id)
    if sign_ins.matches(account.password_hash, password):
        raise FieldRefused("password", "password_same")
    set_password(session, account, password, actor=actor, now=now)
    return sign_ins.open_session(
        session,
        account,
        is_shared_computer=row.is_shared_computer,
        device=row.device,
        now=now,
        second_factor_at=row.second_factor_at,
    )


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


def _require_somewhere(actor: Actor, *actions: Action) -> None:
    """Raise `NotAllowed` for who may do none of `actions` for any seller."""
    is_ours = actor.kind in {"system", "demo"}
    if not is_ours and all(actor.sellers(action) == set() for action in actions):
        raise NotAllowed(action=actions[0].value)


def _require_over(session: Session, actor: Actor, account: Account, *, now: datetime) -> None:
    """Let only those act on an account who manage all that it has a role in."""
    if actor.account_id == account.id:
        return
    for given in staff.living_grants(session, account.id, now=now):
        if given.role is Role.ADMIN or given.seller_id is None:
            require(actor, Action.MANAGE_INSTALLATION, None)
        else:
            require(actor, Action.MANAGE_ACCOUNTS, given.seller_id)
    _require_somewhere(actor, Action.MANAGE_ACCOUNTS)
