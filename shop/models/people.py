"""Accounts, what they may do, the members behind the goods, and who did what."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import IDS_ONCE, Model, Quantity, choice, link_to
from shop.models.catalog import Seller


class Role(StrEnum):
    """What a person is allowed to be, `design.md` 2."""

    MEMBER = "member"
    HELPER = "helper"
    OFFICE = "office"
    TECHNICIAN = "technician"
    TREASURER = "treasurer"
    DIRECTOR = "director"
    VENDOR = "vendor"
    OFFICER = "officer"
    INSPECTOR = "inspector"
    INTEGRATOR = "integrator"
    ADMIN = "admin"


class GrantScope(StrEnum):
    """How far a role reaches."""

    SELLER = "seller"
    STALL = "stall"
    COMMUNE = "commune"
    ALL = "all"


class Account(Model):
    """A sign-in: a phone number and a password or PIN."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    locale: Mapped[str] = mapped_column(default="vi")
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    """Whether the password was told by somebody, for one time, or is too weak for a new role."""
    is_in_use: Mapped[bool] = mapped_column(default=True)
    """Whether it may be more than its first PIN: somebody signed in, or got a card or a password.

    From then on no single person of the office makes a way into it (R20).
    """
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    grants: Mapped[list["Grant"]] = relationship(back_populates="account")


class UnknownNumber(Model):
    """Wrong tries for a number without an account: it is locked as one with an account is."""

    __tablename__ = "unknown_number"

    phone_hash: Mapped[str] = mapped_column(primary_key=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    tried_at: Mapped[datetime]


class Grant(Model):
    """One role of an account over one seller, stall or commune, or over all, until a day."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "(scope = 'seller' AND seller_id IS NOT NULL)"
            " OR (scope = 'stall' AND stall_id IS NOT NULL)"
            " OR (scope = 'commune' AND commune_code IS NOT NULL)"
            " OR scope = 'all'",
            name="scope_names_its_object",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(link_to("account"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    scope: Mapped[GrantScope] = mapped_column(choice(GrantScope, "scope"))
    seller_id: Mapped[int | None] = mapped_column(link_to("seller"))
    stall_id: Mapped[int | None] = mapped_column(link_to("stall"))
    commune_code: Mapped[str | None]
    until: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="grants")


class OpenedWith(StrEnum):
    """By what somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    CARD = "card"


class SignIn(Model):
    """One signed-in device; deleting nothing, ending it by `ended_at`."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(link_to("account"), index=True)
    is_shared_computer: Mapped[bool] = mapped_column(default=False)
    opened_with: Mapped[OpenedWith] = mapped_column(
        choice(OpenedWith, "opened_with"), default=OpenedWith.PASSWORD
    )
    card_id: Mapped[int | None] = mapped_column(link_to("sign_in_card"))
    second_factor_at: Mapped[datetime | None]
    """When the second factor was proved on this device; roles that need none leave it empty."""
    for_member_id: Mapped[int | None] = mapped_column(link_to("member"))
    """The person helped on this device at present (R19); the consent is looked at each time."""
    device: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class Member(Model):
    """A person or household of a seller; events name them by `party_id` alone."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("seller_id", "code"), IDS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"), index=True)
    account_id: Mapped[int | None] = mapped_column(link_to("account"))
    code: Mapped[str]
    party_id: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    kind: Mapped[str]
    gender: Mapped[str | None]
    birth_year: Mapped[int | None]
    phone: Mapped[str | None]
    show_name: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_sample: Mapped[bool] = mapped_column(default=False)

    seller: Mapped[Seller] = relationship()
    plots: Mapped[list["Plot"]] = relationship(back_populates="member")


class GivenHow(StrEnum):
    """How somebody said yes to being helped (R17)."""

    PAPER = "paper"
    PHONE = "phone"
    FACE_TO_FACE = "face_to_face"


class Consent(Model):
    """A member lets somebody act for them, until a day, unless it is taken back before."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "helper_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    member_id: Mapped[int] = mapped_column(link_to("member"), index=True)
    helper_id: Mapped[int] = mapped_column(link_to("account"))
    given_how: Mapped[GivenHow] = mapped_column(choice(GivenHow, "given_how"))
    given_on: Mapped[date]
    until: Mapped[date]
    """The last day on which it holds, as days are counted in Việt Nam."""
    note: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(link_to("account"))

    member: Mapped[Member] = relationship()
    helper: Mapped[Account] = relationship(foreign_keys=[helper_id])


class Plot(Model):
    """A piece of land a member works; public pages say the village at the finest."""

    __tablename__ = "plot"
    __table_args__ = (UniqueConstraint("seller_id", "code"), IDS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    member_id: Mapped[int] = mapped_column(link_to("member"), index=True)
    code: Mapped[str]
    party_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    crop: Mapped[str] = mapped_column(default="")
    area_m2: Mapped[Quantity | None]
    hamlet: Mapped[str] = mapped_column(default="")

    member: Mapped[Member] = relationship(back_populates="plots")


class AuditEntry(Model):
    """Who did what to which row, for whom, when and from where; never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject_kind", "subject_id"),
        Index(None, "seller_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    seller_id: Mapped[int | None] = mapped_column(link_to("seller"))
    actor_id: Mapped[int | None] = mapped_column(link_to("account"))
    actor_kind: Mapped[str]
    """`account`, `buyer`, `system` or `demo`: who acted when there is no account."""
    for_member_id: Mapped[int | None] = mapped_column(link_to("member"), index=True)
    origin: Mapped[str] = mapped_column(default="")
    device: Mapped[str | None]
    """What the device said of itself; nothing where none was used."""
    by_card: Mapped[bool] = mapped_column(default=False)
    """Whether whoever acted had signed in with a printed card."""
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
