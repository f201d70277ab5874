"""Goods that buyers send back, in the words of the buyer's page and of the office."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from shop.forms.base import Fields
from shop.models.orders import Order
from shop.models.returns import GoodsReturn, ReturnState
from shop.pages.unit_words import counted
from shop.queries import goods_returns as queries
from shop.services import goods_returns

STATES: Mapping[ReturnState, LazyString] = {
    ReturnState.ASKED: _l("Khách xin trả"),
    ReturnState.ACCEPTED: _l("Đồng ý nhận lại, chờ hàng về"),
    ReturnState.REFUSED: _l("Không nhận lại"),
    ReturnState.RECEIVED: _l("Hàng đã về"),
    ReturnState.ENDED: _l("Khách không gửi về"),
}


def fields_of(session: Session, order: Order, *, now: Any) -> list[dict[str, Any]]:
    """Return a field for each line of which packs can be sent back; none once it is too late."""
    if not goods_returns.may_ask(order, now=now):
        return []
    left = goods_returns.left(session, order)
    return [
        {
            "name": f"back_{line.id}",
            "title": line.title,
            "most": counted(left[line.id], line.pack.unit),
        }
        for line in order.lines
        if left[line.id] > 0
    ]


def names_of(session: Session, order: Order) -> dict[str, str]:
    """Return what a summary of faults calls the fields of an order's lines."""
    return {f"back_{line.id}": line.title for line in order.lines}


def for_buyer(found: GoodsReturn, who: str) -> dict[str, Any]:
    """Return how far goods are that a buyer sends back; `who` is the seller's short name."""
    words = {
        ReturnState.ASKED: _("%(seller)s xem rồi trả lời có nhận lại không.", seller=who),
        ReturnState.ACCEPTED: _("%(seller)s nhận lại. Gửi hàng theo lời dặn ở trên.", seller=who),
        ReturnState.REFUSED: _("%(seller)s không nhận lại hàng này.", seller=who),
        ReturnState.RECEIVED: _("%(seller)s đã nhận lại hàng.", seller=who),
        ReturnState.ENDED: _("%(seller)s không chờ hàng này nữa.", seller=who),
    }
    return {
        "state": words[found.state],
        "lines": lines_of(found),
        "at": found.received_at or found.decided_at or found.asked_at,
    }


def lines_of(found: GoodsReturn) -> list[str]:
    """Return each line as `Chè xanh La Bằng, gói 200 g: 2 gói`; what came, once it came."""
    came = found.state is ReturnState.RECEIVED
    return [
        f"{line.order_line.title}: "
        + counted(line.received if came else line.quantity, line.order_line.pack.unit)
        for line in found.lines
    ]


def count_fields(
    session: Session, found: GoodsReturn, fields: Fields | None
) -> list[dict[str, Any]]:
    """Return a field for each batch of which packs may have come, with what is expected.

    Nothing typed yet means what was asked.
    """
    left = {line.order_line_id: line.quantity - line.received for line in found.lines}
    titles = {line.order_line_id: line.order_line for line in found.lines}
    rows = []
    for out in queries.still_out(session, found.order_id):
        if out.order_line_id not in left:
            continue
        name = f"count_{out.order_line_id}_{out.batch_pack_id}"
        expected = min(out.quantity, left[out.order_line_id])
        left[out.order_line_id] -= expected
        line = titles[out.order_line_id]
        rows.append(
            {
                "name": name,
                "key": (out.order_line_id, out.batch_pack_id),
                "title": _("%(what)s, lô %(lot)s", what=line.title, lot=out.lot),
                "hint": _("Khách xin trả %(count)s.", count=counted(expected, line.pack.unit)),
                "value": str(expected) if fields is None else fields.typed(name),
            }
        )
    return rows


def for_office(session: Session, found: GoodsReturn) -> dict[str, Any]:
    """Return what the page of a report shows of the goods that come with it."""
    came = found.state is ReturnState.RECEIVED
    return {
        "due_vnd": goods_returns.due_vnd(session, found) if came else 0,
        "state": STATES[found.state],
        "lines": lines_of(found),
        "is_asked": found.state is ReturnState.ASKED,
        "is_awaited": found.state is ReturnState.ACCEPTED,
        "choices": [
            {"value": "1", "title": _("Nhận lại"), "note": _("Ghi ở dưới khách gửi về đâu.")},
            {"value": "0", "title": _("Không nhận lại"), "note": _("Ghi ở dưới vì sao.")},
        ],
    }
