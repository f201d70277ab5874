"""What forms give to services: checked values, not yet rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shop.models.catalog import NetUnit


@dataclass(frozen=True, slots=True)
class PackDraft:
    """One pack as the form gives it; `pack_id` names an existing one.

    `sku` is the seller's own code for a new pack; without one the next free is given.
    """

    label: str
    unit: str
    net_quantity: int
    net_unit: NetUnit
    mass_g: int
    price_vnd: int
    is_offered: bool = True
    gtin: str | None = None
    pack_id: int | None = None
    sku: str | None = None
    label_en: str | None = None


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as the form gives it; what is none in English stays as it was."""

    name: str
    kind: str
    description: str
    ingredients: Sequence[str]
    allergens: Sequence[str]
    allergens_stated: bool
    storage: str
    storage_min_c: int | None
    storage_max_c: int | None
    shelf_life_days: int | None
    directions: str
    cautions: Sequence[str]
    is_chilled: bool
    tax_class: str
    packs: Sequence[PackDraft]
    english: Mapping[str, Any] | None = None
