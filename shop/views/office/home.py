"""What waits in the office today, and for whom somebody works."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from shop import clock, db, office, signing_in
from shop.errors import NotFound
from shop.office import office_seller
from shop.pages import office_figures, office_inbox, order_words
from shop.services.permissions import Action

bp = Blueprint("office_home", __name__, url_prefix="/quan-ly")

bp.app_context_processor(office.names)


@bp.get("")
@signing_in.needs(Action.SEE_OFFICE)
def inbox() -> str:
    """The inbox: everything that waits for a person, most urgent first."""
    seller, actor, today = office_seller(Action.SEE_OFFICE), signing_in.actor(), clock.today()
    groups = office_inbox.inbox(db.session(), seller.id, actor=actor, today=today, now=clock.now())
    sees_orders = actor.may(Action.SEE_ORDERS, seller.id)
    return render_template(
        "office/home.html",
        groups=groups,
        waiting=sum(group.total for group in groups),
        weekday=order_words.weekday(today),
        sees_orders=sees_orders,
        figures=office_figures.figures(db.session(), seller.id, today=today)
        if sees_orders
        else None,
    )


@bp.get("/noi-ban")
@signing_in.needs(Action.SEE_OFFICE)
def choose() -> str:
    """The sellers somebody works for."""
    current = office_seller(Action.SEE_OFFICE)
    return render_template(
        "office/choose.html",
        sellers=[(one, one.id == current.id) for one in office.choices(Action.SEE_OFFICE)],
        may_open=signing_in.actor().may(Action.MANAGE_INSTALLATION, None),
    )


@bp.post("/noi-ban")
@signing_in.needs(Action.SEE_OFFICE)
def work_for() -> Response:
    """Work for another seller from now on."""
    wanted = request.form.get("seller", "")
    ids = {str(seller.id) for seller in office.choices(Action.SEE_OFFICE)}
    if wanted not in ids:
        raise NotFound(f"seller {wanted}")
    cookie[office.CHOSEN] = int(wanted)
    return redirect(url_for(".inbox"), 303)
