"""Picking: what to take from which batch, first to expire first, ticked off or printed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages_office, signing_in
from shop.errors import Changed, NotFound, OutOfStock, WrongMove
from shop.forms.base import Fields
from shop.forms.ids import read_id
from shop.forms.office_orders import read_level, read_words
from shop.forms.values import ValueRefused
from shop.models.inventory import Allocation
from shop.models.orders import Order
from shop.office import office_seller, show_for
from shop.office_orders import Answer, summary
from shop.pages.office_picking import line_title, other_choices, pick_page
from shop.queries import pick_list
from shop.services import picking
from shop.services.order_payment import sell_through
from shop.services.permissions import Action

bp = Blueprint("office_picking", __name__, url_prefix="/quan-ly/soan-hang")

MOST_TICKED = 200
"""Allocations in one tick; more than any row holds."""


@bp.get("")
@signing_in.needs(Action.PICK_ORDER)
def index() -> str:
    """The pick list of the seller, for the screen and for paper."""
    seller = office_seller(Action.PICK_ORDER)
    page = pick_page(db.session(), seller.id, today=clock.today())
    return render_template("office/picking/index.html", printed_at=clock.now(), **page)


@bp.post("")
@signing_in.needs(Action.PICK_ORDER)
def tick() -> Response:
    """Keep a tick on the server, or take it back."""
    ids = request.form.get("ids", "").split(",")[:MOST_TICKED]
    picking.tick(
        db.session(),
        [found for one in ids if (found := read_id(one)) is not None],
        is_picked=request.form.get("picked") == "1",
        actor=signing_in.actor(),
        now=clock.now(),
    )
    db.session().commit()
    at = read_id(request.form.get("at", ""))
    return redirect(url_for(".index", _anchor=f"lo-{at}" if at else None), 303)


@bp.get("/<int:allocation_id>/lo-khac")
@signing_in.needs(Action.PICK_ORDER)
def ask_other_batch(allocation_id: int) -> str:
    """Ask which other batch to take for one line, and why."""
    allocation, order = _allocation(allocation_id)
    return _other_form(allocation, order, Fields({}))


@bp.post("/<int:allocation_id>/lo-khac")
@signing_in.needs(Action.PICK_ORDER)
def take_other_batch(allocation_id: int) -> Answer:
    """Take another batch than the first to expire; the reason is recorded."""
    allocation, order = _allocation(allocation_id)
    fields = Fields(request.form)
    try:
        level = read_level(fields.typed("level"))
    except ValueRefused:
        level = None
        fields.refuse("level", _("Chọn một lô trong danh sách."))
    reason = read_words(fields, "words")
    if level is None or reason is None:
        return _other_form(allocation, order, fields), 422
    try:
        picking.take_other_batch(
            db.session(),
            allocation.id,
            place_id=level[0],
            batch_pack_id=level[1],
            reason=reason,
            actor=signing_in.actor(),
            now=clock.now(),
            today=clock.today(),
        )
    except (Changed, OutOfStock, WrongMove) as refused:
        db.session().rollback()
        fields.refuse("level", messages_office.sentence(refused))
        return _other_form(*_allocation(allocation_id), fields), refused.status
    db.session().commit()
    flash(_("Đã đổi lô. Lý do đã ghi vào lịch sử."))
    return redirect(url_for(".index"), 303)


def _allocation(allocation_id: int) -> tuple[Allocation, Order]:
    found = pick_list.allocation_of(db.session(), allocation_id)
    if found is None or not signing_in.actor().may(Action.SEE_ORDERS, found[1].seller_id):
        raise NotFound(f"allocation {allocation_id}")
    show_for(found[1].seller)
    return found[0], found[1]


def _other_form(allocation: Allocation, order: Order, fields: Fields) -> str:
    others = pick_list.other_batches(
        db.session(),
        allocation,
        seller_id=order.seller_id,
        sell_through=sell_through(order, clock.today()),
    )
    return render_template(
        "office/picking/other_batch.html",
        order=order,
        title=line_title(order, allocation),
        quantity=allocation.quantity,
        lot=allocation.batch_pack.batch.lot,
        options=other_choices(others),
        fields=fields,
        summary=summary(fields),
    )
