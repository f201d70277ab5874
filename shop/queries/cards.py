"""Reading the printed cards of people."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.credentials import SignInCard


def living(session: Session, account_id: int) -> SignInCard | None:
    """Return the card that opens an account, if there is one."""
    return session.scalars(
        select(SignInCard).where(
            SignInCard.account_id == account_id, SignInCard.revoked_at.is_(None)
        )
    ).one_or_none()


def of_seller(session: Session, seller_id: int, card_id: int) -> SignInCard | None:
    """Return a card that this very seller made, whether it still opens anything or not."""
    return session.scalars(
        select(SignInCard).where(SignInCard.id == card_id, SignInCard.seller_id == seller_id)
    ).one_or_none()
