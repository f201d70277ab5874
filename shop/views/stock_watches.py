"""`Báo khi có hàng`: leaving a number or an address for a sold-out pack, and taking it back."""

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, formats, messages, signing_in
from shop.errors import FieldRefused
from shop.forms.base import Fields, summary
from shop.forms.ids import read_id
from shop.forms.stock_watches import read_contact
from shop.locales import current_locale
from shop.models.catalog import Pack
from shop.models.stock_watches import StockWatch
from shop.queries import stock_watches as queries
from shop.security import limiter
from shop.services import stock_watches

bp = Blueprint("stock_watches", __name__)

NAMES = {"contact": _l("số điện thoại hoặc thư"), "pack": _l("loại")}


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of these pages: they hold how somebody is reached."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.get("/san-pham/<slug>/bao-khi-co-hang")
@signing_in.is_open
def ask(slug: str) -> str:
    """Ask how to reach somebody once a sold-out pack can be had."""
    packs = _packs(slug)
    return _form(packs, Fields({"pack": request.args.get("pack", "")}))


@bp.post("/san-pham/<slug>/bao-khi-co-hang")
@limiter.limit("60/hour")
@signing_in.is_open
def keep(slug: str) -> tuple[str, int] | Response:
    """Keep the number or the address until the goods have come."""
    packs, fields = _packs(slug), Fields(request.form)
    pack = _chosen(packs, fields)
    contact = fields.read("contact", read_contact)
    if pack is None and len(packs) > 1:
        fields.refuse("pack", _("Chọn loại muốn chờ."))
    if pack is None or contact is None:
        return _form(packs, fields), 422
    if stock_watches.is_had(db.session(), pack.id, today=clock.today()):
        flash(_("Loại này đang còn hàng, mua được ngay."))
        return redirect(url_for("catalog.product", slug=slug), 303)
    try:
        watch = stock_watches.ask(
            db.session(), pack, contact, locale=current_locale(), now=clock.now()
        )
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse("contact", messages.sentence(refused))
        return _form(_packs(slug), fields), refused.status
    db.session().commit()
    return redirect(url_for(".show", token=watch.token), 303)


@bp.get("/cho-hang/<token>")
@signing_in.is_open
def show(token: str) -> str:
    """What somebody waits for, with the way to stop it."""
    watch = _watch(token)
    product = watch.pack.product
    reached = formats.phone_masked(watch.phone) if watch.phone else ""
    return render_template(
        "stock_watches/show.html",
        watch=watch,
        product=product,
        seller=product.seller,
        reached=reached or formats.email_masked(watch.email),
        is_had=stock_watches.is_had(db.session(), watch.pack_id, today=clock.today()),
    )


@bp.post("/cho-hang/<token>/thoi")
@signing_in.is_open
def withdraw(token: str) -> Response:
    """Forget the number or the address."""
    watch = _watch(token)
    slug = watch.pack.product.slug
    stock_watches.withdraw(db.session(), watch)
    db.session().commit()
    flash(_("Đã xóa. Sẽ không báo nữa."))
    return redirect(url_for(".ask", slug=slug), 303)


def _packs(slug: str) -> Sequence[Pack]:
    packs = queries.packs_of(db.session(), slug)
    if not packs:
        raise NotFound
    g.training = packs[0].product.seller.is_training
    return packs


def _chosen(packs: Sequence[Pack], fields: Fields) -> Pack | None:
    """Return the pack that was chosen; the only one needs no choice."""
    asked = read_id(fields.typed("pack"))
    if len(packs) == 1:
        return packs[0]
    return next((pack for pack in packs if pack.id == asked), None)


def _watch(token: str) -> StockWatch:
    watch = queries.by_token(db.session(), token)
    if watch is None:
        raise NotFound
    g.training = watch.pack.product.seller.is_training
    return watch


def _form(packs: Sequence[Pack], fields: Fields) -> str:
    session, today = db.session(), clock.today()
    sold_out = [one for one in packs if not stock_watches.is_had(session, one.id, today=today)]
    chosen = _chosen(packs, fields)
    return render_template(
        "stock_watches/ask.html",
        product=packs[0].product,
        seller=packs[0].product.seller,
        choices=[{"value": pack.id, "title": pack.label} for pack in sold_out],
        pack=chosen.id if chosen else (sold_out[0].id if sold_out else ""),
        contact=fields.typed("contact"),
        faults=fields.faults,
        summary=summary(fields.faults, NAMES),
        kept_days=stock_watches.KEPT.days,
    )
