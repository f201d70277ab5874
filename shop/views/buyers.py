"""A buyer's account, which nobody needs: orders, addresses, consents, a copy, being forgotten."""

import secrets

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import buyer_door, buyer_pages, cart_cookie, clock, db, messages, signing_in
from shop.errors import FieldRefused
from shop.forms import buyers as form
from shop.forms.base import Fields, summary
from shop.forms.people import MINE, read_sign_in
from shop.models.buyers import Buyer, ProvedBy, Purpose
from shop.pages import buyer_copy
from shop.pages import buyers as pages
from shop.pages import sign_in as sign_in_pages
from shop.queries import orders as order_queries
from shop.security import limiter
from shop.services import buyers, orders, sign_ins
from shop.web_addresses import own_path

bp = Blueprint("buyers", __name__, url_prefix="/khach")


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages: they are about one person."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("")
@signing_in.is_open
def account() -> str | Response:
    """The account, or the way into it."""
    buyer = buyer_door.buyer()
    return buyer_pages.account_page(buyer, Fields({})) if buyer else buyer_pages.to_sign_in()


@bp.get("/dang-nhap")
@signing_in.is_open
def ask() -> str | Response:
    """Ask for phone and password; or lead on whoever is signed in."""
    if buyer_door.buyer() is not None:
        return redirect(own_path(request.args.get("next", "")) or url_for(".account"), 303)
    return _sign_in_page(Fields({"machine": MINE}))


@bp.post("/dang-nhap")
@limiter.limit("60/minute")
@signing_in.is_open
def sign_in() -> Response | tuple[str, int]:
    """Sign in; number and password are judged together, and wrong tries counted per number."""
    fields = Fields(request.form)
    asked = read_sign_in(fields)
    if asked is None:
        return _sign_in_page(fields), 422
    try:
        buyer = buyers.find(
            db.session(), phone=asked.phone, password=asked.password, now=clock.now()
        )
    except (sign_ins.WrongPassword, sign_ins.LockedOut) as refused:
        db.session().commit()
        return _sign_in_page(fields, messages.sentence(refused)), refused.status
    return buyer_pages.let_in(buyer, is_shared_computer=asked.is_shared_computer)


@bp.get("/mo-tai-khoan")
@signing_in.is_open
def ask_to_open() -> str:
    """Ask for what an account needs, and what may be kept."""
    return _opening_page(Fields({"machine": MINE, "phone": request.args.get("phone", "")[:20]}))


@bp.post("/mo-tai-khoan")
@limiter.limit("20/minute")
@limiter.limit("60/hour")
@signing_in.is_open
def open_account() -> Response | tuple[str, int]:
    """Open an account and sign in; the answer says of no number whether it had one."""
    fields = Fields(request.form)
    asked = form.read_opening(fields)
    if asked is None:
        return _opening_page(fields), 422
    try:
        buyer = buyers.open_account(
            db.session(),
            phone=asked.phone,
            name=asked.name,
            password=asked.password,
            purposes=asked.purposes,
            now=clock.now(),
        )
    except FieldRefused as refused:
        db.session().rollback()
        name = "fresh" if refused.field == "password" else refused.field
        fields.refuse(name, messages.sentence(refused))
        return _opening_page(fields), 422
    except sign_ins.LockedOut as refused:
        return _opening_page(fields, messages.sentence(refused)), refused.status
    return buyer_pages.let_in(buyer, is_shared_computer=asked.is_shared_computer)


@bp.post("/thoat")
@signing_in.is_open
def sign_out() -> Response:
    """End this session; the cart stays with the account and leaves this browser."""
    row = buyer_door.device()
    if row is not None:
        buyers.sign_out(db.session(), row)
        db.session().commit()
    return _out(_("Đã thoát. Người sau không xem được gì của bạn."))


@bp.post("/thoat-moi-noi")
@signing_in.is_open
def sign_out_everywhere() -> Response:
    """End the sessions of every device."""
    buyer = buyer_door.buyer()
    if buyer is not None:
        buyers.sign_out_everywhere(db.session(), buyer, now=clock.now())
        db.session().commit()
    return _out(_("Đã thoát khỏi mọi máy."))


@bp.post("/mat-khau")
@limiter.limit("20/minute")
@signing_in.is_open
def change_password() -> Response | tuple[str, int]:
    """Set another password: every device is signed out, this one comes in again."""
    row, fields = buyer_door.device(), Fields(request.form)
    if row is None:
        return buyer_pages.to_sign_in()
    password, fresh = form.read_secret(fields), form.read_fresh(fields)
    buyer, is_shared = row.buyer, row.is_shared_computer
    if fields.faults or fresh is None:
        return buyer_pages.account_page(buyer, fields), 422
    try:
        buyers.change_password(
            db.session(), buyer, password=password, fresh=fresh, now=clock.now()
        )
    except (sign_ins.WrongPassword, sign_ins.LockedOut, FieldRefused) as refused:
        return _refused(buyer, fields, refused)
    flash(_("Đã đổi mật khẩu. Các máy khác đã bị thoát."))
    return buyer_pages.let_in(buyer, is_shared_computer=is_shared)


@bp.post("/dong-y")
@signing_in.is_open
def change_consents() -> Response:
    """Agree to what was ticked, take back what was not."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return buyer_pages.to_sign_in()
    ticked = form.read_purposes(Fields(request.form))
    for purpose in Purpose:
        act = buyers.agree if purpose in ticked else buyers.withdraw
        act(db.session(), buyer, purpose, now=clock.now())
    db.session().commit()
    flash(_("Đã lưu điều bạn đồng ý."))
    return redirect(url_for(".account"), 303)


def _asked_code() -> str:
    return f"buyer-code:{orders.read_order_code(request.form.get('code', '')[:20])}"


def _found_nothing(response: Response) -> bool:
    return response.status_code == 422


@bp.post("/don")
@limiter.limit("30/hour", deduct_when=_found_nothing)
@limiter.limit("6/hour", key_func=_asked_code, deduct_when=_found_nothing)
@signing_in.is_open
def claim_by_code() -> Response | tuple[str, int]:
    """Add an order by its code and the last four digits; what is not there is told alike."""
    buyer, fields = buyer_door.buyer(), Fields(request.form)
    if buyer is None:
        return buyer_pages.to_sign_in()
    code, digits = orders.read_order_code(fields.typed("code")[:20]), fields.typed("digits")
    order = order_queries.order_by_code(db.session(), code)
    phone = order.buyer_phone if order and order.buyer_phone else secrets.token_hex(4)
    fits = secrets.compare_digest(phone[-4:].encode(), digits.strip().encode())
    if order is None or not fits:
        fields.refuse(
            "code",
            _("Không tìm thấy đơn với mã và số này. Xem lại tin nhắn đặt hàng hoặc gọi HTX."),
        )
        return buyer_pages.account_page(buyer, fields), 422
    return _owned(buyer, order.token, ProvedBy.CODE)


@bp.post("/don/<token>")
@signing_in.is_open
def claim_by_link(token: str) -> Response:
    """Add an order by its private link."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return buyer_pages.to_sign_in(url_for("orders.show", token=token))
    return _owned(buyer, token, ProvedBy.LINK)


@bp.post("/don/<int:order_id>/bo")
@signing_in.is_open
def disown(order_id: int) -> Response:
    """Take an order out of the account."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return buyer_pages.to_sign_in()
    buyers.disown(db.session(), buyer, order_id)
    db.session().commit()
    flash(_("Đã bỏ đơn khỏi tài khoản. Đơn vẫn còn ở nơi bán."))
    return redirect(url_for(".account"), 303)


@bp.post("/dia-chi/<int:address_id>/xoa")
@signing_in.is_open
def forget_address(address_id: int) -> Response:
    """Remove a saved address."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return buyer_pages.to_sign_in()
    buyers.forget_address(db.session(), buyer, address_id)
    db.session().commit()
    flash(_("Đã xóa địa chỉ."))
    return redirect(url_for(".account"), 303)


@bp.get("/du-lieu")
@signing_in.is_open
def data() -> str | Response:
    """Everything we hold of the buyer, to be read."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return buyer_pages.to_sign_in()
    told = buyer_copy.everything(db.session(), buyer)
    return render_template(
        "buyers/data.html", told=told, **pages.account_page(db.session(), buyer)
    )


@bp.get("/du-lieu.json")
@signing_in.is_open
def data_for_machines() -> Response:
    """The same as JSON, to be taken elsewhere."""
    buyer = buyer_door.buyer()
    return (
        jsonify(buyer_copy.everything(db.session(), buyer)) if buyer else buyer_pages.to_sign_in()
    )


@bp.get("/xoa")
@signing_in.is_open
def ask_to_erase() -> str | Response:
    """Say what goes and what stays, and ask for the password."""
    buyer = buyer_door.buyer()
    return _erasing_page(buyer, Fields({})) if buyer else buyer_pages.to_sign_in()


@bp.post("/xoa")
@limiter.limit("20/minute")
@signing_in.is_open
def erase() -> Response | tuple[str, int]:
    """Erase the account, and the person out of its orders."""
    buyer, fields = buyer_door.buyer(), Fields(request.form)
    if buyer is None:
        return buyer_pages.to_sign_in()
    password = form.read_secret(fields)
    if fields.faults:
        return _erasing_page(buyer, fields), 422
    try:
        buyers.erase(db.session(), buyer, password=password, now=clock.now())
    except (sign_ins.WrongPassword, sign_ins.LockedOut) as refused:
        db.session().commit()
        fields.refuse("password", messages.sentence(refused))
        return _erasing_page(buyer, fields), refused.status
    db.session().commit()
    flash(_("Đã xóa tài khoản và mọi thứ trong đó."))
    return _forget(redirect(url_for("catalog.home"), 303))


def _owned(buyer: Buyer, token: str, proved_by: ProvedBy) -> Response:
    order = order_queries.order_by_token(db.session(), token)
    if order is None:
        raise NotFound
    buyers.own(db.session(), buyer, order, proved_by, now=clock.now())
    db.session().commit()
    flash(_("Đã thêm đơn vào tài khoản."))
    return redirect(url_for(".account"), 303)


def _refused(
    buyer: Buyer,
    fields: Fields,
    refused: sign_ins.WrongPassword | sign_ins.LockedOut | FieldRefused,
) -> tuple[str, int]:
    if isinstance(refused, FieldRefused):
        db.session().rollback()
    else:
        db.session().commit()
    name = "fresh" if isinstance(refused, FieldRefused) else "password"
    fields.refuse(name, messages.sentence(refused))
    return buyer_pages.account_page(buyer, fields), refused.status


def _out(words: str) -> Response:
    flash(words)
    return _forget(redirect(url_for(".ask"), 303))


def _forget(answer: Response) -> Response:
    return cart_cookie.forget(buyer_door.forget(answer))


def _sign_in_page(fields: Fields, trouble: str = "") -> str:
    return render_template(
        "buyers/sign_in.html",
        fields=fields,
        trouble=trouble,
        following=own_path(request.values.get("next", "")),
        owners=sign_in_pages.owners(),
    )


def _opening_page(fields: Fields, trouble: str = "") -> str:
    return render_template(
        "buyers/open.html",
        fields=fields,
        trouble=trouble,
        summary=summary(fields.faults, form.NAMES),
        following=own_path(request.values.get("next", "")),
        owners=sign_in_pages.owners(),
        purposes=pages.purposes(set(form.read_purposes(fields))),
    )


def _erasing_page(buyer: Buyer, fields: Fields) -> str:
    shown = pages.account_page(db.session(), buyer)
    return render_template("buyers/erase.html", fields=fields, **shown)
