"""The pictures that go with links, and the drawn samples for those who read no SVG."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, resources, signing_in
from shop.config import Settings
from shop.pages import share_cards
from shop.pages.batch import warning
from shop.pages.share_cards import ShareCard
from shop.queries import batch_page, catalog, catalog_product
from shop.services import share_cards as drawing
from shop.services.batch_story import tell

bp = Blueprint("share_cards", __name__, url_prefix="/the-xem")

AGE = int(timedelta(days=1).total_seconds())


def _settings() -> Settings:
    found: Settings = current_app.extensions["dacsan_settings"]
    return found


def _answer(card: ShareCard, digest: str, address: str, *, age: int = AGE) -> Response:
    """Return the picture; who asks for an older one is led to what stands there now."""
    if digest != card.digest:
        answer = redirect(address, 302)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    words = drawing.Words(
        card.title,
        card.maker,
        card.lines,
        card.warning,
        card.band,
        urlsplit(_settings().base_url).netloc,
    )
    content = drawing.kept(
        words,
        card.digest,
        photo_key=card.photo_key,
        extension=card.extension,
        var=_settings().var.resolve(),
    )
    return _sent(
        content, "image/jpeg", card.digest, f"public, max-age={age}" if age else "no-cache"
    )


def _sent(content: bytes, kind: str, tag: str, keeping: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = keeping
    answer.set_etag(tag)
    return answer.make_conditional(request)


@bp.get("/dac-san/<digest>.jpg")
@signing_in.is_open
def of_shop(digest: str) -> Response:
    """The picture of the shop itself."""
    return _answer(share_cards.of_shop(), digest, share_cards.shop_address())


@bp.get("/san-pham/<slug>/<digest>.jpg")
@signing_in.is_open
def of_product(slug: str, digest: str) -> Response:
    """The picture of a product."""
    head = catalog_product.rated(db.session(), slug)
    if head is None:
        raise NotFound
    return _answer(share_cards.of_product(head), digest, share_cards.product_address(head))


@bp.get("/htx/<slug>/<digest>.jpg")
@signing_in.is_open
def of_seller(slug: str, digest: str) -> Response:
    """The picture of a seller."""
    seller = catalog.seller_by_slug(db.session(), slug)
    if seller is None:
        raise NotFound
    return _answer(share_cards.of_seller(seller), digest, share_cards.seller_address(seller))


@bp.get("/lo/<gtin>/<lot>/<digest>.jpg")
@signing_in.is_open
def of_batch(gtin: str, lot: str, digest: str) -> Response:
    """The picture of a batch as it stands now: asked for each time, a recall shows at once."""
    rows = batch_page.batch_page(db.session(), gtin, lot, today=clock.today())
    if rows is None:
        raise NotFound
    story = tell(rows, today=clock.today(), base_url=_settings().base_url)
    words = warning(story)
    card = share_cards.of_batch(story, words)
    return _answer(card, digest, share_cards.batch_address(story, words), age=0)


@bp.get("/hinh-mau/<name>.png")
@signing_in.is_open
def sample(name: str) -> Response:
    """A drawn sample picture as PNG."""
    content = drawing.sample(name, var=_settings().var.resolve())
    if content is None:
        raise NotFound
    tag = f"{name}-{resources.static_version()}"
    return _sent(content, "image/png", tag, f"public, max-age={AGE}")
