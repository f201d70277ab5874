"""What the audit trail tells of a product: everything about it, and what a change made of that."""

from collections.abc import Mapping
from typing import Any

from shop.models.catalog import Pack, Product

VALUES = (
    "name", "kind", "description", "ingredients", "allergens", "allergens_stated", "storage",
    "storage_min_c", "storage_max_c", "shelf_life_days", "directions", "cautions", "english",
    "is_chilled", "tax_class",
)  # fmt: skip


def snapshot(product: Product) -> dict[str, Any]:
    """Return what `product` and its packs say, as JSON holds it; of packs by SKU."""
    packs = list(product.packs)
    said = {name: _plain(getattr(product, name)) for name in VALUES}
    return {
        **{name: value for name, value in said.items() if value not in (None, "", [], {})},
        "state": product.state.value,
        "packs": {pack.sku: pack.price_vnd for pack in packs},
        "labels": {pack.sku: pack.label for pack in packs},
        "labels_en": {pack.sku: pack.label_en for pack in packs if pack.label_en},
        "nets": {pack.sku: [pack.net_quantity, pack.net_unit.value] for pack in packs},
        "masses": {pack.sku: pack.mass_g for pack in packs},
        "offered": {pack.sku: pack.is_offered for pack in packs},
        "gtins": {pack.sku: pack.gtin for pack in packs},
    }


def difference(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return `before` and `after` with what is not the same in two snapshots."""
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return {
        "before": {name: was.get(name) for name in names},
        "after": {name: now.get(name) for name in names},
    }


def pack_snapshot(pack: Pack) -> dict[str, Any]:
    """Return what one pack says, and of which product it is."""
    return {
        "product": pack.product.name,
        "sku": pack.sku,
        "label": pack.label,
        "unit": pack.unit,
        "net": [pack.net_quantity, pack.net_unit.value],
        "mass_g": pack.mass_g,
        "price_vnd": pack.price_vnd,
        "gtin": pack.gtin,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value
