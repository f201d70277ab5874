"""The orders of the office: the list, one order, its papers, the list as a file."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from shop import clock, db, signing_in, spreadsheets
from shop.office import office_seller
from shop.office_orders import visible_order
from shop.pages.office_order import line_of, order_sheet, standing_of, to_collect, typed_commune
from shop.pages.office_order_list import Asked, exported, order_list
from shop.services.permissions import Action

bp = Blueprint("office_orders", __name__, url_prefix="/quan-ly")


@bp.get("/don-hang")
@signing_in.needs(Action.SEE_ORDERS)
def index() -> str:
    """All orders of the seller, by state, code, phone or lot."""
    seller = office_seller(Action.SEE_ORDERS)
    found = order_list(db.session(), seller.id, Asked.of(request.args))
    return render_template("office/orders/index.html", **found)


@bp.get("/don-hang.csv")
@signing_in.needs(Action.SEE_ORDERS)
def export_csv() -> Response:
    """The list as it is narrowed, for a spreadsheet."""
    seller = office_seller(Action.SEE_ORDERS)
    heads, rows = exported(db.session(), seller.id, Asked.of(request.args))
    return _file(spreadsheets.csv_bytes(heads, rows), spreadsheets.CSV_TYPE, "csv")


@bp.get("/don-hang.xlsx")
@signing_in.needs(Action.SEE_ORDERS)
def export_xlsx() -> Response:
    """The list as it is narrowed, as a workbook."""
    seller = office_seller(Action.SEE_ORDERS)
    heads, rows = exported(db.session(), seller.id, Asked.of(request.args))
    content = spreadsheets.xlsx_bytes(_("Đơn hàng"), heads, rows)
    return _file(content, spreadsheets.XLSX_TYPE, "xlsx")


def _file(content: bytes, kind: str, ending: str) -> Response:
    name = f"don-hang-{clock.today():%Y%m%d}.{ending}"
    return Response(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/don-hang/<code>")
@signing_in.needs(Action.SEE_ORDERS)
def show(code: str) -> str:
    """One order, where it stands, and what comes next."""
    sheet = order_sheet(
        db.session(), visible_order(code), actor=signing_in.actor(), today=clock.today()
    )
    return render_template("office/orders/show.html", **sheet)


@bp.get("/don-hang/<code>/phieu")
@signing_in.needs(Action.SEE_ORDERS)
def slip(code: str) -> str:
    """The packing slip of one order, for paper."""
    order, today = visible_order(code), clock.today()
    return render_template(
        "office/orders/slip.html",
        order=order,
        lines=[line_of(line, today) for line in order.lines],
        typed_commune=typed_commune(order),
        to_collect_vnd=to_collect(standing_of(db.session(), order, today=today)),
        printed_at=clock.now(),
    )
