"""Invoices that wait to be made out, as rows of the inbox."""

from collections.abc import Iterator

from flask import url_for
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.invoices import KINDS
from shop.locales import current_locale
from shop.presentation import order_code
from shop.queries import invoices as queries


def waiting(session: Session, seller_id: int, *, shown: int) -> Iterator[tuple[str, str, str]]:
    """Yield title, facts and address of each, oldest first."""
    for known, order, _none in queries.page(session, seller_id, limit=shown):
        facts = [KINDS[known.kind], formats.money(order.total_vnd, current_locale())]
        yield (
            f"{order_code(order.code)} · {known.name}",
            " · ".join(str(one) for one in facts),
            url_for("office_invoices.show", code=order.code),
        )
