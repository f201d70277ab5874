"""What the office calls the states of batches, what they lack, and why one is stopped."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.models.batches import BatchState, InputKind, NoticeKind

STATES: Mapping[str, Any] = {
    BatchState.DRAFT: _l("Đang làm"),
    BatchState.RELEASED: _l("Đang bán"),
    "expired": _l("Hết hạn"),
    BatchState.HELD: _l("Tạm giữ"),
    BatchState.RECALLED: _l("Thu hồi"),
}
"""By state; `expired` follows from the date and is no state of the batch."""

TONES = {"expired": "hong", BatchState.HELD: "canh", BatchState.RECALLED: "hong"}

KINDS: Mapping[InputKind, Any] = {
    InputKind.RAW_MATERIAL: _l("Hàng nhận vào"),
    InputKind.INGREDIENT: _l("Nguyên liệu thêm vào"),
    InputKind.PACKAGING: _l("Bao bì"),
    InputKind.PESTICIDE: _l("Phun thuốc"),
    InputKind.FERTILISER: _l("Bón phân"),
    InputKind.OTHER: _l("Thứ khác"),
}

MISSING: Mapping[str, tuple[Any, str]] = {
    "inputs": (_l("hàng nhận vào"), "khoi-hang"),
    "sources": (_l("hàng nhận vào đang bị tạm giữ hoặc thu hồi"), "khoi-hang"),
    "steps": (_l("các bước làm"), "khoi-buoc"),
    "packs": (_l("số gói"), "khoi-goi"),
    "packed_on": (_l("ngày đóng gói"), "khoi-goi"),
    "made_on": (_l("ngày sản xuất"), "khoi-ngay"),
    "expires_on": (_l("hạn sử dụng"), "khoi-ngay"),
    "not_expired": (_l("hạn sử dụng còn dài (lô đã quá hạn)"), "khoi-ngay"),
    "allergens": (_l("chất gây dị ứng của sản phẩm"), ""),
    "storage": (_l("cách bảo quản của sản phẩm"), ""),
}
"""Words for what a batch lacks, and the block of its page; no block means the product's page."""

REASONS: Mapping[str, Any] = {
    "chat-luong": _l("Nghi chất lượng, đang kiểm tra"),
    "nhan": _l("Nhãn hoặc hạn ghi sai"),
    "khach-bao": _l("Khách báo có vấn đề"),
}
"""Why a batch is stopped, each a button of its own."""

DELIVERY_REASONS: Mapping[str, Any] = {**REASONS, "ghi-nham": _l("Ghi nhầm phiếu này")}
"""A slip that was mistyped is stopped too: nothing is ever taken out of the book."""

NOTICES = {
    NoticeKind.HOLD: _l("Lô đang tạm giữ, mọi nơi ngừng bán."),
    NoticeKind.RECALL: _l("Lô đang thu hồi."),
}


def standing(state: BatchState, expires_on: date | None, today: date) -> str:
    """Return the key in `STATES` for a batch on a day."""
    if state is BatchState.RELEASED and expires_on is not None and expires_on < today:
        return "expired"
    return state.value


NO_LABELS: Mapping[str, Any] = {
    "held": _l("Lô đang tạm giữ nên không in tem."),
    "recalled": _l("Lô đang thu hồi nên không in tem."),
    "expired": _l("Lô đã hết hạn nên không in tem."),
    "unpacked": _l("Lô chưa đóng gói nên chưa có tem."),
    "address": _l(
        "Cửa hàng chưa có địa chỉ https nên không in tem. Nhờ người quản trị đặt "
        "DACSAN_PUBLIC_URL."
    ),
}
"""Why a batch has no labels to print."""
