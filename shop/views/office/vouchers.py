"""Vouchers in the office: what is given off, to whom, and what came of it."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages, paging, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms import vouchers as form
from shop.forms.base import Fields, summary
from shop.models.catalog import Seller
from shop.models.vouchers import Voucher
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.pages import vouchers as page
from shop.queries import vouchers as queries
from shop.services import vouchers
from shop.services.permissions import Action

bp = Blueprint("office_vouchers", __name__, url_prefix="/quan-ly/ma-giam-gia")

ON_PAGE = 50


@bp.get("")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def index() -> str:
    """All vouchers with what they have given."""
    seller = office_seller(Action.MANAGE_VOUCHERS)
    found = queries.of_seller(db.session(), seller.id)
    return render_template(
        "office/vouchers/index.html",
        vouchers=[(one, page.facts(one, today=clock.today())) for one in found],
    )


@bp.get("/moi")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def new() -> str:
    """An empty form."""
    seller = office_seller(Action.MANAGE_VOUCHERS)
    return _form(seller, None, Fields(form.as_typed(None, today=clock.today())), [])


@bp.post("/moi")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def create() -> Answer:
    """Give something off from now on."""
    seller, fields = office_seller(Action.MANAGE_VOUCHERS), Fields(request.form)
    chosen = request.form.getlist("products")
    draft = _read(seller, fields, chosen)
    if draft is None:
        return _form(seller, None, fields, chosen), 422
    by = {"actor": signing_in.actor(), "now": clock.now()}
    try:
        vouchers.open_voucher(db.session(), seller, draft, **by)  # type: ignore[arg-type]
    except FieldRefused as refused:
        return _refused(seller.id, None, fields, chosen, refused)
    db.session().commit()
    flash(_("Đã mở %(name)s.", name=draft.name))
    return redirect(url_for(".index"), 303)


@bp.get("/<int:voucher_id>")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def show(voucher_id: int) -> str:
    """One voucher: its limits, what is left of them, and the orders it served."""
    voucher = _voucher(voucher_id)
    total = queries.count_uses(db.session(), voucher.id)
    part = paging.part(request.args.get("trang", ""), total=total, limit=ON_PAGE)
    return render_template(
        "office/vouchers/show.html",
        voucher=voucher,
        facts=page.limits(voucher),
        uses=queries.uses(db.session(), voucher.id, limit=part.limit, offset=part.offset),
        part=part,
        sees_orders=signing_in.actor().may(Action.SEE_ORDERS, voucher.seller_id),
    )


@bp.get("/<int:voucher_id>/sua")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def edit(voucher_id: int) -> str:
    """One voucher, to be changed."""
    voucher = _voucher(voucher_id)
    chosen = [str(product_id) for product_id in voucher.product_ids or ()]
    fields = Fields(form.as_typed(voucher, today=clock.today()))
    return _form(_seller(voucher), voucher, fields, chosen)


@bp.post("/<int:voucher_id>/sua")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def change(voucher_id: int) -> Answer:
    """Change a voucher for the orders to come."""
    voucher, fields = _voucher(voucher_id), Fields(request.form)
    chosen, seller = request.form.getlist("products"), _seller(voucher)
    draft = _read(seller, fields, chosen)
    if draft is None:
        return _form(seller, voucher, fields, chosen), 422
    by = {"actor": signing_in.actor(), "now": clock.now()}
    try:
        vouchers.change(db.session(), voucher, draft, **by)  # type: ignore[arg-type]
    except FieldRefused as refused:
        return _refused(seller.id, voucher_id, fields, chosen, refused)
    db.session().commit()
    flash(_("Đã lưu %(name)s.", name=draft.name))
    return redirect(url_for(".show", voucher_id=voucher_id), 303)


@bp.post("/<int:voucher_id>/<any(dong, mo):act>")
@signing_in.needs(Action.MANAGE_VOUCHERS)
def set_open(voucher_id: int, act: str) -> Response:
    """Close a voucher to new orders, or open it again."""
    voucher = _voucher(voucher_id)
    vouchers.set_open(
        db.session(), voucher, is_open=act == "mo", actor=signing_in.actor(), now=clock.now()
    )
    db.session().commit()
    flash(_("Đã mở lại.") if act == "mo" else _("Đã đóng. Đơn đã đặt vẫn được giảm."))
    return redirect(url_for(".show", voucher_id=voucher_id), 303)


def _read(seller: Seller, fields: Fields, chosen: Sequence[str]) -> form.VoucherDraft | None:
    products = {row.id for row in queries.products(db.session(), seller.id)}
    return form.read_voucher(fields, chosen, products=products, today=clock.today())


def _refused(
    seller_id: int,
    voucher_id: int | None,
    fields: Fields,
    chosen: Sequence[str],
    refused: FieldRefused,
) -> tuple[str, int]:
    db.session().rollback()
    fields.refuse(refused.field, messages.sentence(refused))
    voucher = None if voucher_id is None else db.session().get_one(Voucher, voucher_id)
    return _form(db.session().get_one(Seller, seller_id), voucher, fields, chosen), refused.status


def _seller(voucher: Voucher) -> Seller:
    return db.session().get_one(Seller, voucher.seller_id)


def _voucher(voucher_id: int) -> Voucher:
    found = db.session().get(Voucher, voucher_id)
    if found is None or not signing_in.actor().may(Action.MANAGE_VOUCHERS, found.seller_id):
        raise NotFound(f"voucher {voucher_id}")
    show_for(_seller(found))
    return found


def _form(seller: Seller, voucher: Voucher | None, fields: Fields, chosen: Sequence[str]) -> str:
    return render_template(
        "office/vouchers/form.html",
        voucher=voucher,
        fields=fields,
        summary=summary(fields.faults, form.NAMES),
        kinds=page.kinds(),
        products=[(str(row.id), row.name) for row in queries.products(db.session(), seller.id)],
        chosen=chosen,
    )
