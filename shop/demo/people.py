"""The demo's sellers, members and sign-ins."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from integrations.payments import providers
from shop.demo.files import AS_OF, records
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.forms.seller_drafts import BankDraft, ContactDraft, DeliveryDraft, SellerDraft
from shop.models.catalog import Seller, SellerKind, SellerMode
from shop.models.inventory import Place, PlaceKind
from shop.models.orders import DeliveryKind
from shop.models.people import Account, GivenHow, Grant, GrantScope, Member, Role
from shop.models.stalls import Stall
from shop.services import bank_accounts, helping, members, provider_accounts
from shop.services.actors import Actor, audit
from shop.services.sellers import open_seller
from shop.services.sign_ins import hash_password

PASSWORD = "mau-dac-san"  # noqa: S105 - printed at every start of the demo
"""The password of every demo account; there is no account at all outside the demo."""

DEMO = Actor("demo")

_ROLES = {
    "director": (Role.DIRECTOR, Role.TREASURER),
    "treasurer": (Role.TREASURER,),
    "office": (Role.OFFICE,),
    "technician": (Role.TECHNICIAN,),
    "member": (Role.MEMBER,),
    "helper": (Role.HELPER,),
    "vendor": (Role.VENDOR,),
}


def sign_ins() -> list[tuple[str, str, str]]:
    """Return who can sign in to the demo: role, phone, password."""
    chosen = {"director", "treasurer", "office", "technician", "member", "helper"}
    found = []
    for record in records("members", AS_OF):
        if record["seller"] == "LBT" and record["role"] in chosen:
            chosen.discard(record["role"])
            found.append((record["role"], record["phone"], PASSWORD))
    return found


def load_sellers(session: Session, *, today: date, now: datetime) -> dict[str, Seller]:
    """Open the sellers with places, ways of delivery and bank accounts, by short code."""
    opened = {}
    for record in records("sellers", today):
        code, bank, delivery = (record.pop(name) for name in ("code", "bank", "delivery"))
        kind, slug, prefix = (record.pop(name) for name in ("kind", "slug", "order_prefix"))
        draft = SellerDraft(
            kind=SellerKind(kind),
            mode=SellerMode.TRAINING,
            slug=slug,
            lot_prefix=code,
            order_prefix=prefix,
            contact=ContactDraft(**record | {"phone": _international(record["phone"])}),
            deliveries=[
                DeliveryDraft(**method | {"kind": DeliveryKind(method["kind"])})
                for method in delivery
            ],
        )
        opened[code] = open_seller(session, draft, actor=DEMO, now=now)
        _receive_into(session, opened[code], bank, now=now)
        for provider in providers().values():
            provider_accounts.open_simulator(session, opened[code], provider, actor=DEMO, now=now)
    return opened


def _receive_into(
    session: Session,
    seller: Seller,
    bank: dict[str, str],
    *,
    now: datetime,
    stall_id: int | None = None,
) -> None:
    draft = BankDraft(bank["bin"], bank["bank"], bank["number"], bank["holder"])
    bank_accounts.receive_into(session, seller, draft, actor=DEMO, now=now, stall_id=stall_id)


def load_members(
    session: Session, sellers: dict[str, Seller], *, today: date, now: datetime
) -> dict[str, Member]:
    """Write down members, plots and their sign-ins, by the code of the file."""
    found: dict[str, Member] = {}
    helped = {}
    password_hash = hash_password(PASSWORD)
    for record in records("members", today):
        seller = sellers[record.pop("seller")]
        role, plots = record.pop("role"), record.pop("plots", [])
        helped[record["code"]] = record.pop("helper", None), record.pop("helper_consent", None)
        account = _account(session, seller, record, role, password_hash, now=now)
        member = members.write_down(
            session, seller, _draft(seller, record, role, plots), actor=DEMO, now=now
        )
        member.account_id, member.profile = account.id, record["profile"]
        found[member.code] = member
    for code, (helper, said) in helped.items():
        if helper:
            _let_help(session, found[code], found[helper], said, today=today, now=now)
    return found


def _let_help(
    session: Session,
    member: Member,
    helper: Member,
    said: dict[str, Any],
    *,
    today: date,
    now: datetime,
) -> None:
    helping.record_consent(
        session,
        member,
        session.get_one(Account, helper.account_id),
        given_how=GivenHow(said["given_how"]),
        given_on=said["given_on"],
        until=said["until"],
        note="",
        actor=DEMO,
        now=now,
        today=today,
    )


def _account(
    session: Session,
    seller: Seller,
    record: dict[str, Any],
    role: str,
    password_hash: str,
    *,
    now: datetime,
) -> Account:
    account = Account(
        phone=_international(record["phone"]),
        name=record["full_name"],
        password_hash=password_hash,
        is_sample=True,
        created_at=now,
    )
    session.add(account)
    session.flush()
    audit(session, DEMO, "account_opened", account, now=now)
    for one in _ROLES[role]:
        grant = Grant(
            account_id=account.id, role=one, scope=GrantScope.SELLER, seller_id=seller.id
        )
        session.add(grant)
        session.flush()
        audit(session, DEMO, "role_granted", grant, now=now, after={"role": one.value})
    return account


def _international(phone: str) -> str:
    return f"+84{phone[1:]}"


def _draft(
    seller: Seller, record: dict[str, Any], role: str, plots: list[dict[str, Any]]
) -> MemberDraft:
    return MemberDraft(
        full_name=record["full_name"],
        phone=_international(record["phone"]),
        kind=role,
        gender=record["gender"],
        birth_year=record["birth_year"],
        show_name=record["show_name"],
        code=record["code"],
        plots=[
            PlotDraft(
                plot["code"], crop=plot["crop"], area_m2=plot["area_m2"], hamlet=seller.hamlet
            )
            for plot in plots
        ],
    )


def load_stalls(
    session: Session,
    sellers: dict[str, Seller],
    owners: dict[str, Member],
    *,
    today: date,
    now: datetime,
) -> None:
    """Write down the market stalls, each with its own place and bank account."""
    for record in records("stalls", today):
        seller = sellers[record.pop("seller")]
        owner, bank = owners[record.pop("owner")], record.pop("bank")
        stall = Stall(
            seller_id=seller.id, owner_id=owner.id, is_sample=True, created_at=now, **record
        )
        session.add(stall)
        session.flush()
        session.add(
            Place(seller_id=seller.id, kind=PlaceKind.STALL, name=stall.name, stall_id=stall.id)
        )
        _receive_into(session, seller, bank, now=now, stall_id=stall.id)
