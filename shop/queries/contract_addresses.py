"""Where payment contracts lead: to real money, to a place for trying, or where none may lead."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import PaymentProvider, providers
from shop.models.payments import ProviderAccount

SANDBOX = "sandbox"
"""The first part of a host's name at which providers let one try."""

SIMULATORS = "/gia-lap"
"""The path under which the simulators of this program answer."""

LIVE, SIMULATOR = "live", "simulator"
"""Modes of a contract: with the provider itself, or with its simulator."""


class WrongAddress(NamedTuple):
    """The field whose address cannot stay, and the code of the sentence that says why."""

    field: str
    code: str


def addresses(provider: PaymentProvider, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of a contract by field; one left empty is the provider's default."""
    given = {one.name: settings.get(one.name) or one.default for one in provider.fields}
    return {name: text.strip() for name, text in given.items() if "://" in text}


def leads_to_sandbox(address: str) -> bool:
    """Return whether no money is real there."""
    return (urlsplit(address).hostname or "").split(".")[0] == SANDBOX


def wrong(provider: PaymentProvider, settings: Mapping[str, str]) -> WrongAddress | None:
    """Return what cannot be of a contract that is no simulator's; `None` where nothing is wrong.

    Its addresses begin with `https://`, none is a simulator's, and either all are for trying or
    all for real money: a payment made at one place is not known at the other.
    """
    found = addresses(provider, settings)
    for name, address in found.items():
        if urlsplit(address).path.startswith(f"{SIMULATORS}/"):
            return WrongAddress(name, "address_simulator")
        if urlsplit(address).scheme != "https":
            return WrongAddress(name, "address_not_https")
    sorts = {leads_to_sandbox(address) for address in found.values()}
    if len(sorts) > 1:
        trial = next(name for name, address in found.items() if leads_to_sandbox(address))
        return WrongAddress(trial, "addresses_mixed")
    return None


def wrong_of(account: ProviderAccount) -> WrongAddress | None:
    """Return what cannot be of a stored contract."""
    provider = providers().get(account.provider)
    if provider is None or account.mode == SIMULATOR:
        return None
    return wrong(provider, account.settings)


def real_contracts(session: Session, *, seller_id: int | None = None) -> list[ProviderAccount]:
    """Return the contracts in use that no simulator stands for; of one seller or of all."""
    asked = select(ProviderAccount).where(
        ProviderAccount.is_active, ProviderAccount.mode != SIMULATOR
    )
    if seller_id is not None:
        asked = asked.where(ProviderAccount.seller_id == seller_id)
    return list(session.scalars(asked.order_by(ProviderAccount.id)))


def wrong_contracts(session: Session, *, seller_id: int | None = None) -> list[ProviderAccount]:
    """Return the contracts in use whose addresses cannot stay; of one seller or of all."""
    return [one for one in real_contracts(session, seller_id=seller_id) if wrong_of(one)]
