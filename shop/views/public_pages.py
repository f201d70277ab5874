"""What machines ask to find the pages: robots.txt, the sitemaps, the feed of goods."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, url_for
from werkzeug.exceptions import NotFound

from shop import clock, db, signing_in
from shop.config import Settings
from shop.locales import address_in, whole_address
from shop.models.legal import OF_SELLER, LegalPage
from shop.pages import public_pages as pages
from shop.queries import catalog, public_pages

bp = Blueprint("public_pages", __name__)

Entry = tuple[str, datetime | None, str]
"""Address, last change, picture."""

ON_PART = 5_000
"""Pages of a sitemap, each twice, once for each language; 50,000 is the limit of the format."""

PRIVATE = (
    "/quan-ly", "/thanh-vien", "/gio-hang", "/dat-hang", "/don-hang", "/dang-nhap", "/tai-khoan",
    "/bao-su-co", "/loc-hang", "/tra-cuu/don", "/gia-lap", "/webhooks", "/payments",
)  # fmt: skip
"""What no search engine has any business with; nothing of it is in a sitemap."""


def _settings() -> Settings:
    found: Settings = current_app.extensions["dacsan_settings"]
    return found


def _reach() -> dict[str, bool]:
    return {"demo": _settings().demo, "is_open": _settings().is_seen_from_outside}


def _xml(text: bytes) -> Response:
    answer = Response(text, content_type="application/xml; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/robots.txt")
@signing_in.is_open
def robots() -> Response:
    """Say what may be looked at, and where the map is."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for path in PRIVATE for prefix in ("", "/en")]
    address = whole_address(address_in("vi", url_for("public_pages.index")))
    lines += ["Allow: /", "", f"Sitemap: {address}", ""]
    answer = Response("\n".join(lines), content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/sitemap.xml")
@signing_in.is_open
def index() -> Response:
    """The map of the maps."""
    session = db.session()
    parts = [("trang", 1)]
    for kind, (statement, _entry) in KINDS.items():
        found = public_pages.count(session, statement(**_reach()))
        parts += [(kind, number) for number in range(1, -(-found // ON_PART) + 1)]
    addresses = [url_for("public_pages.part", kind=kind, number=number) for kind, number in parts]
    return _xml(pages.index(addresses))


@bp.get('/sitemap-<any("trang","htx","san-pham","lo"):kind>-<int:number>.xml')
@signing_in.is_open
def part(kind: str, number: int) -> Response:
    """One map: fixed pages, sellers, goods or batches."""
    if kind == "trang":
        if number != 1:
            raise NotFound
        return _xml(pages.sitemap(_fixed()))
    statement, entries = KINDS[kind]
    rows = public_pages.part(
        db.session(), statement(**_reach()), limit=ON_PART, offset=(number - 1) * ON_PART
    )
    if not rows:
        raise NotFound
    return _xml(pages.sitemap(entry for row in rows for entry in entries(row)))


def _fixed() -> Iterator[Entry]:
    """Yield the pages of the whole site; where all is training they are to be left alone."""
    if _settings().is_seen_from_outside and catalog.is_for_training(db.session()):
        return
    endpoints = ("catalog.home", "catalog.products", "batches.look_up")
    yield from ((url_for(endpoint), None, "") for endpoint in endpoints)
    yield from ((url_for("legal.of_site", page=page.value), None, "") for page in LegalPage)


def _seller(row: Any) -> Iterator[Entry]:
    yield url_for("catalog.seller", slug=row.slug), pages.changed_at(row), ""
    for page in OF_SELLER:
        yield url_for("legal.of_seller", slug=row.slug, page=page.value), None, ""


def _product(row: Any) -> Iterator[Entry]:
    address = url_for("catalog.product", slug=row.slug)
    yield address, pages.changed_at(row), pages.picture(row)


def _batch(row: Any) -> Iterator[Entry]:
    address = url_for("batches.show", gtin=row.gtin, lot=row.lot)
    yield address, pages.changed_at(row), ""


KINDS: dict[str, tuple[Callable[..., Any], Callable[[Any], Iterator[Entry]]]] = {
    "htx": (public_pages.sellers, _seller),
    "san-pham": (public_pages.goods, _product),
    "lo": (public_pages.batches, _batch),
}


@bp.get("/nguon-hang.xml")
@signing_in.is_open
def feed() -> Response:
    """The goods for Google Merchant Center, Facebook and Zalo."""
    rows = public_pages.feed(db.session(), today=clock.today(), **_reach())
    return _xml(pages.feed(rows))
