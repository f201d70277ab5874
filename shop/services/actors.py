"""Who acts: an account with its grants, a buyer, the system; and the trail they leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import NotAllowed
from shop.models.catalog import Seller
from shop.models.people import Account, AuditEntry, GrantScope, Member, Role
from shop.services.permissions import ALLOWED, Action


@dataclass(frozen=True, slots=True)
class Reach:
    """One role and how far it goes; `seller_id` is `None` for a role over everything."""

    role: Role
    seller_id: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for a change: `kind` is `account`, `buyer`, `system` or `demo`."""

    kind: str
    account_id: int | None = None
    name: str = ""
    origin: str = ""
    reaches: tuple[Reach, ...] = field(default=())
    device: str = ""
    """What the device of the sign-in said of itself."""
    for_member_id: int | None = None
    """The member for whom the account acts at present: both stand on every change (R17)."""
    by_card: bool = False
    """Whether they signed in with a printed card: an entry says so."""

    def may(self, action: Action, seller_id: int | None) -> bool:
        """Return whether one of the roles allows `action` on the goods of this seller."""
        if self.kind in {"system", "demo"}:
            return True
        return any(
            reach.role in ALLOWED[action] and reach.seller_id in {None, seller_id}
            for reach in self.reaches
        )

    def sellers(self, action: Action) -> set[int] | None:
        """Return the sellers for which `action` is allowed; `None` means every one."""
        found = [reach.seller_id for reach in self.reaches if reach.role in ALLOWED[action]]
        return None if None in found else {seller for seller in found if seller is not None}


SYSTEM = Actor("system")
BUYER = Actor("buyer")


def account_actor(account: Account, *, origin: str, now: datetime, device: str = "") -> Actor:
    """Return the actor for a signed-in account with the grants that hold at `now`."""
    reaches = tuple(_reaches(account, now))
    return Actor("account", account.id, account.name, origin, reaches, device)


def helper_actor(account: Account, member: Member, *, origin: str, device: str = "") -> Actor:
    """Return the actor for an account that acts for `member`: it may what the member may.

    Whatever else the account is stays outside while it helps (R18).
    """
    reaches = (Reach(Role.MEMBER, member.seller_id),)
    return Actor("account", account.id, account.name, origin, reaches, device, member.id)


def require_own(actor: Actor, action: Action, member: Member) -> None:
    """Raise `NotAllowed` unless `actor` is this member, or acts for them, and may do `action`."""
    require(actor, action, member.seller_id)
    if actor.kind in {"system", "demo"} or actor.for_member_id == member.id:
        return
    is_own = actor.for_member_id is None and member.account_id == actor.account_id
    if not is_own or actor.account_id is None:
        raise NotAllowed(f"{actor.kind} is not member {member.id}", action=action.value)


def entrusted(actor: Actor, role: Role, seller_id: int) -> Actor:
    """Return `actor` with a role at one seller, for an act that a service has judged already.

    Who acts, for whom and from where stay what they are, so that the trail tells the truth.
    """
    return replace(actor, reaches=(Reach(role, seller_id),))


def _reaches(account: Account, now: datetime) -> Iterable[Reach]:
    for grant in account.grants:
        if grant.until is not None and grant.until <= now:
            continue
        if grant.scope is GrantScope.ALL:
            yield Reach(grant.role, None)
        elif grant.scope is GrantScope.SELLER:
            yield Reach(grant.role, grant.seller_id)


def require(actor: Actor, action: Action, seller_id: int | None) -> None:
    """Raise `NotAllowed` unless `actor` may do `action` for this seller."""
    if not actor.may(action, seller_id):
        raise NotAllowed(f"{actor.kind} may not {action}", action=action.value)


def require_nobody_helped(actor: Actor) -> None:
    """Raise `NotAllowed` for what a helper may never do for a member (R18)."""
    if actor.for_member_id is not None:
        raise NotAllowed("a helper may not change a phone number, a password or a bank account")


def audit(
    session: Session,
    actor: Actor,
    action: str,
    subject: Any,
    *,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    seller: Seller | None = None,
) -> None:
    """Write down that `actor` did `action` to `subject` (a row that already has its id).

    `seller` is whose history tells it, where the subject belongs to nobody: an account.
    """
    seller_id = seller.id if seller else getattr(subject, "seller_id", None)
    if subject.__tablename__ == "seller":
        seller_id = subject.id
    session.add(
        AuditEntry(
            at=now,
            seller_id=seller_id,
            actor_id=actor.account_id,
            actor_kind=actor.kind,
            for_member_id=actor.for_member_id,
            origin=actor.origin,
            device=actor.device or None,
            by_card=actor.by_card,
            action=action,
            subject_kind=subject.__tablename__,
            subject_id=subject.id,
            before=before,
            after=after,
        )
    )


def record_change(
    session: Session,
    actor: Actor,
    action: str,
    row: Any,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Let `row` have `values` and write down what differed: nothing where nothing did."""
    differed = set_values(row, values)
    if differed is not None:
        session.flush()
        before, after = (told(values) for values in differed)
        audit(session, actor, action, row, now=now, before=before, after=after)


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the trail keeps them: days as ISO 8601 writes them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def set_values(
    row: Any, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Let `row` have `values`; return what differed, before and after, if anything did."""
    before = {name: getattr(row, name) for name in values if getattr(row, name) != values[name]}
    after = {name: values[name] for name in before}
    for name, value in after.items():
        setattr(row, name, value)
    return (before, after) if before else None
