"""Contracts with payment providers: opening them, and speaking through them."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import PaymentProvider, providers
from integrations.payments.protocol import Connection
from shop.errors import WrongMove
from shop.models.catalog import Seller
from shop.models.payments import ProviderAccount
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

LIVE, SIMULATOR = "live", "simulator"


def simulator_address(base_url: str, provider: str) -> str:
    """Return where the simulator of a provider is mounted (`design.md` 2, Training)."""
    return f"{base_url}/gia-lap/{provider}"


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

    Raises `Rejected` with the field as `code`, and `WrongMove` for a seller in training.
    """
    if seller.is_training:
        raise WrongMove(f"{seller.slug} is in training", state=seller.mode.value)
    provider.connect(typed)  # refuses, by field, what cannot be
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
    session.refresh(account, with_for_update={"key_share": True})
    if account.is_active:
        account.is_active = False
        _note(session, account, "provider_account_closed", actor=actor, now=now)


def reopen(session: Session, account: ProviderAccount, *, actor: Actor, now: datetime) -> None:
    """Let buyers pay through a contract again."""
    require(actor, Action.MANAGE_SELLER, account.seller_id)
    session.refresh(account, with_for_update={"key_share": True})
    if not account.is_active:
        account.is_active = True
        _note(session, account, "provider_account_reopened", actor=actor, now=now)


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
