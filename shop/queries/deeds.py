"""Reading what was done about a member, or for them, out of the audit trail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from shop.models.catalog import Product
from shop.models.people import Account, AuditEntry, Consent, Member, Plot
from shop.models.submissions import Submission
from shop.queries import sign_in_deeds

UNTOLD = ("change_undone",)
"""Acts that stand beside the one they are about, not by themselves."""

DECISIONS = ("submission_returned", "submission_approved")
"""What the office decides about a member's entry: the home of the member has it as news."""

OF_GOODS = ("product_changed", "product_published", "product_retired")
"""What the office does to a member's goods on the shelf."""


def of_member(
    session: Session, member_id: int, *, limit: int, offset: int = 0
) -> Sequence[tuple[AuditEntry, str | None]]:
    """Return what was done about a member or for them with who did it, the newest first."""
    return session.execute(
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(_is_about(member_id), AuditEntry.action.not_in(UNTOLD))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def counted(session: Session, member_id: int) -> int:
    """Return how many entries `of_member` has."""
    found = select(func.count()).select_from(AuditEntry)
    found = found.where(_is_about(member_id), AuditEntry.action.not_in(UNTOLD))
    return int(session.scalar(found) or 0)


def about(session: Session, member_id: int, entry_id: int) -> AuditEntry | None:
    """Return an entry, if it is about this member or was done for them."""
    return session.scalars(
        select(AuditEntry).where(AuditEntry.id == entry_id, _is_about(member_id))
    ).one_or_none()


def by_others(
    session: Session, member: Member, *, since: datetime
) -> tuple[AuditEntry, str | None] | None:
    """Return the newest entry about a member since a moment that was not their own act.

    What was put back since is over, and not told; a decision is told as news, how they sign in
    by `sign_in_deeds`.
    """
    not_own = or_(
        AuditEntry.for_member_id == member.id,
        AuditEntry.actor_id.is_(None),
        AuditEntry.actor_id != (member.account_id or 0),
    )
    row: Any = session.execute(
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(_is_about_work(member.id), AuditEntry.action.not_in(UNTOLD + DECISIONS), not_own)
        .where(AuditEntry.at >= since, AuditEntry.actor_kind == "account")
        .where(AuditEntry.id.not_in(_all_undone()))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def undone(session: Session, entry_ids: Iterable[int]) -> set[int]:
    """Return those of the entries that were undone."""
    return set(
        session.scalars(
            select(AuditEntry.subject_id).where(
                AuditEntry.action == "change_undone",
                AuditEntry.subject_kind == "audit_entry",
                AuditEntry.subject_id.in_(set(entry_ids)),
            )
        )
    )


def _all_undone() -> Select[Any]:
    return select(AuditEntry.subject_id).where(
        AuditEntry.action == "change_undone", AuditEntry.subject_kind == "audit_entry"
    )


def _is_about(member_id: int) -> ColumnElement[bool]:
    return or_(_is_about_work(member_id), sign_in_deeds.is_about(member_id))


def _is_about_work(member_id: int) -> ColumnElement[bool]:
    plot, consent = aliased(Plot), aliased(Consent)
    plots = select(plot.id).where(plot.member_id == member_id)
    sent = select(Submission.id).where(Submission.member_id == member_id)
    goods = select(Product.id).where(Product.member_id == member_id)
    decided = and_(
        AuditEntry.subject_kind == "submission",
        AuditEntry.action.in_(DECISIONS),
        AuditEntry.subject_id.in_(sent),
    )
    yes = aliased(AuditEntry)
    # what a yes did to the goods stands in the words about the yes
    by_a_yes = select(yes.at).where(
        yes.action == "submission_approved",
        yes.subject_kind == "submission",
        yes.subject_id.in_(sent),
    )
    done_to_goods = and_(
        AuditEntry.subject_kind == "product",
        AuditEntry.action.in_(OF_GOODS),
        AuditEntry.subject_id.in_(goods),
        AuditEntry.at.not_in(by_a_yes),
    )
    consents = select(consent.id).where(consent.member_id == member_id)
    return or_(
        AuditEntry.for_member_id == member_id,
        and_(AuditEntry.subject_kind == "member", AuditEntry.subject_id == member_id),
        and_(AuditEntry.subject_kind == "plot", AuditEntry.subject_id.in_(plots)),
        and_(AuditEntry.subject_kind == "consent", AuditEntry.subject_id.in_(consents)),
        decided,
        done_to_goods,
    )
