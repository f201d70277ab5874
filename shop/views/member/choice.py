"""Which of several memberships of one's own the pages are about."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shop import member_pages, signing_in
from shop.errors import NotFound
from shop.forms.ids import read_id
from shop.services.permissions import Action
from shop.web_addresses import own_path

bp = Blueprint("member_choice", __name__, url_prefix="/thanh-vien/chon")


@bp.get("")
@signing_in.needs_oneself(Action.ACT_AS_MEMBER)
def ask() -> str:
    """Ask as whose member somebody works now."""
    return render_template(
        "member/choice.html",
        memberships=member_pages.own_members(),
        following=own_path(request.args.get("next", "")),
    )


@bp.post("")
@signing_in.needs_oneself(Action.ACT_AS_MEMBER)
def choose() -> Response:
    """Let the pages be about one membership; whoever was helped is let go of."""
    asked = read_id(request.form.get("member", ""))
    member = next((own for own in member_pages.own_members() if own.id == asked), None)
    if member is None:
        raise NotFound(f"own member {asked}")
    member_pages.switch_to(member)
    following = own_path(request.form.get("next", ""))
    return redirect(following or url_for("member_home.home"), 303)
