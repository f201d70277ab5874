"""What went out of stock between cart and order, asked about on the checkout (`screens.md` 5)."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.models.catalog import Pack
from shop.pages.cards import lowered
from shop.pages.cart import substitute
from shop.pages.checkout import expected
from shop.pages.checkout_filled import Filled
from shop.services import cart_substitutes
from shop.services.carts import Entry


def questions(session: Session, filled: Filled, *, refused_sku: str = "") -> list[dict[str, Any]]:
    """Return a question for each pack that is gone: leave it out, or take another.

    `refused_sku` is the pack for want of which an order was just refused: what is left of it
    would not last the way. Whatever is offered instead does.
    """
    day = expected(filled, filled.method) if filled.method else None
    instead = cart_substitutes.substitutes(
        session, [filled.group], today=filled.today, refused_sku=refused_sku, sell_through=day
    )
    return [
        _question(entry, instead.get(entry.pack.id))
        for entry in filled.group.entries
        if entry.is_gone(refused_sku)
    ]


def _question(entry: Entry, instead: Pack | None) -> dict[str, Any]:
    name = f"{entry.pack.product.name}, {entry.pack.label}"
    if instead is None:
        words = _("%(name)s vừa hết hàng. Bỏ món này?", name=name)
    else:
        is_same = instead.product_id == entry.pack.product_id
        other = lowered(instead.label) if is_same else f"{instead.product.name}, {instead.label}"
        words = _("%(name)s vừa hết hàng. Bỏ món này hay chọn %(other)s?", name=name, other=other)
    return {
        "pack_id": entry.pack.id,
        "name": name,
        "words": words,
        "instead": substitute(entry, instead),
    }
