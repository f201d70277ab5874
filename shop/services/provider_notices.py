"""Notices of providers: stored as they came, then let be so, once, however often they are read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.errors import BadSignature
from integrations.http import InboundRequest
from integrations.payments.protocol import Verdict
from shop.models.payments import ProviderAccount, ProviderNotice
from shop.services import provider_accounts, provider_payments

STORED = "stored"
"""Nobody has read the notice, or whoever did was broken off."""

PENDING = "pending"
"""It said that nothing has been decided yet, and changed nothing."""

PATIENCE = timedelta(minutes=1)
"""How long whoever received a notice may take over it."""


def store(
    session: Session, account: ProviderAccount, request: dict[str, object], *, now: datetime
) -> ProviderNotice:
    """Write a notice down as it came, before anybody reads it."""
    notice = ProviderNotice(
        provider=account.provider,
        provider_account_id=account.id,
        received_at=now,
        request=request,
        outcome=STORED,
    )
    session.add(notice)
    session.flush()
    return notice


def take(
    session: Session, notice_id: int, *, now: datetime, today: date, again: bool = False
) -> Verdict | None:
    """Read a stored notice and let it be so; `None` when that has been done.

    With `again` one that was refused for its signature is read once more: the secret may have
    been put right.

    Its outcome is written with what it changed. The order of what is trusted stays the same
    however late it is read: the signature first, then the one state machine.
    """
    notice = session.scalars(
        select(ProviderNotice)
        .where(ProviderNotice.id == notice_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if notice.outcome not in ({STORED, Verdict.NOT_SIGNED.value} if again else {STORED}):
        return None
    account = session.get_one(ProviderAccount, notice.provider_account_id)
    connection = provider_accounts.connect(session, account)
    try:
        told = connection.read_notification(InboundRequest.from_json(notice.request))
    except BadSignature:
        verdict, is_open = Verdict.NOT_SIGNED, False
    else:
        verdict = provider_payments.take(session, account, told, now=now, today=today)
        is_open = verdict is Verdict.RECORDED and told.outcome not in provider_payments.STATES
        if is_open:
            _have_it_asked(session, account, told.reference, now=now)
    notice.outcome = PENDING if is_open else verdict.value
    session.flush()
    return verdict


def _have_it_asked(
    session: Session, account: ProviderAccount, reference: str, *, now: datetime
) -> None:
    """Promise a question where the notice decided nothing: no other one may come."""
    attempt = provider_payments.find(session, account, reference)
    if attempt is not None:
        provider_payments.ask_after(session, attempt, now=now)


def refused(session: Session, *, since: datetime) -> Sequence[int]:
    """Return the notices since then whose signature did not fit the secret of the time."""
    return session.scalars(
        select(ProviderNotice.id)
        .where(ProviderNotice.outcome == Verdict.NOT_SIGNED.value)
        .where(ProviderNotice.received_at >= since)
        .where(ProviderNotice.provider_account_id.is_not(None))
        .order_by(ProviderNotice.id)
    ).all()


def found(session: Session, notice_ids: Sequence[int]) -> Sequence[ProviderNotice]:
    """Return these notices as they were stored; numbers that none has are left out."""
    return session.scalars(
        select(ProviderNotice).where(ProviderNotice.id.in_(notice_ids)).order_by(ProviderNotice.id)
    ).all()


def unread(session: Session, *, by: datetime) -> Sequence[int]:
    """Return the notices that came by a moment and that nobody has read to the end."""
    return session.scalars(
        select(ProviderNotice.id)
        .where(ProviderNotice.outcome == STORED, ProviderNotice.received_at <= by)
        .where(ProviderNotice.provider_account_id.is_not(None))
        .order_by(ProviderNotice.id)
    ).all()
