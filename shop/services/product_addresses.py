"""Addresses of products: they follow the name, and the one before leads on for ever.

Sellers keep theirs: it stands in the codes of deliveries and in recorded events (`design.md` 2).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.catalog import FormerAddress, Product, ProductState
from shop.search.folding import slug as slug_of
from shop.services.pack_numbers import FreeNumbers


def follow(
    session: Session, product: Product, name: str, numbers: FreeNumbers, *, now: datetime
) -> None:
    """Give `product` the address of its new `name`; what only differs in marks keeps it.

    A product that was never on the shelf leaves nothing behind: nobody has seen its address.
    """
    if slug_of(name) == slug_of(product.name):
        return
    own = {
        one.slug: one
        for one in session.scalars(
            select(FormerAddress).where(FormerAddress.product_id == product.id)
        )
    }
    left = product.slug
    if (back := own.get(slug_of(name))) is not None:
        session.delete(back)
        product.slug = back.slug
    else:
        product.slug = numbers.slug(name)
    if product.state is not ProductState.DRAFT:
        session.add(FormerAddress(slug=left, product_id=product.id, left_at=now))
