"""The stock of the office: levels by place and batch, the stock take, the quarantine."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import clock, db, messages_office, signing_in
from shop.errors import Changed, NotFound, OutOfStock, ShopError, WrongMove
from shop.forms import office_stock as form
from shop.forms.base import Fields, summary
from shop.forms.ids import read_id
from shop.forms.numbers import read_count
from shop.models.inventory import Place
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.pages.office_stock import MOVEMENTS, by_product, row_title, stock_page, trouble
from shop.queries import stock_lists
from shop.services import stock_take
from shop.services.order_fulfilment import BatchNotSellable
from shop.services.permissions import Action
from shop.services.stock_take import Count, CountBelowReserved

bp = Blueprint("office_stock", __name__, url_prefix="/quan-ly/ton-kho")

ACTS = {"put_back", "destroy"}
"""What may become of goods in quarantine."""


@bp.get("")
@signing_in.needs(Action.SEE_OFFICE)
def index() -> str:
    """What stands where, of which batch, and what may not be sold."""
    seller = office_seller(Action.SEE_OFFICE)
    page = stock_page(
        db.session(),
        seller.id,
        place_id=read_id(request.args.get("cho", "")),
        text=request.args.get("q", "")[:80],
        today=clock.today(),
    )
    may_count = signing_in.actor().may(Action.TAKE_STOCK, seller.id)
    return render_template("office/stock/index.html", may_count=may_count, **page)


@bp.get("/<int:place_id>/<int:batch_pack_id>")
@signing_in.needs(Action.SEE_OFFICE)
def movements(place_id: int, batch_pack_id: int) -> str:
    """Why packs of one batch came to one place, and left it."""
    place = _place(place_id, Action.SEE_OFFICE)
    row = _row(place, batch_pack_id)
    found = stock_lists.movements(
        db.session(), place.seller_id, place_id=place.id, batch_pack_id=batch_pack_id
    )
    return render_template(
        "office/stock/movements.html", place=place, row=row, movements=found, kinds=MOVEMENTS
    )


@bp.get("/<int:place_id>/kiem-ke")
@signing_in.needs(Action.TAKE_STOCK)
def ask_count(place_id: int) -> str:
    """An empty count of one place."""
    place = _place(place_id, Action.TAKE_STOCK)
    return _count_form(place, Fields({}), [])


@bp.post("/<int:place_id>/kiem-ke")
@signing_in.needs(Action.TAKE_STOCK)
def count(place_id: int) -> Answer:
    """Show what differs, then write the count down with the reasons."""
    place = _place(place_id, Action.TAKE_STOCK)
    fields = Fields(request.form)
    found = form.read_counts(fields, [row.batch_pack_id for row in _rows(place)])
    if not found and not fields.faults:
        fields.refuse("counts", _("Chưa ghi lô nào. Đếm lô nào thì ghi số vào ô của lô đó."))
    if fields.faults:
        return _count_form(place, fields, found), 422
    if any(one.difference and not one.reason for one in found):
        return _count_form(place, fields, found), 200
    try:
        stock_take.take_stock(
            db.session(),
            place,
            [Count(one.batch_pack_id, one.counted, one.seen, one.reason) for one in found],
            client_id=form.read_client_id(fields.typed("client_id")) or uuid.uuid4().hex,
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except (Changed, CountBelowReserved) as refused:
        db.session().rollback()
        fields.refuse(f"count-{refused.values['batch_pack_id']}", _why(refused))
        return _count_form(_place(place_id, Action.TAKE_STOCK), fields, []), refused.status
    db.session().commit()
    differing = sum(1 for one in found if one.difference)
    flash(
        ngettext("Đã kiểm kê %(num)s lô.", "Đã kiểm kê %(num)s lô.", len(found))
        + " "
        + (_("%(count)s lô lệch đã sửa.", count=differing) if differing else _("Khớp cả."))
    )
    return redirect(url_for(".index", cho=place_id), 303)


def _why(refused: Changed | CountBelowReserved) -> str:
    if isinstance(refused, CountBelowReserved):
        return messages_office.sentence(refused)
    on_hand = refused.values["on_hand"]
    return str(_("Tồn vừa đổi thành %(on_hand)s trong lúc đếm. Đếm lại lô này.", on_hand=on_hand))


def _count_form(place: Place, fields: Fields, found: list[form.Counted]) -> str:
    rows = _rows(place)
    titles = {row.batch_pack_id: row_title(row) for row in rows}
    differences = {one.batch_pack_id: one.difference for one in found if one.difference}
    return render_template(
        "office/stock/count.html",
        place=place,
        products=by_product([row for row in rows if _is_shown(row, fields)]),
        hidden_lots=sum(1 for row in rows if not _is_shown(row, fields)),
        fields=fields,
        summary=[(name, form.field_name(name, titles)) for name in fields.faults],
        differences=differences,
        trouble=lambda row: trouble(row, clock.today()),
        client_id=form.read_client_id(fields.typed("client_id")) or uuid.uuid4().hex,
    )


def _is_shown(row: Any, fields: Fields) -> bool:
    """Return whether a count asks for this batch: what is there, on request what is gone too."""
    is_typed = bool(fields.typed(f"count-{row.batch_pack_id}"))
    return row.on_hand > 0 or is_typed or "het" in request.args


def _rows(place: Place) -> Any:
    return stock_lists.levels(db.session(), place.seller_id, place_id=place.id, with_empty=True)


@bp.get("/<int:place_id>/<int:batch_pack_id>/hang-tra")
@signing_in.needs(Action.TAKE_STOCK)
def ask_quarantine(place_id: int, batch_pack_id: int) -> str:
    """Ask what becomes of goods in quarantine."""
    place = _place(place_id, Action.TAKE_STOCK)
    return _quarantine_form(place, batch_pack_id, Fields({}))


@bp.post("/<int:place_id>/<int:batch_pack_id>/hang-tra")
@signing_in.needs(Action.TAKE_STOCK)
def quarantine(place_id: int, batch_pack_id: int) -> Answer:
    """Bring goods back for sale, or write them off."""
    place = _place(place_id, Action.TAKE_STOCK)
    row, fields = _row(place, batch_pack_id), Fields(request.form)
    quantity = fields.read("quantity", read_count, minimum=1, maximum=max(1, row.on_hand))
    reason = form.read_reason(fields, "reason")
    chosen = fields.typed("act")
    if chosen not in ACTS:
        fields.refuse("act", _("Chọn một cách xử lý."))
    if quantity is None or reason is None or fields.faults:
        return _quarantine_form(place, batch_pack_id, fields), 422
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now(), "reason": reason}
    try:
        if chosen == "put_back":
            stock_take.put_back(
                db.session(), place, batch_pack_id, quantity=quantity, today=clock.today(), **by
            )
        else:
            stock_take.destroy(db.session(), place, batch_pack_id, quantity=quantity, **by)
    except (OutOfStock, BatchNotSellable, WrongMove) as refused:
        db.session().rollback()
        return _not_possible(place_id, batch_pack_id, fields, refused)
    db.session().commit()
    flash(
        _("Đã đưa %(count)s gói về kho bán.", count=quantity)
        if chosen == "put_back"
        else _("Đã ghi hủy %(count)s gói.", count=quantity)
    )
    return redirect(url_for(".index", cho=place_id), 303)


def _not_possible(
    place_id: int, batch_pack_id: int, fields: Fields, refused: ShopError
) -> tuple[str, int]:
    if isinstance(refused, BatchNotSellable):
        why = _("Lô này không được bán (tạm giữ, thu hồi hoặc hết hạn). Chỉ hủy bỏ được.")
        fields.refuse("act", why)
    else:
        fields.refuse("quantity", messages_office.sentence(refused))
    place = _place(place_id, Action.TAKE_STOCK)
    return _quarantine_form(place, batch_pack_id, fields), refused.status


def _quarantine_form(place: Place, batch_pack_id: int, fields: Fields) -> str:
    row = _row(place, batch_pack_id)
    return render_template(
        "office/stock/quarantine.html",
        place=place,
        row=row,
        fields=fields,
        summary=summary(fields.faults, form.NAMES),
        options=[
            {
                "value": "put_back",
                "title": _("Đưa về kho bán"),
                "note": _("Gói còn nguyên, còn hạn, giữ đúng cách."),
            },
            {
                "value": "destroy",
                "title": _("Hủy bỏ"),
                "note": _("Gói hỏng, rách, nghi ngờ. Ghi vào sổ truy xuất."),
            },
        ],
    )


def _place(place_id: int, action: Action) -> Place:
    """Return a place of a seller for whom the person may do `action`."""
    place = db.session().get(Place, place_id)
    if place is None or not signing_in.actor().may(action, place.seller_id):
        raise NotFound(f"place {place_id}")
    show_for(place.seller)
    return place


def _row(place: Place, batch_pack_id: int) -> Any:
    rows = stock_lists.levels(
        db.session(),
        place.seller_id,
        place_id=place.id,
        batch_pack_id=batch_pack_id,
        with_empty=True,
    )
    if not rows:
        raise NotFound(f"batch pack {batch_pack_id} at place {place.id}")
    return rows[0]
