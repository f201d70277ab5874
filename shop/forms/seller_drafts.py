"""A seller, its ways of delivery and its bank account as they go from the forms to the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shop.models.catalog import SellerKind, SellerMode
from shop.models.orders import DeliveryKind


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """What the public reads about a seller; it can be changed at any time.

    `phone` is E.164; the commune is one of today's, by its name and code.
    """

    name: str
    short_name: str
    phone: str
    commune: str
    commune_code: str
    province: str
    province_code: str
    hamlet: str = ""
    about: str = ""
    about_en: str = ""
    old_address: str = ""
    email: str = ""
    tax_code: str | None = None
    registration_no: str | None = None
    registered_on: date | None = None
    registered_by: str = ""
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """A way of delivery; `province_codes` of `None` reaches everywhere, `days` is the most.

    `fee_vnd` is the fee, or the lowest of `fee_table` (`shop/delivery_fees.py`) if there is one.
    """

    kind: DeliveryKind
    name: str
    fee_vnd: int
    days: int
    note: str = ""
    is_chilled: bool = False
    takes_cod: bool = True
    province_codes: Sequence[str] | None = None
    cutoff: str = ""
    rest_weekdays: Sequence[int] | None = None
    rest_days: Sequence[str] | None = None
    tax_class: str = "standard"
    fee_table: Sequence[Mapping[str, Any]] | None = None
    carrier: str = ""
    tracking_template: str = ""


@dataclass(frozen=True, slots=True)
class BankDraft:
    """An account that buyers transfer to; `holder` as a bank writes it."""

    bank_bin: str
    bank_name: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class SellerDraft:
    """A seller to be opened; all but the contact stays as it is for ever."""

    kind: SellerKind
    mode: SellerMode
    slug: str
    lot_prefix: str
    order_prefix: str
    contact: ContactDraft
    deliveries: Sequence[DeliveryDraft] = ()
