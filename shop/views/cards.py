"""Signing in with a printed card: its code leads here, its PIN opens the account."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.forms.base import Fields
from shop.forms.people import MINE, read_card_sign_in
from shop.pages import sign_in as pages
from shop.security import limiter
from shop.services import cards, sign_ins
from shop.services.cards import CardUnusable, WrongPin

bp = Blueprint("cards", __name__, url_prefix="/dang-nhap/the")

SCANNED, GOOD_FOR_SECONDS = "card", 600
"""Where the cookie keeps which card was scanned, and how long that lasts."""


def _was_wrong(response: Response) -> bool:
    """Return whether a PIN was wrong: an address has so many wrong ones, over all cards."""
    return response.status_code == WrongPin.status


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages, and tell no page which one led to it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint == f"{bp.name}.{scan.__name__}":
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/<token>")
@limiter.limit("60/minute")
@signing_in.is_open
def scan(token: str) -> Response | tuple[str, int]:
    """Remember which card was scanned, and leave its address: history and logs keep it not."""
    try:
        card = cards.find(db.session(), token)
    except CardUnusable as refused:
        return _unusable(refused)
    cookie[SCANNED] = [card.id, clock.now().timestamp()]
    return redirect(url_for(".ask_pin"), 303)


@bp.get("")
@signing_in.is_open
def ask_pin() -> str | Response:
    """Ask for the PIN of the card, and whose machine this is."""
    if _scanned() is None:
        return redirect(url_for("people.sign_in"), 303)
    return _pin_page(Fields({"machine": request.args.get("machine", MINE)}))


def _pin_page(fields: Fields, trouble: str = "") -> str:
    return render_template(
        "people/card.html", fields=fields, trouble=trouble, owners=pages.owners()
    )


def _unusable(refused: CardUnusable) -> tuple[str, int]:
    cookie.pop(SCANNED, None)
    return render_template("people/card_unusable.html"), refused.status


@bp.post("")
@limiter.limit("60/minute")
@limiter.limit("40/10 minutes", deduct_when=_was_wrong)
@signing_in.is_open
def open_session() -> str | Response | tuple[str, int]:
    """Sign in; whoever was signed in on this device before is signed out."""
    card_id, fields, now = _scanned(), Fields(request.form), clock.now()
    if card_id is None:
        return redirect(url_for("people.sign_in"), 303)
    asked = read_card_sign_in(fields)
    if asked is None:
        return _pin_page(fields), 422
    before = signing_in.at_the_door()
    try:
        token, row = cards.open_session(
            db.session(),
            card_id,
            asked.pin,
            is_shared_computer=asked.is_shared_computer,
            device=request.user_agent.string,
            now=now,
        )
    except CardUnusable as refused:
        return _unusable(refused)
    except (WrongPin, sign_ins.LockedOut) as refused:
        db.session().commit()
        return _pin_page(fields, messages.sentence(refused)), refused.status
    if before is not None:
        sign_ins.sign_out(db.session(), before.sign_in.id, now=now)
    db.session().commit()
    signing_in.remember(token, row)
    return redirect(signing_in.way_in(""), 303)


def _scanned() -> int | None:
    """Return the card that was scanned in this browser within the last ten minutes."""
    match cookie.get(SCANNED):
        case [int(card_id), float(at)]:
            is_fresh = clock.now().timestamp() - at < GOOD_FOR_SECONDS
            return card_id if is_fresh else None
    return None
