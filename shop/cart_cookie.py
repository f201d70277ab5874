"""The cookie by which a browser finds its cart: a secret that no script and no other site sees."""

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

LASTS = timedelta(days=60)


def token() -> str | None:
    """Return the token of the cart that this browser has, if it has one."""
    return request.cookies.get(_name())


def keep(response: Response, cart_token: str) -> Response:
    """Let the browser remember `cart_token`; return the answer that tells it so."""
    response.set_cookie(
        _name(),
        cart_token,
        max_age=int(LASTS.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def forget(response: Response) -> Response:
    """Let the browser forget its cart; return the answer that tells it so."""
    response.delete_cookie(_name(), secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


def _name() -> str:
    return "__Host-gio" if current_app.config["SESSION_COOKIE_SECURE"] else "gio"
