"""The office's lists of batches and of deliveries: how they are narrowed, what a row says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.ids import read_id
from shop.forms.lots import code_key
from shop.locales import current_locale
from shop.models.batches import BatchState
from shop.pages.office_batch_words import STATES, TONES, standing
from shop.queries import office_batches as queries
from shop.queries.office_batches import PAGE, Narrowed

LONGEST_QUESTION = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list says."""

    state: str
    product_id: int | None
    text: str
    page: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Return what the query of an address asks for; what it does not know is left out."""
        state, product = query.get("trang-thai", ""), query.get("san-pham", "")
        return cls(
            state=state if state in STATES else "",
            product_id=read_id(product),
            text=" ".join(query.get("q", "")[:LONGEST_QUESTION].split()),
            page=read_id(query.get("trang", "")) or 1,
        )

    def query(self, **changes: Any) -> dict[str, Any]:
        """Return the query of the list with `changes`; a change of the filter begins at page 1."""
        own = {"trang-thai": self.state, "san-pham": self.product_id, "q": self.text}
        return {name: value for name, value in (own | changes).items() if value}


def batch_list(session: Session, seller_id: int, asked: Asked, *, today: date) -> dict[str, Any]:
    """Return what `office/batches/index.html` shows."""
    narrowed = Narrowed(asked.state, asked.product_id, code_key(asked.text), asked.page)
    rows, total = queries.batches(session, seller_id, narrowed, today=today)
    products = queries.products(session, seller_id)
    return {
        "asked": asked,
        "rows": [_row(row, today) for row in rows],
        "total": total,
        "products": [(product.id, product.name) for product in products],
        "chips": [
            {
                "words": words,
                "url": url_for("office_batches.index", **asked.query(**{"trang-thai": key})),
                "is_current": asked.state == key,
            }
            for key, words in [("", None), *STATES.items()]
        ],
        **_paging("office_batches.index", asked.query(), asked.page, total),
    }


def _row(row: Any, today: date) -> dict[str, Any]:
    key = standing(row.state, row.expires_on, today)
    left = formats.days_left(row.expires_on, today=today, lang=current_locale())
    return {
        "id": row.id,
        "lot": row.lot,
        "goods": row.goods,
        "made_on": row.made_on,
        "expires_on": row.expires_on,
        "until": left if key == BatchState.RELEASED else "",
        "made": row.made or 0,
        "left": row.left or 0,
        "state": STATES[key],
        "tone": TONES.get(key, ""),
        "may_stop": row.state is BatchState.RELEASED,
    }


def delivery_list(
    session: Session, seller_id: int, *, only_open: bool, page: int
) -> dict[str, Any]:
    """Return what `office/deliveries/index.html` shows."""
    rows, total = queries.deliveries(session, seller_id, only_open=only_open, page=page)
    query = {} if only_open else {"xem": "het"}
    return {
        "rows": [
            {
                "id": row.id,
                "lot": row.lot,
                "goods": row.goods,
                "giver": giver(row),
                "made_on": row.made_on,
                "quantity_g": row.quantity_g,
                "left_g": row.left_g,
                "stopped": "" if row.state is BatchState.RELEASED else STATES[row.state],
                "tone": TONES.get(row.state, ""),
            }
            for row in rows
        ],
        "total": total,
        "only_open": only_open,
        **_paging("office_deliveries.index", query, page, total),
    }


def giver(row: Any) -> str:
    """Return who handed goods over: the member with the plot, or the supplier with the paper."""
    if row.full_name:
        return " · ".join(filter(None, [row.full_name, row.plot_code]))
    return " · ".join(filter(None, [row.supplier, row.document]))


def _paging(endpoint: str, query: dict[str, Any], page: int, total: int) -> dict[str, Any]:
    pages = max(1, -(-total // PAGE))
    return {
        "page": page,
        "pages": pages,
        "previous_url": url_for(endpoint, **query, trang=page - 1) if page > 1 else "",
        "next_url": url_for(endpoint, **query, trang=page + 1) if page < pages else "",
    }
