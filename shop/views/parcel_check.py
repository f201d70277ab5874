"""`Đây có phải gói của tôi?`: a buyer holds the label of a pack against the order."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused
from shop.models.orders import Order
from shop.pages.seller_words import seller_words, short_word
from shop.queries import orders as queries
from shop.security import limiter
from shop.services import label_photos, parcel_check
from shop.services.batch_codes import LONGEST_TYPED

bp = Blueprint("parcel_check", __name__)


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of what is behind a private link."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.get("/don-hang/<token>/goi-cua-toi")
@limiter.limit("240/hour")
@signing_in.is_open
def ask(token: str) -> str:
    """Ask for the code on the pack, and say whether it is the one that was sent."""
    return _page(_order(token), request.args.get("ma", "")[:LONGEST_TYPED].strip())


@bp.post("/don-hang/<token>/goi-cua-toi")
@limiter.limit("60/hour")
@signing_in.is_open
def read_photo(token: str) -> Response | tuple[str, int]:
    """Read the code in a photo of the label, and answer as if it had been typed."""
    order, upload = _order(token), request.files.get("photo")
    try:
        said = label_photos.codes_in(upload.read() if upload is not None else b"")
    except FieldRefused as refused:
        return _page(order, "", fault=messages.sentence(refused)), 422
    code = parcel_check.telling(
        db.session(), order, said, own_hosts=_own_hosts(), today=clock.today()
    )
    return redirect(url_for(".ask", token=token, ma=code[:LONGEST_TYPED]), 303)


def _page(order: Order, typed: str, *, fault: str = "") -> str:
    answer = None
    if typed:
        answer = parcel_check.check(
            db.session(), order, typed, own_hosts=_own_hosts(), today=clock.today()
        )
    return render_template(
        "orders/parcel_check.html",
        order=order,
        typed=typed,
        fault=fault,
        answer=answer,
        lots=sorted(_lots(order)),
        words=seller_words(order.seller.kind),
        who=short_word(order.seller),
        report_url=url_for("batches.report", ma=typed or order.code),
    )


def _order(token: str) -> Order:
    found = queries.order_by_token(db.session(), token)
    if found is None:
        raise NotFound
    g.training = found.seller.is_training
    return found


def _lots(order: Order) -> set[str]:
    return {
        allocation.batch_pack.batch.lot for line in order.lines for allocation in line.allocations
    }


def _own_hosts() -> frozenset[str]:
    base_url: str = current_app.extensions["dacsan_settings"].base_url
    return frozenset({request.host.lower(), urlsplit(base_url).netloc.lower()})
