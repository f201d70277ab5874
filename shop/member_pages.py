"""The member's pages: for whom somebody works there, and that two people are never mixed up.

A page of `/thanh-vien/` is about one member: the one helped on this device, else the member that
the account is. Every form of such a page carries the member's number (`whose()` in
`templates/_macros/member.html`); what was filled in for one person is never saved for another,
whatever was chosen in a second tab meanwhile (R19).
"""

from collections.abc import Sequence
from typing import Any

from flask import Flask, abort, g, jsonify, redirect, render_template, request, url_for
from flask import session as cookie

from shop import clock, db, signing_in
from shop.errors import NotAllowed, ShopError
from shop.forms.ids import read_id
from shop.member_entries import Answer, wants_data
from shop.models.people import Member
from shop.pages import help_ended, person_words
from shop.queries import members
from shop.resending import files_again, typed_here
from shop.services import helping
from shop.services.permissions import Action

FIELD = "for_member"
"""The hidden field of every form here: the member for whom it was filled in."""

SWITCH = "switch_to"
"""The field that says: change to this person, then save what was filled in for them."""

CHOSEN = "member"
"""Where the cookie keeps which of several memberships of one's own is meant."""

ADDRESS = "/thanh-vien"

_FOR_NOBODY = {"member_helping", "member_choice", "member_device"}
"""The pages under it that are about no member: choosing one, and the phone itself."""


class WrongPerson(ShopError):
    """A form does not say for whom it was filled in, or for somebody else than the device is."""

    code = "wrong_person"
    status = 409


class NoMember(ShopError):
    """The account has the role of a member, but no member is written down as it."""

    code = "no_member"
    status = 409


def prepare(app: Flask) -> None:
    """Let `app` ask every form of a member's page for whom it was filled in."""
    app.before_request(_keep_apart)
    app.context_processor(names)
    app.jinja_env.globals.update(member_id=member_id, being_helped=being_helped)


def acting_member() -> Member:
    """Return the member this page is about: the one helped, else the account's own.

    Who belongs to several cooperatives is asked which of them. Raises `NoMember` for an account
    that is no member, and `WrongPerson` for a form without the member's number.
    """
    member = signing_in.helped() or _own()
    g.member = member
    g.training = member.seller.is_training
    if not _only_reads() and read_id(request.form.get(FIELD, "")) != member.id:
        raise WrongPerson(f"a form without member {member.id}")
    return member


def member_id() -> int:
    """Return the number that the forms of this page carry."""
    member: Member = g.member
    return member.id


def own_members() -> Sequence[Member]:
    """Return the members that the account itself is, where it has the role of one."""
    actor = signing_in.own_actor()
    if actor.account_id is None:
        return []
    found = members.of_account(db.session(), actor.account_id)
    return [member for member in found if actor.may(Action.ACT_AS_MEMBER, member.seller_id)]


def choose_own(member: Member) -> None:
    """Keep which of one's own memberships is meant from now on."""
    cookie[CHOSEN] = member.id


def _own() -> Member:
    found = own_members()
    if not found:
        raise NoMember(f"account {signing_in.own_actor().account_id}")
    chosen = next((member for member in found if member.id == cookie.get(CHOSEN)), None)
    if chosen is None and len(found) > 1:
        abort(redirect(url_for("member_choice.ask", next=request.full_path.rstrip("?")), 303))
    return chosen or found[0]


def names() -> dict[str, Any]:
    """Return what templates of a member's page know; nothing on any other page."""
    member: Member | None = g.get("member")
    if member is None:
        return {}
    return {"member": member, "greeted": person_words.elder(member.full_name)}


def being_helped() -> str:
    """Return who is helped on this device, for the bar: `bác Chanh`; empty for nobody."""
    member = signing_in.helped()
    return person_words.elder(member.full_name) if member else ""


def ended_help() -> tuple[int, str] | None:
    """Return the member whom this device still means to help, and why that is over.

    `None` while the help goes on, and where nobody was chosen.
    """
    person = signing_in.signed_in()
    if person is None or person.sign_in.for_member_id is None or signing_in.helped() is not None:
        return None
    member_id = person.sign_in.for_member_id
    why = help_ended.sentence(db.session(), member_id, person.account.id, today=clock.today())
    return (member_id, why) if why else None


def _keep_apart() -> Answer | None:
    """Refuse a form for somebody else than the person in the bar; nothing of it is lost."""
    # the cookie is not even read elsewhere: those pages are the same for everybody, and cached
    if not request.path.startswith(ADDRESS) or (person := signing_in.signed_in()) is None:
        return None
    meant = None if _only_reads() else read_id(request.form.get(FIELD, ""))
    if meant is None or meant == _current_id():
        return _after_the_end()
    member = _within_reach(meant)
    if member is None:
        why = help_ended.sentence(db.session(), meant, person.account.id, today=clock.today())
        if why:
            return _ended(meant, why)
        return None if _current_id() is None else _mixed_up(None)
    if read_id(request.form.get(SWITCH, "")) == meant:
        switch_to(member)
        return None
    return _mixed_up(member)


def _after_the_end() -> Answer | None:
    """Say why the help is over, on every page of the member who was helped here until then."""
    ended = None if request.blueprint in _FOR_NOBODY else ended_help()
    return _ended(*ended) if ended else None


def _ended(member_id: int, why: str) -> Answer:
    """Say since when somebody is not helped any more; what was typed stays on the page."""
    if wants_data():
        return jsonify(ended=why, url=url_for("member_helping.ask")), NotAllowed.status
    typed = [] if _only_reads() else typed_here()
    page = render_template(
        "member/help_ended.html",
        why=why,
        meant_id=member_id,
        typed=help_ended.typed_text(typed),
        files_again=files_again(),
        resend_url=request.script_root + request.full_path,
        resend_fields=[(name, value) for name, value in typed if name != SWITCH],
    )
    return page, NotAllowed.status


def _only_reads() -> bool:
    return request.method in {"GET", "HEAD", "OPTIONS"}


def _current_id() -> int | None:
    """Return for whom this device acts at present; nobody where that is still to be chosen."""
    helped = signing_in.helped()
    if helped is not None:
        return helped.id
    found = own_members()
    if len(found) == 1:
        return found[0].id
    return next((member.id for member in found if member.id == cookie.get(CHOSEN)), None)


def _within_reach(meant: int) -> Member | None:
    """Return the member a form names, if the account is it or may help it."""
    own = next((member for member in own_members() if member.id == meant), None)
    if own is not None:
        return own
    return helping.who_may_be_helped(
        db.session(), meant, actor=signing_in.own_actor(), today=clock.today()
    )


def switch_to(member: Member) -> None:
    """Let this device act for `member` from now on: somebody helped, or the account's own.

    Raises `NotHelping` for who is neither.
    """
    person = signing_in.signed_in()
    if person is None:
        raise NotAllowed(action=Action.HELP_MEMBER.value)
    if any(own.id == member.id for own in own_members()):
        helping.end(db.session(), person.sign_in)
        choose_own(member)
    else:
        actor = signing_in.own_actor()
        helping.begin(db.session(), person.sign_in, member, actor=actor, today=clock.today())
    db.session().commit()
    signing_in.ask_again()


def _mixed_up(member: Member | None) -> tuple[str, int]:
    """Say that nothing was saved, and offer to send it for the person it was filled in for."""
    typed = typed_here() if member else []
    page = render_template(
        "member/mixed_up.html",
        meant=person_words.elder(member.full_name) if member else "",
        meant_id=member.id if member else None,
        files_again=files_again(),
        resend_url=request.script_root + request.full_path,
        resend_fields=[(name, value) for name, value in typed if name != SWITCH],
    )
    return page, WrongPerson.status
