"""The pages of the office about contracts with payment providers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from integrations.errors import NextStep, ProviderError
from integrations.payments import PaymentProvider, providers
from integrations.payments.protocol import Field
from shop import formats, messages
from shop.forms.base import Fields
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.payments import ProviderAccount
from shop.queries import contract_addresses
from shop.services import provider_accounts, provider_payments


def index(session: Session, seller: Seller, *, is_reachable: bool) -> dict[str, Any]:
    """Return the contracts of a seller, and the providers of which another may be added.

    Where no provider can call this shop, no address to call is shown that might be sent to one.
    """
    accounts = provider_accounts.all_of(session, seller.id)
    return {
        "seller": seller,
        "accounts": [_account(session, account, is_reachable) for account in accounts],
        "providers": [] if seller.is_training else list(providers().values()),
    }


def _account(session: Session, account: ProviderAccount, is_reachable: bool) -> dict[str, Any]:
    lang = current_locale()
    base_url = session.info["base_url"]
    provider = providers().get(account.provider)
    fields = provider.fields if provider else ()
    is_simulator = account.mode == provider_accounts.SIMULATOR
    told = {provider.merchant_field} if provider and is_simulator else None
    shown = [
        (field.label[lang], account.settings[field.name])
        for field in fields
        if account.settings.get(field.name) and (told is None or field.name in told)
    ]
    is_called = is_simulator or is_reachable
    notify_url = provider_accounts.notify_url(base_url, account) if is_called else _("chưa có")
    behind_url = provider_accounts.simulator_page(account)
    return {
        "id": account.id,
        "title": provider_payments.title(account.provider),
        "mode": _mode(account),
        "is_active": account.is_active,
        "facts": [
            *shown,
            (_("Địa chỉ nhận thông báo (IPN)"), notify_url),
            *([(_("Trang của cổng giả lập"), base_url + behind_url)] if behind_url else []),
        ],
        "behind_url": behind_url,
        "is_out_of_reach": account.is_active and not is_called,
        "is_trial": provider_accounts.is_trial(account),
        "wrong_address": _wrong_address(account),
        "may_change_secret": provider is not None and not is_simulator,
        "old_secret_since": _since(account),
    }


def _wrong_address(account: ProviderAccount) -> str:
    """Return which address of a stored contract cannot stay, and why; empty where all can."""
    found = contract_addresses.wrong_of(account)
    if found is None:
        return ""
    lang, fields = current_locale(), providers()[account.provider].fields
    label = next(field.label[lang] for field in fields if field.name == found.field)
    return f"{label}: {messages.sentence_for(found.code)}"


def _mode(account: ProviderAccount) -> str:
    if account.mode == provider_accounts.SIMULATOR:
        return str(_("giả lập để tập"))
    if provider_accounts.is_trial(account):
        return str(_("thử nghiệm, không phải tiền thật"))
    return str(_("tiền thật"))


def _since(account: ProviderAccount) -> str:
    """Return since when a secret before the present one is accepted as well; empty if none is."""
    since = account.settings.get(provider_accounts.KEPT_SINCE)
    return formats.moment(datetime.fromisoformat(since), current_locale()) if since else ""


def said(error: ProviderError) -> str:
    """Return the sentence of a provider's error in the reader's language; empty for none."""
    return error.text if current_locale() == "vi" else error.english


def not_connected(error: ProviderError, title: str) -> str:
    """Return why a contract could not be tried, and what to do: mend, wait or call."""
    todo = {
        NextStep.TRY_LATER: "",
        NextStep.FIX_SETTINGS: _(
            "Việc cần làm: bấm Đổi khóa nếu khóa sai, Thêm hợp đồng nếu mã hoặc địa chỉ sai."
        ),
        NextStep.CALL_PROVIDER: _(
            "Việc cần làm: gọi %(provider)s, đọc số cuộc gọi %(number)s.",
            provider=title,
            number=error.request_id or "",
        ),
        NextStep.ASK_OTHERWISE: _("Việc cần làm: gọi %(provider)s.", provider=title),
    }[error.next_step]
    sentences = (_("Chưa kết nối được."), said(error), todo)
    return " ".join(filter(None, sentences))


def has_contract(session: Session, seller: Seller, provider: PaymentProvider) -> bool:
    """Return whether a new contract with this provider would close another."""
    active = provider_accounts.active(session, seller.id)
    return any(one.provider == provider.name for one in active)


def inputs(asked: Iterable[Field], fields: Fields) -> dict[str, Any]:
    """Return the form for what a provider asks; what is secret is never shown again."""
    lang, asked = current_locale(), list(asked)
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
            for field in asked
        ],
        "summary": [
            (field.name, field.label[lang]) for field in asked if field.name in fields.faults
        ],
    }
