"""A new password or card for somebody who uses an account, by two people of the office (R20).

The first asks and says why and how they know who it is; a second confirms within half an hour,
and reads the one-time password to the person, who chooses their own at once, or prints the card.
Nobody alone.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shop.errors import NotAllowed, NotFound, ShopError
from shop.models.catalog import Seller
from shop.models.credentials import AccountRecovery, RecoveryState
from shop.models.people import Account, Role
from shop.queries import members, recoveries, staff
from shop.services import cards, pins, second_factor, seller_staff, sign_ins
from shop.services.actors import SYSTEM, Actor, audit, require, require_nobody_helped
from shop.services.cards import Issued
from shop.services.permissions import ALLOWED, SIMPLE_ROLES, Action

TIME_TO_CONFIRM = timedelta(minutes=30)


class OwnRecovery(ShopError):
    """Nobody asks for themselves, and nobody confirms what they asked for."""

    code = "own_recovery"
    status = 409


class NobodyToConfirm(ShopError):
    """The seller has no second person who might confirm."""

    code = "nobody_to_confirm"
    status = 409


class RecoveryOpen(ShopError):
    """Somebody has asked for this person already."""

    code = "recovery_open"
    status = 409


class RecoveryOver(ShopError):
    """It was confirmed, refused, or its half hour is over."""

    code = "recovery_over"
    status = 409


def action_for(session: Session, account: Account, seller: Seller, *, now: datetime) -> Action:
    """Return what somebody must be allowed to do who helps `account` back in.

    Raises `NotFound` for whoever has no role with the seller, `WorksElsewhere` for whoever has
    one beyond it.
    """
    standing = staff.living_grants(session, account.id, now=now)
    if all(given.seller_id != seller.id for given in standing):
        raise NotFound(f"account {account.id} has no role with seller {seller.id}")
    seller_staff.require_ours_alone(session, account, seller, now=now)
    return _action_over({given.role for given in standing})


def _action_over(roles: set[Role]) -> Action:
    return Action.MANAGE_MEMBERS if roles <= SIMPLE_ROLES else Action.MANAGE_ACCOUNTS


def may_ask(
    session: Session, account: Account, seller: Seller, *, actor: Actor, now: datetime
) -> bool:
    """Return whether `actor` may help `account` back in, with a second person."""
    try:
        return actor.may(action_for(session, account, seller, now=now), seller.id)
    except (NotFound, seller_staff.WorksElsewhere):
        return False


def who_else_may(
    session: Session, account: Account, seller: Seller, *, actor: Actor, now: datetime
) -> list[Account]:
    """Return who could confirm what `actor` asks for, by name."""
    roles = ALLOWED[action_for(session, account, seller, now=now)]
    able = staff.with_roles(session, seller.id, roles, now=now)
    return [one for one in able if one.id not in {actor.account_id, account.id}]


def waiting_for(
    session: Session, seller_id: int, *, actor: Actor, now: datetime
) -> list[AccountRecovery]:
    """Return what `actor` may confirm at `now` as the second person."""
    found = []
    for recovery in recoveries.waiting(session, seller_id, now=now):
        roles = {one.role for one in staff.living_grants(session, recovery.account_id, now=now)}
        action = _action_over(roles)
        is_own = actor.account_id in {recovery.asked_by_id, recovery.account_id}
        if not is_own and actor.may(action, seller_id):
            found.append(recovery)
    return found


def ask(
    session: Session,
    account: Account,
    seller: Seller,
    *,
    reason: str,
    recognised_by: str,
    without_phone: bool,
    actor: Actor,
    now: datetime,
    by_card: bool = False,
) -> AccountRecovery:
    """Ask for a new password for `account`, or `by_card` for a card that opens it too.

    `without_phone` takes the second factor away with the password. Nothing changes before a
    second person confirms. Raises `NotAllowed`, `OwnRecovery`, `NobodyToConfirm`,
    `RecoveryOpen`, what `action_for` raises, and for a card what `cards.make` raises.
    """
    require_nobody_helped(actor)
    account = sign_ins.account_of(session, account.id)
    require(actor, action_for(session, account, seller, now=now), seller.id)
    if actor.account_id is None:
        raise NotAllowed("only a person asks for somebody")
    if actor.account_id == account.id:
        raise OwnRecovery(f"account {account.id}")
    if not who_else_may(session, account, seller, actor=actor, now=now):
        raise NobodyToConfirm(f"seller {seller.id}")
    if by_card:
        cards.require_fit(session, account, seller, now=now)
        cards.require_address(session)
    known = recoveries.asked_for(session, account.id)
    if known is not None and known.expires_at > now:
        raise RecoveryOpen(f"recovery {known.id}")
    if known is not None:
        _expire(session, known, now=now)
    recovery = AccountRecovery(
        seller_id=seller.id,
        account_id=account.id,
        state=RecoveryState.ASKED,
        reason=reason,
        recognised_by=recognised_by,
        without_phone=without_phone and not by_card,
        by_card=by_card,
        asked_by_id=actor.account_id,
        asked_at=now,
        expires_at=now + TIME_TO_CONFIRM,
    )
    session.add(recovery)
    session.flush()
    after = {
        "name": account.name,
        "reason": reason,
        "recognised_by": recognised_by,
        "without_phone": recovery.without_phone,
        "by_card": by_card,
    }
    audit(session, actor, "recovery_asked", recovery, now=now, after=after)
    return recovery


def confirm(session: Session, recovery: AccountRecovery, *, actor: Actor, now: datetime) -> str:
    """Give the person a password for one time and return it; sessions and card of theirs end.

    Raises `NotAllowed`, `OwnRecovery` for whoever asked and for the person, `RecoveryOver`,
    also for a card that was asked for.
    """
    seller, account = _to_confirm(session, recovery, by_card=False, actor=actor, now=now)
    password = _one_time_password(session, account, seller, now=now)
    sign_ins.change_password(session, account, password, now=now)
    account.must_change_password = True
    cards.end_all(session, account, actor=actor, now=now)
    if recovery.without_phone:
        second_factor.take_away(session, account, actor=actor, now=now, seller=seller)
    _confirmed(session, recovery, actor=actor, now=now)
    return password


def confirm_card(
    session: Session, recovery: AccountRecovery, *, actor: Actor, now: datetime
) -> Issued:
    """Make the card that was asked for and return its secrets; the card before it ends.

    Password and sessions stay. Raises what `confirm` and `cards.make` raise.
    """
    seller, account = _to_confirm(session, recovery, by_card=True, actor=actor, now=now)
    _confirmed(session, recovery, actor=actor, now=now)
    return cards.make(session, account, seller, actor=actor, now=now, asked_by=recovery.asked_by)


def _to_confirm(
    session: Session, recovery: AccountRecovery, *, by_card: bool, actor: Actor, now: datetime
) -> tuple[Seller, Account]:
    """Return seller and person of what `actor` may confirm as the second person."""
    seller, account = _open(session, recovery, actor=actor, now=now)
    if actor.account_id in {None, recovery.asked_by_id, account.id}:
        raise OwnRecovery(f"recovery {recovery.id}")
    if recovery.by_card is not by_card:
        raise RecoveryOver(f"recovery {recovery.id} is for something else")
    return seller, account


def _confirmed(
    session: Session, recovery: AccountRecovery, *, actor: Actor, now: datetime
) -> None:
    _answer(recovery, RecoveryState.CONFIRMED, actor=actor, now=now)
    session.flush()
    after = {
        "name": recovery.account.name,
        "by_card": recovery.by_card,
        "asked_by": recovery.asked_by.name,
    }
    audit(session, actor, "recovery_confirmed", recovery, now=now, after=after)


def refuse(session: Session, recovery: AccountRecovery, *, actor: Actor, now: datetime) -> None:
    """End what was asked for: nothing changes. Whoever asked may do it too.

    Raises `NotAllowed`, `RecoveryOver`.
    """
    _seller, account = _open(session, recovery, actor=actor, now=now)
    _answer(recovery, RecoveryState.REFUSED, actor=actor, now=now)
    session.flush()
    after = {"name": account.name}
    audit(session, actor, "recovery_refused", recovery, now=now, after=after)


def expire(session: Session, recovery_id: int, *, now: datetime) -> bool:
    """End what nobody confirmed in time; return whether there was anything to end."""
    recovery = session.get_one(AccountRecovery, recovery_id)
    sign_ins.account_of(session, recovery.account_id)
    session.refresh(recovery)
    if recovery.state is not RecoveryState.ASKED or recovery.expires_at > now:
        return False
    _expire(session, recovery, now=now)
    return True


def _open(
    session: Session, recovery: AccountRecovery, *, actor: Actor, now: datetime
) -> tuple[Seller, Account]:
    """Return seller and person of a recovery that waits, the person's account locked."""
    require_nobody_helped(actor)
    account = sign_ins.account_of(session, recovery.account_id)
    session.refresh(recovery)
    seller = session.get_one(Seller, recovery.seller_id)
    require(actor, action_for(session, account, seller, now=now), seller.id)
    if recovery.state is not RecoveryState.ASKED or recovery.expires_at <= now:
        raise RecoveryOver(f"recovery {recovery.id} is {recovery.state}")
    return seller, account


def _one_time_password(
    session: Session, account: Account, seller: Seller, *, now: datetime
) -> str:
    if action_for(session, account, seller, now=now) is Action.MANAGE_ACCOUNTS:
        return seller_staff.first_password()
    years = members.birth_years(session, account.id)
    return pins.new_pin(phone=account.phone, birth_years=years)


def _expire(session: Session, recovery: AccountRecovery, *, now: datetime) -> None:
    _answer(recovery, RecoveryState.EXPIRED, actor=SYSTEM, now=now)
    session.flush()
    after = {"name": recovery.account.name}
    audit(session, SYSTEM, "recovery_expired", recovery, now=now, after=after)


def _answer(
    recovery: AccountRecovery, state: RecoveryState, *, actor: Actor, now: datetime
) -> None:
    recovery.state, recovery.answered_by_id, recovery.answered_at = state, actor.account_id, now
