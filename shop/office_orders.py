"""Carrying out a use case on one order: what came of it, or why not, on the page of the order."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from shop import clock, db, messages_office, signing_in
from shop.errors import NotFound, OutOfStock, ShopError, WrongMove
from shop.forms import base
from shop.forms.base import Fields
from shop.forms.office_orders import NAMES
from shop.models.orders import Order
from shop.office import show_for
from shop.pages.office_order import order_sheet
from shop.queries import order_lists
from shop.services.order_fulfilment import BatchNotSellable
from shop.services.permissions import Action

REFUSALS = (WrongMove, OutOfStock, BatchNotSellable)
"""What may come between a page and its button: the order page shows it with what holds now."""

Answer = Response | tuple[str, int] | str


def visible_order(code: str) -> Order:
    """Return the order with this code for the page of this request.

    Raises `NotFound` also for one of a seller whose orders the person may not see.
    """
    order = order_lists.whole_order(db.session(), code)
    if order is None or not signing_in.actor().may(Action.SEE_ORDERS, order.seller_id):
        raise NotFound(f"order {code}")
    show_for(order.seller)
    return order


def summary(fields: Fields) -> list[tuple[str, str]]:
    """Return the faults of a form for the summary above it."""
    return base.summary(fields.faults, NAMES)


def carry_out(code: str, use_case: Callable[[Order, dict[str, Any]], object], done: str) -> Answer:
    """Carry out one use case and show the order; a refusal stands above what holds now.

    `use_case` is called with the order and with who acts when; `done` is said when it is done.
    """
    order = visible_order(code)
    try:
        use_case(order, {"actor": signing_in.actor(), "now": clock.now()})
    except REFUSALS as refused:
        db.session().rollback()
        return _refused(code, refused)
    db.session().commit()
    if done:
        flash(done)
    return redirect(url_for("office_orders.show", code=code), 303)


def _refused(code: str, refused: ShopError) -> tuple[str, int]:
    sheet = order_sheet(
        db.session(), visible_order(code), actor=signing_in.actor(), today=clock.today()
    )
    page = render_template(
        "office/orders/show.html", trouble=messages_office.sentence(refused), **sheet
    )
    return page, refused.status
