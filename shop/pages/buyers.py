"""What a buyer sees of their account: orders, addresses, consents, and everything at once."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import clock, formats
from shop.models.buyers import Buyer, BuyerAddress, BuyerOrder, ProvedBy, Purpose
from shop.models.orders import OrderState
from shop.pages.unit_words import counted
from shop.queries import buyers as queries
from shop.services import buyer_codes, buyers

PURPOSES: Mapping[Purpose, tuple[Any, Any]] = {
    Purpose.ORDERS: (
        _l("Giữ các đơn tôi đặt trong tài khoản"),
        _l("Để xem lại và mua lại. Bỏ chọn thì danh sách đơn bị xóa khỏi tài khoản."),
    ),
    Purpose.ADDRESSES: (
        _l("Giữ địa chỉ nhận hàng của tôi"),
        _l("Để lần sau khỏi ghi lại. Bỏ chọn thì các địa chỉ bị xóa."),
    ),
}
"""What may be kept, each with why and what taking it back does."""

PROVED = {
    ProvedBy.SIGNED_IN: _l("đặt khi đang đăng nhập"),
    ProvedBy.CODE: _l("thêm bằng mã đơn và 4 số cuối"),
    ProvedBy.LINK: _l("thêm bằng đường dẫn riêng"),
}

STATES: Mapping[OrderState, Any] = {
    OrderState.NEW: _l("mới đặt, chờ xác nhận"),
    OrderState.AWAITING_PAYMENT: _l("chờ trả tiền"),
    OrderState.CONFIRMED: _l("đã xác nhận"),
    OrderState.PACKING: _l("đang soạn"),
    OrderState.SHIPPED: _l("đang trên đường"),
    OrderState.DELIVERED: _l("đã giao"),
    OrderState.COMPLETED: _l("đã xong"),
    OrderState.CANCELLED: _l("đã hủy"),
    OrderState.DELIVERY_FAILED: _l("giao không thành công"),
    OrderState.RETURNED: _l("đã trả hàng"),
}


def account_page(session: Session, buyer: Buyer) -> dict[str, Any]:
    """Return what `buyers/account.html` shows."""
    agreed = buyers.agreed(session, buyer)
    return {
        "buyer": buyer,
        "orders": [_order(tie) for tie in queries.orders(session, buyer.id)],
        "addresses": [
            {"id": address.id, "name": address.name, "words": address_words(address)}
            for address in queries.addresses(session, buyer.id)
        ],
        "purposes": purposes(agreed),
        "devices": queries.devices(session, buyer.id),
        "awaited_email": buyer_codes.awaited(session, buyer, now=clock.now()),
    }


def purposes(agreed: set[Purpose]) -> list[dict[str, Any]]:
    """Return each purpose with its words and whether it was agreed to."""
    return [
        {"name": f"keep_{one.value}", "words": words, "note": note, "checked": one in agreed}
        for one, (words, note) in PURPOSES.items()
    ]


def address_words(address: BuyerAddress) -> str:
    """Return an address on one line."""
    return ", ".join(filter(None, [address.street, address.commune, address.province]))


def filled_in(address: BuyerAddress) -> dict[str, str]:
    """Return the fields of the checkout as this buyer would have typed them."""
    said = address.commune
    if address.commune_code and address.province:
        said = f"{address.commune}, {address.province}"
    return {
        "name": address.name,
        "phone": formats.phone(address.phone),
        "email": address.email,
        "street": address.street,
        "commune": said,
        "province_code": address.province_code or "",
    }


def _order(tie: BuyerOrder) -> dict[str, Any]:
    order = tie.order
    lines = [f"{line.title}: {counted(line.quantity, line.pack.unit)}" for line in order.lines]
    return {
        "id": order.id,
        "code": order.code,
        "url": url_for("orders.show", token=order.token),
        "seller": order.seller.short_name,
        "state": STATES[order.state],
        "placed_at": order.placed_at,
        "total_vnd": order.total_vnd,
        "lines": lines,
        "proved": PROVED[tie.proved_by],
    }
