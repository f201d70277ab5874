"""What people entered beside the demo: whoever loads the demo afresh would lose it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.models.batches import ProblemReport
from shop.models.catalog import Product, Seller
from shop.models.payments import BankAccount, BankCredit
from shop.models.people import Account, AuditEntry, Member

_NOT_OF_THE_DEMO = {
    "accounts": Account.is_sample.is_(False),
    "sellers": Seller.is_sample.is_(False),
    "members": Member.is_sample.is_(False),
    "products": Product.is_sample.is_(False),
    "bank_accounts": BankAccount.is_sample.is_(False),
    "batches": (AuditEntry.action == "batch_opened") & (AuditEntry.actor_kind != "demo"),
    "orders": (AuditEntry.action == "order_placed") & (AuditEntry.actor_kind != "demo"),
    "reports": ProblemReport.id.not_in(
        select(AuditEntry.subject_id).where(
            AuditEntry.action == "problem_reported", AuditEntry.actor_kind == "demo"
        )
    ),
    "credits": BankCredit.reference.not_like("MAU-TT%"),
    "changes": AuditEntry.actor_kind.not_in({"demo", "system"}),
}
"""Who did a thing stands in the audit trail, so that what has no column of its own counts too.

What the machine did by itself, such as letting an order of the demo lapse, nobody entered.
"""


def entered(session: Session) -> dict[str, int]:
    """Return how much of each kind the demo did not make, kinds without any left out.

    Carts and sign-ins do not count: they end by themselves.
    """
    counted = {
        kind: session.scalar(select(func.count()).where(condition)) or 0
        for kind, condition in _NOT_OF_THE_DEMO.items()
    }
    return {kind: count for kind, count in counted.items() if count}
