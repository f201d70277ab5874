"""Messages to the outside that were given up: what, to whom, since when, and why, in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats
from shop.models.outbox import OutboxMessage
from shop.pages import refund_trouble
from shop.queries import outbox
from shop.queries.outbox import GivenUp
from shop.services.actors import Actor
from shop.services.permissions import Action

WHAT: dict[str, Any] = {
    "order_placed": _l("Thư báo khách: đã nhận đơn"),
    "order_confirmed": _l("Thư báo khách: đơn đã xác nhận"),
    "order_shipped": _l("Thư báo khách: hàng đã gửi"),
    "order_cancelled": _l("Thư báo khách: đơn đã hủy"),
    "order_problem_answered": _l("Thư báo khách: câu trả lời cho việc đã báo"),
    "stock_arrived": _l("Thư báo khách: có hàng rồi"),
    "order_for_office": _l("Thư báo văn phòng: có đơn mới"),
}
"""By the template of the letter."""

TO_A_GATEWAY: dict[str, Any] = {
    "refund": _l("Yêu cầu hoàn tiền gửi cổng thanh toán"),
    "attempt_query": _l("Câu hỏi cổng thanh toán về một lần trả tiền"),
}
"""By the kind of the message."""

WHY = (
    (r"the address has letters|the letter cannot be addressed", _l("Địa chỉ thư không đúng.")),
    (r"5\d\d .*(mailbox|user|recipient|unknown|exist)", _l("Không có hộp thư này.")),
    (r"5\d\d ", _l("Máy chủ thư không nhận thư này.")),
    (r"4\d\d ", _l("Máy chủ thư bảo để lúc khác, thử nhiều lần không được.")),
    (r".*offers no TLS", _l("Máy chủ thư không mã hoá nên mật khẩu không được gửi đi.")),
    (r".*SMTPAuthenticationError", _l("Máy chủ thư không nhận mật khẩu đã cài.")),
    (r"nobody here delivers", _l("Máy này chưa gửi được loại tin này.")),
    (r"no worker survived", _l("Phần việc nền ngừng giữa chừng nhiều lần.")),
    (r".*(Error|time)", _l("Không nối được máy chủ thư.")),
)
"""What the beginning of the last error means; the error itself may name the person."""


@dataclass(frozen=True, slots=True)
class Row:
    """One message as the list shows it; `code` is that of the order it is about."""

    id: int
    what: str
    to: str
    why: str
    since: datetime
    tries: int
    code: str


def meant(seller_id: int, *, actor: Actor, since: datetime | None = None) -> GivenUp:
    """Return which given-up messages somebody who works for a seller is to look at."""
    runs_all = actor.may(Action.MANAGE_INSTALLATION, None)
    return GivenUp(seller_id, with_installation=runs_all, since=since)


def rows(session: Session, messages: Iterable[OutboxMessage]) -> list[Row]:
    """Return the messages in words, the address of each masked."""
    found = list(messages)
    codes = outbox.order_codes(session, [_order_id(one) for one in found])
    return [
        Row(
            id=one.id,
            what=_what(one),
            to=formats.email_masked(str(one.payload.get("to", ""))),
            why=_why(one),
            since=one.created_at,
            tries=one.tries,
            code=codes.get(_order_id(one), ""),
        )
        for one in found
    ]


def _what(message: OutboxMessage) -> str:
    name = str(message.payload.get("template", message.kind))
    return str((WHAT | TO_A_GATEWAY).get(name, message.kind))


def _why(message: OutboxMessage) -> str:
    if message.kind in TO_A_GATEWAY:
        return refund_trouble.what(message.last_error, _("cổng thanh toán"))
    return why(message.last_error)


def why(error: str) -> str:
    """Return what went wrong at the last try, without a word of the other side."""
    for form, words in WHY:
        if re.match(form, error, re.IGNORECASE | re.DOTALL):
            return str(words)
    return str(_("Chưa rõ vì sao. Xem nhật ký của máy."))


def _order_id(message: OutboxMessage) -> int:
    return int(message.payload.get("order_id", 0))
