"""Messages that were given up: the office looks at them and has them tried again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, paging, signing_in
from shop.errors import NotFound, WrongMove
from shop.office import office_seller
from shop.pages import office_messages as pages
from shop.queries import outbox as queries
from shop.services import outbox
from shop.services.permissions import Action

bp = Blueprint("office_messages", __name__, url_prefix="/quan-ly/thu-chua-gui")

ON_PAGE = 30


@bp.get("")
@signing_in.needs(Action.SEE_ORDERS)
def index() -> str:
    """The messages of the seller that were given up, newest first."""
    seller, actor = office_seller(Action.SEE_ORDERS), signing_in.actor()
    which = pages.meant(seller.id, actor=actor)
    total = queries.count_given_up(db.session(), which)
    part = paging.part(request.args.get("trang", ""), total=total, limit=ON_PAGE)
    found = queries.given_up(db.session(), which, limit=part.limit, offset=part.offset)
    rows = pages.rows(db.session(), found)
    return render_template("office/messages/index.html", rows=rows, part=part)


@bp.post("/<int:message_id>/gui-lai")
@signing_in.needs(Action.SEE_ORDERS)
def retry(message_id: int) -> Response:
    """Have a message tried again from the start."""
    message, actor = queries.message(db.session(), message_id), signing_in.actor()
    if message is None or not outbox.may_retry(actor, message):
        raise NotFound(f"message {message_id}")
    try:
        outbox.retry(db.session(), message, actor=actor, now=clock.now())
    except WrongMove:
        db.session().rollback()
        flash(_("Thư này đã được gửi lại rồi."))
        return redirect(url_for(".index"), 303)
    db.session().commit()
    flash(_("Đang gửi lại. Không được thì thư hiện lại ở đây."))
    return redirect(url_for(".index"), 303)
