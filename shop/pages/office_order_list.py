"""The office's list of orders: how it is narrowed, what a row says, what an export holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.characters import plain
from shop.forms.ids import read_id
from shop.models.orders import Order, OrderState
from shop.models.payments import Payment
from shop.pages import order_words
from shop.queries import order_lists
from shop.queries.order_lists import Narrowed
from shop.spreadsheets import Cell

ON_PAGE = 30
MOST_EXPORTED = 20_000
LONGEST_QUESTION = 80

S = OrderState

GROUPS: Mapping[str, tuple[Any, tuple[OrderState, ...]]] = {
    "moi": (_l("Đơn mới"), (S.NEW,)),
    "cho-tien": (_l("Chờ chuyển khoản"), (S.AWAITING_PAYMENT,)),
    "cho-soan": (_l("Cần soạn và gửi"), (S.CONFIRMED, S.PACKING)),
    "dang-soan": (_l("Đang soạn"), (S.PACKING,)),
    "dang-giao": (_l("Đang giao"), (S.SHIPPED,)),
    "giao-hong": (_l("Giao hỏng"), (S.DELIVERY_FAILED,)),
    "da-giao": (_l("Đã giao"), (S.DELIVERED,)),
    "hoan-tat": (_l("Hoàn tất"), (S.COMPLETED,)),
    "da-huy": (_l("Đã hủy"), (S.CANCELLED,)),
    "tra-hang": (_l("Trả hàng"), (S.RETURNED,)),
}
"""What the address calls a group of states, and its words."""

SHORT = "thieu-hang"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list says."""

    group: str
    text: str
    oldest_first: bool
    page: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """Return what the query of an address asks for; what it does not know is left out."""
        group = query.get("nhom", "")
        return cls(
            group if group in GROUPS or group == SHORT else "",
            " ".join(query.get("q", "")[:LONGEST_QUESTION].split()),
            query.get("xep") == "cu",
            read_id(query.get("trang", "")) or 1,
        )

    def narrowed(self, seller_id: int) -> Narrowed:
        """Return the orders that are asked for."""
        states = GROUPS[self.group][1] if self.group in GROUPS else ()
        is_short = True if self.group == SHORT else None
        return Narrowed(seller_id, states, is_short, plain(self.text))

    def query(self, **changes: Any) -> dict[str, Any]:
        """Return the query of the list with `changes`."""
        own = {
            "nhom": self.group,
            "q": self.text,
            "xep": "cu" if self.oldest_first else "",
            "trang": self.page if self.page > 1 else "",
        }
        return {name: value for name, value in (own | changes).items() if value}


def order_list(session: Session, seller_id: int, asked: Asked) -> dict[str, Any]:
    """Return what `office/orders/index.html` shows."""
    narrowed = asked.narrowed(seller_id)
    total = order_lists.count(session, narrowed)
    pages = max(1, -(-total // ON_PAGE))
    page = min(asked.page, pages)
    rows = order_lists.page(
        session,
        narrowed,
        limit=ON_PAGE,
        offset=(page - 1) * ON_PAGE,
        oldest_first=asked.oldest_first,
    )
    return {
        "asked": asked,
        "total": total,
        "page": page,
        "pages": pages,
        "previous_url": _address(asked, trang=page - 1),
        "next_url": _address(asked, trang=page + 1),
        "chips": _chips(session, seller_id, asked),
        "rows": [_row(order, payment) for order, payment in rows],
        "turned_url": _address(asked, xep="" if asked.oldest_first else "cu", trang=""),
        "csv_url": url_for("office_orders.export_csv", **asked.query(trang="")),
        "xlsx_url": url_for("office_orders.export_xlsx", **asked.query(trang="")),
    }


def _address(asked: Asked, **changes: Any) -> str:
    return url_for("office_orders.index", **asked.query(**changes))


def _chips(session: Session, seller_id: int, asked: Asked) -> list[dict[str, Any]]:
    counts = order_lists.counts_by_state(session, seller_id)
    groups = [("", _("Tất cả"), sum(counts.values()))]
    groups += [
        (name, str(words), sum(counts.get(state, 0) for state in states))
        for name, (words, states) in GROUPS.items()
    ]
    groups.insert(3, (SHORT, _("Thiếu hàng"), order_lists.short_count(session, seller_id)))
    return [
        {
            "words": words,
            "count": count,
            "url": _address(asked, nhom=name, trang=""),
            "is_current": name == asked.group,
        }
        for name, words, count in groups
        if count or name in {"", asked.group}
    ]


def _row(order: Order, payment: Payment) -> dict[str, Any]:
    return {
        "code": order.code,
        "url": url_for("office_orders.show", code=order.code),
        "placed_at": order.placed_at,
        "buyer": order.buyer_name,
        "phone": order.buyer_phone,
        "where": order.province,
        "total_vnd": order.total_vnd,
        "way": order_words.way(order),
        "paid": order_words.paid(order, payment),
        "state": order_words.state(order),
        "tone": order_words.tone(order),
    }


def exported(session: Session, seller_id: int, asked: Asked) -> tuple[list[str], list[list[Cell]]]:
    """Return the heads and the rows of the list as it is narrowed, all pages of it."""
    rows = order_lists.page(
        session,
        asked.narrowed(seller_id),
        limit=MOST_EXPORTED,
        oldest_first=asked.oldest_first,
    )
    return _heads(), list(_cells(rows))


def _heads() -> list[str]:
    return [
        _("Mã đơn"),
        _("Đặt lúc"),
        _("Trạng thái"),
        _("Người nhận"),
        _("Số điện thoại"),
        _("Địa chỉ"),
        _("Xã, phường"),
        _("Tỉnh, thành phố"),
        _("Tiền hàng (đ)"),
        _("Phí giao (đ)"),
        _("Tổng cộng (đ)"),
        _("Cách trả tiền"),
        _("Tình trạng tiền"),
        _("Đã nhận (đ)"),
        _("Đã hoàn (đ)"),
        _("Dặn thêm"),
        _("Xã, phường khách ghi"),
    ]


def _cells(rows: Sequence[tuple[Order, Payment]]) -> Iterable[list[Cell]]:
    for order, payment in rows:
        yield [
            order.code,
            order.placed_at,
            order_words.state(order),
            order.buyer_name,
            formats.phone(order.buyer_phone),
            order.street,
            order.commune,
            order.province,
            order.goods_vnd,
            order.delivery_vnd,
            order.total_vnd,
            order_words.way(order),
            order_words.paid(order, payment),
            payment.received_vnd,
            payment.refunded_vnd,
            order.note,
            order.typed_commune,
        ]
