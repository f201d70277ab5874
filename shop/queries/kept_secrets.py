"""Which stored secrets the master key of today does not open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.credentials import SecondFactor
from shop.models.payments import ProviderAccount
from shop.vault import Vault


def closed_contracts(
    session: Session, vault: Vault, *, seller_id: int | None = None
) -> list[ProviderAccount]:
    """Return the payment contracts in use that cannot be opened; of one seller or of all."""
    asked = select(ProviderAccount).where(ProviderAccount.is_active)
    if seller_id is not None:
        asked = asked.where(ProviderAccount.seller_id == seller_id)
    found = session.scalars(asked.order_by(ProviderAccount.id))
    return [one for one in found if not vault.opens(one.secrets_encrypted)]


def closed_second_factors(session: Session, vault: Vault) -> int:
    """Return how many people's second step of signing in cannot be opened."""
    return sum(not vault.opens(text) for text in session.scalars(select(SecondFactor.secret)))
