"""What the views of a buyer's account share: being let in, being asked to, the page itself."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shop import buyer_door, cart_cookie, clock, db
from shop.forms.base import Fields
from shop.models.buyers import Buyer
from shop.pages import buyers as pages
from shop.services import buyers
from shop.web_addresses import own_path


def let_in(buyer: Buyer, *, is_shared_computer: bool) -> Response:
    """Sign `buyer` in on this device and lead on to where they were going."""
    session = db.session()
    token = buyers.sign_in(
        session,
        buyer,
        is_shared_computer=is_shared_computer,
        device=request.user_agent.string,
        cart_token=cart_cookie.token(),
        now=clock.now(),
    )
    cart_token = buyer.cart_token
    session.commit()
    following = own_path(request.form.get("next", "")) or url_for("buyers.account")
    answer = cart_cookie.keep(redirect(following, 303), cart_token)
    return buyer_door.remember(answer, token, is_shared_computer=is_shared_computer)


def to_sign_in(following: str = "") -> Response:
    """Lead to the sign-in page, and from there back here or to `following`."""
    here = following or (request.script_root + request.path if request.method == "GET" else "")
    return redirect(url_for("buyers.ask", next=here or None), 303)


def account_page(buyer: Buyer, fields: Fields) -> str:
    """Return the page of an account, with what was typed and refused in one of its forms."""
    shown = pages.account_page(db.session(), buyer)
    return render_template("buyers/account.html", fields=fields, typed=fields.typed, **shown)
