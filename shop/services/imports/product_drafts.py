"""Products and packs as they stand, as drafts and as values that an undo can put back."""

from dataclasses import replace
from typing import Any

from shop.forms.drafts import PackDraft, ProductDraft
from shop.models.catalog import NetUnit, Pack, Product

PRODUCT_VALUES = ("name", "kind", "description", "ingredients", "storage", "shelf_life_days")
"""What an import can say about a product."""

PACK_VALUES = ("label", "unit", "net_quantity", "net_unit", "mass_g", "price_vnd", "gtin")
"""What an import can say about a pack; `gtin` is nothing where the installation gave it."""


def draft_of(product: Product) -> ProductDraft:
    """Return `product` as the form would give it, unchanged."""
    return ProductDraft(
        name=product.name,
        kind=product.kind,
        description=product.description,
        ingredients=tuple(product.ingredients),
        allergens=tuple(product.allergens),
        allergens_stated=product.allergens_stated,
        storage=product.storage,
        storage_min_c=product.storage_min_c,
        storage_max_c=product.storage_max_c,
        shelf_life_days=product.shelf_life_days,
        directions=product.directions,
        cautions=tuple(product.cautions),
        is_chilled=product.is_chilled,
        tax_class=product.tax_class,
        packs=tuple(pack_draft(pack) for pack in product.packs),
    )


def pack_draft(pack: Pack) -> PackDraft:
    """Return `pack` as the form would give it, unchanged."""
    return PackDraft(
        label=pack.label,
        unit=pack.unit,
        net_quantity=pack.net_quantity,
        net_unit=pack.net_unit,
        mass_g=pack.mass_g,
        price_vnd=pack.price_vnd,
        is_offered=pack.is_offered,
        gtin=None if pack.gtin_is_internal else pack.gtin,
        pack_id=pack.id,
        sku=pack.sku,
    )


def empty_draft(name: str) -> ProductDraft:
    """Return a new product of which only the name is known."""
    return ProductDraft(
        name=name,
        kind="",
        description="",
        ingredients=(),
        allergens=(),
        allergens_stated=False,
        storage="",
        storage_min_c=None,
        storage_max_c=None,
        shelf_life_days=None,
        directions="",
        cautions=(),
        is_chilled=False,
        tax_class="standard",
        packs=(),
    )


def product_values(product: Product) -> dict[str, Any]:
    """Return what an import can say about `product`, as it stands now."""
    found = {name: getattr(product, name) for name in PRODUCT_VALUES}
    return found | {"ingredients": list(product.ingredients)}


def pack_values(pack: Pack) -> dict[str, Any]:
    """Return what an import can say about `pack`, as it stands now."""
    draft = pack_draft(pack)
    found = {name: getattr(draft, name) for name in PACK_VALUES}
    return found | {"net_unit": pack.net_unit.value}


def with_pack_values(draft: PackDraft, values: dict[str, Any]) -> PackDraft:
    """Return `draft` with `values` of `pack_values` in it."""
    changed = dict(values)
    if "net_unit" in changed:
        changed["net_unit"] = NetUnit(changed["net_unit"])
    return replace(draft, **changed)
