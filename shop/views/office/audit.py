"""The change history of the office: who did what, for whom, when and from where; to read only."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from shop import clock, db, signing_in, spreadsheets
from shop.office import office_seller
from shop.pages import audit_list
from shop.pages.audit_list import Asked
from shop.services.permissions import Action

bp = Blueprint("office_audit", __name__, url_prefix="/quan-ly")


@bp.get("/lich-su")
@signing_in.needs(Action.SEE_AUDIT)
def index() -> str:
    """The history of the seller, newest first, by person, member, kind of act, words and days."""
    seller = office_seller(Action.SEE_AUDIT)
    asked = Asked.of(request.args, today=clock.today())
    found = audit_list.listed(db.session(), seller.id, asked)
    return render_template("office/audit/index.html", **found)


@bp.get("/lich-su.csv")
@signing_in.needs(Action.SEE_AUDIT)
def export_csv() -> Response:
    """The history as it is narrowed, for a spreadsheet."""
    heads, rows = _exported()
    return _file(spreadsheets.csv_bytes(heads, rows), spreadsheets.CSV_TYPE, "csv")


@bp.get("/lich-su.xlsx")
@signing_in.needs(Action.SEE_AUDIT)
def export_xlsx() -> Response:
    """The history as it is narrowed, as a workbook."""
    heads, rows = _exported()
    content = spreadsheets.xlsx_bytes(_("Lịch sử"), heads, rows)
    return _file(content, spreadsheets.XLSX_TYPE, "xlsx")


def _exported() -> tuple[list[str], list[tuple[spreadsheets.Cell, ...]]]:
    seller = office_seller(Action.SEE_AUDIT)
    asked = Asked.of(request.args, today=clock.today())
    return audit_list.exported(db.session(), seller.id, asked)


def _file(content: bytes, kind: str, ending: str) -> Response:
    name = f"lich-su-{clock.today():%Y%m%d}.{ending}"
    return Response(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
