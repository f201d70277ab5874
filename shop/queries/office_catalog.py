"""Reading the catalogue for the office: drafts too, within the sellers somebody may see."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.catalog import Product
from shop.models.people import AuditEntry


def products(session: Session, seller_id: int) -> Sequence[Product]:
    """Return all products of a seller by name, with packs."""
    return session.scalars(
        select(Product)
        .where(Product.seller_id == seller_id)
        .options(selectinload(Product.packs))
        .order_by(Product.state, Product.name)
    ).all()


def product(session: Session, product_id: int, *, sellers: set[int] | None) -> Product | None:
    """Return a product of one of `sellers` (`None` means any), with packs, photos and seller."""
    found = session.scalars(
        select(Product)
        .where(Product.id == product_id)
        .options(
            joinedload(Product.seller), selectinload(Product.packs), selectinload(Product.photos)
        )
    ).one_or_none()
    if found is None or (sellers is not None and found.seller_id not in sellers):
        return None
    return found


def product_of_form(session: Session, seller_id: int, client_id: str) -> Product | None:
    """Return the product that a form with this id was kept as; the history knows it."""
    created = select(AuditEntry.subject_id, AuditEntry.after).where(
        AuditEntry.seller_id == seller_id, AuditEntry.action == "product_created"
    )
    for product_id, after in session.execute(created):
        if after and after.get("client_id") == client_id:
            return session.get(Product, product_id)
    return None


def kinds(session: Session) -> Sequence[str]:
    """Return the kinds of products that are in use, to be proposed."""
    return session.scalars(select(Product.kind).distinct().order_by(Product.kind)).all()
