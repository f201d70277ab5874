"""What people reported, and what the office answered."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask import request as asked
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shop import clock, db, paging, signing_in
from shop.errors import NotFound, WrongMove
from shop.forms.base import Fields, summary
from shop.forms.text import read_text
from shop.models.catalog import PHOTO_LARGE, Seller
from shop.models.returns import ReturnState
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.pages import pictures, returns
from shop.pages import problems as page
from shop.queries import goods_returns, problems
from shop.services import goods_returns as return_service
from shop.services import order_problems, photos, problem_answers
from shop.services.permissions import Action

bp = Blueprint("office_problems", __name__, url_prefix="/quan-ly/su-co")

ON_PAGE = 50

NAMES = {"takes": _l("nhận lại hàng"), "answer": _l("câu trả lời")}
TAKES = frozenset({"1", "0"})


@bp.get("")
@signing_in.needs(Action.ANSWER_PROBLEM)
def index() -> str:
    """All reports, page by page, those nobody answered first."""
    seller = office_seller(Action.ANSWER_PROBLEM)
    total = problems.count(db.session(), seller.id)
    part = paging.part(asked.args.get("trang", ""), total=total, limit=ON_PAGE)
    found = problems.reports(db.session(), seller.id, limit=part.limit, offset=part.offset)
    return render_template(
        "office/problems/index.html",
        reports=found,
        part=part,
        states=page.STATES,
        reasons=page.REASONS,
    )


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
    back = goods_returns.of_report(db.session(), report_id)
    takes = fields.typed("takes")
    if back is not None and back.state is ReturnState.ASKED and takes not in TAKES:
        fields.refuse("takes", _("Chọn có nhận lại hàng không."))
        return _form(found, fields), 422
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    if back is None:
        problem_answers.answer(db.session(), found[0], text, **by)
    else:
        return_service.decide(db.session(), back, takes=takes == "1", text=text, **by)
    db.session().commit()
    flash(_("Đã ghi câu trả lời."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:report_id>/dang-xem")
@signing_in.needs(Action.ANSWER_PROBLEM)
def look_at(report_id: int) -> Answer:
    """Let the buyer read that somebody is looking at it."""
    report = _report(report_id)[0]
    order_problems.look_at(db.session(), report, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    return redirect(url_for(".show", report_id=report_id), 303)


@bp.post("/<int:report_id>/xong")
@signing_in.needs(Action.ANSWER_PROBLEM)
def settle(report_id: int) -> Answer:
    """Note that it is put right; before an answer the page asks for one."""
    found = _report(report_id)
    try:
        order_problems.settle(db.session(), found[0], actor=signing_in.actor(), now=clock.now())
    except WrongMove:
        db.session().rollback()
        return _form(_report(report_id), Fields({}), _("Xin trả lời khách trước.")), 409
    db.session().commit()
    flash(_("Đã ghi: giải quyết xong."))
    return redirect(url_for(".index"), 303)


@bp.get("/<int:report_id>/anh/<int:number>")
@signing_in.needs(Action.ANSWER_PROBLEM)
def photo(report_id: int, number: int) -> Response:
    """A photo that came with a report."""
    keys = [one.key for one in _report(report_id)[0].photos]
    folder: Path = current_app.extensions["dacsan_settings"].var.resolve() / "photos"
    key = keys[number - 1] if 0 < number <= len(keys) else ""
    path = photos.file(key, PHOTO_LARGE, folder=folder) if key else None
    if path is None:
        raise NotFound(f"photo {number} of report {report_id}")
    answer = send_file(path, mimetype=pictures.TYPES.get(path.suffix[1:]))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _report(report_id: int) -> Any:
    found = problems.report_by_id(db.session(), report_id)
    seller_id = found[0].seller_id if found else None
    if found is None or not signing_in.actor().may(Action.ANSWER_PROBLEM, seller_id):
        raise NotFound(f"report {report_id}")
    show_for(db.session().get_one(Seller, seller_id))
    return found


def _form(found: Any, fields: Fields, trouble: str = "") -> str:
    report, lot, code = found
    back = goods_returns.of_report(db.session(), report.id)
    return render_template(
        "office/problems/show.html",
        report=report,
        lot=lot,
        code=code,
        state=page.STATES[report.state],
        reason=page.REASONS[report.reason] if report.reason else "",
        trouble=trouble,
        fields=fields,
        answer=fields.typed("answer") or report.answer,
        summary=summary(fields.faults, NAMES),
        back=returns.for_office(db.session(), back) if back else None,
        refunds=signing_in.actor().may(Action.REFUND, report.seller_id),
        picks=signing_in.actor().may(Action.PICK_ORDER, report.seller_id),
        sees_orders=signing_in.actor().may(Action.SEE_ORDERS, report.seller_id),
    )
