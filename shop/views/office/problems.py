"""What people reported, and what the office answered."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import request as asked
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import clock, db, paging, signing_in
from shop.errors import NotFound
from shop.forms.base import Fields
from shop.forms.text import read_text
from shop.models.catalog import Seller
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.queries import problems
from shop.services import problem_answers
from shop.services.permissions import Action

bp = Blueprint("office_problems", __name__, url_prefix="/quan-ly/su-co")

ON_PAGE = 50

NAMES = {"answer": _l("câu trả lời")}


@bp.get("")
@signing_in.needs(Action.ANSWER_PROBLEM)
def index() -> str:
    """All reports, page by page, those nobody answered first."""
    seller = office_seller(Action.ANSWER_PROBLEM)
    total = problems.count(db.session(), seller.id)
    part = paging.part(asked.args.get("trang", ""), total=total, limit=ON_PAGE)
    found = problems.reports(db.session(), seller.id, limit=part.limit, offset=part.offset)
    return render_template("office/problems/index.html", reports=found, part=part)


@bp.get("/<int:report_id>")
@signing_in.needs(Action.ANSWER_PROBLEM)
def show(report_id: int) -> str:
    """One report, with room for an answer."""
    return _form(_report(report_id), Fields({}))


@bp.post("/<int:report_id>")
@signing_in.needs(Action.ANSWER_PROBLEM)
def answer(report_id: int) -> Answer:
    """Write down what was found and done."""
    found, fields = _report(report_id), Fields(asked.form)
    text = fields.read(
        "answer",
        read_text,
        longest=2000,
        required=True,
        instead={"text_empty": _l("Chưa ghi đã làm gì. Ví dụ đã gọi khách, đổi gói khác")},
    )
    if text is None:
        return _form(found, fields), 422
    problem_answers.answer(db.session(), found[0], text, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã ghi câu trả lời."))
    return redirect(url_for(".index"), 303)


def _report(report_id: int) -> Any:
    found = problems.report_by_id(db.session(), report_id)
    seller_id = found[0].seller_id if found else None
    if found is None or not signing_in.actor().may(Action.ANSWER_PROBLEM, seller_id):
        raise NotFound(f"report {report_id}")
    show_for(db.session().get_one(Seller, seller_id))
    return found


def _form(found: Any, fields: Fields) -> str:
    report, lot, code = found
    return render_template(
        "office/problems/show.html",
        report=report,
        lot=lot,
        code=code,
        fields=fields,
        answer=fields.typed("answer") or report.answer,
        summary=[(name, str(NAMES[name])) for name in fields.faults],
        sees_orders=signing_in.actor().may(Action.SEE_ORDERS, report.seller_id),
    )
