"""The pages of the office about contracts with payment providers."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from integrations.payments import PaymentProvider, providers
from shop.forms.base import Fields
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.payments import ProviderAccount
from shop.services import provider_accounts, provider_payments


def index(session: Session, seller: Seller) -> dict[str, Any]:
    """Return the contracts of a seller, and the providers that have none in use."""
    accounts = provider_accounts.all_of(session, seller.id)
    used = {account.provider for account in accounts if account.is_active}
    return {
        "seller": seller,
        "accounts": [_account(session, account) for account in accounts],
        "providers": []
        if seller.is_training
        else [one for name, one in providers().items() if name not in used],
    }


def _account(session: Session, account: ProviderAccount) -> dict[str, Any]:
    lang = current_locale()
    base_url = session.info["base_url"]
    provider = providers().get(account.provider)
    fields = provider.fields if provider else ()
    is_simulator = account.mode == provider_accounts.SIMULATOR
    told = {provider.merchant_field} if provider and is_simulator else None
    shown = [
        (field.label[lang], account.settings[field.name])
        for field in fields
        if field.name in account.settings and (told is None or field.name in told)
    ]
    code = account.settings.get(provider.merchant_field, "") if provider else ""
    return {
        "id": account.id,
        "title": provider_payments.title(account.provider),
        "mode": _("giả lập để tập") if is_simulator else _("tiền thật"),
        "is_active": account.is_active,
        "facts": [
            *shown,
            (_("Địa chỉ nhận thông báo (IPN)"), provider_accounts.notify_url(base_url, account)),
        ],
        "behind_url": f"{provider_accounts.simulator_address('', account.provider)}/site/{code}"
        if is_simulator
        else "",
    }


def form(provider: PaymentProvider, fields: Fields) -> dict[str, Any]:
    """Return the form of a provider; what is secret is asked for and never shown again."""
    lang = current_locale()
    return {
        "inputs": [
            {
                "name": field.name,
                "label": field.label[lang],
                "hint": field.hint.get(lang, ""),
                "type": "password" if field.is_secret else "text",
                "value": "" if field.is_secret else fields.typed(field.name),
                "error": fields.faults.get(field.name, ""),
            }
            for field in provider.fields
        ],
        "summary": [
            (field.name, field.label[lang])
            for field in provider.fields
            if field.name in fields.faults
        ],
    }
