"""What stands behind the codes on packs and slips: batches, deliveries, and the look-up by hand.

The pages are the same for everybody, so that they can be kept; browsers ask each time, so that a
recall shows on the next request.
"""

from urllib.parse import quote, urlsplit

from flask import (
    Blueprint,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, kept_pages, offline, signing_in
from shop.config import Settings
from shop.forms.base import Fields
from shop.forms.characters import has_control
from shop.forms.problem import NAMES, read_problem
from shop.models.catalog import ProductState, Seller, SellerMode
from shop.pages.batch import batch_page, warning
from shop.pages.batch_codes import address_of, look_up_page, unknown_page
from shop.pages.batch_withdrawn import withdrawn_page
from shop.pages.bulk import bulk_page
from shop.pages.seller_words import seller_words
from shop.queries import batch_codes, catalog
from shop.queries import batch_page as batch_rows
from shop.queries import bulk_page as bulk_rows
from shop.security import limiter
from shop.services import batch_codes as codes
from shop.services import problem_reports
from shop.services.batch_story import Story, tell
from shop.services.problem_reports import Concerned

bp = Blueprint("batches", __name__)


@bp.after_request
def _ask_again(response: Response) -> Response:
    """Let browsers keep a page but ask each time."""
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.add("Accept")
    return response


def _settings() -> Settings:
    found: Settings = current_app.extensions["dacsan_settings"]
    return found


def _base_url() -> str:
    return _settings().base_url


def _own_hosts() -> frozenset[str]:
    return frozenset({request.host.lower(), urlsplit(_base_url()).netloc.lower()})


def _with_linkset(answer: Response, path: str) -> Response:
    """Say where the machine-readable links of this code are (`traceability.md` A.7)."""
    linkset = f"<{_base_url()}{path}?linkType=linkset>"
    answer.headers["Link"] = f'{linkset}; rel="linkset"; type="application/linkset+json"'
    return answer


def _lead_to(address: str, status: int) -> Response:
    """Redirect with the query of this request."""
    query = quote(request.query_string, safe="/?:@!$&'()*+,;=~%")
    return redirect(f"{address}?{query}" if query else address, status)


@bp.get("/01/<gtin>/10/<lot>", strict_slashes=False)
@bp.get("/01/<gtin>/10/<lot>/21/<serial>", strict_slashes=False)
@signing_in.is_open
@kept_pages.kept
def show(gtin: str, lot: str, serial: str = "") -> Response:
    """A batch, the scanned pack first; packs bear no numbers of their own, so any leads here."""
    if has_control(gtin + lot):
        raise NotFound
    rows = batch_rows.batch_page(db.session(), gtin, lot, today=clock.today())
    if rows is None:
        return _elsewhere(gtin, lot)
    kept_pages.made_of_row(rows.packs[0])
    story = tell(rows, today=clock.today(), base_url=_base_url())
    g.training = story.head.mode is SellerMode.TRAINING
    g.legal_seller = story.head.seller_slug
    answer = _withdrawn(story) if story.head.withdrawn_at else _batch(story)
    return _with_linkset(answer, f"/01/{gtin}/10/{quote(lot, safe='')}")


def _batch(story: Story) -> Response:
    head = story.head
    offline.may_be_kept("canh-bao" if warning(story) else "lo")
    address = url_for("batches.show", gtin=head.gtin, lot=head.lot)
    page = render_template(
        "batches/show.html", canonical_url=_base_url() + address, **batch_page(story)
    )
    return make_response(page)


def _withdrawn(story: Story) -> Response:
    page = render_template("batches/withdrawn.html", **withdrawn_page(story))
    return make_response(page, 410)


def _elsewhere(gtin: str, lot: str) -> Response:
    """Lead a mistyped address to its stored form; else say that there is no such batch."""
    stored = codes.stored_address(db.session(), gtin, lot)
    if stored is not None:
        address = url_for("batches.show", gtin=stored[0], lot=stored[1])
        return _with_linkset(_lead_to(address, 308), f"/01/{stored[0]}/10/{stored[1]}")
    return _unknown(gtin, lot)


def _unknown(gtin: str, lot: str) -> Response:
    session = db.session()
    product = codes.product_of(session, gtin) if gtin else None
    if product is not None:
        g.training = product.mode is SellerMode.TRAINING
    proposals = codes.near(session, lot, gtin=gtin)
    page = unknown_page(lot=lot, gtin=gtin, product=product, proposals=proposals)
    answer: Response = make_response(render_template("batches/unknown.html", **page), 404)
    return _with_linkset(answer, f"/01/{product.gtin}") if product else answer


@bp.get("/01/<gtin>", strict_slashes=False)
@bp.get("/01/<gtin>/21/<serial>", strict_slashes=False)
@signing_in.is_open
def by_gtin(gtin: str, serial: str = "") -> Response:
    """The product behind a number without a lot."""
    if has_control(gtin):
        raise NotFound
    product = codes.product_of(db.session(), gtin)
    if product is None or product.state is not ProductState.PUBLISHED:
        return _unknown(gtin, "")
    answer = _lead_to(url_for("catalog.product", slug=product.slug), 307)
    answer.headers["Cache-Control"] = "no-store"
    return _with_linkset(answer, f"/01/{product.gtin}")


@bp.get("/lo/<seller>/<lot>", strict_slashes=False)
@signing_in.is_open
@kept_pages.kept
def internal(seller: str, lot: str) -> Response:
    """A delivery or goods in bulk; packed goods are at the address on their packs."""
    if has_control(seller + lot):
        raise NotFound
    session = db.session()
    rows = bulk_rows.bulk_page(session, seller, lot)
    if rows is not None:
        kept_pages.made_of_row(rows.head)
        g.training = rows.head.mode is SellerMode.TRAINING
        return make_response(render_template("batches/bulk.html", **bulk_page(rows)))
    if (gtin := batch_codes.gtin_of_lot(session, seller, lot)) is not None:
        return _lead_to(url_for("batches.show", gtin=gtin, lot=lot), 307)
    if (stored := codes.stored_lot(session, seller, lot)) is not None:
        return _lead_to(url_for("batches.internal", seller=seller, lot=stored), 308)
    return _unknown("", lot)


@bp.get("/tra-cuu")
@limiter.limit("60/minute")
@signing_in.is_open
def look_up() -> Response:
    """Find a batch, product or order by what is printed under the code, as people type it."""
    typed = request.args.get("ma", "")
    if not typed.strip():
        recalls = catalog.open_recalls(db.session(), demo=_settings().demo)
        return make_response(render_template("batches/look_up.html", typed="", recalls=recalls))
    found = codes.look_up(db.session(), typed, own_hosts=_own_hosts())
    if len(found.codes) == 1:
        return redirect(address_of(found.codes[0]), 303)
    if found.product is not None and found.product.state is ProductState.PUBLISHED:
        return redirect(url_for("catalog.product", slug=found.product.slug), 303)
    if found.order_code:
        return redirect(url_for("orders.look_up", code=found.order_code), 303)
    page = render_template("batches/look_up.html", **look_up_page(found))
    return make_response(page, 200 if found.codes else 404)


@bp.get("/bao-su-co")
@signing_in.is_open
def report() -> str:
    """Ask what is wrong with a pack; the code comes along from the page that led here."""
    typed = {"code": request.args.get("ma", ""), "gtin": request.args.get("gtin", "")}
    return _report_page(Fields(typed))


@bp.post("/bao-su-co")
@limiter.limit("6/minute;40/day")
@signing_in.is_open
def file_report() -> tuple[str, int] | Response:
    """Store what is wrong with a pack for its seller; ask who that is if the code is silent."""
    session, fields = db.session(), Fields(request.form)
    problem = read_problem(fields)
    about = problem_reports.concerned(
        session, fields.typed("code"), gtin=fields.typed("gtin"), own_hosts=_own_hosts()
    )
    seller = None
    if about is None:
        seller = catalog.seller_by_slug(session, fields.typed("seller"))
        if seller is None:
            fields.refuse("seller", str(_("Chọn nơi đã bán gói này.")))
        else:
            about = Concerned(seller.id)
    if fields.faults or problem is None or about is None:
        return _report_page(fields, asks_seller=about is None or seller is not None), 422
    filed = problem_reports.file(session, problem, about, now=clock.now())
    slug = session.get_one(Seller, filed.seller_id).slug
    session.commit()
    return redirect(url_for("batches.report_filed", htx=slug), 303)


def _report_page(fields: Fields, *, asks_seller: bool = False) -> str:
    session = db.session()
    product = codes.product_of(session, fields.typed("gtin")) if fields.typed("gtin") else None
    return render_template(
        "batches/report.html",
        fields=fields,
        faults=[(name, str(NAMES[name])) for name in fields.faults],
        product=product,
        sellers=[
            (seller.slug, seller.short_name)
            for seller in catalog.shown_sellers(session, demo=_settings().demo)
        ]
        if asks_seller
        else [],
    )


@bp.get("/bao-su-co/da-gui")
@signing_in.is_open
def report_filed() -> str:
    """Say that a report has come in, and whom to call if it is urgent."""
    seller = catalog.seller_by_slug(db.session(), request.args.get("htx", ""))
    if seller is None:
        raise NotFound
    g.training = seller.is_training
    return render_template(
        "batches/report_filed.html",
        seller=seller,
        words=seller_words(seller.kind),
        responsible={"name": seller.short_name, "phone": seller.phone},
    )
