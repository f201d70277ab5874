"""The shop window: home, list and search, products, sellers, photos; the same for everybody."""

from datetime import timedelta

from flask import Blueprint, current_app, g, redirect, render_template, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.config import Settings
from shop.models.catalog import PHOTO_WIDTHS, SellerMode
from shop.pages import goods_list
from shop.pages.cards import cards
from shop.pages.product import product_page
from shop.pages.seller import seller_page
from shop.queries import catalog, catalog_list, catalog_product, catalog_seller
from shop.queries.catalog_list import Wanted

bp = Blueprint("catalog", __name__)

ON_HOME = 8
PHOTO_AGE = int(timedelta(days=365).total_seconds())


def _settings() -> Settings:
    found: Settings = current_app.extensions["dacsan_settings"]
    return found


@bp.after_request
def _ask_again(response: Response) -> Response:
    """Let browsers keep a page but ask each time: a recall shows on the next request."""
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


@bp.get("/")
@signing_in.is_open
def home() -> str:
    """What this is, that it is real, and what can be had today."""
    session, today, demo = db.session(), clock.today(), _settings().demo
    wanted = Wanted(demo=demo, in_stock=True, sort="new")
    rows = catalog_list.page_of(session, wanted, today=today, limit=ON_HOME)
    counts = catalog_list.counts(session, wanted)
    sellers = catalog.shown_sellers(session, demo=demo)
    recalls = catalog.recent_recalls(session, demo=demo, since=clock.now() - timedelta(days=30))
    g.training = {seller.mode for seller in sellers} == {SellerMode.TRAINING}
    return render_template(
        "catalog/home.html",
        goods=cards(rows, _papers(rows)),
        total=sum(row.goods for row in counts),
        regions=goods_list.by_province(counts),
        sellers=sellers,
        recalls=recalls,
    )


@bp.get("/san-pham")
@signing_in.is_open
def products() -> str | Response:
    """All goods, or those that fit what was chosen and typed; a code leads to its own page."""
    session, today, demo = db.session(), clock.today(), _settings().demo
    asked = goods_list.read(request.args)
    wanted = goods_list.wanted(session, asked, demo=demo)
    code_page = "" if wanted.ids != () else goods_list.page_of_code(session, asked.q)
    if code_page:
        return redirect(code_page, 302)
    rows = catalog_list.page_of(
        session, wanted, today=today, limit=goods_list.ON_PAGE, offset=asked.offset
    )
    counts = catalog_list.counts(session, wanted)
    if counts:
        g.training = all(row.mode is SellerMode.TRAINING for row in counts)
    return render_template(
        "catalog/products.html",
        listing=goods_list.listing(asked, rows, counts),
        goods=cards(rows, _papers(rows)),
    )


def _papers(rows: catalog_list.Rows) -> catalog_list.Rows:
    if not rows:
        return []
    return catalog_list.claims(
        db.session(),
        product_ids=[row.id for row in rows],
        batch_ids=[row.batch_id for row in rows if row.batch_id is not None],
        today=clock.today(),
    )


@bp.get("/san-pham/<slug>")
@signing_in.is_open
def product(slug: str) -> str:
    """One product: its packs, the batch that would be sent, and what stands behind it."""
    today = clock.today()
    rows = catalog_product.product_page(db.session(), slug, demo=_settings().demo, today=today)
    if rows is None:
        raise NotFound
    g.training = rows.head.mode is SellerMode.TRAINING
    return render_template("catalog/product.html", **product_page(rows))


@bp.get("/htx/<slug>")
@signing_in.is_open
def seller(slug: str) -> str:
    """One seller: story, goods, recent batches, people who agreed to be named, papers."""
    today = clock.today()
    rows = catalog_seller.seller_page(db.session(), slug, today=today)
    if rows is None:
        raise NotFound
    g.training = rows.seller.mode is SellerMode.TRAINING
    return render_template("catalog/seller.html", **seller_page(rows, _papers(rows.goods)))


@bp.get("/anh/<key>-<int:width>.<extension>")
@signing_in.is_open
def photo(key: str, width: int, extension: str) -> Response:
    """A photo of a product; what stands under its name never changes."""
    if width not in PHOTO_WIDTHS or catalog.photo(db.session(), key, extension) is None:
        raise NotFound
    path = _settings().var.resolve() / "photos" / f"{key}-{width}.{extension}"
    if not path.is_file():
        raise NotFound
    answer = send_file(path, max_age=PHOTO_AGE)
    answer.cache_control.public = True
    answer.cache_control.immutable = True
    return answer
