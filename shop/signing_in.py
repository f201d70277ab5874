"""Who is signed in: sessions in the database behind a cookie."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from shop import clock, db
from shop.errors import NotAllowed
from shop.models.people import Member, OpenedWith, SignIn
from shop.queries import members
from shop.resending import came_from, files_again, typed_here
from shop.services import helping, sign_in_ends, sign_ins
from shop.services.actors import Actor, account_actor, helper_actor
from shop.services.permissions import Action
from shop.services.sign_in_ends import Ended

P = ParamSpec("P")
R = TypeVar("R")

_TOUCH_EVERY_SECONDS = 60
_TOKEN = "_user_id"  # noqa: S105 - a name
"""Where Flask-Login keeps the token in the cookie."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person behind this request, by the token in the cookie."""

    def __init__(self, token: str, row: SignIn) -> None:
        self._token = token
        self.sign_in = row
        self.account = row.account

    def get_id(self) -> str:
        """Return what the cookie keeps: the token, never the account."""
        return self._token


def prepare(app: Flask) -> None:
    """Let `app` know signed-in people."""
    manager = LoginManager()
    manager.session_protection = None
    # What `init_app` adds beside this reads the cookie on every page, so that those which are
    # the same for everybody would vary by it; the remember-me cookie it serves is not used here.
    app.login_manager = manager  # type: ignore[attr-defined]

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(token: str) -> SignedIn | None:
        now = clock.now()
        row = sign_ins.find(db.session(), token, now=now)
        if row is None:
            return None
        if (now - row.seen_at).total_seconds() > _TOUCH_EVERY_SECONDS:
            _touch(row.id, now)
        return SignedIn(token, row)


def _touch(sign_in_id: int, now: datetime) -> None:
    """Note that the session was used: with what a form writes, or in a moment of its own."""
    if not db.only_reads():
        sign_ins.touch(db.session(), sign_in_id, now=now)
        return
    with db.writing() as own:
        sign_ins.touch(own, sign_in_id, now=now)
        own.commit()


def why_ended() -> Ended | None:
    """Return why the session that this browser held was ended from elsewhere, and tell it once."""
    token = cookie.get(_TOKEN)
    found = sign_in_ends.why_ended(db.session(), token) if isinstance(token, str) else None
    if found is not None:
        cookie.pop(_TOKEN)
    return found


def remember(token: str, row: SignIn) -> None:
    """Put the token of a new sign-in into the cookie; on a shared computer it dies with it."""
    cookie.clear()
    cookie.permanent = not row.is_shared_computer
    login_user(SignedIn(token, row))
    ask_again()


def forget() -> None:
    """Take everything out of the cookie."""
    logout_user()
    cookie.clear()


def signed_in() -> SignedIn | None:
    """Return the person behind this request; `None` for a visitor.

    Whoever still owes a second factor or a new password is a visitor everywhere but on the
    pages where they give it.
    """
    person = at_the_door()
    return None if person is None or owed(person) else person


def at_the_door() -> SignedIn | None:
    """Return who has given a password or a card, whether or not that is enough."""
    return cast(SignedIn, current_user) if current_user.is_authenticated else None


def owed(person: SignedIn) -> sign_ins.Owed | None:
    """Return what the person must still do before anything is open to them."""
    return sign_ins.owed(person.sign_in, now=clock.now())


def as_themselves(person: SignedIn) -> Actor:
    """Return the actor for what concerns the person's own sign-in, even at the door."""
    origin, device = request.remote_addr or "", person.sign_in.device
    found = account_actor(person.account, origin=origin, device=device, now=clock.now())
    return replace(found, by_card=person.sign_in.opened_with is OpenedWith.CARD)


_DOORS = {
    sign_ins.Owed.SECOND_FACTOR: "second_factor.ask",
    sign_ins.Owed.NEW_PASSWORD: "people.ask_password",
}


def way_in(following: str) -> str:
    """Return where whoever signed in goes next: what they still owe, `following`, their home."""
    person = at_the_door()
    if person is not None and (step := owed(person)) is not None:
        return url_for(_DOORS[step], next=following or None)
    return following or home()


def home() -> str:
    """Return the first page of whoever is signed in: office, member, helper, or the account."""
    person = signed_in()
    if person is None:
        return url_for("people.account")
    if actor().sellers(Action.SEE_OFFICE) != set():
        return url_for("office_home.inbox")
    own = members.of_account(db.session(), person.account.id)
    is_member = any(actor().may(Action.ACT_AS_MEMBER, member.seller_id) for member in own)
    if helped() is not None or is_member:
        return url_for("member_home.home")
    if own_actor().sellers(Action.HELP_MEMBER) != set():
        return url_for("member_helping.ask")
    return url_for("people.account")


def actor() -> Actor:
    """Return who acts in this request: the account, or the account as helper of a member."""
    if "actor" not in g:
        person, member = signed_in(), helped()
        g.actor = own_actor()
        if person is not None and member is not None:
            own: Actor = g.actor
            acting = helper_actor(person.account, member, origin=own.origin, device=own.device)
            g.actor = replace(acting, by_card=own.by_card)
    found: Actor = g.actor
    return found


def own_actor() -> Actor:
    """Return the account as itself, whomever this device helps at present."""
    person = signed_in()
    return as_themselves(person) if person else Actor("buyer", origin=request.remote_addr or "")


def helped() -> Member | None:
    """Return whom this device acts for; a consent or a role that ended lets go of them at once."""
    if "helped" not in g:
        person = signed_in()
        g.helped = None
        if person is not None and person.sign_in.for_member_id is not None:
            g.helped = helping.helped(
                db.session(), person.sign_in, actor=own_actor(), today=clock.today()
            )
    found: Member | None = g.helped
    return found


def ask_again() -> None:
    """Forget who acts in this request: from here on it is somebody else, or with other rights."""
    g.pop("helped", None)
    g.pop("actor", None)


def start_over() -> None:
    """Forget everybody who was read in a transaction that broke off: the rows are gone with it."""
    ask_again()
    g.pop("_login_user", None)
    g.pop("member", None)


def needs(action: Action) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Let only those in who may do `action` for some seller; others sign in, or are told.

    While somebody is helped, that is what the helped person may, and nothing else (R18).
    """
    return _decided(action, actor)


def needs_oneself(action: Action) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Do what `needs` does for the account itself, also while it helps somebody."""

    def decorate(view: Callable[P, R]) -> Callable[P, Any]:
        checked = _decided(action, own_actor)(view)
        checked.is_for_oneself = True  # type: ignore[attr-defined]
        return checked

    return decorate


def no_helper(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that is closed to who helps the member; the view says so in words."""
    view.is_for_oneself = True  # type: ignore[attr-defined]
    return view


def _decided(
    action: Action, acting: Callable[[], Actor]
) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    def decorate(view: Callable[P, R]) -> Callable[P, Any]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> Any:
            if signed_in() is None:
                return _ask_to_sign_in()
            if acting().sellers(action) == set():
                raise NotAllowed(action=action.value)
            return view(*args, **kwargs)

        checked.decided_by = action  # type: ignore[attr-defined]
        return checked

    return decorate


def _ask_to_sign_in() -> Response | tuple[str, int]:
    """Lead to the sign-in and back; a form that was filled in waits to be sent again."""
    if request.method != "POST":
        return redirect(url_for("people.sign_in", next=_here().rstrip("?")), 303)
    typed, lost = typed_here(), files_again()
    following = came_from() or url_for("office_home.inbox")
    door = url_for("people.sign_in", next=following)
    if not typed and not lost:
        return redirect(door, 303)
    page = render_template(
        "people/sign_in_again.html",
        resend_url=_here(),
        resend_fields=typed,
        files_again=lost,
        sign_in_url=door,
    )
    return page, 401


def _here() -> str:
    """Return the address that was asked for, in the language it was asked in."""
    return request.script_root + request.full_path


def needs_sign_in(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view for whoever is signed in, whatever their roles; the view itself asks who.

    For one's own account: some of these open to who has yet to give the second factor.
    """
    view.needs_sign_in = True  # type: ignore[attr-defined]
    return is_open(view)


def is_open(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that everybody may see: the decision is made, and can be tested."""
    view.decided_by = None  # type: ignore[attr-defined]
    return view
