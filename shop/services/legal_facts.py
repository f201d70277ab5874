"""What the books say and the legal pages repeat: who sells, fees, ways to pay, accounts.

Facts are kept raw, as JSON, so that an order can keep those it was placed under and a page can
say them in any language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from integrations import vietqr
from integrations.payments import providers
from shop.models.catalog import Seller
from shop.models.legal import SiteOwner
from shop.models.orders import DeliveryMethod
from shop.models.payments import BankAccount
from shop.queries import catalog
from shop.queries import legal as queries
from shop.services import addresses, payments, provider_accounts

OF_OWNER = (
    "ten",
    "ten-ngan",
    "dia-chi",
    "dien-thoai",
    "thu-dien-tu",
    "ma-so-thue",
    "so-dang-ky",
    "ngay-dang-ky",
    "noi-dang-ky",
    "nguoi-chiu-trach-nhiem",
)
LISTS = ("thong-tin", "cach-giao", "cach-tra-tien", "tai-khoan", "noi-ban")
"""Facts that are lists and stand on a line of their own."""

KNOWN = frozenset({*OF_OWNER, *LISTS, "trang"})
"""Every name that may stand between braces."""

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """How long goods are held for a payment, and up to which sum one may pay at the door."""

    transfer_hold: timedelta
    cod_hold: timedelta
    cod_max_vnd: int


def of_seller(session: Session, seller: Seller, rules: PaymentRules, *, today: date) -> Raw:
    """Return the facts of one seller: JSON values, amounts in đồng, times in minutes."""
    ways = queries.open_deliveries(session, seller.id)
    names = dict(addresses.provinces(session, day=today)) if _is_narrow(ways) else {}
    account = payments.receiving_account(session, seller.id)
    return {
        "owner": _who(seller, short_name=seller.short_name, address=_address(seller)),
        "slug": seller.slug,
        "deliveries": [_delivery(way, names) for way in ways],
        "accounts": [_account(account, seller.short_name)] if account else [],
        "transfer_minutes": _minutes(rules.transfer_hold) if account else None,
        "gateways": [
            {
                "title": providers()[contract.provider].title,
                "minutes": providers()[contract.provider].hold_minutes,
            }
            for contract in provider_accounts.active(session, seller.id)
        ],
        "cod_max_vnd": rules.cod_max_vnd,
        "cod_minutes": _minutes(rules.cod_hold),
        "sellers": [],
    }


def of_site(session: Session, *, demo: bool) -> Raw:
    """Return the facts of the installation: who runs it, who sells here, into which accounts."""
    owner = queries.site_owner(session)
    sellers = catalog.shown_sellers(session, demo=demo)
    names = {seller.id: seller.short_name for seller in sellers}
    return {
        "owner": _who(owner, short_name=owner.name, address=owner.address) if owner else {},
        "slug": "",
        "deliveries": [],
        "accounts": [
            _account(account, names[account.seller_id])
            for account in queries.accounts(session)
            if account.seller_id in names
        ],
        "transfer_minutes": None,
        "gateways": [],
        "cod_max_vnd": None,
        "cod_minutes": None,
        "sellers": [
            {"name": seller.short_name, "slug": seller.slug, "phone": seller.phone}
            for seller in sellers
        ],
    }


def _who(owner: Seller | SiteOwner, *, short_name: str, address: str) -> Raw:
    return {
        "name": owner.name,
        "short_name": short_name,
        "address": address,
        "phone": owner.phone,
        "email": owner.email,
        "tax_code": owner.tax_code,
        "registration_no": owner.registration_no,
        "registered_on": owner.registered_on.isoformat() if owner.registered_on else None,
        "registered_by": owner.registered_by,
        "responsible": owner.responsible,
    }


def _address(seller: Seller) -> str:
    parts = (seller.hamlet, seller.commune, seller.province)
    return ", ".join(part for part in parts if part)


def _is_narrow(ways: Any) -> bool:
    return any(way.province_codes is not None for way in ways)


def _delivery(way: DeliveryMethod, names: Mapping[str, str]) -> Raw:
    codes = way.province_codes
    reached = [addresses.short_name(names.get(code, code)) for code in codes or []]
    return {
        "name": way.name,
        "note": way.note,
        "fee_vnd": way.fee_vnd,
        "fee_table": way.fee_table,
        "days": way.days,
        "is_chilled": way.is_chilled,
        "takes_cod": way.takes_cod,
        "provinces": None if codes is None else reached,
    }


def _account(account: BankAccount, seller: str) -> Raw:
    bank = vietqr.find_bank(account.bank_bin)
    return {
        "seller": seller,
        "bank": bank.label if bank else account.bank_name,
        "number": vietqr.mask_account(account.number),
        "holder": account.holder,
    }


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
