"""The weighing slips of the office: goods that were handed over, and what is left of them."""

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, formats, signing_in
from shop.clock import VIETNAM
from shop.errors import NotFound
from shop.forms import delivery as form
from shop.forms.base import Fields, summary
from shop.forms.ids import read_id
from shop.locales import current_locale
from shop.models.batches import BatchKind
from shop.models.catalog import Seller
from shop.office import office_seller
from shop.office_batches import Answer, client_id, page, visible_batch
from shop.pages.office_batch import read_back
from shop.pages.office_batch_list import delivery_list
from shop.queries import office_batches as queries
from shop.services import deliveries
from shop.services.permissions import Action

bp = Blueprint("office_deliveries", __name__, url_prefix="/quan-ly/giao-hang")


@bp.get("")
@signing_in.needs(Action.EDIT_BATCH)
def index() -> str:
    """Deliveries, newest first: those of which something is left, or all."""
    seller = office_seller(Action.EDIT_BATCH)
    found = delivery_list(
        db.session(),
        seller.id,
        only_open=request.args.get("xem") != "het",
        page=read_id(request.args.get("trang", "")) or 1,
    )
    return render_template("office/deliveries/index.html", **found)


@bp.get("/moi")
@signing_in.needs(Action.EDIT_BATCH)
def new() -> str:
    """An empty slip of today."""
    seller = office_seller(Action.EDIT_BATCH)
    typed = {
        "client_id": str(uuid.uuid4()),
        "harvested_on": formats.day(clock.today()),
        "goods": request.args.get("hang", "")[:120],
        "product": request.args.get("san-pham", ""),
    }
    return _form(seller, typed, {}, {})


@bp.post("/moi")
@signing_in.needs(Action.EDIT_BATCH)
def create() -> Answer:
    """Write down goods that were handed over."""
    seller = office_seller(Action.EDIT_BATCH)
    fields = Fields(request.form)
    draft, to_confirm = form.read_delivery(fields, request.form, today=clock.today())
    if draft is None or to_confirm:
        return _form(seller, request.form, fields.faults, to_confirm), 422
    session = db.session()
    plot = queries.plot(session, draft.plot_id, seller.id) if draft.plot_id else None
    member = queries.member(session, draft.member_id, seller.id) if draft.member_id else None
    if (draft.plot_id and plot is None) or (draft.member_id and member is None):
        raise NotFound(f"plot {draft.plot_id}, member {draft.member_id}")
    product = queries.product(session, draft.product_id, seller.id) if draft.product_id else None
    delivery = deliveries.record_delivery(
        session,
        seller,
        goods=draft.goods,
        quantity_g=draft.quantity_g,
        member=plot.member if plot else member,
        plot=plot,
        supplier=draft.supplier,
        document=draft.document,
        harvested_on=draft.harvested_on,
        received_at=_received_at(draft.harvested_on),
        product=product,
        actor=signing_in.actor(),
        now=clock.now(),
        client_id=client_id(),
    )
    session.commit()
    weight = formats.weight(delivery.quantity_g, current_locale())
    flash(_("Đã ghi %(weight)s %(goods)s, mã %(lot)s.", weight=weight, goods=delivery.goods,
            lot=delivery.lot))  # fmt: skip
    if request.form.get("act") == "again":
        kept: dict[str, Any] = {"hang": draft.goods, "san-pham": draft.product_id}
        return redirect(url_for(".new", **kept), 303)
    return redirect(url_for(".index"), 303)


@bp.get("/<int:delivery_id>")
@signing_in.needs(Action.EDIT_BATCH)
def show(delivery_id: int) -> str:
    """One delivery: who gave it, which batches it went into, and whether it is stopped."""
    delivery = visible_batch(delivery_id, Action.EDIT_BATCH, kind=BatchKind.DELIVERY)
    return page(delivery)


def _received_at(day: date) -> datetime:
    """Return the moment of the weighing: now, or noon of an earlier day."""
    if day == clock.today():
        return clock.now()
    return datetime.combine(day, time(12), VIETNAM).astimezone(UTC)


def _form(
    seller: Seller,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    to_confirm: Mapping[str, int],
) -> str:
    givers = []
    for member in queries.members(db.session(), seller.id):
        for plot in member.plots:
            words = " · ".join(filter(None, [member.full_name, plot.code, plot.crop]))
            givers.append((f"plot:{plot.id}", words))
        givers.append((f"member:{member.id}", member.full_name))
    return render_template(
        "office/deliveries/new.html",
        typed=typed,
        faults=faults,
        **read_back(to_confirm, lambda name: str(form.NAMES[name])),
        summary=summary(faults, form.NAMES),
        givers=[*givers, (form.SUPPLIER, _("Mua ở nơi khác (ghi nơi bán bên dưới)"))],
        known_goods=queries.goods_before(db.session(), seller.id),
        products=[(one.id, one.name) for one in queries.products(db.session(), seller.id)],
    )
