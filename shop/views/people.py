"""Signing in and out, and one's own account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused
from shop.forms.base import Fields
from shop.forms.people import MINE, read_new_password, read_sign_in
from shop.pages import sign_in as pages
from shop.security import limiter
from shop.services import accounts, second_factor, sign_ins
from shop.signing_in import SignedIn
from shop.web_addresses import own_path

bp = Blueprint("people", __name__)


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages: "back" after signing out must show nothing (R15)."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _sign_in_page(fields: Fields, trouble: str = "", ended: str = "") -> str:
    return render_template(
        "people/sign_in.html",
        fields=fields,
        trouble=trouble,
        ended=ended,
        by_pin=fields.typed("kieu") == "pin",
        following=own_path(request.values.get("next", "")),
        owners=pages.owners(),
    )


@bp.get("/dang-nhap")
@signing_in.is_open
def sign_in() -> str | Response:
    """Ask for phone, password, and whose machine this is."""
    if signing_in.at_the_door() is not None:
        return redirect(signing_in.way_in(own_path(request.args.get("next", ""))), 303)
    given = {"machine": MINE} | request.args.to_dict()
    return _sign_in_page(Fields(given), ended=pages.why_ended(signing_in.why_ended()))


@bp.post("/dang-nhap")
@limiter.limit("60/minute")
@signing_in.is_open
def open_session() -> tuple[str, int] | Response:
    """Sign in; wrong tries are counted per account (R21)."""
    fields = Fields(request.form)
    asked = read_sign_in(fields)
    if asked is None:
        return _sign_in_page(fields), 422
    try:
        token, row = sign_ins.sign_in(
            db.session(),
            phone=asked.phone,
            password=asked.password,
            is_shared_computer=asked.is_shared_computer,
            device=request.user_agent.string,
            now=clock.now(),
        )
    except (sign_ins.WrongPassword, sign_ins.LockedOut) as refused:
        db.session().commit()
        return _sign_in_page(fields, messages.sentence(refused)), refused.status
    accounts.ask_for_better(db.session(), row.account, asked.password, now=clock.now())
    db.session().commit()
    signing_in.remember(token, row)
    return redirect(signing_in.way_in(own_path(fields.typed("next"))), 303)


@bp.post("/dang-xuat")
@signing_in.is_open
def sign_out() -> Response:
    """End this session on the server."""
    person = signing_in.at_the_door()
    if person is not None:
        sign_ins.sign_out(db.session(), person.sign_in.id, now=clock.now())
        db.session().commit()
    return _signed_out()


@bp.post("/dang-xuat/moi-noi")
@signing_in.is_open
def sign_out_everywhere() -> Response:
    """End every session of this account, on every machine."""
    person = signing_in.signed_in()
    if person is not None:
        sign_ins.sign_out_everywhere(db.session(), person.account.id, now=clock.now())
        db.session().commit()
    return _signed_out()


def _signed_out() -> Response:
    signing_in.forget()
    flash(_("Đã thoát. Người sau không xem được gì của bác."))
    answer = redirect(url_for("people.sign_in"), 303)
    for name in ("gio", "__Host-gio"):
        answer.delete_cookie(name, secure=name.startswith("__Host-"))
    return answer


def _account_page(person: SignedIn, fields: Fields) -> str:
    return render_template(
        "people/account.html",
        account=person.account,
        current=person.sign_in.id,
        devices=sign_ins.living(db.session(), person.account.id, now=clock.now()),
        has_phone=second_factor.enrolled(db.session(), person.account.id) is not None,
        fields=fields,
    )


def _ask_to_sign_in() -> Response:
    return redirect(url_for("people.sign_in", next=request.script_root + request.path), 303)


@bp.get("/tai-khoan")
@signing_in.needs_sign_in
def account() -> str | Response:
    """One's own account: where it is signed in, its password, the way out."""
    person = signing_in.signed_in()
    return _account_page(person, Fields({})) if person else _ask_to_sign_in()


@bp.post("/tai-khoan/mat-khau")
@limiter.limit("20/minute")
@signing_in.needs_sign_in
def change_password() -> tuple[str, int] | Response:
    """Set a new password: every other machine is signed out, this one stays."""
    person = signing_in.signed_in()
    if person is None:
        return _ask_to_sign_in()
    session, now, fields = db.session(), clock.now(), Fields(request.form)
    fresh = read_new_password(fields)
    if fresh is None:
        return _account_page(person, fields), 422
    own = sign_ins.account_of(session, person.account.id)
    try:
        sign_ins.confirm_password(own, fields.typed("password"), now=now)
        accounts.set_password(session, own, fresh, actor=signing_in.actor(), now=now)
    except (sign_ins.WrongPassword, sign_ins.LockedOut, FieldRefused) as refused:
        session.commit()
        name = "fresh" if isinstance(refused, FieldRefused) else "password"
        fields.refuse(name, messages.sentence(refused))
        return _account_page(person, fields), refused.status
    token, row = sign_ins.open_session(
        session,
        own,
        is_shared_computer=person.sign_in.is_shared_computer,
        device=request.user_agent.string,
        now=now,
        second_factor_at=person.sign_in.second_factor_at,
    )
    session.commit()
    signing_in.remember(token, row)
    flash(_("Đã đổi mật khẩu. Các máy khác đã bị thoát."))
    return redirect(url_for("people.account"), 303)


def _new_password_page(fields: Fields) -> str:
    following = own_path(request.values.get("next", ""))
    return render_template("people/new_password.html", fields=fields, following=following)


@bp.get("/dang-nhap/mat-khau-moi")
@signing_in.is_open
def ask_password() -> str | Response:
    """Ask whoever signed in with a password for one time, or too weak a one, for their own."""
    person = signing_in.at_the_door()
    if person is None or signing_in.owed(person) is not sign_ins.Owed.NEW_PASSWORD:
        return redirect(url_for("people.sign_in", next=request.args.get("next")), 303)
    return _new_password_page(Fields({}))


@bp.post("/dang-nhap/mat-khau-moi")
@limiter.limit("20/minute")
@signing_in.is_open
def choose_password() -> tuple[str, int] | Response:
    """Set the password that the person chose, and go on."""
    person, fields = signing_in.at_the_door(), Fields(request.form)
    if person is None or signing_in.owed(person) is not sign_ins.Owed.NEW_PASSWORD:
        return redirect(url_for("people.sign_in"), 303)
    fresh = read_new_password(fields)
    if fresh is None:
        return _new_password_page(fields), 422
    try:
        token, row = accounts.choose_password(
            db.session(),
            person.sign_in,
            fresh,
            actor=signing_in.as_themselves(person),
            now=clock.now(),
        )
    except FieldRefused as refused:
        fields.refuse("fresh", messages.sentence(refused))
        return _new_password_page(fields), refused.status
    db.session().commit()
    signing_in.remember(token, row)
    flash(_("Đã đặt mật khẩu mới."))
    return redirect(signing_in.way_in(own_path(fields.typed("next"))), 303)
