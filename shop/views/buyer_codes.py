"""Coming into a buyer's account with a code by e-mail, and the address such codes go to."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import buyer_door, buyer_pages, clock, db, messages, signing_in
from shop.errors import FieldRefused
from shop.forms import buyers as form
from shop.forms.base import Fields, summary
from shop.forms.people import MINE
from shop.forms.phones import read_phone
from shop.locales import current_locale
from shop.pages import sign_in as sign_in_pages
from shop.security import limiter
from shop.services import buyer_codes, sign_ins
from shop.web_addresses import own_path

bp = Blueprint("buyer_codes", __name__, url_prefix="/khach")


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages: they are about one person."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/ma")
@signing_in.is_open
def ask() -> str:
    """Ask whose code is wanted."""
    return _asking_page(Fields({"phone": request.args.get("phone", "")[:20]}))


@bp.post("/ma")
@limiter.limit("20/hour")
@signing_in.is_open
def send() -> str | tuple[str, int]:
    """Send a code where there is an address for the number; the answer tells nothing of it."""
    fields = Fields(request.form)
    phone = fields.read("phone", read_phone)
    if phone is None:
        return _asking_page(fields), 422
    session = db.session()
    buyer_codes.ask_to_enter(session, phone, locale=current_locale(), now=clock.now())
    session.commit()
    return _code_page(Fields({"phone": fields.typed("phone"), "machine": MINE}))


@bp.post("/vao-bang-ma")
@limiter.limit("60/minute")
@signing_in.is_open
def enter() -> Response | tuple[str, int]:
    """Sign in with a code, and set another password if one was typed."""
    fields = Fields(request.form)
    asked = form.read_entering(fields)
    if asked is None:
        return _code_page(fields), 422
    session = db.session()
    try:
        buyer = buyer_codes.enter(
            session, phone=asked.phone, typed=asked.figures, fresh=asked.fresh, now=clock.now()
        )
    except FieldRefused as refused:
        session.rollback()
        fields.refuse("fresh", messages.sentence(refused))
        return _code_page(fields), refused.status
    except (buyer_codes.CodeWrong, sign_ins.LockedOut) as refused:
        session.commit()
        fields.refuse("code", messages.sentence(refused))
        return _code_page(fields), refused.status
    if asked.fresh is not None:
        flash(_("Đã đổi mật khẩu. Các máy khác đã bị thoát."))
    return buyer_pages.let_in(buyer, is_shared_computer=asked.is_shared_computer)


@bp.post("/e-mail")
@limiter.limit("20/hour")
@signing_in.is_open
def ask_for_email() -> Response | tuple[str, int]:
    """Send a code to the address that codes shall go to from now on."""
    buyer, fields = buyer_door.buyer(), Fields(request.form)
    if buyer is None:
        return buyer_pages.to_sign_in()
    email, password = form.read_address(fields), form.read_secret(fields, "own_password")
    if email is None or fields.faults:
        return buyer_pages.account_page(buyer, fields), 422
    session = db.session()
    try:
        buyer_codes.ask_for_email(
            session,
            buyer,
            email=email,
            password=password,
            locale=current_locale(),
            now=clock.now(),
        )
    except (buyer_codes.CodesExhausted, sign_ins.WrongPassword, sign_ins.LockedOut) as refused:
        session.commit()
        is_about_email = isinstance(refused, buyer_codes.CodesExhausted)
        words = messages.sentence(refused)
        if isinstance(refused, sign_ins.WrongPassword):
            words = _("Mật khẩu chưa đúng.")
        fields.refuse("email" if is_about_email else "own_password", words)
        return buyer_pages.account_page(buyer, fields), refused.status
    session.commit()
    return _to_email()


@bp.post("/e-mail/ma")
@limiter.limit("60/hour")
@signing_in.is_open
def prove_email() -> Response | tuple[str, int]:
    """Take the address whose reader knows the code that went there."""
    buyer, fields = buyer_door.buyer(), Fields(request.form)
    if buyer is None:
        return buyer_pages.to_sign_in()
    figures = form.read_figures(fields, "mail_code")
    if fields.faults:
        return buyer_pages.account_page(buyer, fields), 422
    try:
        buyer_codes.prove_email(db.session(), buyer, figures, now=clock.now())
    except buyer_codes.CodeWrong as refused:
        db.session().commit()
        fields.refuse("mail_code", messages.sentence(refused))
        return buyer_pages.account_page(buyer, fields), refused.status
    db.session().commit()
    flash(_("Đã lưu. Quên mật khẩu thì lấy mã ở thư này."))
    return _to_email()


@bp.post("/e-mail/bo")
@signing_in.is_open
def forget_email() -> Response:
    """Take the address out of the account."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return buyer_pages.to_sign_in()
    buyer_codes.forget_email(db.session(), buyer, now=clock.now())
    db.session().commit()
    flash(_("Đã bỏ địa chỉ thư khỏi tài khoản."))
    return _to_email()


def _to_email() -> Response:
    return redirect(url_for("buyers.account", _anchor="thu"), 303)


def _asking_page(fields: Fields) -> str:
    return render_template(
        "buyers/ask_code.html",
        fields=fields,
        following=own_path(request.values.get("next", "")),
    )


def _code_page(fields: Fields) -> str:
    return render_template(
        "buyers/code.html",
        fields=fields,
        summary=summary(fields.faults, form.NAMES),
        following=own_path(request.values.get("next", "")),
        owners=sign_in_pages.owners(),
    )
