"""The second step of signing in: the code of a phone, setting the phone up, recovery codes."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.forms.base import Fields
from shop.pages import sign_in as pages
from shop.security import limiter
from shop.services import second_factor
from shop.services.second_factor import CodeUsed, PhoneUnreadable, WrongCode
from shop.services.sign_ins import LockedOut, Owed
from shop.signing_in import SignedIn
from shop.vault import SecretUnreadable, Vault
from shop.web_addresses import own_path

bp = Blueprint("second_factor", __name__)

Answer = str | tuple[str, int] | Response
_REFUSALS = (WrongCode, CodeUsed, LockedOut, PhoneUnreadable)


@bp.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _who_owes() -> SignedIn | None:
    person = signing_in.at_the_door()
    is_due = person is not None and signing_in.owed(person) is Owed.SECOND_FACTOR
    return person if is_due else None


def _following() -> str:
    return own_path(request.values.get("next", ""))


def _elsewhere() -> Response:
    return redirect(url_for("people.sign_in", next=_following() or None), 303)


@bp.get("/dang-nhap/ma")
@signing_in.is_open
def ask() -> Answer:
    """Ask for the code of the phone; whoever has set up none is led to do so."""
    person = _who_owes()
    if person is None:
        return _elsewhere()
    is_sample = second_factor.is_training(db.session(), person.account, now=clock.now())
    if not is_sample and second_factor.enrolled(db.session(), person.account.id) is None:
        return redirect(url_for(".set_up", next=_following() or None), 303)
    return _code_page(person, Fields({}))


def _code_page(person: SignedIn, fields: Fields, trouble: str = "") -> str:
    session, now = db.session(), clock.now()
    training = ""
    if second_factor.is_training(session, person.account, now=now):
        training = second_factor.training_code(session, person.sign_in, now=now)
    return render_template(
        "people/second_factor.html",
        fields=fields,
        trouble=trouble,
        training_code=training,
        following=_following(),
    )


@bp.post("/dang-nhap/ma")
@limiter.limit("60/minute")
@signing_in.is_open
def prove() -> Answer:
    """Take a code of the phone, or a recovery code."""
    person, fields = _who_owes(), Fields(request.form)
    if person is None:
        return _elsewhere()
    recovery = fields.typed("recovery")[:100]
    take = second_factor.prove_by_recovery_code if recovery.strip() else second_factor.prove
    code = recovery or fields.typed("code")[:100]
    actor = signing_in.as_themselves(person)
    try:
        take(db.session(), person.sign_in, code, actor=actor, now=clock.now())
    except _REFUSALS as refused:
        db.session().commit()
        return _code_page(person, fields, messages.sentence(refused)), refused.status
    db.session().commit()
    signing_in.ask_again()
    return redirect(signing_in.way_in(_following()), 303)


@bp.get("/dang-nhap/may-tao-ma")
@signing_in.is_open
def set_up() -> Answer:
    """Show the secret for a phone, as a picture and in letters."""
    person = _who_owes()
    if person is None or second_factor.enrolled(db.session(), person.account.id) is not None:
        return _elsewhere()
    return _set_up_page(person, second_factor.new_secret(), Fields({}))


def _set_up_page(person: SignedIn, secret: str, fields: Fields) -> str:
    """Show a secret; it comes back with the form, closed so that only we can read it."""
    closed = _vault().close({"totp": secret, "account": str(person.account.id)})
    return render_template(
        "people/set_up_second_factor.html",
        enrolment=pages.enrolment(person.account, secret),
        closed=closed,
        fields=fields,
        following=_following(),
    )


@bp.post("/dang-nhap/may-tao-ma")
@limiter.limit("60/minute")
@signing_in.is_open
def enrol() -> Answer:
    """Take the phone up by the first code it shows; its recovery codes stand on this answer."""
    person, fields = _who_owes(), Fields(request.form)
    secret = "" if person is None else _secret_sent(person, fields)
    if person is None or not secret:
        return _elsewhere()
    actor = signing_in.as_themselves(person)
    try:
        codes = second_factor.enrol(
            db.session(),
            person.sign_in,
            secret,
            fields.typed("code")[:100],
            actor=actor,
            now=clock.now(),
        )
    except WrongCode as refused:
        db.session().rollback()
        fields.refuse("code", messages.sentence(refused))
        return _set_up_page(person, secret, fields), refused.status
    except CodeUsed:
        db.session().rollback()
        return _elsewhere()
    db.session().commit()
    return _codes_page(codes, signing_in.way_in(_following()))


def _secret_sent(person: SignedIn, fields: Fields) -> str:
    """Return the secret that this page showed to this very person; nothing for any other."""
    try:
        sent = _vault().open(fields.typed("closed"))
    except SecretUnreadable:
        return ""
    is_theirs = sent.get("account") == str(person.account.id)
    return sent.get("totp", "") if is_theirs else ""


def _vault() -> Vault:
    vault: Vault = db.session().info["vault"]
    return vault


def _codes_page(codes: list[str], onward: str) -> str:
    return render_template("people/recovery_codes.html", codes=codes, onward=onward)


@bp.get("/tai-khoan/may-tao-ma")
@signing_in.needs_sign_in
def show() -> Answer:
    """One's own phone for codes: since when, and how many recovery codes are left."""
    person = signing_in.signed_in()
    if person is None:
        return redirect(url_for("people.sign_in", next=request.script_root + request.path), 303)
    return _own_page(person)


def _own_page(person: SignedIn, trouble: str = "") -> str:
    session = db.session()
    return render_template(
        "people/own_second_factor.html",
        factor=second_factor.enrolled(session, person.account.id),
        codes_left=second_factor.codes_left(session, person.account.id),
        trouble=trouble,
    )


@bp.post("/tai-khoan/may-tao-ma/ma-du-phong")
@limiter.limit("20/minute")
@signing_in.needs_sign_in
def renew_codes() -> Answer:
    """Make ten new recovery codes, shown on this answer alone."""
    made: list[str] = []

    def renew(person: SignedIn, code: str) -> None:
        made.extend(
            second_factor.renew_codes(
                db.session(),
                person.sign_in,
                code,
                actor=signing_in.as_themselves(person),
                now=clock.now(),
            )
        )

    return _with_code("code", renew) or _codes_page(made, url_for(".show"))


@bp.post("/tai-khoan/may-tao-ma/doi-may")
@limiter.limit("20/minute")
@signing_in.needs_sign_in
def change_phone() -> Answer:
    """Take the phone away and lead to setting another up."""

    def change(person: SignedIn, code: str) -> None:
        second_factor.change_phone(
            db.session(),
            person.sign_in,
            code,
            actor=signing_in.as_themselves(person),
            now=clock.now(),
        )

    refused = _with_code("old_code", change)
    if refused is not None:
        return refused
    flash(_("Đã bỏ điện thoại cũ. Cài máy tạo mã trên điện thoại mới."))
    return redirect(signing_in.way_in(url_for(".show")), 303)


def _with_code(field: str, act: Callable[[SignedIn, str], None]) -> Answer | None:
    """Do `act` for whoever is signed in with the code they typed; return what else is answered."""
    person = signing_in.signed_in()
    if person is None:
        return redirect(url_for("people.sign_in"), 303)
    try:
        act(person, request.form.get(field, "")[:100])
    except _REFUSALS as refused:
        db.session().commit()
        return _own_page(person, messages.sentence(refused)), refused.status
    db.session().commit()
    signing_in.ask_again()
    return None
