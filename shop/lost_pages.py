"""What to do for somebody whose page is not there: lead on where it is clear, else offer more."""

from difflib import SequenceMatcher
from urllib.parse import quote

from flask import current_app, redirect, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from shop import db
from shop.models.catalog import Seller
from shop.queries import catalog, legal
from shop.search.folding import fold
from shop.search.folding import slug as slug_of
from shop.web_addresses import tidied

MOST_COMPARED = 2_000
MOST_NEAR = 4
_ALIKE = 0.6
_NAMED = ("catalog.product", "catalog.seller")


def one_slash() -> Response | None:
    """Return the way to a page that was asked for with slashes too many before its address.

    The framework drops them by itself, so that the page would stand under two addresses.
    """
    is_known = request.routing_exception is None and request.method in {"GET", "HEAD"}
    if is_known and request.environ["PATH_INFO"].startswith("//"):
        return lead_to(request.path)
    return None


def way_on() -> Response | None:
    """Return where the page is that this request meant, if one of ours clearly is it."""
    if request.method not in {"GET", "HEAD"}:
        return None
    adapter = current_app.create_url_adapter(request)
    for path in tidied(request.path):
        is_english = path == "/en" or path.startswith("/en/")
        if adapter is None or (is_english and request.script_root):
            return None
        plain = (path.removeprefix("/en") or "/") if is_english else path
        try:
            endpoint, values = adapter.match(plain, method="GET")
        except (HTTPException, RequestRedirect):
            continue
        if endpoint in _NAMED:
            found = _named(endpoint, slug_of(values["slug"]))
            if found is None:
                continue
            return lead_to(f"{path.rpartition('/')[0]}/{found}")
        if not values or _behind_first(plain) == _behind_first(request.path):
            return lead_to(path)
    return None


def _behind_first(path: str) -> list[str]:
    """Return the parts of an address but the first: codes and tokens may be among them.

    Only names of pages are spelled otherwise: `/don-hang/A…` is not the order `/don-hang/a…`.
    """
    return [part for part in path.split("/") if part][1:]


def lead_to(path: str) -> Response:
    """Redirect for good to a path of ours with the query of this request.

    Asked for again each time: a product that takes its old name back is under it again.
    """
    query = quote(request.query_string, safe="/?:@!$&'()*+,;=~%")
    address = request.script_root + quote(path, safe="/:@!$&'()*+,;=~")
    answer = redirect(f"{address}?{query}" if query else address, 308)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def product_elsewhere(slug: str) -> Response | None:
    """Return the way to the product that had this address, or has it written otherwise."""
    found = catalog.current_slug(db.session(), slug_of(slug))
    if found is None or found == slug:
        return None
    return lead_to(f"/san-pham/{found}")


def seller_elsewhere(slug: str) -> Response | None:
    """Return the way to the seller whose address this is, written otherwise."""
    found = slug_of(slug)
    if found == slug or catalog.seller_by_slug(db.session(), found) is None:
        return None
    return lead_to(f"/htx/{found}")


def _named(endpoint: str, slug: str) -> str | None:
    try:
        with _own_session() as session:
            if endpoint == "catalog.product":
                return catalog.current_slug(session, slug)
            return slug if catalog.seller_by_slug(session, slug) is not None else None
    except SQLAlchemyError:
        return None


def near_goods() -> list[tuple[str, str]]:
    """Return address and name of goods whose name is like the one in the address asked for."""
    if not request.path.lower().startswith("/san-pham/"):
        return []
    asked = fold(request.path.rpartition("/")[2].replace("-", " "))[:80]
    demo = current_app.extensions["dacsan_settings"].demo
    try:
        with _own_session() as session:
            rows = catalog.named_goods(session, demo=demo, limit=MOST_COMPARED)
    except SQLAlchemyError:
        return []
    words = set(asked.split())
    ranked = []
    for row in rows:
        name = fold(row.name)
        shared = len(words & set(name.split()))
        if not shared and len(rows) > 200:
            continue  # to compare letter by letter takes long
        alike = SequenceMatcher(None, asked, name).ratio()
        if shared or alike >= _ALIKE:
            ranked.append((-shared, -alike, row.slug, row.name))
    return [
        (url_for("catalog.product", slug=slug), name)
        for *_, slug, name in sorted(ranked)[:MOST_NEAR]
    ]


def whom_to_call() -> dict[str, str] | None:
    """Return name and phone of who runs the shop; who they were while the database is down."""
    try:
        with _own_session() as session:
            owner = legal.site_owner(session)
            found = owner if owner is not None and owner.phone else _first_seller(session)
            if found is not None:
                known = {"name": found.name, "phone": found.phone}
                current_app.extensions["dacsan_contact"] = known
    except SQLAlchemyError:
        pass  # a page that says what is wrong must not need what is wrong
    return known_contact()


def known_contact() -> dict[str, str] | None:
    """Return whom `whom_to_call` named last in this process; nothing is asked."""
    found: dict[str, str] | None = current_app.extensions.get("dacsan_contact")
    return found


def _first_seller(session: Session) -> Seller | None:
    sellers = catalog.shown_sellers(session, demo=current_app.extensions["dacsan_settings"].demo)
    return sellers[0] if sellers else None


def _own_session() -> Session:
    """Return a session of its own: that of a request that failed may answer no more."""
    extensions = current_app.extensions
    return db.open_session(
        extensions["dacsan_engine"], extensions["dacsan_settings"], **db.READ_ONLY
    )
