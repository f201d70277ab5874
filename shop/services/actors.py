"""Who acts: an account with its grants, a buyer, the system; and the trail they leave."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import NotAllowed
from shop.models.catalog import Seller
from shop.models.people import Account, AuditEntry, GrantScope, Role
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


def account_actor(account: Account, *, origin: str, now: datetime) -> Actor:
    """Return the actor for a signed-in account with the grants that hold at `now`."""
    reaches = tuple(_reaches(account, now))
    return Actor("account", account.id, account.name, origin, reaches)


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
            origin=actor.origin,
            action=action,
            subject_kind=subject.__tablename__,
            subject_id=subject.id,
            before=before,
            after=after,
        )
    )
