"""Whether a member's name may stand on the pages of their batches (R41): theirs to say.

Who helps them sees neither page nor button; the office has it in its own form of the member.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.errors import NotAllowed
from shop.member_pages import acting_member
from shop.services import members
from shop.services.permissions import Action

bp = Blueprint("member_own_name", __name__, url_prefix="/thanh-vien/hien-ten")


@bp.get("")
@signing_in.no_helper
@signing_in.needs(Action.ACT_AS_MEMBER)
def show() -> str | tuple[str, int]:
    """Say whether buyers see the name at present."""
    acting_member()
    return _not_by_helpers() or render_template("member/own_name.html")


@bp.post("")
@signing_in.no_helper
@signing_in.needs(Action.ACT_AS_MEMBER)
def change() -> Response | tuple[str, int]:
    """Let the name be shown, or not any more."""
    member = acting_member()
    if closed := _not_by_helpers():
        return closed
    is_shown = request.form.get("show") == "1"
    members.show_name(db.session(), member, is_shown, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Từ giờ khách thấy tên bác.") if is_shown else _("Từ giờ khách không thấy tên bác."))
    return redirect(url_for(".show"), 303)


def _not_by_helpers() -> tuple[str, int] | None:
    """Say to a helper whose decision it is."""
    if signing_in.helped() is None:
        return None
    return render_template("member/own_name_closed.html"), NotAllowed.status
