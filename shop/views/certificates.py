"""The page of a certificate: what stands on the paper, and whether it holds today."""

from flask import Blueprint, g, render_template
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, kept_pages, signing_in
from shop.models.catalog import SellerMode
from shop.pages.papers import certificate_page
from shop.queries import certificates

bp = Blueprint("certificates", __name__)


@bp.after_request
def _ask_again(response: Response) -> Response:
    """Let browsers keep the page but ask each time: a certificate can be withdrawn."""
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


@bp.get("/giay-to/<int:certificate_id>")
@signing_in.is_open
@kept_pages.kept
def show(certificate_id: int) -> str:
    """Number, issuer, days, state, scope, and what the certificate speaks for."""
    rows = certificates.certificate_page(db.session(), certificate_id)
    if rows is None:
        raise NotFound
    kept_pages.made_of_row(rows.head)
    g.training = rows.head.mode is SellerMode.TRAINING
    return render_template("certificates/show.html", **certificate_page(rows, today=clock.today()))
