"""Sign-ins of members and of those who help them: opened by the office, in front of them (R20)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotAllowed, NotFound
from shop.models.catalog import Seller
from shop.models.people import Account, Member, Role
from shop.queries import members, staff
from shop.queries.locks import lock
from shop.services import accounts, pins, sign_ins
from shop.services.actors import Actor, audit, require, require_nobody_helped
from shop.services.permissions import SIMPLE_ROLES, Action


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in; `pin` is told once, and only where the account is new."""

    account: Account
    pin: str | None = field(repr=False)


def open_for(
    session: Session, member: Member, *, phone: str, actor: Actor, now: datetime
) -> Opened:
    """Let a member sign in with `phone` (E.164).

    A number that has an account gains the role and keeps its password. Raises `NotAllowed`, and
    `FieldRefused` for a member who signs in already, or a number that is another member's.
    """
    require(actor, Action.MANAGE_MEMBERS, member.seller_id)
    lock(session, member)
    if member.account_id is not None:
        raise FieldRefused("phone", "signs_in_already")
    seller = member.seller
    known = staff.account_by_phone(session, phone)
    taken = known is not None and any(
        other.seller_id == seller.id for other in members.of_account(session, known.id)
    )
    if taken:
        raise FieldRefused("phone", "phone_of_another_member")
    opened = _open(session, seller, phone, member.full_name, Role.MEMBER, actor=actor, now=now)
    member.account_id = opened.account.id
    session.flush()
    audit(session, actor, "member_sign_in_opened", member, now=now, after={"phone": phone})
    return opened


def may_change_number(session: Session, member: Member, *, actor: Actor, now: datetime) -> bool:
    """Return whether `actor` may let a member sign in with another number."""
    try:
        _require_over(session, member, actor=actor, now=now)
    except NotAllowed:
        return False
    return True


def change_number(
    session: Session, member: Member, *, phone: str, actor: Actor, now: datetime
) -> bool:
    """Let a member who signs in do so with `phone` (E.164) from now on; tell whether it is new.

    Password and card stay, and every session ends: whoever has the old phone is out. Raises
    `NotAllowed` where the account can do more than a member, or elsewhere, than `actor` manages,
    also while the actor helps a member (R18); `FieldRefused` for a number with an account.
    """
    _require_over(session, member, actor=actor, now=now)
    lock(session, member)
    if member.account_id is None:
        raise NotFound(f"member {member.id} does not sign in")
    account = sign_ins.account_of(session, member.account_id)
    if account.phone == phone:
        return False
    if staff.account_by_phone(session, phone) is not None:
        raise FieldRefused("phone", "phone_taken")
    before, account.phone = account.phone, phone
    sign_ins.forget_wrong_tries(account)
    sign_ins.sign_out_everywhere(session, account.id, now=now)
    session.flush()
    old, new = {"phone": before}, {"phone": phone}
    audit(session, actor, "member_sign_in_changed", member, now=now, before=old, after=new)
    return True


def _require_over(session: Session, member: Member, *, actor: Actor, now: datetime) -> None:
    """Let nobody change by what somebody signs in who does not manage all that they may do."""
    require(actor, Action.CHANGE_SIGN_IN_NUMBER, member.seller_id)
    require_nobody_helped(actor)
    for given in staff.living_grants(session, member.account_id or 0, now=now):
        if given.role is Role.ADMIN or given.seller_id is None:
            require(actor, Action.MANAGE_INSTALLATION, None)
        elif given.role in SIMPLE_ROLES:
            require(actor, Action.CHANGE_SIGN_IN_NUMBER, given.seller_id)
        else:
            require(actor, Action.MANAGE_ACCOUNTS, given.seller_id)


def take_on_helper(
    session: Session, seller: Seller, *, phone: str, name: str, actor: Actor, now: datetime
) -> Opened:
    """Let somebody sign in with `phone` as a helper of the seller's members.

    A number that has an account gains the role and keeps name and password. They help nobody
    until a consent is recorded. Raises `NotAllowed`.
    """
    require(actor, Action.MANAGE_MEMBERS, seller.id)
    return _open(session, seller, phone, name, Role.HELPER, actor=actor, now=now)


def _open(
    session: Session,
    seller: Seller,
    phone: str,
    name: str,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
) -> Opened:
    account, pin = staff.account_by_phone(session, phone), None
    if account is None:
        pin = pins.new_pin(phone=phone)
        account = accounts.open_account(
            session, phone=phone, name=name, password=pin, actor=actor, now=now, seller=seller
        )
        account.is_in_use = False
    accounts.grant(session, account, role, seller=seller, actor=actor, now=now)
    return Opened(account, pin)
