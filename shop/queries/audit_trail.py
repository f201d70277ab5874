"""Reading who did what: the trail of one seller, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from shop.models.batches import Batch
from shop.models.catalog import Certificate, Product, Seller
from shop.models.orders import DeliveryMethod, Order
from shop.models.payments import BankAccount
from shop.models.people import Account, AuditEntry, Grant


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which acts of a seller a list is about, from a moment until before another."""

    seller_id: int
    actions: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def trail(session: Session, narrowed: Narrowed, *, limit: int, offset: int = 0) -> Sequence[Any]:
    """Return entries with who acted and what about: a lot, an order code, or another name."""
    person, holder = aliased(Account), aliased(Account)
    people = (person.name, holder.name, Seller.short_name)
    things = (Product.name, Certificate.title, DeliveryMethod.name, BankAccount.bank_name)
    return session.execute(
        select(
            AuditEntry,
            Account.name.label("who"),
            Batch.lot,
            Order.code.label("order_code"),
            func.coalesce(*people, *things).label("about"),
        )
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .outerjoin(Batch, _is_about(Batch))
        .outerjoin(Order, _is_about(Order))
        .outerjoin(person, _is_about(person, "account"))
        .outerjoin(Grant, _is_about(Grant))
        .outerjoin(holder, holder.id == Grant.account_id)
        .outerjoin(Product, _is_about(Product))
        .outerjoin(Certificate, _is_about(Certificate))
        .outerjoin(Seller, _is_about(Seller))
        .outerjoin(DeliveryMethod, _is_about(DeliveryMethod))
        .outerjoin(BankAccount, _is_about(BankAccount))
        .where(*_condition(narrowed))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def _is_about(model: Any, kind: str = "") -> ColumnElement[bool]:
    return and_(
        AuditEntry.subject_kind == (kind or model.__tablename__),
        model.id == AuditEntry.subject_id,
    )


def count(session: Session, narrowed: Narrowed) -> int:
    """Return how many entries the trail holds."""
    counted = select(func.count()).select_from(AuditEntry).where(*_condition(narrowed))
    return int(session.scalar(counted) or 0)


def _condition(narrowed: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [AuditEntry.seller_id == narrowed.seller_id]
    if narrowed.actions:
        found.append(AuditEntry.action.in_(narrowed.actions))
    if narrowed.since is not None:
        found.append(AuditEntry.at >= narrowed.since)
    if narrowed.until is not None:
        found.append(AuditEntry.at < narrowed.until)
    return found
