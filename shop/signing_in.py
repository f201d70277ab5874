"""Who is signed in: sessions in the database behind a cookie."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from shop import clock, db
from shop.errors import NotAllowed
from shop.models.people import SignIn
from shop.resending import came_from, typed_here
from shop.services import sign_ins
from shop.services.actors import Actor, account_actor
from shop.services.permissions import Action

P = ParamSpec("P")
R = TypeVar("R")

_TOUCH_EVERY_SECONDS = 60


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


def remember(token: str, row: SignIn) -> None:
    """Put the token of a new sign-in into the cookie; on a shared computer it dies with it."""
    cookie.clear()
    cookie.permanent = not row.is_shared_computer
    login_user(SignedIn(token, row))


def forget() -> None:
    """Take everything out of the cookie."""
    logout_user()
    cookie.clear()


def signed_in() -> SignedIn | None:
    """Return the person behind this request; `None` for a visitor."""
    return cast(SignedIn, current_user) if current_user.is_authenticated else None


def actor() -> Actor:
    """Return who acts in this request."""
    if "actor" not in g:
        person = signed_in()
        origin = request.remote_addr or ""
        g.actor = (
            account_actor(person.account, origin=origin, now=clock.now())
            if person
            else Actor("buyer", origin=origin)
        )
    found: Actor = g.actor
    return found


def needs(action: Action) -> Callable[[Callable[P, R]], Callable[P, Any]]:
    """Let only those in who may do `action` for some seller; others sign in, or are told."""

    def decorate(view: Callable[P, R]) -> Callable[P, Any]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> Any:
            if signed_in() is None:
                return _ask_to_sign_in()
            if actor().sellers(action) == set():
                raise NotAllowed(action=action.value)
            return view(*args, **kwargs)

        checked.decided_by = action  # type: ignore[attr-defined]
        return checked

    return decorate


def _ask_to_sign_in() -> Response | tuple[str, int]:
    """Lead to the sign-in and back; a form that was filled in waits to be sent again."""
    if request.method != "POST":
        return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")), 303)
    if typed := typed_here():
        page = "people/sign_in_again.html"
        return render_template(page, resend_url=request.full_path, resend_fields=typed), 401
    following = came_from() or url_for("office_home.inbox")
    return redirect(url_for("people.sign_in", next=following), 303)


def is_open(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that everybody may see: the decision is made, and can be tested."""
    view.decided_by = None  # type: ignore[attr-defined]
    return view
