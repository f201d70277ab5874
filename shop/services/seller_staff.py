"""The people who work for one seller: taking somebody on, letting go, a password for one time."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import ShopError
from shop.models.catalog import Seller
from shop.models.people import Account, Grant, Role
from shop.queries import staff
from shop.services import accounts
from shop.services.actors import Actor, require
from shop.services.permissions import Action

ROLES = (Role.OFFICE, Role.TECHNICIAN, Role.TREASURER, Role.DIRECTOR, Role.INSPECTOR)
"""What a director may give; an inspector's role ends on a day."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is read or heard as something else."""


class LastManager(ShopError):
    """Nobody takes the role away by which they act: a seller would stay without a manager."""

    code = "last_manager"
    status = 409


class RoleNotGiven(ShopError):
    """This role is not given by the office of a seller, or not without an end."""

    code = "role_not_given"
    status = 422


class WorksElsewhere(ShopError):
    """The account has roles with others too: its password is not this seller's to set."""

    code = "works_elsewhere"
    status = 409


@dataclass(frozen=True, slots=True)
class TakenOn:
    """Somebody who works for the seller now; `password` only where the account is new."""

    account: Account
    password: str | None


def first_password() -> str:
    """Return a password to be told once: three groups of four, easy to read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def take_on(
    session: Session,
    seller: Seller,
    *,
    phone: str,
    name: str,
    role: Role,
    until: datetime | None,
    actor: Actor,
    now: datetime,
) -> TakenOn:
    """Give whoever has this number a role over the seller, opening an account where there is none.

    An account that is there keeps its name and its password. Raises `NotAllowed`, `RoleNotGiven`.
    """
    require(actor, Action.MANAGE_ACCOUNTS, seller.id)
    if role not in ROLES or (role is Role.INSPECTOR and until is None):
        raise RoleNotGiven(f"{role} until {until}")
    account, password = staff.account_by_phone(session, phone), None
    if account is None:
        password = first_password()
        account = accounts.open_account(
            session,
            phone=phone,
            name=name,
            password=password,
            actor=actor,
            now=now,
            seller=seller,
        )
    accounts.grant(session, account, role, seller=seller, until=until, actor=actor, now=now)
    return TakenOn(account, password)


def let_go(session: Session, given: Grant, *, actor: Actor, now: datetime) -> None:
    """End a role at once: the next page refuses it. Raises `LastManager` for one's own."""
    require(actor, Action.MANAGE_ACCOUNTS, given.seller_id)
    if given.account_id == actor.account_id:
        raise LastManager(f"grant {given.id} is the actor's own")
    accounts.revoke(session, given, actor=actor, now=now)


def require_ours_alone(
    session: Session, account: Account, seller: Seller, *, now: datetime
) -> None:
    """Raise `WorksElsewhere` for whoever has a role beyond this seller."""
    standing = staff.living_grants(session, account.id, now=now)
    if any(given.seller_id != seller.id for given in standing):
        raise WorksElsewhere(f"account {account.id}")
