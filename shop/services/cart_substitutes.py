"""What somebody may take instead of a pack that is gone: the nearest one that can be had."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from shop.models.catalog import Pack
from shop.queries import catalog, inventory
from shop.services.carts import Group


def substitutes(
    session: Session,
    groups: Sequence[Group],
    *,
    today: date,
    refused_sku: str = "",
    sell_through: date | None = None,
) -> dict[int, Pack]:
    """Return for the id of each pack that is gone the nearest of the same seller, if there is one.

    Another pack of the same product comes before another product of its kind; the one whose
    content is nearest comes first, the cheaper of two alike. What is in the cart already is
    nothing instead. A pack with `refused_sku` counts as gone, whatever is left of it; what takes
    its place must be good until `sell_through`, of itself until today.
    """
    entries = [entry for group in groups for entry in group.entries]
    gone = [entry.pack for entry in entries if entry.is_gone(refused_sku)]
    if not gone:
        return {}
    others = catalog.packs_like(session, gone)
    available = inventory.available_by_pack(
        session, [other.id for other in others], sell_through=sell_through or today
    )
    there = {entry.pack.id for entry in entries}
    free = [other for other in others if available.get(other.id) and other.id not in there]
    nearest = {pack.id: min(free, key=lambda o: _distance(pack, o), default=None) for pack in gone}
    return {
        pack.id: found
        for pack in gone
        if (found := nearest[pack.id]) is not None and _is_like(pack, found)
    }


def _is_like(pack: Pack, other: Pack) -> bool:
    if pack.product_id == other.product_id:
        return True
    return pack.seller_id == other.seller_id and pack.product.kind == other.product.kind


def _distance(pack: Pack, other: Pack) -> tuple[bool, bool, int, int, int]:
    return (
        not _is_like(pack, other),
        pack.product_id != other.product_id,
        abs(pack.net_quantity - other.net_quantity),
        other.price_vnd,
        other.id,
    )
