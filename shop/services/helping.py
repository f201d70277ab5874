"""Helpers act for members: consent, whom they help on a device, and taking the consent back.

A helper signs in as themselves and never becomes the member: `Actor.for_member_id` stands beside
their own account on every change, and only what a member may is open to them (R17 to R19).
"""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.clock import day_of
from shop.errors import Changed, FieldRefused, ShopError
from shop.models.people import Account, AuditEntry, Consent, GivenHow, Member, SignIn
from shop.queries import members, staff
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, require
from shop.services.permissions import ALLOWED, Action

LONGEST_DAYS = 366
"""A consent is given again every year: a year and a day at the most."""


class NotHelping(ShopError):
    """There is no consent by which this account may act for this member today."""

    code = "not_helping"
    status = 403


def record_consent(
    session: Session,
    member: Member,
    helper: Account,
    *,
    given_how: GivenHow,
    given_on: date,
    until: date,
    note: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Consent:
    """Write down that `member` lets `helper` act for them until the end of a day.

    A consent of the two that still holds is replaced: it ends at the same moment. Raises
    `NotAllowed`, and `FieldRefused` for a helper who is none, for the member themselves, for whom
    writes it down (also to make it last longer), and for days that make no sense.
    """
    require(actor, Action.MANAGE_MEMBERS, member.seller_id)
    if helper.id == actor.account_id:
        raise FieldRefused("helper", "consent_for_oneself")
    _require_helper(session, member, helper, now=now)
    if given_on > today:
        raise FieldRefused("given_on", "date_in_future")
    if until < today or (until - given_on).days > LONGEST_DAYS:
        raise FieldRefused("until", "consent_until", days=LONGEST_DAYS)
    lock(session, member)
    _end_all(session, member.id, helper.id, actor=actor, now=now)
    consent = Consent(
        seller_id=member.seller_id,
        member_id=member.id,
        helper_id=helper.id,
        given_how=given_how,
        given_on=given_on,
        until=until,
        note=note,
        recorded_by_id=actor.account_id,
        recorded_at=now,
    )
    session.add(consent)
    session.flush()
    after = {"helper": helper.name, "until": until.isoformat(), "given_how": given_how.value}
    audit(session, actor, "consent_recorded", consent, now=now, after=after)
    return consent


def _require_helper(session: Session, member: Member, helper: Account, *, now: datetime) -> None:
    if helper.id == member.account_id:
        raise FieldRefused("helper", "helps_themselves")
    may_help = ALLOWED[Action.HELP_MEMBER]
    for given in staff.living_grants(session, helper.id, now=now):
        if given.role in may_help and given.seller_id in {None, member.seller_id}:
            return
    raise FieldRefused("helper", "is_no_helper")


def withdraw(session: Session, consent: Consent, *, actor: Actor, now: datetime) -> None:
    """Take a consent back: the helper is out with the next click; a repeat changes nothing.

    Whatever else the member has let the same helper do ends with it: one line of the trail each.
    The member may, by one tap, and the office. A helper who acts for the member may not.
    """
    is_own = actor.for_member_id is None and actor.account_id is not None
    if not (is_own and consent.member.account_id == actor.account_id):
        require(actor, Action.MANAGE_MEMBERS, consent.seller_id)
    lock(session, consent.member)
    lock(session, consent)
    _end_all(session, consent.member_id, consent.helper_id, actor=actor, now=now)


def _end_all(
    session: Session, member_id: int, helper_id: int, *, actor: Actor, now: datetime
) -> None:
    """End every consent between the two that still holds; the member is locked."""
    living = members.living_consents(session, member_id, helper_id, today=day_of(now))
    for consent in living:
        consent.withdrawn_at, consent.withdrawn_by_id = now, actor.account_id
        session.flush()
        before = {"helper": consent.helper.name, "until": consent.until.isoformat()}
        audit(session, actor, "consent_withdrawn", consent, now=now, before=before)


def take_back(session: Session, entry: AuditEntry, *, actor: Actor, now: datetime) -> None:
    """Undo that a consent was recorded: it ends. Raises `Changed` where it had ended already."""
    consent = session.get_one(Consent, entry.subject_id)
    if consent.withdrawn_at is not None:
        raise Changed(f"consent {consent.id} was withdrawn")
    withdraw(session, consent, actor=actor, now=now)


def who_may_be_helped(
    session: Session, member_id: int, *, actor: Actor, today: date
) -> Member | None:
    """Return the member, if `actor`, as itself, is a helper and has their consent today."""
    if actor.account_id is None:
        return None
    consent = members.living_consent(session, member_id, actor.account_id, today=today)
    if consent is None or not actor.may(Action.HELP_MEMBER, consent.seller_id):
        return None
    return consent.member


def begin(session: Session, sign_in: SignIn, member: Member, *, actor: Actor, today: date) -> None:
    """Let the device of `actor` act for `member` from now on.

    Raises `NotHelping` without a living consent, or for who is no helper any more.
    """
    if who_may_be_helped(session, member.id, actor=actor, today=today) is None:
        raise NotHelping(f"account {actor.account_id} and member {member.id}")
    _help(session, sign_in, member.id)


def end(session: Session, sign_in: SignIn) -> None:
    """Let a device act for nobody but its own account again."""
    _help(session, sign_in, None)


def _help(session: Session, sign_in: SignIn, member_id: int | None) -> None:
    session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(for_member_id=member_id))


def helped(session: Session, sign_in: SignIn, *, actor: Actor, today: date) -> Member | None:
    """Return the member whom the device of `actor` acts for; nobody once that has ended."""
    if sign_in.for_member_id is None:
        return None
    return who_may_be_helped(session, sign_in.for_member_id, actor=actor, today=today)
