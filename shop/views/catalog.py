"""The shop window: home, list and search, products, sellers, photos; the same for everybody."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, kept_pages, lost_pages, signing_in
from shop.config import Settings
from shop.models.catalog import PHOTO_WIDTHS, SellerMode
from shop.pages import (
    goods_asked,
    goods_list,
    goods_search,
    linked_data,
    price_asked,
    search_hints,
)
from shop.pages.cards import cards, pictures_of_sellers
from shop.pages.goods_asked import LONGEST_QUESTION, Asked
from shop.pages.goods_search import Searched
from shop.pages.pictures import TYPES
from shop.pages.product import product_page
from shop.pages.seller import seller_page
from shop.queries import (
    catalog,
    catalog_facets,
    catalog_list,
    catalog_product,
    catalog_seller,
)
from shop.queries.catalog_wanted import Wanted

bp = Blueprint("catalog", __name__)

ON_HOME = 8
INSTEAD = 4
"""Goods shown where a search found nothing."""
RECENT = timedelta(days=31)
"""So long, from the beginning of a day, the home page tells of a recall."""
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
@kept_pages.kept
def home() -> str:
    """What this is, that it is real, and what can be had today."""
    session, today, demo = db.session(), clock.today(), _settings().demo
    kept_pages.made_of_list("list", "home")
    found = _in_stock(3 * ON_HOME)  # so that most sellers have something to show
    rows = found[:ON_HOME]
    counts = catalog_facets.counts(session, Wanted(demo=demo), today=today)
    sellers = catalog.shown_sellers(session, demo=demo)
    recalls = catalog.open_recalls(
        session, demo=demo, since=clock.next_midnight(clock.now()) - RECENT
    )
    g.training = {seller.mode for seller in sellers} == {SellerMode.TRAINING}
    return render_template(
        "catalog/home.html",
        linked_data=linked_data.home(),
        goods=cards(rows, _papers(rows)),
        total=sum(row.goods for row in counts),
        regions=goods_list.by_province(counts),
        sellers=sellers,
        seller_pictures=pictures_of_sellers(found),
        recalls=recalls,
    )


@bp.get("/san-pham")
@signing_in.is_open
@kept_pages.kept
def products() -> str | Response:
    """All goods, or those that fit what was chosen and typed; a code leads to its own page."""
    session, today, demo = db.session(), clock.today(), _settings().demo
    asked = goods_asked.read(request.args)
    if not (asked.q or asked.fields.faults):
        kept_pages.made_of_list("list")  # the index of the search has no version
    asked = goods_asked.known(session, asked)
    if (narrowed := price_asked.narrowed(asked)) is not None:
        return redirect(narrowed.address(), 302)
    searched = goods_search.search(session, asked, today=today)
    code_page = goods_search.page_of_code(session, asked, searched) if asked.q else ""
    if code_page:
        return redirect(code_page, 302)
    hints = search_hints.hints(session, asked.q, searched, demo=demo)
    searched = hints.searched
    wanted = goods_list.wanted(asked, searched, demo=demo)
    if asked.fields.faults:
        return render_template("catalog/filters.html", listing=_listing(asked, searched, wanted))
    rows = catalog_list.page_of(
        session, wanted, today=today, limit=goods_asked.ON_PAGE, offset=asked.offset
    )
    listing = _listing(asked, searched, wanted)
    if asked.page > (last := listing["pages"]):
        return redirect(asked.address(trang=last if last > 1 else ""), 302)
    instead = [] if rows or asked.is_narrowed or not asked.q else _in_stock(INSTEAD)
    if instead:
        g.training = all(row.mode is SellerMode.TRAINING for row in instead)
    return render_template(
        "catalog/products.html",
        listing=listing,
        hints=hints,
        linked_data=linked_data.goods(asked.kind, listing["address"], rows),
        goods=cards(rows, _papers(rows)),
        instead=cards(instead, _papers(instead)),
    )


def _in_stock(most: int) -> catalog_list.Rows:
    """Return goods that can be had today, the newest made first."""
    wanted = Wanted(demo=_settings().demo, in_stock=True, sort="new")
    return catalog_list.page_of(db.session(), wanted, today=clock.today(), limit=most)


def _listing(asked: Asked, searched: Searched, wanted: Wanted) -> dict[str, Any]:
    counts = catalog_facets.counts(db.session(), wanted, today=clock.today())
    if counts:
        g.training = all(row.mode is SellerMode.TRAINING for row in counts)
    return goods_list.listing(asked, searched, counts)


@bp.get("/loc-hang")
@signing_in.is_open
def filters() -> str:
    """What the list can be narrowed to, on a page of its own for a small screen."""
    asked = goods_asked.known(db.session(), goods_asked.read(request.args))
    return render_template("catalog/filters.html", listing=_narrowed(asked))


@bp.get("/loc-hang/dem")
@signing_in.is_open
def count() -> Response:
    """How many goods the choices leave, in the words of the button, while they are made."""
    asked = goods_asked.known(db.session(), goods_asked.read(request.args))
    return Response(str(_narrowed(asked)["button"]), mimetype="text/plain")


def _narrowed(asked: Asked) -> dict[str, Any]:
    searched = goods_search.search(db.session(), asked, today=clock.today())
    wanted = goods_list.wanted(asked, searched, demo=_settings().demo)
    return _listing(asked, searched, wanted)


@bp.get("/goi-y")
@signing_in.is_open
def suggestions() -> Response:
    """Names of goods for what is being typed into the search field."""
    typed = request.args.get("q", "")[:LONGEST_QUESTION]
    return jsonify(goods_search.suggestions(db.session(), typed, today=clock.today()))


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
@kept_pages.kept
def product(slug: str) -> str | Response:
    """One product: its packs, the batch that would be sent, and what stands behind it."""
    today = clock.today()
    rows = catalog_product.product_page(db.session(), slug, demo=_settings().demo, today=today)
    if rows is None:
        if (elsewhere := lost_pages.product_elsewhere(slug)) is not None:
            return elsewhere
        raise NotFound
    kept_pages.made_of_row(rows.head)
    g.training = rows.head.mode is SellerMode.TRAINING
    g.legal_seller = rows.head.seller_slug
    page = product_page(rows, today=today, sku=request.args.get("loai", ""))
    return render_template("catalog/product.html", **page)


@bp.get("/htx/<slug>")
@signing_in.is_open
@kept_pages.kept
def seller(slug: str) -> str | Response:
    """One seller: story, goods, recent batches, people who agreed to be named, papers."""
    today = clock.today()
    rows = catalog_seller.seller_page(db.session(), slug, now=clock.now(), today=today)
    if rows is None:
        if (elsewhere := lost_pages.seller_elsewhere(slug)) is not None:
            return elsewhere
        raise NotFound
    kept_pages.made_of(rows.versions)
    g.training = rows.seller.mode is SellerMode.TRAINING
    g.legal_seller = slug
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
    answer = send_file(path, mimetype=TYPES.get(extension), max_age=PHOTO_AGE)
    answer.cache_control.public = True
    answer.cache_control.immutable = True
    return answer
