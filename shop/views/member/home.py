"""The first page of a member: at most five big buttons, each with one live fact."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.member_pages import acting_member
from shop.pages import deeds, listings, member_home
from shop.queries import submissions as queries
from shop.services import submissions
from shop.services.permissions import Action

bp = Blueprint("member_home", __name__, url_prefix="/thanh-vien")


@bp.get("")
@signing_in.needs(Action.ACT_AS_MEMBER)
def home() -> str:
    """What the member can do here, and what the office has decided since the last visit."""
    member, session = acting_member(), db.session()
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    done, may_undo = deeds.notice(session, member, **by)
    decisions = queries.unread_decisions(session, member.id)
    return render_template(
        "member/home.html",
        doors=member_home.doors(session, member),
        news=listings.news(decisions, today=clock.today()),
        done_by_others=done,
        may_undo=may_undo,
        sign_in_news=deeds.sign_in_notices(session, member, now=by["now"]),
    )


@bp.post("/da-xem")
@signing_in.no_helper
@signing_in.needs(Action.ACT_AS_MEMBER)
def mark_read() -> Response:
    """Put the decisions away that stand on the first page."""
    member = acting_member()
    submissions.mark_read(db.session(), member, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    return redirect(url_for(".home"), 303)
