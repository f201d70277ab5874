"""What members send for the office to decide: drafts, sending, taking back, returning.

One entry of a phone is one row, however often it arrives: `client_id` is made on the phone.
Nothing here is public; `services.submission_approval` makes it so.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import Changed, NotFound, ShopError, WrongMove
from shop.models.catalog import Product
from shop.models.people import Account, Member, Plot
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.queries import submissions as queries
from shop.services.actors import Actor, audit, require, require_nobody_helped, require_own
from shop.services.permissions import Action

S = SubmissionState

MOVES: dict[SubmissionState | None, frozenset[SubmissionState]] = {
    None: frozenset({S.DRAFT}),
    S.DRAFT: frozenset({S.SENT, S.WITHDRAWN}),
    S.SENT: frozenset({S.DRAFT, S.RETURNED, S.APPROVED, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.SENT, S.WITHDRAWN}),
    S.APPROVED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
"""Where a submission may go. What was approved is changed by a new submission."""

OPEN = frozenset({S.DRAFT, S.RETURNED})
"""What the member may still write in."""

DECIDED_BY = {
    SubmissionKind.PRODUCT: Action.PUBLISH_PRODUCT,
    SubmissionKind.BATCH: Action.EDIT_BATCH,
}
"""What somebody must be allowed to do to decide about each kind."""

MOST_OPEN = 60
"""Entries of one member that may be open at once: nobody lists more, a broken phone might."""


class AlreadyDecided(ShopError):
    """Somebody else of the office decided first; `by` says who, `state` how, `at` when."""

    code = "already_decided"
    status = 409


class TooManyOpen(ShopError):
    """So many entries of this member are open that the office must see them first."""

    code = "too_many_open"
    status = 429


def keep(
    session: Session,
    member: Member,
    kind: SubmissionKind,
    *,
    client_id: str,
    typed: Mapping[str, str],
    product: Product | None = None,
    actor: Actor,
    now: datetime,
) -> Submission:
    """Keep what was typed as a draft and return it; the same `client_id` again is the same row.

    What waits for the office or is decided stays as it is: a late copy changes nothing. Raises
    `NotAllowed`, `NotFound` for an entry or a product of somebody else, `TooManyOpen`.
    """
    require_own(actor, Action.ACT_AS_MEMBER, member)
    if product is not None and product.member_id != member.id:
        raise NotFound(f"product {product.id} is not of member {member.id}")
    found = queries.by_client_id(session, member.seller_id, client_id, locked=True)
    if found is None:
        return _begin(session, member, kind, client_id, typed, product, actor=actor, now=now)
    if found.member_id != member.id or found.kind is not kind:
        raise NotFound(f"entry {client_id} is not of member {member.id}")
    if found.state in OPEN and found.typed != dict(typed):
        found.typed, found.changed_at = dict(typed), now
        found.made_by_id = actor.account_id
        session.flush()
    return found


def _begin(
    session: Session,
    member: Member,
    kind: SubmissionKind,
    client_id: str,
    typed: Mapping[str, str],
    product: Product | None,
    *,
    actor: Actor,
    now: datetime,
) -> Submission:
    if queries.count_open(session, member.id) >= MOST_OPEN:
        raise TooManyOpen(f"member {member.id}", most=MOST_OPEN)
    begun = Submission(
        seller_id=member.seller_id,
        member_id=member.id,
        member=member,
        kind=kind,
        state=S.DRAFT,
        client_id=client_id,
        product_id=product.id if product else None,
        typed=dict(typed),
        made_by_id=actor.account_id,
        made_at=now,
        changed_at=now,
    )
    session.add(begun)
    session.flush()
    after = {"state": S.DRAFT.value, "kind": kind.value}
    audit(session, actor, "submission_begun", begun, now=now, after=after)
    return begun


def send(
    session: Session,
    submission: Submission,
    understood: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Send a draft, or what came back, to the office; what is sent or decided stays as it is."""
    require_own(actor, Action.ACT_AS_MEMBER, submission.member)
    if submission.state not in OPEN:
        return
    before = dict(submission.understood) or _standing(submission, understood)
    submission.understood = dict(understood)
    submission.sent_at, submission.made_by_id = now, actor.account_id
    submission.decided_at = submission.decided_by_id = None
    submission.reason = ""
    after = _named(session, understood)
    move(session, submission, S.SENT, actor=actor, now=now, before=before, after=after)


def _named(session: Session, understood: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was understood, with names beside numbers, as the audit trail tells it."""
    told = dict(understood)
    if (product_id := told.get("product_id")) is not None:
        told["product"] = session.get_one(Product, product_id).name
    if (plot_id := told.get("plot_id")) is not None:
        plot = session.get_one(Plot, plot_id)
        told["plot"] = plot.name or plot.code
    if early := told.pop("too_early", None):
        told |= {"treatment": early["name"], "earliest_on": early["earliest_on"]}
    return told


def _standing(submission: Submission, understood: Mapping[str, Any]) -> dict[str, Any]:
    """Return the price at present of the pack that is to be changed; nothing for new goods."""
    packs = submission.product.packs if submission.product else []
    size = tuple(understood.get(name) for name in ("unit", "net_quantity", "net_unit"))
    known = next(
        (one for one in packs if (one.unit, one.net_quantity, one.net_unit.value) == size), None
    )
    return {"price_vnd": known.price_vnd} if known else {}


def take_back(session: Session, submission: Submission, *, actor: Actor, now: datetime) -> None:
    """Make a draft again of what waits for the office, to change it. A repeat is nothing.

    Raises `AlreadyDecided` once the office has decided.
    """
    require_own(actor, Action.ACT_AS_MEMBER, submission.member)
    if submission.state is S.DRAFT:
        return
    if submission.state is not S.SENT:
        raise already_decided(session, submission)
    submission.sent_at = None
    move(session, submission, S.DRAFT, actor=actor, now=now)


def withdraw(session: Session, submission: Submission, *, actor: Actor, now: datetime) -> None:
    """Take back what is not approved: the office does not see it any more. A repeat is nothing.

    Raises `AlreadyDecided` once it was approved.
    """
    require_own(actor, Action.ACT_AS_MEMBER, submission.member)
    if submission.state is S.WITHDRAWN:
        return
    if submission.state is S.APPROVED:
        raise already_decided(session, submission)
    submission.decided_at = submission.decided_by_id = None
    move(session, submission, S.WITHDRAWN, actor=actor, now=now)


def attach_photo(
    session: Session, submission: Submission, token: str, *, actor: Actor, now: datetime
) -> None:
    """Put the photo that waits under `token` beside a submission that is not decided yet.

    Raises `WrongMove` where the decision was quicker than the photo.
    """
    require_own(actor, Action.ACT_AS_MEMBER, submission.member)
    if submission.photo == token:
        return
    if submission.state not in {S.DRAFT, S.SENT, S.RETURNED}:
        raise WrongMove(f"submission {submission.id}", state=submission.state.value)
    submission.photo, submission.changed_at = token, now
    session.flush()


def mark_read(session: Session, member: Member, *, actor: Actor, now: datetime) -> None:
    """Note that the member read every decision made so far: nobody else reads it for them.

    Raises `NotAllowed`, also for who helps the member.
    """
    require_nobody_helped(actor)
    require_own(actor, Action.ACT_AS_MEMBER, member)
    for submission in queries.unread_decisions(session, member.id):
        submission.seen_at = now
    session.flush()


def return_to_member(
    session: Session,
    submission: Submission,
    *,
    version: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Send a submission back with the reason the member reads.

    Raises `NotAllowed`, `AlreadyDecided` and `Changed` as `require_waiting` does.
    """
    require_waiting(session, submission, version=version, actor=actor)
    submission.reason = reason
    decide(session, submission, S.RETURNED, actor=actor, now=now, after={"reason": reason})


def require_waiting(
    session: Session, submission: Submission, *, version: int, actor: Actor
) -> None:
    """Raise unless `actor` may decide about `submission` now, as it was when they looked at it.

    `NotAllowed`; `AlreadyDecided` when somebody was quicker; `Changed` when the member sent
    something else meanwhile or took it back. The row must be locked.
    """
    require(actor, DECIDED_BY[submission.kind], submission.seller_id)
    if submission.state in {S.APPROVED, S.RETURNED}:
        raise already_decided(session, submission)
    if submission.state is not S.SENT or submission.version != version:
        raise Changed(f"submission {submission.id} is {submission.state} {submission.version}")


def decide(
    session: Session,
    submission: Submission,
    state: SubmissionState,
    *,
    actor: Actor,
    now: datetime,
    after: Mapping[str, Any],
) -> None:
    """Write down a decision of the office, with whose wish it was about."""
    told = {"member": submission.member.full_name, **after}
    submission.decided_by_id, submission.decided_at = actor.account_id, now
    move(session, submission, state, actor=actor, now=now, after=told)


def move(
    session: Session,
    submission: Submission,
    state: SubmissionState,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Bring a submission to `state` and record it; raise `WrongMove` where there is no way."""
    was = submission.state
    if state not in MOVES[was]:
        raise WrongMove(f"submission {submission.id}: {was} -> {state}", state=was.value)
    submission.state, submission.changed_at = state, now
    session.flush()
    audit(
        session,
        actor,
        f"submission_{state}",
        submission,
        now=now,
        before={"state": was.value, **(before or {})},
        after={"state": state.value, **(after or {})},
    )


def already_decided(session: Session, submission: Submission) -> AlreadyDecided:
    """Return the refusal that says who decided about a submission, how and when."""
    by = session.get(Account, submission.decided_by_id) if submission.decided_by_id else None
    return AlreadyDecided(
        f"submission {submission.id} is {submission.state}",
        by=by.name if by else "",
        state=submission.state.value,
        at=submission.decided_at,
    )
