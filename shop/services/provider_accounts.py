"""Contracts with payment providers: opening them, and speaking through them."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import PaymentProvider, providers
from integrations.payments.protocol import Connection
from shop.errors import FieldRefused, WrongMove
from shop.models.catalog import Seller
from shop.models.payments import ProviderAccount
from shop.queries import contract_addresses
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action
from shop.vault import SecretUnreadable

MOST_SECRETS = 4
"""The one in force and those before it that are still accepted."""

LIVE, SIMULATOR = contract_addresses.LIVE, contract_addresses.SIMULATOR

KEPT_SINCE = "kept_since"
"""In the settings of a contract: since when a secret before the present one is still accepted."""


def simulator_address(base_url: str, provider: str) -> str:
    """Return where the simulator of a provider is mounted (`design.md` 2, Training)."""
    return f"{base_url}{contract_addresses.SIMULATORS}/{provider}"


def simulator_page(account: ProviderAccount) -> str:
    """Return where the simulator shows its side of a contract; empty for a real one."""
    provider = providers().get(account.provider)
    if account.mode != SIMULATOR or provider is None:
        return ""
    code = account.settings.get(provider.merchant_field, "")
    return f"{simulator_address('', account.provider)}/site/{code}"


def open_simulator(
    session: Session, seller: Seller, provider: PaymentProvider, *, actor: Actor, now: datetime
) -> ProviderAccount:
    """Give a seller a contract with the simulator of a provider; the same again does nothing."""
    known = _labelled(session, seller, provider.name, SIMULATOR)
    if known is not None:
        return known
    return open_account(
        session,
        seller,
        provider,
        provider.simulator_settings(""),
        mode=SIMULATOR,
        label=SIMULATOR,
        actor=actor,
        now=now,
    )


def open_account(
    session: Session,
    seller: Seller,
    provider: PaymentProvider,
    typed: Mapping[str, str],
    *,
    mode: str,
    label: str,
    actor: Actor,
    now: datetime,
) -> ProviderAccount:
    """Write down a contract; its secrets are encrypted and never shown again.

    Raises `integrations.errors.Rejected` with the field as `code` for values that cannot be.
    """
    require(actor, Action.MANAGE_SELLER, seller.id)
    hidden = {field.name for field in provider.fields if field.is_secret}
    account = ProviderAccount(
        seller_id=seller.id,
        seller_mode=seller.mode.value,
        provider=provider.name,
        label=label,
        mode=mode,
        token=secrets.token_urlsafe(18),
        settings={name: value for name, value in typed.items() if name not in hidden},
        secrets_encrypted=session.info["vault"].close(
            {name: value for name, value in typed.items() if name in hidden}
        ),
    )
    session.add(account)
    session.flush()
    audit(
        session,
        actor,
        "provider_account_opened",
        account,
        now=now,
        after={"provider": provider.name, "mode": mode, "label": label},
    )
    return account


def open_live(
    session: Session,
    seller: Seller,
    provider: PaymentProvider,
    typed: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> ProviderAccount:
    """Write down a contract over real money; the ones before it are closed.

    Raises `Rejected` with the field as `code`, `FieldRefused` for a secret with a blank in it,
    which would be read as two, or for an address that cannot be (`contract_addresses.wrong`), and
    `WrongMove` for a seller in training.
    """
    if seller.is_training:
        raise WrongMove(f"{seller.slug} is in training", state=seller.mode.value)
    provider.connect(typed)  # refuses, by field, what cannot be
    for field in provider.fields:
        if field.is_secret and len(typed.get(field.name, "").split()) > 1:
            raise FieldRefused(field.name, "secret_not_one")
    if address := contract_addresses.wrong(provider, typed):
        raise FieldRefused(*address)
    known = all_of(session, seller.id)
    for before in known:
        if before.provider == provider.name and before.is_active:
            close(session, before, actor=actor, now=now)
    label = f"{LIVE}-{len(known) + 1}"
    return open_account(
        session, seller, provider, typed, mode=LIVE, label=label, actor=actor, now=now
    )


def close(session: Session, account: ProviderAccount, *, actor: Actor, now: datetime) -> None:
    """Let no buyer pay through a contract any more; its notices are still taken."""
    require(actor, Action.MANAGE_SELLER, account.seller_id)
    lock(session, account)
    if account.is_active:
        account.is_active = False
        _note(session, account, "provider_account_closed", actor=actor, now=now)


def reopen(session: Session, account: ProviderAccount, *, actor: Actor, now: datetime) -> None:
    """Let buyers pay through a contract again."""
    require(actor, Action.MANAGE_SELLER, account.seller_id)
    lock(session, account)
    if not account.is_active:
        account.is_active = True
        _note(session, account, "provider_account_reopened", actor=actor, now=now)


def change_secret(
    session: Session,
    account: ProviderAccount,
    typed: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Put new secrets in force under the same contract and the same address for notices.

    What we send is signed with the new ones at once; notices signed with those before are taken
    until `drop_old_secret`. Raises `FieldRefused`, `Rejected` with the field as `code` for what
    else of the contract cannot be, and `WrongMove` for a simulator, whose secret is not the
    seller's.
    """
    require(actor, Action.MANAGE_SELLER, account.seller_id)
    lock(session, account)
    if account.mode == SIMULATOR:
        raise WrongMove(f"account {account.id} is a simulator's")
    before = _readable_secrets(session, account)
    kept = {
        field.name: _both(field.name, typed, before.get(field.name, ""))
        for field in providers()[account.provider].fields
        if field.is_secret
    }
    providers()[account.provider].connect(dict(account.settings) | kept)
    account.secrets_encrypted = session.info["vault"].close(kept)
    account.settings = dict(account.settings) | {KEPT_SINCE: now.isoformat()}
    _note(session, account, "provider_secret_changed", actor=actor, now=now)


def drop_old_secret(
    session: Session, account: ProviderAccount, *, actor: Actor, now: datetime
) -> None:
    """Take no notice any more that is signed with an earlier secret; twice is harmless."""
    require(actor, Action.MANAGE_SELLER, account.seller_id)
    lock(session, account)
    if KEPT_SINCE not in account.settings:
        return
    known = session.info["vault"].open(account.secrets_encrypted)
    account.secrets_encrypted = session.info["vault"].close(
        {name: "".join(text.split()[:1]) for name, text in known.items()}
    )
    left = {name: value for name, value in account.settings.items() if name != KEPT_SINCE}
    account.settings = left
    _note(session, account, "provider_secret_dropped", actor=actor, now=now)


def _both(name: str, typed: Mapping[str, str], before: str) -> str:
    """Return the new secret, then those before it: so providers read several.

    A secret typed wrong and mended by the next one must not push out the one that the
    provider still signs with.
    """
    new, old = typed.get(name, "").split(), before.split()
    if len(new) != 1:
        raise FieldRefused(name, "secret_not_one")
    if new == old[:1]:
        raise FieldRefused(name, "secret_same")
    return " ".join([*new, *(one for one in old if one not in new)][:MOST_SECRETS])


def _readable_secrets(session: Session, account: ProviderAccount) -> dict[str, str]:
    """Return the secrets there are; none where the master key is another one now."""
    try:
        found: dict[str, str] = session.info["vault"].open(account.secrets_encrypted)
    except SecretUnreadable:
        return {}
    return found


def _note(
    session: Session, account: ProviderAccount, act: str, *, actor: Actor, now: datetime
) -> None:
    session.flush()
    after = {"provider": account.provider, "mode": account.mode}
    audit(session, actor, act, account, now=now, after=after)


def all_of(session: Session, seller_id: int) -> Sequence[ProviderAccount]:
    """Return every contract of a seller, the one in use first."""
    return session.scalars(
        select(ProviderAccount)
        .where(ProviderAccount.seller_id == seller_id)
        .order_by(ProviderAccount.is_active.desc(), ProviderAccount.id.desc())
    ).all()


def active(session: Session, seller_id: int) -> Sequence[ProviderAccount]:
    """Return the contracts through which buyers of a seller may pay, one for each provider."""
    rows = session.scalars(
        select(ProviderAccount)
        .where(ProviderAccount.seller_id == seller_id, ProviderAccount.is_active)
        .order_by(ProviderAccount.provider, ProviderAccount.mode, ProviderAccount.id.desc())
    ).all()
    newest = {row.provider: row for row in reversed(rows) if row.provider in providers()}
    return [newest[name] for name in sorted(newest)]


def is_trial(account: ProviderAccount) -> bool:
    """Return whether a real contract leads to its provider's sandbox, where no money is real.

    An address that was left empty is the provider's default.
    """
    provider = providers().get(account.provider)
    if account.mode == SIMULATOR or provider is None:
        return False
    found = contract_addresses.addresses(provider, account.settings).values()
    return any(map(contract_addresses.leads_to_sandbox, found))


def offered(session: Session, seller_id: int, *, actor: Actor) -> Sequence[ProviderAccount]:
    """Return the contracts through which this person may pay.

    What is paid in a sandbox is no money: only who works for the seller may try it. A contract
    of another master key leads nowhere and is offered to nobody.
    """
    is_staff = actor.may(Action.SEE_ORDERS, seller_id)
    return [
        one
        for one in active(session, seller_id)
        if (is_staff or not is_trial(one)) and session.info["vault"].opens(one.secrets_encrypted)
    ]


def by_token(session: Session, provider: str, token: str) -> ProviderAccount | None:
    """Return the contract whose notices come to this address."""
    return session.scalars(
        select(ProviderAccount).where(
            ProviderAccount.provider == provider, ProviderAccount.token == token
        )
    ).one_or_none()


def values(session: Session, account: ProviderAccount) -> dict[str, str]:
    """Return everything that was entered for a contract, secrets included."""
    found: dict[str, str] = dict(account.settings)
    found.update(session.info["vault"].open(account.secrets_encrypted))
    if account.mode == SIMULATOR:
        at = simulator_address(session.info["base_url"], account.provider)
        addresses = providers()[account.provider].simulator_settings(at)
        found.update({name: text for name, text in addresses.items() if at in text})
    return found


def connect(session: Session, account: ProviderAccount, **parts: Any) -> Connection:
    """Return the connection of a contract; nothing is called yet."""
    return providers()[account.provider].connect(values(session, account), **parts)


def notify_url(base_url: str, account: ProviderAccount) -> str:
    """Return the address at which the provider's server tells us what happened."""
    return f"{base_url}/webhooks/{account.provider}/{account.token}"


def return_url(base_url: str, account: ProviderAccount) -> str:
    """Return the address to which the provider sends the buyer's browser back."""
    return f"{base_url}/payments/{account.provider}/{account.token}/return"


def _labelled(
    session: Session, seller: Seller, provider: str, label: str
) -> ProviderAccount | None:
    return session.scalars(
        select(ProviderAccount).where(
            ProviderAccount.seller_id == seller.id,
            ProviderAccount.provider == provider,
            ProviderAccount.label == label,
        )
    ).one_or_none()
