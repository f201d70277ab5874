"""Reading what a buyer's account holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.buyers import (
    Buyer,
    BuyerAddress,
    BuyerCode,
    BuyerConsent,
    BuyerOrder,
    BuyerSignIn,
    CodePurpose,
)
from shop.models.orders import Order


def with_phone(session: Session, phone: str) -> Sequence[Buyer]:
    """Return the accounts that bear a number, the oldest first."""
    return session.scalars(select(Buyer).where(Buyer.phone == phone).order_by(Buyer.id)).all()


def sign_in(session: Session, token_hash: str) -> BuyerSignIn | None:
    """Return the signed-in device behind the hash of its token."""
    return session.scalars(
        select(BuyerSignIn)
        .where(BuyerSignIn.token_hash == token_hash)
        .options(joinedload(BuyerSignIn.buyer))
    ).one_or_none()


def devices(session: Session, buyer_id: int) -> Sequence[BuyerSignIn]:
    """Return where a buyer is signed in, the device used last first."""
    return session.scalars(
        select(BuyerSignIn)
        .where(BuyerSignIn.buyer_id == buyer_id)
        .order_by(BuyerSignIn.seen_at.desc())
    ).all()


def orders(session: Session, buyer_id: int) -> Sequence[BuyerOrder]:
    """Return the orders shown to be a buyer's, the newest first."""
    return session.scalars(
        select(BuyerOrder)
        .join(BuyerOrder.order)
        .where(BuyerOrder.buyer_id == buyer_id)
        .options(joinedload(BuyerOrder.order).joinedload(Order.seller))
        .options(joinedload(BuyerOrder.order).selectinload(Order.lines))
        .order_by(Order.placed_at.desc())
    ).all()


def owned(session: Session, buyer_id: int, order_id: int) -> BuyerOrder | None:
    """Return the tie between a buyer and an order, if there is one."""
    return session.scalars(
        select(BuyerOrder)
        .where(BuyerOrder.buyer_id == buyer_id, BuyerOrder.order_id == order_id)
        .options(selectinload(BuyerOrder.order))
    ).one_or_none()


def addresses(session: Session, buyer_id: int) -> Sequence[BuyerAddress]:
    """Return the addresses a buyer keeps, the one used last first."""
    return session.scalars(
        select(BuyerAddress)
        .where(BuyerAddress.buyer_id == buyer_id)
        .order_by(BuyerAddress.used_at.desc(), BuyerAddress.id.desc())
    ).all()


def consents(session: Session, buyer_id: int) -> Sequence[BuyerConsent]:
    """Return everything a buyer agreed to, also what was taken back."""
    return session.scalars(
        select(BuyerConsent).where(BuyerConsent.buyer_id == buyer_id).order_by(BuyerConsent.id)
    ).all()


def codes_since(session: Session, buyer_id: int, since: datetime) -> Sequence[BuyerCode]:
    """Return the codes made for a buyer since a moment, the newest first."""
    return session.scalars(
        select(BuyerCode)
        .where(BuyerCode.buyer_id == buyer_id, BuyerCode.made_at > since)
        .order_by(BuyerCode.id.desc())
    ).all()


def codes_to(session: Session, email: str, since: datetime) -> int:
    """Return how many codes went to an address since a moment, whoever asked for them."""
    found = select(func.count(BuyerCode.id)).where(
        BuyerCode.email == email, BuyerCode.made_at > since
    )
    return session.scalar(found) or 0


def open_codes(
    session: Session, buyer_id: int, purpose: CodePurpose, *, since: datetime
) -> Sequence[BuyerCode]:
    """Return the codes for one purpose that were made since a moment and have not ended."""
    return session.scalars(
        select(BuyerCode)
        .where(
            BuyerCode.buyer_id == buyer_id,
            BuyerCode.purpose == purpose,
            BuyerCode.made_at > since,
            BuyerCode.ended_at.is_(None),
        )
        .order_by(BuyerCode.id.desc())
    ).all()


def code(session: Session, code_id: int) -> BuyerCode | None:
    """Return a code that was made, with whose it is; `None` once it was thrown away."""
    return session.scalars(
        select(BuyerCode).where(BuyerCode.id == code_id).options(joinedload(BuyerCode.buyer))
    ).one_or_none()
