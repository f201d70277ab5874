"""The sentence the office reads for each refusal: what happened and what to do next."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop import formats
from shop.errors import ShopError
from shop.locales import current_locale

SENTENCES: Mapping[str, Any] = {
    "wrong_move": _l("Đơn vừa đổi trạng thái nên việc này không còn làm được. Xem lại ở dưới."),
    "out_of_stock": _l(
        "%(title)s không còn đủ: cần %(wanted)s, còn %(available)s. Nhập thêm hàng hoặc kiểm kê "
        "rồi thử lại."
    ),
    "batch_not_sellable": _l(
        "Lô %(lot)s không được bán nữa (tạm giữ, thu hồi hoặc hết hạn). Bấm “Lấy lô khác” trước "
        "khi gửi."
    ),
    "changed_meanwhile": _l("Số liệu vừa đổi trong lúc làm. Xem lại ở dưới rồi bấm lần nữa."),
    "credit_known": _l(
        "Mã giao dịch %(reference)s đã ghi cho đơn %(order_code)s, %(amount)s. Xem lại mã, mỗi "
        "khoản tiền chỉ ghi một lần."
    ),
    "credit_known_elsewhere": _l(
        "Mã giao dịch %(reference)s đã ghi là tiền chưa rõ đơn, %(amount)s. Vào mục Tiền để ghép "
        "khoản đó."
    ),
    "cash_differs": _l(
        "Hãng đã thu của khách %(in_transit)s. Tiền nhận cộng phí còn lệch %(difference)s: hỏi "
        "lại hãng, hoặc ghi phần lệch vào phí."
    ),
    "refund_too_much": _l("Nhiều hơn số còn hoàn được, %(left)s. Xem lại số tiền."),
    "refund_needs_second": _l(
        "Số này quá mức một người tự quyết. Nhờ người thứ hai bấm đồng ý trước khi chuyển tiền."
    ),
    "refund_same_person": _l(
        "Người đề nghị không tự đồng ý được. Nhờ người khác được hoàn tiền bấm đồng ý."
    ),
    "refund_no_way": _l(
        "Không gửi qua cổng thanh toán được: tiền không về qua cổng, không còn đủ ở đó, hoặc một "
        "khoản hoàn trước chưa xong. Chọn chuyển khoản, hoặc chờ khoản trước xong."
    ),
    "count_below_reserved": _l(
        "Đã hứa %(reserved)s gói cho đơn %(orders)s nên không ghi ít hơn được. Lấy lô khác hoặc "
        "hủy các đơn đó trước, rồi đếm lại."
    ),
    "last_manager": _l("Không tự bỏ vai trò của mình được. Nhờ giám đốc khác làm việc này."),
    "role_not_given": _l("Vai trò này không cho ở đây được. Chọn vai trò khác."),
    "not_for_a_card": _l(
        "Thẻ chỉ dành cho thành viên, người giúp và tiểu thương của riêng nơi này. Người làm văn "
        "phòng vào bằng mật khẩu."
    ),
    "card_takes_two": _l(
        "Tài khoản này đã có đường vào nên làm thẻ cần hai người: một người nhờ, người kia xác "
        "nhận rồi in."
    ),
    "card_address_not_safe": _l(
        "Địa chỉ %(url)s không mã hóa (http) nên không in thẻ. Đặt DACSAN_PUBLIC_URL là địa chỉ "
        "https của cửa hàng; trong mạng nội bộ đặt DACSAN_ALLOW_HTTP=1 để in thẻ MẪU."
    ),
    "own_recovery": _l("Phải là người khác: không tự xác nhận lời nhờ của mình được."),
    "nobody_to_confirm": _l(
        "Nơi bán chưa có người thứ hai để xác nhận. Người giữ máy văn phòng đặt lại bằng lệnh "
        "dacsan user password (xem hướng dẫn Máy văn phòng), hoặc thêm một người nữa ở mục Người "
        "dùng."
    ),
    "recovery_open": _l("Đã có người nhờ cho người này, đang chờ xác nhận."),
    "recovery_over": _l("Lời nhờ này đã xong hoặc hết giờ. Vẫn cần thì nhờ lại từ đầu."),
    "works_elsewhere": _l(
        "Người này còn làm cho nơi khác nên HTX không đặt lại mật khẩu được. Họ tự đổi ở mục Tài "
        "khoản, hoặc nhờ người quản trị máy."
    ),
}
"""By the code of the refusal."""

_GENERAL = _l("Việc này chưa làm được. Xin tải lại trang rồi thử lại.")


def sentence(error: ShopError) -> str:
    """Return the sentence for `error` in the language of the request, its values filled in."""
    lang = current_locale()
    shown = {
        name.removesuffix("_vnd"): formats.money(value, lang) if name.endswith("_vnd") else value
        for name, value in error.values.items()
    }
    if "order_codes" in shown:
        shown["orders"] = ", ".join(shown["order_codes"])
    code = error.code
    if code == "credit_known" and not shown["order_code"]:
        code = "credit_known_elsewhere"
    return str(SENTENCES.get(code, _GENERAL)) % shown
