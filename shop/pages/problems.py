"""What was reported about an order, in the words of its buyer and of the office."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from shop.models.batches import ProblemReason, ProblemReport, ProblemState
from shop.models.returns import GoodsReturn
from shop.pages import returns

STATES: Mapping[ProblemState, LazyString] = {
    ProblemState.RECEIVED: _l("Đã nhận"),
    ProblemState.LOOKING: _l("Đang xem"),
    ProblemState.ANSWERED: _l("Đã trả lời"),
    ProblemState.SETTLED: _l("Đã giải quyết xong"),
}

REASONS: Mapping[ProblemReason, LazyString] = {
    ProblemReason.DAMAGED: _l("Hàng vỡ, rách, bẹp"),
    ProblemReason.MISSING: _l("Thiếu hàng"),
    ProblemReason.WRONG: _l("Nhầm hàng"),
    ProblemReason.SPOILED: _l("Hàng có mùi lạ, mốc, hỏng"),
    ProblemReason.NOT_ARRIVED: _l("Chưa nhận được hàng"),
    ProblemReason.OTHER: _l("Chuyện khác"),
}


def reason_choices() -> list[dict[str, Any]]:
    """Return what may be wrong, as a choice."""
    return [{"value": reason.value, "title": words} for reason, words in REASONS.items()]


def shown(
    reports: Sequence[ProblemReport], who: str, back: Sequence[GoodsReturn] = ()
) -> list[dict[str, Any]]:
    """Return the reports of an order as its buyer reads them; `who` is the short name.

    `back` are the goods that some of them want to send back.
    """
    wanted = {one.report_id: one for one in back}
    return [
        {
            "id": report.id,
            "title": REASONS[report.reason] if report.reason else _("Báo sự cố"),
            "state": STATES[report.state],
            "next": _next(report.state, who),
            "made_at": report.made_at,
            "text": report.text,
            "answer": report.answer,
            "answered_at": report.answered_at,
            "tokens": [photo.token for photo in report.photos],
            "back": returns.for_buyer(wanted[report.id], who) if report.id in wanted else None,
            "may_settle": report.state is ProblemState.ANSWERED,
        }
        for report in reports
    ]


def _next(state: ProblemState, who: str) -> str:
    if state is ProblemState.RECEIVED:
        return str(_("%(seller)s sẽ xem và trả lời ở trang này.", seller=who))
    if state is ProblemState.LOOKING:
        return str(_("%(seller)s đang tìm hiểu, xong sẽ trả lời ở trang này.", seller=who))
    return ""
