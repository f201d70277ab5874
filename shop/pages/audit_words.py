"""What the change history calls each act, and how it shows what changed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms import certificate as papers
from shop.locales import current_locale
from shop.models.catalog import ProductState, SellerMode
from shop.models.inventory import MovementKind
from shop.models.orders import DeliveryKind
from shop.models.payments import AttemptState
from shop.pages import office_batch_words, order_words
from shop.pages.office_people import ROLES
from shop.services.provider_accounts import SIMULATOR

MONEY, ORDERS, GOODS, BATCHES, PEOPLE = "tien", "don", "kho", "lo", "nguoi"

GROUPS: Mapping[str, Any] = {
    MONEY: _l("Tiền"),
    ORDERS: _l("Đơn hàng"),
    GOODS: _l("Sản phẩm, kho"),
    BATCHES: _l("Lô hàng"),
    PEOPLE: _l("Người dùng"),
}
"""By what the history is narrowed."""

ACTS: Mapping[str, tuple[str, Any]] = {
    "money_received": (MONEY, _l("Nhận tiền")),
    "unknown_money_received": (MONEY, _l("Nhận tiền chưa rõ đơn")),
    "unknown_money_returned": (MONEY, _l("Trả lại tiền chưa rõ đơn")),
    "refund_settled": (MONEY, _l("Hoàn tiền cho khách")),
    "cod_remitted": (MONEY, _l("Nhận tiền COD từ hãng")),
    "late_money_accepted": (MONEY, _l("Nhận lại đơn có tiền về muộn")),
    "late_money_refused": (MONEY, _l("Trả lại tiền về muộn")),
    "bank_account_opened": (MONEY, _l("Thêm tài khoản ngân hàng")),
    "bank_account_closed": (MONEY, _l("Thôi dùng tài khoản ngân hàng")),
    "provider_account_opened": (MONEY, _l("Thêm hợp đồng thanh toán")),
    "provider_account_closed": (MONEY, _l("Đóng hợp đồng thanh toán")),
    "provider_account_reopened": (MONEY, _l("Mở lại hợp đồng thanh toán")),
    "attempt_settled": (MONEY, _l("Bên thanh toán báo kết quả")),
    "order_placed": (ORDERS, _l("Khách đặt đơn")),
    "order_confirmed_by_phone": (ORDERS, _l("Xác nhận đơn qua điện thoại")),
    "order_call_failed": (ORDERS, _l("Gọi khách không được")),
    "order_cancelled": (ORDERS, _l("Hủy đơn")),
    "packing_started": (ORDERS, _l("Bắt đầu soạn")),
    "order_shipped": (ORDERS, _l("Gửi hàng")),
    "order_shipped_again": (ORDERS, _l("Gửi lại")),
    "order_delivered": (ORDERS, _l("Giao tới khách")),
    "order_completed": (ORDERS, _l("Hoàn tất đơn")),
    "order_returned": (ORDERS, _l("Nhận hàng trả")),
    "delivery_failed": (ORDERS, _l("Giao không thành công")),
    "batches_changed": (ORDERS, _l("Đổi lô cho đơn")),
    "batch_overridden": (ORDERS, _l("Chọn lô khác khi soạn")),
    "short_order_tried": (ORDERS, _l("Tìm hàng cho đơn thiếu")),
    "problem_answered": (ORDERS, _l("Trả lời báo sự cố")),
    "message_retried": (ORDERS, _l("Gửi lại thư")),
    "stock_counted": (GOODS, _l("Kiểm kê")),
    "quarantine_released": (GOODS, _l("Đưa hàng trả về kho bán")),
    "goods_destroyed": (GOODS, _l("Hủy bỏ hàng")),
    "product_created": (GOODS, _l("Thêm sản phẩm")),
    "product_changed": (GOODS, _l("Sửa sản phẩm")),
    "product_published": (GOODS, _l("Cho bán sản phẩm")),
    "product_retired": (GOODS, _l("Ngừng bán sản phẩm")),
    "photo_added": (GOODS, _l("Thêm ảnh")),
    "photo_removed": (GOODS, _l("Xóa ảnh")),
    "photo_turned": (GOODS, _l("Xoay ảnh")),
    "photo_first": (GOODS, _l("Chọn ảnh chính")),
    "certificate_added": (GOODS, _l("Thêm giấy chứng nhận")),
    "certificate_revoked": (GOODS, _l("Thu hồi giấy chứng nhận")),
    "packs_left": (GOODS, _l("Hàng rời kho")),
    "delivery_recorded": (BATCHES, _l("Ghi nguyên liệu nhập")),
    "batch_opened": (BATCHES, _l("Mở lô")),
    "batch_dated": (BATCHES, _l("Ghi ngày của lô")),
    "input_added": (BATCHES, _l("Ghi nguyên liệu, vật tư")),
    "step_added": (BATCHES, _l("Ghi một bước làm")),
    "entry_taken_back": (BATCHES, _l("Rút lại một mục ghi nhầm")),
    "batch_packed": (BATCHES, _l("Đóng gói lô")),
    "batch_released": (BATCHES, _l("Cho bán lô")),
    "batch_held": (BATCHES, _l("Tạm giữ lô")),
    "batch_recalled": (BATCHES, _l("Thu hồi lô")),
    "batch_resumed": (BATCHES, _l("Cho bán lại lô")),
    "account_opened": (PEOPLE, _l("Mở tài khoản")),
    "role_granted": (PEOPLE, _l("Cho vai trò")),
    "role_revoked": (PEOPLE, _l("Bỏ vai trò")),
    "password_set": (PEOPLE, _l("Đặt mật khẩu")),
    "sessions_ended": (PEOPLE, _l("Thoát mọi máy")),
    "seller_opened": (PEOPLE, _l("Mở nơi bán")),
    "seller_changed": (PEOPLE, _l("Sửa thông tin cửa hàng")),
    "delivery_added": (GOODS, _l("Thêm cách giao")),
    "delivery_changed": (GOODS, _l("Sửa cách giao")),
    "delivery_closed": (GOODS, _l("Đóng cách giao")),
    "delivery_opened": (GOODS, _l("Mở lại cách giao")),
}
"""Group and words of each act; an act that is not here is shown by its own name."""

SUBJECTS: Mapping[str, Any] = {
    "account": _l("Tài khoản"),
    "bank_account": _l("Tài khoản ngân hàng"),
    "bank_credit": _l("Khoản tiền về"),
    "batch": _l("Lô hàng"),
    "certificate": _l("Giấy chứng nhận"),
    "delivery_method": _l("Cách giao hàng"),
    "outbox_message": _l("Thư gửi đi"),
    "problem_report": _l("Báo sự cố"),
    "product": _l("Sản phẩm"),
    "provider_account": _l("Hợp đồng thanh toán"),
    "role_grant": _l("Vai trò"),
    "sales_order": _l("Đơn hàng"),
    "seller": _l("Nơi bán"),
}
"""What an act was about, by table."""

_ACTORS = {
    "buyer": _l("Người mua"),
    "system": _l("Máy tự làm"),
    "demo": _l("Dữ liệu mẫu"),
}

_VALUES = {
    "amount_vnd": _l("số tiền"),
    "fee_vnd": _l("phí"),
    "total_vnd": _l("tổng"),
    "price_vnd": _l("giá"),
    "on_hand": _l("tồn"),
    "quantity": _l("số gói"),
    "lot": _l("lô"),
    "place": _l("chỗ"),
    "reason": _l("lý do"),
    "carrier": _l("hãng"),
    "role": _l("vai trò"),
    "try": _l("lần"),
    "state": _l("trạng thái"),
    "source": _l("nguồn"),
    "outcome": _l("kết quả"),
    "answer": _l("câu trả lời"),
    "until": _l("đến"),
    "name": _l("tên"),
    "step": _l("bước"),
    "out_g": _l("cân ra"),
    "in_g": _l("cân vào"),
    "quantity_g": _l("cân nặng"),
    "confirmed": _l("đã hỏi lại"),
    "made_on": _l("ngày làm"),
    "packed_on": _l("ngày đóng gói"),
    "expires_on": _l("hạn dùng"),
    "packs": _l("các gói"),
    "short": _l("còn thiếu hàng"),
    "bank": _l("ngân hàng"),
    "account": _l("số tài khoản"),
    "holder": _l("chủ tài khoản"),
    "short_name": _l("tên ngắn"),
    "phone": _l("số điện thoại"),
    "email": _l("thư điện tử"),
    "commune": _l("xã, phường"),
    "province": _l("tỉnh, thành phố"),
    "hamlet": _l("thôn, xóm, số nhà"),
    "tax_code": _l("mã số thuế"),
    "registration_no": _l("số đăng ký"),
    "days": _l("số ngày"),
    "note": _l("ghi chú"),
    "kind": _l("loại"),
    "number": _l("số"),
    "revoked_on": _l("thu hồi từ ngày"),
    "photo": _l("ảnh"),
    "reference": _l("mã giao dịch"),
    "tries": _l("số lần thử"),
    "error": _l("lỗi"),
    "units": _l("số gói"),
    "slug": _l("địa chỉ trang"),
    "mode": _l("cách chạy"),
    "about": _l("giới thiệu"),
    "old_address": _l("địa chỉ cũ"),
    "commune_code": _l("mã xã, phường"),
    "province_code": _l("mã tỉnh"),
    "province_codes": _l("mã các tỉnh giao tới"),
    "is_chilled": _l("giữ lạnh được"),
    "takes_cod": _l("thu tiền khi giao"),
    "provider": _l("bên thanh toán"),
    "label": _l("tên gọi"),
}


_UNITS: Mapping[str, Callable[[int, str], str]] = {
    "vnd": formats.money,
    "g": formats.weight,
}


def acts_of(group: str) -> list[str]:
    """Return the acts of a group; none for a group that is not there."""
    return [act for act, (of, _words) in ACTS.items() if of == group]


def act(name: str) -> str:
    """Return the words of an act."""
    return str(ACTS[name][1]) if name in ACTS else name


def subject(kind: str, name: str | None) -> str:
    """Return what an act was about, with its name where it has one."""
    words = str(SUBJECTS.get(kind, kind))
    return f"{words}: {name}" if name else words


def actor(kind: str, name: str | None) -> str:
    """Return who acted."""
    return name or str(_ACTORS.get(kind, kind))


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[tuple[str, str, str]]:
    """Return each value that was told: what it is, how it was, how it is since."""
    old, new = before or {}, after or {}
    return [
        (_value_name(name), _shown(name, old.get(name)), _shown(name, new.get(name)))
        for name in dict.fromkeys([*old, *new])
        if name not in _UNTOLD
    ]


_UNTOLD = {"client_id"}
"""Values that say nothing to a person: the number a form gave itself."""


def _value_name(name: str) -> str:
    return str(_VALUES.get(name, name))


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(_l("có")) if value else str(_l("không"))
    if isinstance(value, int):
        unit = name.rpartition("_")[2]
        return _UNITS.get(unit, formats.number)(value, current_locale())
    if name in _WORDS and isinstance(value, str):
        return _WORDS[name](value)
    return _flat(value)


def _role(value: str) -> str:
    return next((str(words) for role, words in ROLES.items() if role.value == value), value)


_STATES: Mapping[str, Any] = {
    **order_words.PAYMENT_STATES,
    AttemptState.FAILED: _l("không thành công"),
    AttemptState.CANCELLED: _l("đã hủy"),
    AttemptState.EXPIRED: _l("hết giờ"),
    AttemptState.REVIEW: _l("chờ người xem"),
    ProductState.DRAFT: _l("bản nháp"),
    ProductState.PUBLISHED: _l("đang bán"),
    ProductState.RETIRED: _l("ngừng bán"),
}

_KINDS: Mapping[str, Any] = {
    **papers.KINDS,
    **{kind.value: words for kind, words in office_batch_words.KINDS.items()},
    MovementKind.SALE: _l("bán tại chỗ"),
    MovementKind.DESTROY: _l("hủy bỏ"),
    DeliveryKind.PICKUP: _l("khách đến lấy"),
    DeliveryKind.OWN: _l("nơi bán tự giao"),
    DeliveryKind.PARCEL: _l("gửi bưu kiện"),
}


_MODES: Mapping[str, Any] = {
    SellerMode.LIVE: _l("bán thật"),
    SellerMode.TRAINING: _l("tập huấn"),
    SIMULATOR: _l("giả lập"),
}


def _state(value: str) -> str:
    return str(_STATES.get(value, value))


def _mode(value: str) -> str:
    return str(_MODES.get(value, value))


def _kind(value: str) -> str:
    return str(_KINDS.get(value, value))


_WORDS: Mapping[str, Callable[[str], str]] = {
    "reason": order_words.reason,
    "role": _role,
    "state": _state,
    "kind": _kind,
    "mode": _mode,
}


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_flat(inner)}" for name, inner in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_flat(inner) for inner in value)
    return str(value)
