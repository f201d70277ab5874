"""What buyers reported and what they send back, as tasks of the day."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.locales import current_locale
from shop.pages import returns
from shop.pages.office_tasks import Group, Task, shortened
from shop.queries import goods_returns, office_inbox

SHOWN = 5


def groups(session: Session, seller_id: int) -> Iterator[Group]:
    """Yield the reports nobody answered and the goods that are on their way back."""
    yield _reports(session, seller_id)
    yield _coming_back(session, seller_id)


def _reports(session: Session, seller_id: int) -> Group:
    found = office_inbox.open_reports(session, seller_id)
    tasks = [
        Task(
            _("Báo sự cố %(time)s", time=formats.moment(report.made_at, current_locale())),
            shortened(report.text),
            url_for("office_problems.answer", report_id=report.id),
            _("Trả lời"),
        )
        for report in found[:SHOWN]
    ]
    more = url_for("office_problems.index") if len(found) > SHOWN else ""
    return Group(_("Người mua báo sự cố"), tasks, total=len(found), more_url=more)


def _coming_back(session: Session, seller_id: int) -> Group:
    found = goods_returns.awaited(session, seller_id)
    tasks = [
        Task(
            _("Hàng khách trả, chờ về"),
            "; ".join(returns.lines_of(one)),
            url_for("office_returns.receive", report_id=one.report_id),
            _("Hàng đã về"),
        )
        for one in found[:SHOWN]
    ]
    return Group(_("Hàng khách trả"), tasks, total=len(found))
