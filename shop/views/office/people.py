"""The people of the office: who works here in which role, and where they are signed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages_office, signing_in
from shop.errors import NotFound
from shop.forms.base import Fields
from shop.forms.office_people import NAMES, read_newcomer
from shop.models.catalog import Seller
from shop.models.people import Account
from shop.office import office_seller
from shop.office_orders import Answer
from shop.pages import office_people
from shop.queries import staff
from shop.security import limiter
from shop.services import accounts, seller_staff
from shop.services.permissions import Action
from shop.services.seller_staff import LastManager

bp = Blueprint("office_people", __name__, url_prefix="/quan-ly/nguoi-dung")


@bp.get("")
@signing_in.needs(Action.MANAGE_ACCOUNTS)
def index() -> str:
    """Everybody with a role over the seller."""
    return _list(office_seller(Action.MANAGE_ACCOUNTS))


def _list(seller: Seller, trouble: str = "") -> str:
    found = office_people.people(
        db.session(), seller.id, own_id=signing_in.actor().account_id, now=clock.now()
    )
    return render_template("office/people/index.html", people=found, trouble=trouble)


@bp.get("/moi")
@signing_in.needs(Action.MANAGE_ACCOUNTS)
def ask_newcomer() -> str:
    """Ask who is to work here, as what."""
    office_seller(Action.MANAGE_ACCOUNTS)
    return _newcomer_form(Fields({}))


@bp.post("/moi")
@limiter.limit("30/hour")
@signing_in.needs(Action.MANAGE_ACCOUNTS)
def take_on() -> Answer:
    """Give somebody a role; the password of a new account is shown on this answer alone."""
    seller, fields = office_seller(Action.MANAGE_ACCOUNTS), Fields(request.form)
    newcomer = read_newcomer(fields, roles=seller_staff.ROLES, today=clock.today())
    if newcomer is None:
        return _newcomer_form(fields), 422
    taken_on = seller_staff.take_on(
        db.session(),
        seller,
        phone=newcomer.phone,
        name=newcomer.name,
        role=newcomer.role,
        until=newcomer.until,
        actor=signing_in.actor(),
        now=clock.now(),
    )
    db.session().commit()
    if taken_on.password is None:
        flash(_("Số này đã có tài khoản, vai trò đã thêm."))
        return redirect(url_for(".index"), 303)
    return _password_page(taken_on.account, taken_on.password)


def _newcomer_form(fields: Fields) -> str:
    return render_template(
        "office/people/newcomer.html",
        fields=fields,
        roles=office_people.role_choices(seller_staff.ROLES),
        summary=[(name, str(NAMES[name])) for name in fields.faults],
    )


def _password_page(account: Account, password: str) -> str:
    return render_template("office/people/password.html", account=account, password=password)


@bp.post("/vai-tro/<int:grant_id>/bo")
@signing_in.needs(Action.MANAGE_ACCOUNTS)
def let_go(grant_id: int) -> Answer:
    """End a role."""
    seller = office_seller(Action.MANAGE_ACCOUNTS)
    given = staff.grant_of(db.session(), seller.id, grant_id)
    if given is None:
        raise NotFound(f"grant {grant_id}")
    try:
        seller_staff.let_go(db.session(), given, actor=signing_in.actor(), now=clock.now())
    except LastManager as refused:
        db.session().rollback()
        return _list(seller, messages_office.sentence(refused)), refused.status
    db.session().commit()
    flash(_("Đã bỏ vai trò."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:account_id>/thoat")
@signing_in.needs(Action.MANAGE_ACCOUNTS)
def end_sessions(account_id: int) -> Response:
    """Sign somebody out on every device."""
    seller = office_seller(Action.MANAGE_ACCOUNTS)
    account = _colleague(seller, account_id)
    accounts.end_sessions(
        db.session(), account, actor=signing_in.actor(), now=clock.now(), seller=seller
    )
    db.session().commit()
    flash(_("%(name)s đã bị thoát khỏi mọi máy.", name=account.name))
    return redirect(url_for(".index"), 303)


def _colleague(seller: Seller, account_id: int) -> Account:
    account = staff.colleague(db.session(), seller.id, account_id, now=clock.now())
    if account is None:
        raise NotFound(f"account {account_id}")
    return account
