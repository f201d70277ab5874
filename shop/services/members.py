"""Members of a seller: writing one down with plots, changing what is written."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.models.catalog import Seller
from shop.models.people import AuditEntry, Member, Plot
from shop.queries import members as queries
from shop.queries.locks import lock
from shop.services import journal
from shop.services.actors import (
    Actor,
    audit,
    record_change,
    require,
    require_nobody_helped,
    require_own,
    set_values,
)
from shop.services.permissions import Action
from shop.services.restoring import restore

CHANGED = ("full_name", "phone", "kind", "gender", "birth_year", "show_name")

_NEVER_BY_HELPERS = {"phone", "show_name"}
"""What nobody changes who acts for a member (R18, and R41 for the name)."""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What is to be written about a member; plots that the draft does not name stay."""

    member: Member
    draft: MemberDraft


def write_down(
    session: Session, seller: Seller, draft: MemberDraft, *, actor: Actor, now: datetime
) -> Member:
    """Write down a member of `seller` with the plots of the draft; a code is given if none is.

    Raises `NotAllowed`, and `FieldRefused` for a code that another member of the seller has, or
    a plot that another member works.
    """
    require(actor, Action.MANAGE_MEMBERS, seller.id)
    return write_down_all(session, seller, [draft], actor=actor, now=now)[0]


def write_down_all(
    session: Session,
    seller: Seller,
    drafts: Sequence[MemberDraft],
    *,
    actor: Actor,
    now: datetime,
) -> list[Member]:
    """Write down many members at once, as `write_down` does one: all of them or none."""
    require(actor, Action.MANAGE_MEMBERS, seller.id)
    lock(session, seller)
    codes = queries.codes(session, seller.id)
    number = len(codes)
    made = []
    for draft in drafts:
        code = draft.code
        while not code:
            number += 1
            proposed = f"{seller.lot_prefix}-TV-{number:03}"
            code = "" if proposed in codes else proposed
        if code in codes:
            raise FieldRefused("code", "member_code_taken", value=code)
        codes.add(code)
        made.append(_new_member(seller, code, draft))
    session.add_all(made)
    session.flush()
    for member in made:
        after = {"full_name": member.full_name, "code": member.code, "phone": member.phone}
        audit(session, actor, "member_written_down", member, now=now, after=after)
    changes = [MemberChange(*pair) for pair in zip(made, drafts, strict=True)]
    _write_plots(session, seller.id, changes, actor=actor, now=now)
    return made


def change(
    session: Session, member: Member, draft: MemberDraft, *, actor: Actor, now: datetime
) -> None:
    """Change what is written about a member, and plots by their code; new ones are added.

    What stays the same leaves no trace, and a plot that the draft does not name stays. Raises
    `NotAllowed`, and `FieldRefused` for a plot that another member works.
    """
    require(actor, Action.MANAGE_MEMBERS, member.seller_id)
    wanted = MemberChange(member, draft)
    change_all(session, member.seller_id, [wanted], actor=actor, now=now)


def change_all(
    session: Session,
    seller_id: int,
    changes: Sequence[MemberChange],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Change many members of one seller, all of them or none; refusals as in `change`."""
    require(actor, Action.MANAGE_MEMBERS, seller_id)
    queries.lock_all(session, [one.member.id for one in changes])
    for one in changes:
        values = {name: getattr(one.draft, name) for name in CHANGED}
        if differed := set_values(one.member, values):
            was, after = differed
            audit(session, actor, "member_changed", one.member, now=now, before=was, after=after)
    _write_plots(session, seller_id, changes, actor=actor, now=now)


def write_plot(
    session: Session, member: Member, draft: PlotDraft, *, actor: Actor, now: datetime
) -> None:
    """Write down a plot that a member works, or change the one of this code.

    Raises `NotAllowed`, and `FieldRefused` for a plot that another member works.
    """
    require(actor, Action.MANAGE_MEMBERS, member.seller_id)
    lock(session, member)
    wanted = MemberChange(member, MemberDraft(member.full_name, plots=[draft]))
    _write_plots(session, member.seller_id, [wanted], actor=actor, now=now)


def show_name(
    session: Session, member: Member, is_shown: bool, *, actor: Actor, now: datetime
) -> None:
    """Let pages of batches say the member's name, or not (R41); a repeat changes nothing.

    The member's own to say, and no helper's; the office has its own form for it. Raises
    `NotAllowed`.
    """
    require_nobody_helped(actor)
    require_own(actor, Action.ACT_AS_MEMBER, member)
    lock(session, member)
    record_change(session, actor, "member_changed", member, {"show_name": is_shown}, now=now)


def is_never_by_helpers(entry: AuditEntry) -> bool:
    """Return whether a change is of what nobody changes who acts for the member."""
    return bool(_NEVER_BY_HELPERS & set(entry.before or {}))


def put_back(session: Session, entry: AuditEntry, *, actor: Actor, now: datetime) -> None:
    """Let a member be written down as before the change of `entry`.

    Raises `Changed` where that was changed again since, `NotAllowed` for what no helper may
    change.
    """
    if is_never_by_helpers(entry):
        require_nobody_helped(actor)
    member = session.get_one(Member, entry.subject_id, with_for_update={"key_share": True})
    restore(session, member, entry, actor=actor, now=now)


def put_plot_back(session: Session, entry: AuditEntry, *, actor: Actor, now: datetime) -> None:
    """Let a plot be written down as before the change of `entry`; raises `Changed` as above."""
    plot = session.get_one(Plot, entry.subject_id, with_for_update={"key_share": True})
    restore(session, plot, entry, actor=actor, now=now)


def _new_member(seller: Seller, code: str, draft: MemberDraft) -> Member:
    return Member(
        seller_id=seller.id,
        code=code,
        party_id=journal.new_party_id(),
        is_sample=seller.is_sample,
        **{name: getattr(draft, name) for name in CHANGED},
    )


def _write_plots(
    session: Session,
    seller_id: int,
    changes: Sequence[MemberChange],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Add and change the plots that the drafts name, and read those of the members anew."""
    wanted = {draft.code for one in changes for draft in one.draft.plots}
    known = queries.plots_by_code(session, seller_id, wanted)
    added = []
    for one in changes:
        for draft in one.draft.plots:
            plot = known.get(draft.code)
            if plot is None:
                plot = known[draft.code] = Plot(
                    seller_id=seller_id,
                    member_id=one.member.id,
                    party_id=journal.new_party_id(),
                    **asdict(draft),
                )
                added.append(plot)
            elif plot.member_id != one.member.id:
                raise FieldRefused("plot_code", "plot_code_taken", value=draft.code)
            elif differed := set_values(plot, asdict(draft)):
                was, after = differed
                audit(session, actor, "plot_changed", plot, now=now, before=was, after=after)
    session.add_all(added)
    session.flush()
    for plot in added:
        after = {name: value for name, value in asdict(_draft_of(plot)).items() if value}
        audit(session, actor, "plot_added", plot, now=now, after=after)
    queries.lock_all(session, [one.member.id for one in changes])


def _draft_of(plot: Plot) -> PlotDraft:
    return PlotDraft(plot.code, plot.name, plot.crop, plot.area_m2, plot.hamlet)
