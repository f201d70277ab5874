"""Reading the pages a shop must have, and the facts that stand in them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.models.legal import LegalPage, LegalText, SiteOwner
from shop.models.orders import DeliveryMethod
from shop.models.payments import BankAccount


def latest(session: Session, seller_id: int | None) -> dict[LegalPage, LegalText]:
    """Return the newest version of each page of a seller, or of the site for `None`."""
    newest = (
        select(LegalText.page, func.max(LegalText.number).label("number"))
        .where(LegalText.seller_id.is_not_distinct_from(seller_id))
        .group_by(LegalText.page)
        .subquery()
    )
    rows = session.scalars(
        select(LegalText)
        .join(newest, (newest.c.page == LegalText.page) & (newest.c.number == LegalText.number))
        .where(LegalText.seller_id.is_not_distinct_from(seller_id))
    )
    return {row.page: row for row in rows}


def version(
    session: Session, seller_id: int | None, page: LegalPage, number: int
) -> LegalText | None:
    """Return one version of one page."""
    return session.scalars(
        select(LegalText)
        .where(LegalText.seller_id.is_not_distinct_from(seller_id), LegalText.page == page)
        .where(LegalText.number == number)
    ).one_or_none()


def history(session: Session, seller_id: int | None, page: LegalPage) -> Sequence[LegalText]:
    """Return every version of a page with who wrote it, the newest first."""
    return session.scalars(
        select(LegalText)
        .where(LegalText.seller_id.is_not_distinct_from(seller_id), LegalText.page == page)
        .order_by(LegalText.number.desc())
        .options(joinedload(LegalText.written_by))
    ).all()


def site_owner(session: Session) -> SiteOwner | None:
    """Return who runs this installation, once somebody has written it down."""
    return session.scalars(select(SiteOwner)).one_or_none()


def open_deliveries(session: Session, seller_id: int) -> Sequence[DeliveryMethod]:
    """Return the ways of delivery that buyers may choose."""
    return session.scalars(
        select(DeliveryMethod)
        .where(DeliveryMethod.seller_id == seller_id, DeliveryMethod.is_offered)
        .order_by(DeliveryMethod.position, DeliveryMethod.id)
    ).all()


def accounts(session: Session) -> Sequence[BankAccount]:
    """Return the accounts buyers of any seller transfer to; stalls have their own."""
    return session.scalars(
        select(BankAccount)
        .where(BankAccount.is_active, BankAccount.stall_id.is_(None))
        .order_by(BankAccount.seller_id, BankAccount.id)
    ).all()
