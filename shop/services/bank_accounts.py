"""The account that buyers of a seller, or of one of its stalls, transfer to."""

from datetime import datetime

from sqlalchemy.orm import Session

from integrations.vietqr import mask_account
from shop.forms.seller_drafts import BankDraft
from shop.models.catalog import Seller
from shop.models.payments import BankAccount
from shop.queries import sellers as queries
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action


def receive_into(
    session: Session,
    seller: Seller,
    draft: BankDraft,
    *,
    actor: Actor,
    now: datetime,
    stall_id: int | None = None,
) -> BankAccount:
    """Let buyers transfer to this account from now on, and return its row.

    A change makes a new row: orders placed before it keep showing the account they were given.
    The account that is in use already stays the row it is.
    """
    require(actor, Action.MANAGE_SELLER, seller.id)
    in_use = queries.locked_bank_accounts(session, seller.id, stall_id=stall_id)
    if len(in_use) == 1 and _told(in_use[0]) == draft:
        return in_use[0]
    for old in in_use:
        old.is_active = False
        session.flush()
        audit(session, actor, "bank_account_closed", old, now=now, before=_summary(old))
    account = BankAccount(
        seller_id=seller.id,
        stall_id=stall_id,
        bank_bin=draft.bank_bin,
        bank_name=draft.bank_name,
        number=draft.number,
        holder=draft.holder,
        is_sample=actor.kind == "demo",
        created_at=now,
    )
    session.add(account)
    session.flush()
    audit(session, actor, "bank_account_opened", account, now=now, after=_summary(account))
    return account


def _told(account: BankAccount) -> BankDraft:
    return BankDraft(account.bank_bin, account.bank_name, account.number, account.holder)


def _summary(account: BankAccount) -> dict[str, str]:
    """Return what the history tells of an account: enough to see a change, not to pay to it."""
    return {
        "bank": account.bank_name,
        "account": mask_account(account.number),
        "holder": account.holder,
    }
