"""Something is wrong with an order: its buyer says so behind the private link, with photos."""

from collections.abc import Sequence
from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused, WrongMove
from shop.forms.base import Fields, summary
from shop.forms.goods_returns import read_wanted
from shop.forms.ids import read_id
from shop.forms.problem import NAMES, read_order_problem
from shop.models.catalog import PHOTO_SMALL
from shop.models.orders import Order
from shop.pages import legal_foot, pictures, returns
from shop.pages import problems as page
from shop.pages.seller_words import short_word
from shop.queries import goods_returns, orders
from shop.queries import order_problems as queries
from shop.security import limiter
from shop.services import order_problems, photos

bp = Blueprint("order_problems", __name__)

Answer = Response | tuple[str, int] | str


@bp.get("/don-hang/<token>/su-co")
@signing_in.is_open
def ask(token: str) -> str:
    """What was reported about an order, how far it is, and room for more."""
    return _page(_order(token), Fields({}), [])


@bp.post("/don-hang/<token>/su-co")
@limiter.limit("30/hour")
@signing_in.is_open
def report(token: str) -> Answer:
    """Keep what is wrong; a fault keeps all that was typed and the photos that came."""
    order, fields = _order(token), Fields(request.form)
    problem = read_order_problem(fields)
    back = read_wanted(fields, [line.id for line in order.lines])
    tokens = _chosen(fields)
    if problem is None or fields.faults:
        return _page(order, fields, tokens), 422
    try:
        order_problems.report(
            db.session(),
            order.id,
            problem,
            tokens,
            folder=_folder(),
            actor=signing_in.actor(),
            now=clock.now(),
            back=back,
        )
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _page(_order(token), fields, tokens), 422
    except order_problems.ProblemsWait as refused:
        db.session().rollback()
        return _page(_order(token), fields, tokens, messages.sentence(refused)), refused.status
    db.session().commit()
    flash(_("Đã nhận, cảm ơn bạn. Câu trả lời sẽ hiện ở trang này."))
    return redirect(url_for(".ask", token=token), 303)


@bp.post("/don-hang/<token>/su-co/xong")
@signing_in.is_open
def settle(token: str) -> Response:
    """Say that what was answered is put right."""
    order, report_id = _order(token), read_id(request.form.get("report", ""))
    known = {one.id for one in queries.of_order(db.session(), order.id)}
    if report_id not in known:
        raise NotFound
    try:
        order_problems.settle_by_buyer(
            db.session(), order.id, report_id, actor=signing_in.actor(), now=clock.now()
        )
    except WrongMove:
        db.session().rollback()
        return redirect(url_for(".ask", token=token), 303)
    db.session().commit()
    flash(_("Đã ghi: việc này xong rồi. Cảm ơn bạn."))
    return redirect(url_for(".ask", token=token), 303)


@bp.get("/don-hang/<token>/su-co/anh/<photo_token>")
@signing_in.is_open
def photo(token: str, photo_token: str) -> Response:
    """A photo that the buyer of this order chose, whether or not it has been sent."""
    order = _order(token)
    path = photos.staged(photo_token, PHOTO_SMALL, folder=_folder())
    if path is None:
        found = [one for row in queries.of_order(db.session(), order.id) for one in row.photos]
        keys = [one.key for one in found if one.token == photo_token]
        path = photos.file(keys[0], PHOTO_SMALL, folder=_folder()) if keys else None
    if path is None:
        raise NotFound
    return send_file(path, mimetype=pictures.TYPES.get(path.suffix[1:]))


def _folder() -> Path:
    folder: Path = current_app.extensions["dacsan_settings"].var.resolve() / "photos"
    return folder


def _order(token: str) -> Order:
    found = orders.order_by_token(db.session(), token)
    if found is None:
        raise NotFound
    legal_foot.stand_for(found.seller)
    return found


def _chosen(fields: Fields) -> list[str]:
    """Return the photos that came along and those that wait from before; tell what is none."""
    sent = request.form.getlist("kept_photo")[: order_problems.MOST_PHOTOS]
    kept = [token for token in sent if photos.staged(token, PHOTO_SMALL, folder=_folder())]
    for upload in request.files.getlist("photo"):
        if not upload.filename:
            continue
        if len(kept) >= order_problems.MOST_PHOTOS:
            fields.refuse("photo", _("Nhiều nhất %(most)s ảnh.", most=order_problems.MOST_PHOTOS))
            break
        upload.stream.seek(0)  # the request may be answered a second time
        try:
            kept.append(photos.stage(upload.read(), folder=_folder()))
        except FieldRefused as refused:
            fields.refuse("photo", messages.sentence(refused))
    return list(dict.fromkeys(kept))


def _page(order: Order, fields: Fields, tokens: Sequence[str], trouble: str = "") -> str:
    who = short_word(order.seller)
    names = NAMES | returns.names_of(db.session(), order)
    return render_template(
        "orders/problem.html",
        order=order,
        who=who,
        reports=page.shown(
            queries.of_order(db.session(), order.id),
            who,
            goods_returns.of_order(db.session(), order.id),
        ),
        back=returns.fields_of(db.session(), order, now=clock.now()),
        reasons=page.reason_choices(),
        fields=fields,
        tokens=tokens,
        summary=summary(fields.faults, names),
        trouble=trouble,
        most_photos=order_problems.MOST_PHOTOS,
    )


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of what is behind a private link."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
