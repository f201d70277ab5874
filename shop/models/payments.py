"""What an order owes, the tries to collect it, and the money that came."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, Money, choice, link_to
from shop.models.orders import Order


class BankAccount(Model):
    """An account of a seller that buyers transfer to; a change makes a new row."""

    __tablename__ = "bank_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    stall_id: Mapped[int | None] = mapped_column(link_to("stall"))
    bank_bin: Mapped[str]
    bank_name: Mapped[str]
    number: Mapped[str]
    holder: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class ProviderAccount(Model):
    """A seller's contract with a payment provider; the secrets are encrypted."""

    __tablename__ = "provider_account"
    __table_args__ = (
        UniqueConstraint("seller_id", "provider", "label"),
        CheckConstraint("mode IN ('live', 'simulator')", name="mode"),
        CheckConstraint(
            "seller_mode <> 'training' OR mode = 'simulator'", name="training_is_never_live"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    seller_mode: Mapped[str]
    provider: Mapped[str]
    label: Mapped[str]
    mode: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    secrets_encrypted: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)


class Payment(Model):
    """What one order owes; the two sums are those of the posted entries."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_vnd >= 0", name="amount_is_not_negative"),
        CheckConstraint(
            "received_vnd >= 0 AND refunded_vnd >= 0 AND refunded_vnd <= received_vnd",
            name="sums_make_sense",
        ),
        CheckConstraint(
            "remitted_vnd >= 0 AND remitted_vnd <= amount_vnd", name="remits_what_was_owed"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(link_to("sales_order"), unique=True)
    amount_vnd: Mapped[Money]
    received_vnd: Mapped[Money] = mapped_column(default=0)
    refunded_vnd: Mapped[Money] = mapped_column(default=0)
    remitted_vnd: Mapped[Money] = mapped_column(default=0)
    """What the seller let off an order that stays: so much less is owed."""
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[Order] = relationship()
    attempts: Mapped[list["PaymentAttempt"]] = relationship(
        back_populates="payment", order_by="PaymentAttempt.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def owed_vnd(self) -> int:
        """Return what the order costs after what was let off it."""
        return self.amount_vnd - self.remitted_vnd

    @property
    def missing_vnd(self) -> int:
        """Return how many đồng have not come yet."""
        return max(0, self.owed_vnd - self.received_vnd + self.refunded_vnd)

    @property
    def surplus_vnd(self) -> int:
        """Return how many đồng came and stayed beyond what is owed."""
        return max(0, self.received_vnd - self.refunded_vnd - self.owed_vnd)

    @property
    def overpaid_vnd(self) -> int:
        """Return how many đồng the buyer sent beyond the price and has not got back."""
        return max(0, self.received_vnd - self.refunded_vnd - self.amount_vnd)

    @property
    def state(self) -> str:
        """Return the state that follows from the sums: `design.md` 2, Payment."""
        if self.refunded_vnd:
            return "refunded" if self.refunded_vnd >= self.received_vnd else "part_refunded"
        if self.received_vnd == 0:
            return "unpaid" if self.amount_vnd else "paid"
        if self.received_vnd < self.amount_vnd:
            return "part_paid"
        return "paid" if self.received_vnd == self.amount_vnd else "overpaid"


class AttemptState(StrEnum):
    """What became of one try to collect; `services.payment_attempts` holds the table of moves."""

    CREATED = "created"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVIEW = "review"


class PaymentAttempt(Model):
    """One try to collect a payment in one way; its failing never fails the payment."""

    __tablename__ = "payment_attempt"
    __table_args__ = (UniqueConstraint("provider", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(link_to("payment"), index=True)
    provider: Mapped[str]
    provider_account_id: Mapped[int | None] = mapped_column(link_to("provider_account"))
    bank_account_id: Mapped[int | None] = mapped_column(link_to("bank_account"))
    reference: Mapped[str]
    state: Mapped[AttemptState] = mapped_column(choice(AttemptState, "state"))
    amount_vnd: Mapped[Money]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    payment: Mapped[Payment] = relationship(back_populates="attempts")


class ProviderNotice(Model):
    """A notice exactly as it came in, before anybody read it."""

    __tablename__ = "provider_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    provider_account_id: Mapped[int | None] = mapped_column(link_to("provider_account"))
    received_at: Mapped[datetime]
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(default="stored")


class CreditState(StrEnum):
    """Whether money that came has found what it was for."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    LATE = "late"
    RETURNED = "returned"


class BankCredit(Model):
    """Money that came to an account, from a feed or a person's word; counted once by its key."""

    __tablename__ = "bank_credit"
    __table_args__ = (
        UniqueConstraint("bank_account_id", "source", "reference"),
        CheckConstraint("amount_vnd > 0", name="some_money_came"),
        Index(None, "seller_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    bank_account_id: Mapped[int | None] = mapped_column(link_to("bank_account"))
    payment_id: Mapped[int | None] = mapped_column(link_to("payment"), index=True)
    source: Mapped[str]
    """`hand` for a person's word, else the feed's name."""
    reference: Mapped[str]
    amount_vnd: Mapped[Money]
    memo: Mapped[str] = mapped_column(default="")
    credited_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    state: Mapped[CreditState] = mapped_column(choice(CreditState, "state"))


class RefundState(StrEnum):
    """How far money on its way back is; `services.refund_promises` holds the table of moves."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"


class RefundWay(StrEnum):
    """How money goes back; nothing while nobody has chosen."""

    NONE = ""
    PROVIDER = "provider"
    HAND = "hand"


class Refund(Model):
    """Money that is owed back to a buyer: promised once, sent in one way, under one key."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount_vnd > 0", name="some_money_goes_back"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Never changes: the provider's request id is derived from it."""
    payment_id: Mapped[int] = mapped_column(link_to("payment"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(link_to("payment_attempt"))
    follows_id: Mapped[int | None] = mapped_column(link_to("refund"))
    """The one that was rejected, whose promise this one keeps."""
    amount_vnd: Mapped[Money]
    reason: Mapped[str]
    state: Mapped[RefundState] = mapped_column(choice(RefundState, "state"))
    way: Mapped[RefundWay] = mapped_column(choice(RefundWay, "way"), default=RefundWay.NONE)
    asked_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    asked_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    """Who chose the way."""
    proposed_at: Mapped[datetime | None]
    limit_vnd: Mapped[int | None] = mapped_column(BigInteger)
    """Up to how many đồng one person decided alone when the way was chosen."""
    confirmed_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    confirmed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    """When the provider was first asked: from then on it may have gone."""
    accepted_at: Mapped[datetime | None]
    queried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the provider said last, or why a person said no: `code`, `text`, `refused`."""
