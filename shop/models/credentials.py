"""What proves who somebody is beside the password: printed cards, the second factor, recovery."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, choice, link_to
from shop.models.people import Account


class SignInCard(Model):
    """A printed card: a code that opens one account together with the card's own PIN (R20)."""

    __tablename__ = "sign_in_card"
    __table_args__ = (
        Index(
            "uq_sign_in_card_living",
            "account_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    account_id: Mapped[int] = mapped_column(link_to("account"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str]
    wrong_pins: Mapped[int] = mapped_column(default=0)
    """Wrong PINs since the last right one: so many of them end the card."""
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    """Wrong PINs since the last lock-out or right one, apart from those of the account."""
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(link_to("account"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class SecondFactor(Model):
    """The generator of codes that an account has on a phone (TOTP, RFC 6238)."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(link_to("account"), primary_key=True)
    secret: Mapped[str] = mapped_column(default="")
    """As the vault closed it; empty where codes come from the training authenticator alone."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code that was taken: none is taken twice."""
    set_at: Mapped[datetime]
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class RecoveryCode(Model):
    """A code that stands once for a phone that is lost."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(link_to("account"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class RecoveryState(StrEnum):
    """Where a recovery by two people stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"


class AccountRecovery(Model):
    """One member of staff asks for a password or card for somebody, a second one confirms it."""

    __tablename__ = "account_recovery"
    __table_args__ = (
        Index(
            "uq_account_recovery_open",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        CheckConstraint(
            "state <> 'confirmed'"
            " OR (answered_by_id IS NOT NULL AND answered_by_id <> asked_by_id)",
            name="confirmed_by_another",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    account_id: Mapped[int] = mapped_column(link_to("account"), index=True)
    state: Mapped[RecoveryState] = mapped_column(choice(RecoveryState, "recovery_state"))
    reason: Mapped[str]
    recognised_by: Mapped[str]
    """How whoever asked knew that it is this person."""
    without_phone: Mapped[bool] = mapped_column(default=False)
    """Whether the second factor goes too: the phone is lost."""
    by_card: Mapped[bool] = mapped_column(default=False)
    """Whether a printed card is asked for; else a password for one time."""
    asked_by_id: Mapped[int] = mapped_column(link_to("account"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    answered_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Account | None] = relationship(foreign_keys=[answered_by_id])
