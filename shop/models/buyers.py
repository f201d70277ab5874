"""Buyers who wanted an account: apart from those who work here, one phone may be both."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, choice, link_to
from shop.models.orders import Order


class Purpose(StrEnum):
    """One thing a buyer may let us keep; each is asked for alone and can be taken back."""

    ORDERS = "orders"
    ADDRESSES = "addresses"


class ProvedBy(StrEnum):
    """How somebody showed that an order is theirs."""

    SIGNED_IN = "signed_in"
    CODE = "code"
    LINK = "link"


class CodePurpose(StrEnum):
    """What a code that was sent by e-mail lets its reader do."""

    ENTER = "enter"
    EMAIL = "email"


class Buyer(Model):
    """A buyer's account.

    Nobody proves a number here, so several accounts may bear one: none tells of another, and
    whoever takes a stranger's number keeps nobody out.
    """

    __tablename__ = "buyer"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    email: Mapped[str] = mapped_column(default="", server_default="")
    """Where codes go; whoever entered it has read a code there. Empty: none."""
    cart_token: Mapped[str]
    """What every device of this buyer finds the one cart by."""
    created_at: Mapped[datetime]


class BuyerSignIn(Model):
    """One device on which a buyer is signed in."""

    __tablename__ = "buyer_sign_in"
    __table_args__ = (Index("uq_buyer_sign_in_token_hash", "token_hash", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    buyer_id: Mapped[int] = mapped_column(link_to("buyer"), index=True)
    is_shared_computer: Mapped[bool]
    device: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    buyer: Mapped[Buyer] = relationship()


class BuyerCode(Model):
    """A code of six figures on its way to an e-mail address, good for one use and some minutes.

    The figures follow from `seed` and the master key, so that the database alone tells none.
    """

    __tablename__ = "buyer_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(link_to("buyer"), index=True)
    purpose: Mapped[CodePurpose] = mapped_column(choice(CodePurpose, "purpose"))
    email: Mapped[str]
    seed: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(index=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]

    buyer: Mapped[Buyer] = relationship()


class BuyerConsent(Model):
    """A buyer lets us keep something for one purpose; taking it back ends the row."""

    __tablename__ = "buyer_consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(link_to("buyer"), index=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class BuyerAddress(Model):
    """Where a buyer lets goods be brought."""

    __tablename__ = "buyer_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(link_to("buyer"), index=True)
    name: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    street: Mapped[str]
    commune: Mapped[str]
    commune_code: Mapped[str | None]
    province: Mapped[str]
    province_code: Mapped[str | None]
    used_at: Mapped[datetime]


class BuyerOrder(Model):
    """An order that a buyer has shown to be theirs."""

    __tablename__ = "buyer_order"
    __table_args__ = (
        Index("uq_buyer_order_buyer_id_order_id", "buyer_id", "order_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_id: Mapped[int] = mapped_column(link_to("buyer"))
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), index=True)
    proved_by: Mapped[ProvedBy] = mapped_column(choice(ProvedBy, "proved_by"))
    proved_at: Mapped[datetime]

    order: Mapped[Order] = relationship()
