"""Helping: whom somebody may help, choosing one of them by an explicit act, and ending it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, member_pages, signing_in
from shop.errors import NotAllowed, NotFound
from shop.forms.ids import read_id
from shop.pages import people_helped, person_words
from shop.queries import members
from shop.services import helping
from shop.services.permissions import Action

bp = Blueprint("member_helping", __name__, url_prefix="/thanh-vien/lam-ho")


@bp.get("")
@signing_in.needs_oneself(Action.HELP_MEMBER)
def ask() -> str:
    """Ask who is to be helped, among those whose consent holds today."""
    person = signing_in.signed_in()
    if person is None:
        raise NotAllowed(action=Action.HELP_MEMBER.value)
    found = people_helped.people(
        db.session(), person.account.id, current=signing_in.helped(), today=clock.today()
    )
    _member_id, ended = member_pages.ended_help() or (None, "")
    return render_template("member/helping.html", people=found, ended=ended)


@bp.post("")
@signing_in.needs_oneself(Action.HELP_MEMBER)
def choose() -> Response:
    """Help one of them from now on, until the end is said or somebody else is chosen."""
    asked = read_id(request.form.get("member", ""))
    member = members.by_id(db.session(), asked) if asked else None
    if member is None:
        raise NotFound(f"member {asked}")
    member_pages.switch_to(member)
    flash(_("Từ giờ là làm hộ %(name)s.", name=person_words.elder(member.full_name)))
    return redirect(url_for("member_home.home"), 303)


@bp.post("/xong")
@signing_in.needs_sign_in
def end() -> Response:
    """Help nobody any more on this device."""
    person = signing_in.signed_in()
    if person is None:
        return redirect(url_for("people.sign_in"), 303)
    was = signing_in.helped()
    helping.end(db.session(), person.sign_in)
    db.session().commit()
    if was is not None:
        flash(_("Đã xong việc hộ %(name)s.", name=person_words.elder(was.full_name)))
    is_helper = signing_in.own_actor().sellers(Action.HELP_MEMBER) != set()
    return redirect(url_for(".ask") if is_helper else signing_in.home(), 303)
