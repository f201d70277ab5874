"""Simulators of providers, mounted under the shop's own address (`design.md` 2, Training)."""

from typing import Any

from sqlalchemy import Engine, select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from integrations.payments import PaymentProvider, providers
from integrations.payments.protocol import Merchant
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.models.payments import ProviderAccount
from shop.services import provider_accounts


def mount(app: Any, settings: Settings, engine: Engine) -> Any:
    """Return `app` with the simulator of each provider at `/gia-lap/<provider>/`."""
    mounted = {
        provider_accounts.simulator_address("", provider.name): provider.simulate()(
            settings.var / "simulators", _Merchants(provider, settings, engine)
        )
        for provider in providers().values()
    }
    return DispatcherMiddleware(app, mounted)


class _Merchants:
    """The contracts in training that one provider's simulator knows."""

    def __init__(self, provider: PaymentProvider, settings: Settings, engine: Engine) -> None:
        self._provider, self._settings, self._engine = provider, settings, engine

    def __call__(self, code: str) -> Merchant | None:
        """Return the contract with this code, if there is one with the simulator."""
        with open_session(self._engine, self._settings, **READ_ONLY) as session:
            rows = session.scalars(
                select(ProviderAccount).where(
                    ProviderAccount.provider == self._provider.name,
                    ProviderAccount.mode == provider_accounts.SIMULATOR,
                    ProviderAccount.is_active,
                )
            )
            for row in rows:
                if row.settings.get(self._provider.merchant_field) == code:
                    url = provider_accounts.notify_url(self._settings.base_url, row)
                    return Merchant(provider_accounts.values(session, row), url)
        return None
