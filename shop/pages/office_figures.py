"""The figures beside the inbox: what was sold today and in the days before."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.clock import VIETNAM, day_of
from shop.locales import current_locale
from shop.models.orders import OrderState
from shop.pages import order_words
from shop.queries import office_inbox, order_lists


def figures(session: Session, seller_id: int, *, today: date) -> dict[str, Any]:
    """Return today's sales and those of the six days before, for the column beside the inbox."""
    midnight = datetime.combine(today, time(), VIETNAM)
    sales = office_inbox.sales_since(session, seller_id, midnight - timedelta(days=6))
    days = [today - timedelta(days=back) for back in range(6, -1, -1)]
    sums = dict.fromkeys(days, 0)
    for happened_at, amount_vnd in sales:
        day = day_of(happened_at)
        if day in sums:
            sums[day] += amount_vnd
    counts = order_lists.counts_by_state(session, seller_id)
    return {
        "sold_vnd": sums[today],
        "placed": office_inbox.placed_since(session, seller_id, midnight),
        "unpaid": counts.get(OrderState.AWAITING_PAYMENT, 0),
        "week": _bars(days, [max(0, sums[day]) for day in days]),
        "week_rows": [(order_words.weekday(day), sums[day]) for day in days],
        "paper": office_inbox.next_paper(session, seller_id, today=today),
    }


def _bars(days: Sequence[date], values: Sequence[int]) -> list[tuple[str, int, str]]:
    lang = current_locale()
    short = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))
    return [
        (short[day.weekday()], value, formats.money(value, lang))
        for day, value in zip(days, values, strict=True)
    ]
