"""What the change history calls each act, what it was about, and who acted."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

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
    "refund_asked": (MONEY, _l("Hứa hoàn tiền cho khách")),
    "refund_way_chosen": (MONEY, _l("Chọn cách hoàn tiền")),
    "refund_confirmed": (MONEY, _l("Người thứ hai đồng ý hoàn tiền")),
    "refund_refused": (MONEY, _l("Không đồng ý hoàn tiền")),
    "refund_sent": (MONEY, _l("Gửi yêu cầu hoàn tiền")),
    "refund_accepted": (MONEY, _l("Bên thanh toán nhận hoàn tiền")),
    "refund_rejected": (MONEY, _l("Hoàn tiền không thành")),
    "refund_settled": (MONEY, _l("Hoàn tiền cho khách")),
    "refund_limit_changed": (MONEY, _l("Đổi mức hoàn tiền cần hai người")),
    "cod_remitted": (MONEY, _l("Nhận tiền COD từ hãng")),
    "late_money_accepted": (MONEY, _l("Nhận lại đơn có tiền về muộn")),
    "late_money_refused": (MONEY, _l("Trả lại tiền về muộn")),
    "bank_account_opened": (MONEY, _l("Thêm tài khoản ngân hàng")),
    "bank_account_closed": (MONEY, _l("Thôi dùng tài khoản ngân hàng")),
    "provider_account_opened": (MONEY, _l("Thêm hợp đồng thanh toán")),
    "provider_account_closed": (MONEY, _l("Đóng hợp đồng thanh toán")),
    "provider_account_reopened": (MONEY, _l("Mở lại hợp đồng thanh toán")),
    "provider_secret_changed": (MONEY, _l("Đổi khóa hợp đồng thanh toán")),
    "provider_secret_dropped": (MONEY, _l("Bỏ khóa cũ của hợp đồng thanh toán")),
    "attempt_settled": (MONEY, _l("Bên thanh toán báo kết quả")),
    "buyer_forgotten": (ORDERS, _l("Xóa người mua khỏi đơn")),
    "order_placed": (ORDERS, _l("Khách đặt đơn")),
    "payment_way_changed": (ORDERS, _l("Khách đổi cách trả tiền")),
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
    "problem_reported": (ORDERS, _l("Khách báo sự cố")),
    "problem_looked_at": (ORDERS, _l("Bắt đầu xem báo sự cố")),
    "problem_answered": (ORDERS, _l("Trả lời báo sự cố")),
    "return_accepted": (ORDERS, _l("Đồng ý nhận lại hàng")),
    "return_refused": (ORDERS, _l("Không nhận lại hàng")),
    "return_ended": (ORDERS, _l("Thôi chờ hàng khách trả")),
    "return_received": (ORDERS, _l("Hàng khách trả đã về")),
    "problem_settled": (ORDERS, _l("Báo sự cố đã giải quyết xong")),
    "waiting_buyer_called": (ORDERS, _l("Gọi khách báo có hàng")),
    "review_sent": (ORDERS, _l("Khách gửi đánh giá")),
    "review_shown": (ORDERS, _l("Cho hiện đánh giá")),
    "review_refused": (ORDERS, _l("Không cho hiện đánh giá")),
    "review_answered": (ORDERS, _l("Phản hồi đánh giá")),
    "invoice_asked": (ORDERS, _l("Khách xin hóa đơn")),
    "invoice_given_up": (ORDERS, _l("Khách thôi lấy hóa đơn")),
    "invoice_changed": (ORDERS, _l("Sửa thông tin xuất hóa đơn")),
    "invoice_issued": (ORDERS, _l("Ghi đã xuất hóa đơn")),
    "invoice_corrected": (ORDERS, _l("Ghi lại hóa đơn đã xuất")),
    "message_retried": (ORDERS, _l("Gửi lại thư")),
    "submission_begun": (GOODS, _l("Xã viên ghi bản nháp")),
    "submission_sent": (GOODS, _l("Xã viên gửi HTX duyệt")),
    "submission_draft": (GOODS, _l("Xã viên lấy lại để sửa")),
    "submission_withdrawn": (GOODS, _l("Xã viên rút lại")),
    "submission_returned": (GOODS, _l("Trả lại xã viên")),
    "submission_approved": (GOODS, _l("Duyệt hàng xã viên gửi")),
    "stock_counted": (GOODS, _l("Kiểm kê")),
    "quarantine_released": (GOODS, _l("Đưa hàng trả về kho bán")),
    "goods_destroyed": (GOODS, _l("Hủy bỏ hàng")),
    "product_created": (GOODS, _l("Thêm sản phẩm")),
    "product_changed": (GOODS, _l("Sửa sản phẩm")),
    "product_published": (GOODS, _l("Cho bán sản phẩm")),
    "rows_imported": (GOODS, _l("Nhập tệp")),
    "import_undone": (GOODS, _l("Rút lại lần nhập tệp")),
    "import_row_removed": (GOODS, _l("Bỏ món đã nhập từ tệp")),
    "product_retired": (GOODS, _l("Ngừng bán sản phẩm")),
    "photo_added": (GOODS, _l("Thêm ảnh")),
    "photo_removed": (GOODS, _l("Xóa ảnh")),
    "photo_turned": (GOODS, _l("Xoay ảnh")),
    "photo_first": (GOODS, _l("Chọn ảnh chính")),
    "photo_of_pack": (GOODS, _l("Chọn ảnh cho loại đóng gói")),
    "synonyms_added": (GOODS, _l("Thêm từ cùng nghĩa")),
    "synonyms_removed": (GOODS, _l("Bỏ từ cùng nghĩa")),
    "voucher_opened": (GOODS, _l("Thêm mã giảm giá")),
    "voucher_changed": (GOODS, _l("Sửa mã giảm giá")),
    "voucher_closed": (GOODS, _l("Đóng mã giảm giá")),
    "voucher_reopened": (GOODS, _l("Mở lại mã giảm giá")),
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
    "card_issued": (PEOPLE, _l("Làm thẻ đăng nhập")),
    "card_revoked": (PEOPLE, _l("Thu hồi thẻ đăng nhập")),
    "recovery_asked": (PEOPLE, _l("Nhờ lấy lại đăng nhập")),
    "recovery_confirmed": (PEOPLE, _l("Xác nhận lấy lại đăng nhập")),
    "recovery_refused": (PEOPLE, _l("Từ chối lấy lại đăng nhập")),
    "recovery_expired": (PEOPLE, _l("Lời nhờ lấy lại đăng nhập hết giờ")),
    "second_factor_set": (PEOPLE, _l("Cài máy tạo mã")),
    "second_factor_removed": (PEOPLE, _l("Bỏ máy tạo mã")),
    "recovery_codes_made": (PEOPLE, _l("Lấy mã dự phòng mới")),
    "recovery_code_used": (PEOPLE, _l("Vào bằng mã dự phòng")),
    "member_written_down": (PEOPLE, _l("Ghi xã viên mới")),
    "member_changed": (PEOPLE, _l("Sửa thông tin xã viên")),
    "member_sign_in_opened": (PEOPLE, _l("Mở tài khoản cho xã viên")),
    "member_sign_in_changed": (PEOPLE, _l("Đổi số đăng nhập của xã viên")),
    "plot_added": (PEOPLE, _l("Ghi thêm nương")),
    "plot_changed": (PEOPLE, _l("Sửa thông tin nương")),
    "change_undone": (PEOPLE, _l("Đổi lại như trước")),
    "consent_recorded": (PEOPLE, _l("Ghi giấy nhờ làm hộ")),
    "consent_withdrawn": (PEOPLE, _l("Rút giấy nhờ làm hộ")),
    "seller_opened": (PEOPLE, _l("Mở nơi bán")),
    "seller_changed": (PEOPLE, _l("Sửa thông tin cửa hàng")),
    "legal_text_written": (PEOPLE, _l("Viết lại trang phải có")),
    "site_owner_changed": (PEOPLE, _l("Ghi ai điều hành trang")),
    "delivery_added": (GOODS, _l("Thêm cách giao")),
    "delivery_changed": (GOODS, _l("Sửa cách giao")),
    "delivery_closed": (GOODS, _l("Đóng cách giao")),
    "delivery_opened": (GOODS, _l("Mở lại cách giao")),
}
"""Group and words of each act; an act that is not here is shown by its own name."""

SUBJECTS: Mapping[str, Any] = {
    "account": _l("Tài khoản"),
    "account_recovery": _l("Lời nhờ lấy lại đăng nhập"),
    "audit_entry": _l("Một việc trong lịch sử"),
    "bank_account": _l("Tài khoản ngân hàng"),
    "bank_credit": _l("Khoản tiền về"),
    "batch": _l("Lô"),
    "certificate": _l("Giấy"),
    "consent": _l("Giấy nhờ làm hộ"),
    "delivery_method": _l("Cách giao hàng"),
    "import_run": _l("Lần nhập tệp"),
    "legal_text": _l("Trang phải có"),
    "member": _l("Xã viên"),
    "outbox_message": _l("Thư gửi đi"),
    "pack": _l("Loại đóng gói"),
    "plot": _l("Nương"),
    "problem_report": _l("Lời báo sự cố"),
    "goods_return": _l("Hàng khách trả"),
    "product": _l("Món hàng"),
    "provider_account": _l("Hợp đồng thanh toán"),
    "review": _l("Đánh giá"),
    "role_grant": _l("Vai trò"),
    "sales_order": _l("Đơn"),
    "seller": _l("Nơi bán"),
    "sign_in_card": _l("Thẻ đăng nhập"),
    "site_owner": _l("Người điều hành trang"),
    "stock_watch": _l("Khách chờ hàng"),
    "submission": _l("Mục xã viên gửi"),
    "synonym_group": _l("Từ cùng nghĩa"),
    "voucher": _l("Mã giảm giá"),
}
"""What an act was about, by table."""

_ACTORS = {
    "buyer": _l("Người mua"),
    "system": _l("Máy tự làm"),
    "demo": _l("Dữ liệu mẫu"),
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
