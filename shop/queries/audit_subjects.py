"""What the rows of the audit trail are about: the name of each, and rows found by a name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, ProblemReport
from shop.models.catalog import Certificate, Pack, Product, Seller
from shop.models.credentials import AccountRecovery, SignInCard
from shop.models.imports import ImportRun
from shop.models.orders import DeliveryMethod, Order
from shop.models.payments import BankAccount, BankCredit, ProviderAccount
from shop.models.people import Account, AuditEntry, Consent, Grant, Member, Plot
from shop.models.reviews import Review
from shop.models.submissions import Submission
from shop.models.vouchers import Voucher

Key = tuple[str, int]

MOST_ROWS = 1_000
"""Of one table no more rows, the newest ones, are looked for: an IN of them would be refused."""


@dataclass(frozen=True, slots=True)
class Found:
    """How the rows of one table are found: the first column after the id is what names a row.

    `owner` is whose they are: nothing for accounts, whose entries say for which seller they were
    written.
    """

    statement: Any
    owner: Any


def _of(model: Any, *said: Any, owner: Any = None) -> Found:
    return Found(select(model.id, *said), model.seller_id if owner is None else owner)


def _of_account(model: Any) -> Found:
    found = _of(model, Account.name, Account.phone)
    return Found(found.statement.join(Account, Account.id == model.account_id), found.owner)


def _of_member(model: Any) -> Found:
    found = _of(model, Member.full_name, Member.phone, Member.code)
    return Found(found.statement.join(Member, Member.id == model.member_id), found.owner)


_SUBMITTED = func.coalesce(
    *(
        func.nullif(said[name].as_string(), "")
        for said in (Submission.understood, Submission.typed)
        for name in ("name", "goods")
    )
)

FOUND: Mapping[str, Found] = {
    "account": Found(select(Account.id, Account.name, Account.phone), None),
    "account_recovery": _of_account(AccountRecovery),
    "bank_account": _of(BankAccount, BankAccount.bank_name, BankAccount.number),
    "bank_credit": _of(BankCredit, BankCredit.reference),
    "batch": _of(Batch, Batch.lot),
    "certificate": _of(Certificate, Certificate.number, Certificate.title),
    "consent": _of_member(Consent),
    "delivery_method": _of(DeliveryMethod, DeliveryMethod.name),
    "import_run": _of(ImportRun, ImportRun.file_name),
    "member": _of(Member, Member.full_name, Member.phone, Member.code),
    "pack": _of(Pack, Pack.sku, Pack.gtin),
    "plot": _of_member(Plot),
    "problem_report": _of(ProblemReport, ProblemReport.code_seen, ProblemReport.phone),
    "product": _of(Product, Product.name),
    "provider_account": _of(ProviderAccount, ProviderAccount.label),
    "review": Found(
        select(Review.id, Product.name).join(Product, Product.id == Review.product_id),
        Review.seller_id,
    ),
    "role_grant": _of_account(Grant),
    "sales_order": _of(Order, Order.code, Order.buyer_name, Order.buyer_phone),
    "seller": _of(Seller, Seller.short_name, Seller.name, Seller.phone, owner=Seller.id),
    "sign_in_card": _of_account(SignInCard),
    "voucher": _of(Voucher, Voucher.name, Voucher.code),
    "submission": Found(
        select(Submission.id, _SUBMITTED, Member.full_name, Member.phone).join(
            Member, Member.id == Submission.member_id
        ),
        Submission.seller_id,
    ),
}
"""By the table that an entry is about."""


def names(session: Session, entries: Iterable[AuditEntry]) -> dict[Key, str]:
    """Return the name of what each entry is about, where it has one: one query for each kind."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.subject_kind in FOUND:
            wanted[entry.subject_kind].add(entry.subject_id)
    found: dict[Key, str] = {}
    for kind, ids in wanted.items():
        statement = FOUND[kind].statement
        key = statement.selected_columns[0]
        for row_id, *said in session.execute(statement.where(key.in_(ids))):
            if said[0]:
                found[kind, row_id] = said[0]
    return found


def holding(
    session: Session, seller_id: int, holds: Callable[[str], bool]
) -> dict[str, list[int]]:
    """Return the rows of a seller of which a name, a code or a phone number fits `holds`."""
    found: dict[str, list[int]] = {}
    for kind, one in FOUND.items():
        is_owned = one.owner is not None
        statement = one.statement.where(one.owner == seller_id) if is_owned else one.statement
        rows = session.execute(statement)
        ids = [row_id for row_id, *said in rows if any(holds(text) for text in said if text)]
        if ids:
            found[kind] = sorted(ids, reverse=True)[:MOST_ROWS]
    return found
