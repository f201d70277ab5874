"""The change history of the office: who did what, when and from where; to read only."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for

from shop import clock, db, signing_in
from shop.clock import VIETNAM
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.office import office_seller
from shop.pages import audit_words
from shop.queries import audit_trail
from shop.queries.audit_trail import Narrowed
from shop.services.permissions import Action

bp = Blueprint("office_audit", __name__, url_prefix="/quan-ly/so-viec")

ON_PAGE = 50


@bp.get("")
@signing_in.needs(Action.SEE_AUDIT)
def index() -> str:
    """The history of the seller, newest first, by kind of act and by day."""
    seller = office_seller(Action.SEE_AUDIT)
    fields, group = Fields(request.args), request.args.get("nhom", "")
    group = group if group in audit_words.GROUPS else ""
    since, until = _span(fields)
    narrowed = Narrowed(seller.id, audit_words.acts_of(group), since, until)
    total = audit_trail.count(db.session(), narrowed)
    pages = max(1, -(-total // ON_PAGE))
    page = min(pages, read_id(request.args.get("trang", "")) or 1)
    entries = audit_trail.trail(db.session(), narrowed, limit=ON_PAGE, offset=(page - 1) * ON_PAGE)

    def address(**changes: Any) -> str:
        own = {"nhom": group, "ngay": fields.typed("ngay")} | changes
        query = {name: value for name, value in own.items() if value}
        return str(url_for(".index", **query))

    return render_template(
        "office/audit/index.html",
        entries=entries,
        words=audit_words,
        fields=fields,
        total=total,
        page=page,
        pages=pages,
        previous_url=address(trang=page - 1) if page > 1 else "",
        next_url=address(trang=page + 1) if page < pages else "",
        chips=[(name, words, address(nhom=name)) for name, words in audit_words.GROUPS.items()],
        all_url=address(nhom=""),
        group=group,
    )


def _span(fields: Fields) -> tuple[datetime | None, datetime | None]:
    """Return the day that was asked for, from midnight to midnight in Việt Nam."""
    if not fields.typed("ngay").strip():
        return None, None
    day = fields.read("ngay", read_date, today=clock.today())
    if day is None:
        return None, None
    midnight = datetime.combine(day, time(), VIETNAM)
    return midnight, midnight + timedelta(days=1)
