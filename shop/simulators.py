"""Simulators of providers, mounted under the shop's own address (`design.md` 2, Training)."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug import Request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from integrations.payments import PaymentProvider, providers
from integrations.payments.protocol import Denied, Merchant
from shop import signing_in
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.models.payments import ProviderAccount
from shop.services import provider_accounts
from shop.services.permissions import Action
from shop.web_addresses import comes_from_own_page


def mount(served: Any, app: Flask, settings: Settings) -> Any:
    """Return `served`, the pages of `app`, with each provider's simulator at `/gia-lap/...`.

    What a simulator does is ordered by whoever may enter the contract it stands for.
    """
    engine: Engine = app.extensions["dacsan_engine"]
    mounted = {
        provider_accounts.simulator_address("", provider.name): provider.simulate()(
            settings.var / "simulators",
            _Merchants(provider, settings, engine),
            _Guard(app, provider, settings, engine),
        )
        for provider in providers().values()
    }
    return DispatcherMiddleware(served, mounted)


class _Merchants:
    """The contracts in training that one provider's simulator knows."""

    def __init__(self, provider: PaymentProvider, settings: Settings, engine: Engine) -> None:
        self._provider, self._settings, self._engine = provider, settings, engine

    def __call__(self, code: str) -> Merchant | None:
        """Return the contract with this code, if there is one with the simulator."""
        with open_session(self._engine, self._settings, **READ_ONLY) as session:
            row = _contract(session, self._provider, code)
            if row is None:
                return None
            url = provider_accounts.notify_url(self._settings.base_url, row)
            return Merchant(provider_accounts.values(session, row), url)


class _Guard:
    """Lets those order a simulator's faults who may enter the contract."""

    def __init__(
        self, app: Flask, provider: PaymentProvider, settings: Settings, engine: Engine
    ) -> None:
        self._app, self._provider = app, provider
        self._settings, self._engine = settings, engine

    def __call__(self, environ: Mapping[str, Any], code: str) -> Denied | None:
        """Return `None` for who may; the request is looked at and not read.

        The simulator's forms hold no token of the shop, so a form that another site made the
        browser send is known by the browser's own word.
        """
        asked = Request(dict(environ), populate_request=False)
        if asked.method != "GET" and not comes_from_own_page(asked):
            return Denied()
        with open_session(self._engine, self._settings, **READ_ONLY) as session:
            row = _contract(session, self._provider, code)
            seller_id = row.seller_id if row else None
        looked_at = dict(environ) | {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/"}
        looked_at.pop("werkzeug.request", None)
        with self._app.request_context(looked_at):
            if signing_in.signed_in() is None:
                address = provider_accounts.simulator_address("", self._provider.name)
                back = f"{address}/site/{code}"
                return Denied(url_for("people.sign_in", next=back))
            is_allowed = signing_in.actor().may(Action.MANAGE_SELLER, seller_id)
        return None if is_allowed else Denied()


def _contract(session: Session, provider: PaymentProvider, code: str) -> ProviderAccount | None:
    """Return the contract with this code, the one in use first.

    One that the shop closed is known too, as it is to the provider: money on its way through it
    is still told of, asked after and given back.
    """
    rows = session.scalars(
        select(ProviderAccount)
        .where(
            ProviderAccount.provider == provider.name,
            ProviderAccount.mode == provider_accounts.SIMULATOR,
        )
        .order_by(ProviderAccount.is_active.desc(), ProviderAccount.id.desc())
    )
    return next((one for one in rows if one.settings.get(provider.merchant_field) == code), None)
