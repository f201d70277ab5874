"""The buyer's way: cart, checkout, and the private page of an order."""

import secrets

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

from shop import cart_cookie, clock, db, messages, offline, signing_in
from shop.errors import Changed, FieldRefused, OutOfStock
from shop.forms.base import Fields
from shop.forms.ids import read_id
from shop.forms.numbers import read_count
from shop.forms.values import ValueRefused
from shop.models.orders import Cart, Order
from shop.pages import cart as cart_page
from shop.pages import checkout as checkout_page
from shop.pages import gone_goods, legal_foot
from shop.pages.checkout_filled import Filled
from shop.pages.order import code_of, order_page, transfer, version_of
from shop.pages.order_status import money_of
from shop.pages.unit_words import container
from shop.presentation import order_code
from shop.queries import orders as queries
from shop.security import codes_guessed, has_token, limiter, note_guess, without_token
from shop.services import cart_substitutes, carts, order_payment, orders
from shop.services.carts import Group
from shop.services.payments import WITHOUT_PROVIDER
from shop.web_addresses import comes_from_own_page

bp = Blueprint("orders", __name__)


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages: they are about one person."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _require_own_page() -> None:
    """Refuse a form that another site made the browser send (`design.md` 4).

    Product pages are the same for everybody and hold no token, so the browser's own word for
    where the form stood decides. A client that gives no word is no browser with cookies to steal.
    """
    if not comes_from_own_page(request):
        raise Forbidden


def _number(name: str, *, least: int) -> int:
    """Return the quantity in a field; what cannot be read is the least there is."""
    try:
        return read_count(request.form.get(name, ""), minimum=least, maximum=carts.MOST)
    except ValueRefused:
        return least


def _pack_id() -> int:
    pack_id = read_id(request.form.get("pack", ""))
    if pack_id is None:
        raise NotFound
    return pack_id


@bp.get("/gio-hang")
@signing_in.is_open
def cart() -> str:
    """What was put aside, by seller, with what changed meanwhile."""
    return _cart_page()


def _cart_page() -> str:
    offline.may_be_kept("gio")
    found = carts.find(db.session(), cart_cookie.token())
    groups = carts.review(db.session(), found, today=clock.today())
    if groups:
        g.training = all(group.seller.is_training for group in groups)
    instead = cart_substitutes.substitutes(db.session(), groups, today=clock.today())
    shown = [cart_page.group(group, instead) for group in groups]
    placed = carts.just_placed(db.session(), found, now=clock.now())
    return render_template("orders/cart.html", groups=shown, placed=placed)


@bp.post("/gio-hang")
@without_token
@signing_in.is_open
def add_to_cart() -> Response:
    """Put packs into the cart; admitted by the browser's word instead of a token."""
    _require_own_page()
    token, entry = carts.add(
        db.session(),
        cart_cookie.token(),
        pack_id=_pack_id(),
        quantity=_number("quantity", least=1),
        now=clock.now(),
        today=clock.today(),
        press=request.form.get("press", "")[:40],
    )
    db.session().commit()
    flash(
        _(
            "Trong giỏ có %(count)s %(unit)s %(name)s.",
            count=entry.quantity,
            unit=container(entry.pack.unit, entry.quantity),
            name=entry.pack.product.name,
        )
    )
    return cart_cookie.keep(redirect(url_for("orders.cart"), 303), token)


@bp.post("/gio-hang/sua")
@signing_in.is_open
def change_cart() -> Response:
    """Set how many of a pack are wanted; the two ends of the stepper add and take one."""
    found = carts.find(db.session(), cart_cookie.token())
    if found is not None:
        step = {"-1": -1, "+1": 1}.get(request.form.get("step", ""), 0)
        quantity = 0 if "remove" in request.form else _number("quantity", least=1) + step
        carts.change(db.session(), found, pack_id=_pack_id(), quantity=quantity, now=clock.now())
        db.session().commit()
    return redirect(url_for("orders.cart"), 303)


@bp.post("/gio-hang/thay")
@signing_in.is_open
def replace_in_cart() -> Response:
    """Take another pack instead of one that is gone."""
    found, by = carts.find(db.session(), cart_cookie.token()), read_id(request.form.get("by", ""))
    if found is None or by is None:
        raise NotFound
    carts.replace(
        db.session(), found, pack_id=_pack_id(), by=by, now=clock.now(), today=clock.today()
    )
    db.session().commit()
    return redirect(url_for("orders.cart"), 303)


@bp.get("/gio-hang/dem")
@signing_in.is_open
def cart_count() -> Response:
    """How many packs are in the cart: the one part of a kept page that is not the same for all."""
    count = carts.count(carts.find(db.session(), cart_cookie.token()))
    return Response(str(count), mimetype="text/plain")


@bp.get("/dat-hang")
@signing_in.is_open
def checkout() -> str | Response:
    """One page from who to how paid, for the goods of one seller."""
    found = carts.find(db.session(), cart_cookie.token())
    group = _group(found, request.args.get("seller", ""))
    if group is None or not group.buyable:
        return redirect(_begun_here(found) or url_for("orders.cart"), 303)
    return _form(
        checkout_page.blank(db.session(), group, actor=signing_in.actor(), today=clock.today())
    )


def _begun_here(found: Cart | None) -> str:
    """Return the order that a browser left for a provider's page and comes back to with Back.

    Its goods are in the cart no more, so that this page has nothing to show; an order that waits
    for no provider is not led to, for Back from its own page would only lead forward again.
    """
    if found is None:
        return ""
    slug, key = request.args.get("seller", ""), carts.order_key(found, "")
    known = queries.awaited_with_key(db.session(), key, slug, now=clock.now())
    if known is None or known.payment_way in WITHOUT_PROVIDER:
        return ""
    return url_for("orders.show", token=known.token)


@bp.post("/dat-hang")
@without_token
@limiter.limit("240/minute")
@signing_in.is_open
def place_order() -> tuple[str, int] | Response:
    """Place the order once everything is there and the total is the one that was shown.

    A form whose token has run out comes back as it was typed, with a fresh one.
    """
    session, fields = db.session(), Fields(request.form)
    found = carts.locked(session, cart_cookie.token())
    key = carts.order_key(found, fields.typed("key")[:64])
    known = queries.order_by_key(session, key)
    if known is not None:
        return redirect(url_for("orders.show", token=known.token), 303)
    group = _group(found, fields.typed("seller"))
    if found is None or group is None:
        return redirect(url_for("orders.cart"), 303)
    if fields.typed("voucher") and codes_guessed():
        fields = Fields(request.form.to_dict() | {"voucher": ""})
        fields.refuse("voucher", messages.sentence_for("voucher_guessed"))
    filled = checkout_page.fill(
        session, group, fields, actor=signing_in.actor(), today=clock.today()
    )
    note_guess(is_wrong=filled.offered.refused == "voucher_unknown")
    if (answer := _asked_again(filled)) is not None:
        return answer
    try:
        order = orders.place(
            session,
            group.seller,
            [(entry.pack.id, entry.quantity) for entry in group.buyable],
            checkout_page.checkout_of(filled, key=key),
            actor=signing_in.actor(),
            now=clock.now(),
            today=clock.today(),
        )
    except (OutOfStock, Changed, FieldRefused) as refused:
        session.rollback()
        return _refused(refused, fields), refused.status
    carts.take_out(session, found, group.seller.id, now=clock.now())
    session.commit()
    is_at_provider = order.payment_way not in WITHOUT_PROVIDER
    following = "payments.leave" if is_at_provider else "orders.show"
    return redirect(url_for(following, token=order.token), 303)


def _asked_again(filled: Filled) -> tuple[str, int] | None:
    """Return the form as it was typed while something of it must be seen or mended first."""
    fields, group = filled.fields, filled.group
    if not has_token():
        words = _("Trang mở lâu quá nên chưa đặt. Những gì đã ghi vẫn còn, bấm Đặt hàng lần nữa.")
        return _form(filled, words), 400
    if "use_voucher" in request.form and group.buyable:
        return _voucher_used(filled)
    if fields.faults or not group.buyable:
        # who only has it counted has not sent anything that could be refused
        status = 200 if "recount" in request.form else 422
        return _form(filled), status if group.buyable else 409
    if any(len(request.form.getlist(name)) > 1 for name in checkout_page.WORDS):
        # one tap on what was probably meant mends the form, it does not yet order
        return _form(filled, _("Đã ghi như đã chọn. Xem lại rồi bấm Đặt hàng.")), 200
    if "recount" in request.form or fields.typed("total_vnd") != str(filled.total_vnd):
        return _form(filled, checkout_page.recounted_words(filled)), 200
    return None


def _voucher_used(filled: Filled) -> tuple[str, int]:
    """Return the form with what the code gives; the rest of it is looked at when it is sent."""
    faults = filled.fields.faults
    for name in [name for name in faults if name != "voucher"]:
        del faults[name]
    return _form(filled), 422 if faults else 200


def _refused(refused: OutOfStock | Changed | FieldRefused, fields: Fields) -> str:
    """Return the form as it was typed, with what the shelf looks like now."""
    group = _group(carts.find(db.session(), cart_cookie.token()), fields.typed("seller"))
    if group is None:
        return _cart_page()
    filled = checkout_page.fill(
        db.session(), group, fields, actor=signing_in.actor(), today=clock.today()
    )
    if isinstance(refused, FieldRefused):
        fields.refuse(refused.field, messages.sentence(refused))
        return _form(filled)
    if isinstance(refused, OutOfStock) and not refused.values["available"]:
        return _form(filled, refused_sku=refused.values["sku"])
    if isinstance(refused, Changed):
        return _form(filled, checkout_page.recounted_words(filled))
    return _form(filled, messages.sentence(refused))


def _group(found: Cart | None, slug: str) -> Group | None:
    """Return the part of the cart that belongs to one seller."""
    return carts.of_seller(db.session(), found, slug, today=clock.today())


def _form(filled: Filled, notice: str = "", *, refused_sku: str = "") -> str:
    legal_foot.stand_for(filled.group.seller)
    gone = gone_goods.questions(db.session(), filled, refused_sku=refused_sku)
    page = checkout_page.page(filled)
    return render_template("orders/checkout.html", notice_text=notice, gone=gone, **page)


def _order(token: str) -> Order:
    found = queries.order_by_token(db.session(), token)
    if found is None:
        raise NotFound
    legal_foot.stand_for(found.seller)
    return found


@bp.get("/don-hang/<token>")
@signing_in.is_open
def show(token: str) -> str:
    """One order behind its private link: pay, follow, cancel, report."""
    offline.may_be_kept("don")
    page = order_page(db.session(), _order(token), now=clock.now())
    version, _number = _version(token)
    return render_template("orders/show.html", version=f'W/"{version}"', **page)


def _version(token: str) -> tuple[str, int]:
    found = version_of(db.session(), token, now=clock.now())
    if found is None:
        raise NotFound
    return found


@bp.get("/don-hang/<token>/trang-thai")
@signing_in.is_open
def status(token: str) -> Response:
    """The live part of an order's page; 304 while nothing changed.

    After a gap a page asks `?since=` with the number it showed last, and is told only what is
    newer (`design.md` 4).
    """
    version, number = _version(token)
    is_known = request.if_none_match.contains_weak(version)
    answer = Response(status=304)
    if not is_known and request.args.get("since", "") != str(number):
        page = order_page(db.session(), _order(token), now=clock.now())
        answer = make_response(render_template("orders/_status.html", **page))
    answer.set_etag(version, weak=True)
    return answer


@bp.get("/don-hang/<token>/ma.png")
@signing_in.is_open
def code_picture(token: str) -> Response:
    """The transfer code for what is still owed, as a picture to scan or to keep."""
    order = _order(token)
    asked = transfer(order, money_of(db.session(), order), now=clock.now())
    if asked is None:
        raise NotFound
    picture = code_of(asked)
    name = f"{order.code}.png"
    return Response(
        picture.content,
        mimetype=picture.media_type,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@bp.post("/don-hang/<token>/huy")
@signing_in.is_open
def cancel(token: str) -> Response:
    """Cancel the order while packing has not started."""
    order_payment.cancel_by_buyer(
        db.session(), _order(token).id, actor=signing_in.actor(), now=clock.now()
    )
    db.session().commit()
    flash(_("Đã hủy đơn. Hàng đã trả về kho."))
    return redirect(url_for("orders.show", token=token), 303)


@bp.post("/don-hang/<token>/dat-lai")
@signing_in.is_open
def repeat(token: str) -> Response:
    """Put what the order held into the cart, which says what is dearer, fewer or gone."""
    order = _order(token)
    kept = carts.fill_again(db.session(), cart_cookie.token(), order, now=clock.now())
    db.session().commit()
    flash(_("Đã thêm vào giỏ các món còn bán của đơn %(code)s.", code=order_code(order.code)))
    return cart_cookie.keep(redirect(url_for("orders.cart"), 303), kept)


@bp.get("/tra-cuu/don")
@signing_in.is_open
def look_up() -> str:
    """Ask for the digits of the phone that belong to an order code."""
    return render_template("orders/look_up.html", code=request.args.get("code", "")[:20])


def _asked_code() -> str:
    return f"order-code:{orders.read_order_code(request.form.get('code', '')[:20])}"


def _found_nothing(response: Response) -> bool:
    """Count wrong tries alone: a whole village may ask through one address."""
    return response.status_code == 404


@bp.post("/tra-cuu/don")
@limiter.limit("30/hour", deduct_when=_found_nothing)
@limiter.limit("6/hour", key_func=_asked_code, deduct_when=_found_nothing)
@signing_in.is_open
def find_order() -> tuple[str, int] | Response:
    """Open an order by its code and the last four digits of the phone.

    A code that is not there and digits that are wrong get the same answer.
    """
    code, digits = request.form.get("code", "")[:20], request.form.get("digits", "").strip()
    order = queries.order_by_code(db.session(), orders.read_order_code(code))
    phone = order.buyer_phone if order else secrets.token_hex(4)
    fits = len(digits) == 4 and secrets.compare_digest(phone[-4:].encode(), digits.encode())
    if order is None or not fits:
        return render_template("orders/look_up.html", code=code, failed=True), 404
    return redirect(url_for("orders.show", token=order.token), 303)
