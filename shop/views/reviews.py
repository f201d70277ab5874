"""Reviews: written behind the private link of an order, read by everybody."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, messages, paging, signing_in
from shop.errors import FieldRefused
from shop.forms import reviews as form
from shop.forms.base import Fields, summary
from shop.models.catalog import PHOTO_SMALL, PHOTO_WIDTHS, SellerMode
from shop.models.orders import Order, OrderLine
from shop.models.reviews import Review, ReviewState
from shop.pages import pictures
from shop.pages import reviews as page
from shop.queries import catalog_product, orders
from shop.queries import reviews as queries
from shop.security import limiter
from shop.services import photos, reviews
from shop.services.permissions import Action

bp = Blueprint("reviews", __name__)

ON_PAGE = 20

Answer = Response | tuple[str, int] | str


@bp.get("/san-pham/<slug>/danh-gia")
@signing_in.is_open
def index(slug: str) -> Response:
    """All that buyers said of a product, newest first."""
    head = catalog_product.rated(db.session(), slug)
    if head is None:
        raise NotFound
    g.training = head.mode is SellerMode.TRAINING
    found = page.rating(head)
    part = paging.part(
        request.args.get("trang", ""), total=found["total"] if found else 0, limit=ON_PAGE
    )
    rows = queries.shown(db.session(), head.id, limit=part.limit, offset=part.offset)
    body = render_template(
        "reviews/index.html", product=head, rating=found, reviews=page.shown(rows), part=part
    )
    answer = Response(body, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/anh-danh-gia/<key>-<int:width>.<extension>")
@signing_in.is_open
def photo(key: str, width: int, extension: str) -> Response:
    """A photo of a review: for everybody once it is shown, before that for the office alone."""
    review = queries.by_photo(db.session(), key, extension)
    if review is None or width not in PHOTO_WIDTHS:
        raise NotFound
    is_shown = review.state is ReviewState.SHOWN
    if not is_shown and not signing_in.actor().may(Action.MODERATE_REVIEW, review.seller_id):
        raise NotFound
    answer = _file(_folder() / f"{key}-{width}.{extension}")
    answer.headers["Cache-Control"] = "public, max-age=3600" if is_shown else "no-store"
    return answer


@bp.get("/don-hang/<token>/danh-gia/<int:line_id>")
@signing_in.is_open
def edit(token: str, line_id: int) -> str:
    """What the buyer of one line says of it: to be written, changed, or looked at."""
    order, line = _line(token, line_id)
    review = queries.of_order(db.session(), order.id).get(line.id)
    if review is None or review.state is not ReviewState.SHOWN:
        _require_open(order, line)
    return _form(order, line, review, _typed(review), {}, _tokens(review))


def _require_open(order: Order, line: OrderLine) -> None:
    if not reviews.came(order):
        raise reviews.NotDelivered(f"{order.code} was not delivered")
    if reviews.is_recalled(line):
        raise reviews.UnderRecall(f"line {line.id} is of a recalled batch")


@bp.post("/don-hang/<token>/danh-gia/<int:line_id>")
@limiter.limit("60/hour")
@signing_in.is_open
def send(token: str, line_id: int) -> Answer:
    """Keep what the buyer says, for the office to read first."""
    order, line = _line(token, line_id)
    known = queries.of_order(db.session(), order.id).get(line.id)
    fields = Fields(request.form)
    said = form.read_review(fields)
    tokens = _chosen(known, fields)
    if said is None or fields.faults:
        return _form(order, line, known, request.form.to_dict(), fields.faults, tokens), 422
    reviews.write(
        db.session(),
        line,
        said,
        tokens,
        folder=_folder(),
        actor=signing_in.actor(),
        now=clock.now(),
    )
    db.session().commit()
    flash(_("Đã nhận đánh giá, cảm ơn bạn. Đọc xong sẽ hiện ở trang của món."))
    return redirect(url_for("orders.show", token=token), 303)


@bp.get("/don-hang/<token>/anh-danh-gia/<photo_token>")
@signing_in.is_open
def own_photo(token: str, photo_token: str) -> Response:
    """A photo that the buyer chose, whether or not it has been sent."""
    _order(token)
    path = photos.staged(photo_token, PHOTO_SMALL, folder=_folder())
    if path is None:
        found = queries.of_order(db.session(), _order(token).id).values()
        keys = [one.key for review in found for one in review.photos if one.token == photo_token]
        if not keys:
            raise NotFound
        path = photos.file(keys[0], PHOTO_SMALL, folder=_folder())
    answer = _file(path)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file(path: Path | None) -> Response:
    if path is None or not path.is_file():
        raise NotFound
    return send_file(path, mimetype=pictures.TYPES.get(path.suffix[1:]))


def _folder() -> Path:
    folder: Path = current_app.extensions["dacsan_settings"].var.resolve() / "photos"
    return folder


def _order(token: str) -> Order:
    found = orders.order_by_token(db.session(), token)
    if found is None:
        raise NotFound
    g.training = found.seller.is_training
    return found


def _line(token: str, line_id: int) -> tuple[Order, OrderLine]:
    order = _order(token)
    line = next((line for line in order.lines if line.id == line_id), None)
    if line is None:
        raise NotFound
    return order, line


def _tokens(review: Review | None) -> list[str]:
    return [photo.token for photo in review.photos] if review else []


def _chosen(review: Review | None, fields: Fields) -> list[str]:
    """Return the photos that came along and those kept from before; tell what is none."""
    sent = request.form.getlist("kept_photo")[: reviews.MOST_PHOTOS]
    own = set(_tokens(review))
    kept = [
        token
        for token in sent
        if token in own or photos.staged(token, PHOTO_SMALL, folder=_folder())
    ]
    for upload in request.files.getlist("photo"):
        if not upload.filename:
            continue
        if len(kept) >= reviews.MOST_PHOTOS:
            fields.refuse("photo", _("Nhiều nhất %(most)s ảnh.", most=reviews.MOST_PHOTOS))
            break
        upload.stream.seek(0)  # the request may be answered a second time
        try:
            kept.append(photos.stage(upload.read(), folder=_folder()))
        except FieldRefused as refused:
            fields.refuse("photo", messages.sentence(refused))
    return list(dict.fromkeys(kept))


def _typed(review: Review | None) -> dict[str, str]:
    if review is None:
        return {}
    return {
        "stars": str(review.stars),
        "text": review.text,
        "salutation": review.salutation.value,
    }


def _form(
    order: Order,
    line: OrderLine,
    review: Review | None,
    typed: dict[str, str],
    faults: dict[str, str],
    tokens: Sequence[str],
) -> str:
    shown: dict[str, Any] = {
        "order": order,
        "line": line,
        "review": review,
        "is_shown": review is not None and review.state is ReviewState.SHOWN,
        "typed": typed,
        "faults": faults,
        "summary": summary(faults, form.NAMES),
        "tokens": tokens,
        "star_choices": page.star_choices(),
        "name_choices": page.name_choices(reviews.initial_of(order)),
        "longest": form.LONGEST_TEXT,
        "most_photos": reviews.MOST_PHOTOS,
    }
    if review is not None:
        shown["author"] = page.author(review.salutation, review.initial)
        shown["stars"] = page.stars_words(review.stars)
    found = pictures.best(line.pack.product.photos, line.pack_id)
    shown["picture"] = pictures.of_photo(found)
    return render_template("orders/review.html", **shown)


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing of what is behind a private link."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
