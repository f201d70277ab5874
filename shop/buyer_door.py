"""Which buyer is behind a request: a cookie of their own, apart from that of staff and members."""

from datetime import timedelta

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from shop import clock, db
from shop.models.buyers import Buyer, BuyerSignIn
from shop.services import buyers, sign_ins

_SEEN_EVERY = timedelta(minutes=5)


def prepare(app: Flask) -> None:
    """Let pages that are about one person ask which buyer it is."""
    app.jinja_env.globals["buyer_here"] = buyer


def device() -> BuyerSignIn | None:
    """Return the signed-in device behind this request; nothing for a visitor."""
    token = request.cookies.get(_name())
    if not token:
        return None
    now = clock.now()
    found = buyers.signed_in(db.session(), token, now=now)
    if found is not None and now - found.seen_at > _SEEN_EVERY:
        _touch(found, token)
    return found


def buyer() -> Buyer | None:
    """Return the buyer who is signed in on this device."""
    found = device()
    return found.buyer if found else None


def _touch(row: BuyerSignIn, token: str) -> None:
    if not db.only_reads():
        row.seen_at = clock.now()
        return
    with db.writing() as own:
        kept = buyers.signed_in(own, token, now=clock.now())
        if kept is not None:
            kept.seen_at = clock.now()
        own.commit()


def remember(response: Response, token: str, *, is_shared_computer: bool) -> Response:
    """Let the browser keep the token; on a shared computer it dies with it."""
    response.set_cookie(
        _name(),
        token,
        max_age=None if is_shared_computer else int(sign_ins.OWN_IDLE.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def forget(response: Response) -> Response:
    """Take the token out of the browser."""
    response.delete_cookie(_name(), secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def _name() -> str:
    return "__Host-khach" if current_app.config["SESSION_COOKIE_SECURE"] else "khach"
