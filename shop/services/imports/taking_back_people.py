"""Members and plots of a run that is taken back: what it made goes, the rest is as before."""

from dataclasses import replace
from typing import Any

from shop.models.imports import ImportRow
from shop.models.people import Member, Plot
from shop.services import members
from shop.services.imports.member_work import member_draft, member_values, plot_draft, plot_values
from shop.services.imports.taking_back import (
    CHANGED_SINCE,
    IN_USE,
    Found,
    Undoing,
    keep,
    remove,
    stands,
)


def plots_created(undoing: Undoing, found: Found) -> None:
    """Delete new plots on which nothing was harvested."""

    def judge(row: ImportRow, plot: Plot) -> str | None:
        return None if plot_values(plot) == row.after else CHANGED_SINCE

    remove(undoing, keep(found, judge), _told_of_plot)


def plots_changed(undoing: Undoing, found: Found) -> None:
    """Let plots be written down as they were."""

    def judge(row: ImportRow, plot: Plot) -> str | None:
        return None if stands(plot_values(plot), row.after) else CHANGED_SINCE

    changes = [
        members.MemberChange(
            plot.member,
            replace(
                member_draft(plot.member),
                plots=(replace(plot_draft(plot), **(row.before or {})),),
            ),
        )
        for row, plot in keep(found, judge)
    ]
    members.change_all(undoing.session, undoing.run.seller_id, changes, **undoing.by)


def members_created(undoing: Undoing, found: Found) -> None:
    """Delete new members who have no plots, no account and no goods."""

    def judge(row: ImportRow, member: Member) -> str | None:
        if member_values(member) != row.after or member.account_id is not None:
            return CHANGED_SINCE
        return IN_USE if member.plots else None

    remove(undoing, keep(found, judge), _told_of_member)


def members_changed(undoing: Undoing, found: Found) -> None:
    """Let members be written down as they were."""

    def judge(row: ImportRow, member: Member) -> str | None:
        return None if stands(member_values(member), row.after) else CHANGED_SINCE

    changes = [
        members.MemberChange(member, replace(member_draft(member), **(row.before or {})))
        for row, member in keep(found, judge)
    ]
    members.change_all(undoing.session, undoing.run.seller_id, changes, **undoing.by)


def _told_of_plot(plot: Plot) -> dict[str, Any]:
    return {"code": plot.code, "member": plot.member.full_name, **plot_values(plot)}


def _told_of_member(member: Member) -> dict[str, Any]:
    return {"code": member.code, **member_values(member)}
