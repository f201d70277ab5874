"""The pages a shop must have: of each seller, of the site, and as an order was placed under."""

from flask import Blueprint, current_app, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.config import Settings
from shop.models.catalog import Seller
from shop.models.legal import OF_SELLER, LegalPage, LegalText
from shop.pages import legal as pages
from shop.pages import legal_foot
from shop.queries import catalog, orders
from shop.queries import legal as queries
from shop.services import legal_texts

bp = Blueprint("legal", __name__)

_OF_SITE = ", ".join(f'"{page.value}"' for page in LegalPage)
_OF_SELLER = ", ".join(f'"{page.value}"' for page in OF_SELLER)


def _settings() -> Settings:
    found: Settings = current_app.extensions["dacsan_settings"]
    return found


@bp.after_request
def _ask_again(response: Response) -> Response:
    """Let browsers keep a page but ask each time."""
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


@bp.get(f"/<any({_OF_SITE}):page>")
@signing_in.is_open
def of_site(page: str) -> str:
    """One page of the whole site."""
    return _page(None, legal_texts.in_force(db.session(), None)[LegalPage(page)])


@bp.get(f"/<any({_OF_SITE}):page>/ban/<int:number>")
@signing_in.is_open
def version_of_site(page: str, number: int) -> str:
    """An earlier version of a page of the site."""
    return _page(None, _version(None, LegalPage(page), number), is_version=True)


@bp.get(f"/htx/<slug>/<any({_OF_SELLER}):page>")
@signing_in.is_open
def of_seller(slug: str, page: str) -> str:
    """One page of a seller."""
    seller = _seller(slug)
    return _page(seller, legal_texts.in_force(db.session(), seller)[LegalPage(page)])


@bp.get(f"/htx/<slug>/<any({_OF_SELLER}):page>/ban/<int:number>")
@signing_in.is_open
def version_of_seller(slug: str, page: str, number: int) -> str:
    """An earlier version of a page of a seller."""
    seller = _seller(slug)
    return _page(seller, _version(seller, LegalPage(page), number), is_version=True)


@bp.get("/don-hang/<token>/dieu-khoan")
@signing_in.is_open
def of_order(token: str) -> Response:
    """The terms an order was placed under, word for word, with the fees and facts of that day."""
    order = orders.order_by_token(db.session(), token)
    if order is None or not isinstance(order.snapshot.get("terms"), dict):
        raise NotFound
    terms, seller = order.snapshot["terms"], order.seller
    legal_foot.stand_for(seller)
    base_url = _settings().base_url
    versions = [_version(seller, LegalPage(page), one) for page, one in terms["pages"].items()]
    found = [pages.shown(one, terms["facts"], seller, base_url=base_url) for one in versions]
    answer = current_app.make_response(
        render_template("legal/of_order.html", order=order, seller=seller, pages=found)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _seller(slug: str) -> Seller:
    seller = catalog.seller_by_slug(db.session(), slug)
    if seller is None:
        raise NotFound
    legal_foot.stand_for(seller)
    return seller


def _version(seller: Seller | None, page: LegalPage, number: int) -> LegalText:
    found = queries.version(db.session(), seller.id if seller else None, page, number)
    if found is None:
        raise NotFound
    return found


def _page(seller: Seller | None, text: LegalText, *, is_version: bool = False) -> str:
    session, demo = db.session(), _settings().demo
    raw = pages.facts(session, seller, demo=demo, today=clock.today())
    owner = queries.site_owner(session) if seller is None else seller
    return render_template(
        "legal/page.html",
        shown=pages.shown(text, raw, seller, base_url=_settings().base_url),
        text=text,
        seller=seller,
        responsible=owner,
        sample_data=owner is not None and owner.is_sample,
        is_version=is_version,
        here=pages.address(seller, text.page),
        neighbours=pages.neighbours(seller, text.page),
    )
