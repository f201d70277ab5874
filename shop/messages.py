"""The sentence people read for each refusal: what happened and what to do next."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shop import formats
from shop.errors import FieldRefused, ShopError
from shop.locales import current_locale
from shop.messages_batches import SENTENCES as OF_BATCHES

SENTENCES = {
    "refused": _l("Việc này chưa làm được. Xin tải lại trang rồi thử lại."),
    "not_found": _l("Không có trang này."),
    "not_allowed": _l("Tài khoản này không được làm việc này."),
    "out_of_stock": _l(
        "%(title)s vừa hết, chỉ còn %(available)s. Xin giảm số lượng hoặc bỏ món này."
    ),
    "wrong_move": _l("Việc này không còn làm được vì trạng thái vừa đổi. Xin tải lại trang."),
    "changed_meanwhile": _l("Giá hoặc nội dung vừa đổi. Xin xem lại rồi bấm lần nữa."),
    "incomplete": _l("Lô này còn thiếu thông tin nên chưa được bán."),
    "field_refused": _l("Có chỗ chưa đúng trong biểu mẫu. Xin sửa chỗ được đánh dấu."),
    "wrong_password": _l("Số điện thoại hoặc mật khẩu chưa đúng."),
    "locked_out": _l("Đợi 2 phút rồi thử lại, hoặc gọi HTX."),
    "image_heic": _l(
        "Ảnh kiểu HEIC của iPhone chưa đọc được. Vào Cài đặt > Camera > Định dạng > "
        "Tương thích nhất, rồi chụp lại."
    ),
    "image_unreadable": _l("Tệp này không phải ảnh đọc được. Chọn ảnh JPEG, PNG hoặc WebP."),
    "image_too_large": _l("Ảnh quá lớn, nhiều nhất 30 MB. Chọn cỡ ảnh nhỏ hơn rồi gửi lại."),
    "image_gone": _l("Ảnh chọn lúc trước để lâu quá nên không còn. Chọn lại ảnh."),
    "gtin_taken": _l("Mã vạch %(gtin)s đã dùng cho loại khác. Xem lại số in trên gói."),
    "pack_in_use": _l(
        "Loại này đã có lô in tem nên không đổi tên, khối lượng, mã vạch được. Thêm một loại mới."
    ),
    "secret_unreadable": _l(
        "Khóa của máy chủ đã đổi nên không đọc được hợp đồng thanh toán. Nhập lại hợp đồng."
    ),
    "delivery_unknown": _l("Chọn một cách giao hàng."),
    "delivery_not_chilled": _l("Đơn có món phải giao lạnh. Chọn cách giao lạnh hoặc tự đến lấy."),
    "delivery_does_not_reach": _l("Cách giao này chưa tới tỉnh đã chọn. Chọn cách khác."),
    "payment_way_unknown": _l("Chọn một cách trả tiền."),
    "cod_not_here": _l("Cách giao này chưa nhận tiền tại nhà. Chọn quét mã VietQR."),
    "cod_too_much": _l("Đơn quá %(limit)s nên cần trả trước. Chọn quét mã VietQR."),
    "slug_taken": _l("Địa chỉ /htx/%(value)s đã có nơi bán khác. Chọn tên khác cho địa chỉ."),
    "lot_prefix_taken": _l("Mã lô bắt đầu bằng %(value)s đã có nơi bán khác. Chọn chữ khác."),
    "order_prefix_taken": _l("Mã đơn bắt đầu bằng %(value)s đã có nơi bán khác. Chọn chữ khác."),
    "order_prefix_is_training": _l("%(prefix)s dành cho đơn tập huấn. Chọn hai chữ khác."),
    "phone_taken": _l("Số điện thoại này đã có tài khoản."),
    "password_short": _l("Mật khẩu cần ít nhất %(least)s chữ hoặc số."),
    "scope_missing": _l("Vai này cần nói rõ ở nơi bán nào."),
    "last_admin": _l("Đây là người quản trị cuối cùng. Trao quyền cho người khác trước đã."),
    "cod_refused_before": _l("Số này từng không nhận hàng. Đơn này cần trả trước bằng mã VietQR."),
}
"""By the code of the refusal."""


def sentence(error: ShopError) -> str:
    """Return the sentence for `error` with its values filled in; `limit_vnd` becomes `limit`."""
    code = error.sentence_code if isinstance(error, FieldRefused) else error.code
    return sentence_for(code, **error.values)


def sentence_for(code: str, **values: Any) -> str:
    """Return the sentence of `code`; what is no refusal of ours gets the general one."""
    shown = dict(_shown(name, value) for name, value in values.items())
    found = SENTENCES.get(code) or OF_BATCHES.get(code) or SENTENCES["refused"]
    return str(found) % shown


def _shown(name: str, value: Any) -> tuple[str, Any]:
    """Return a value as people read it: `..._vnd` money, `..._g` a weight, `..._on` a day."""
    if name.endswith("_vnd"):
        return name.removesuffix("_vnd"), formats.money(value, current_locale())
    if name.endswith("_g"):
        return name, formats.weight(value, current_locale())
    if name.endswith("_on"):
        return name, formats.day(value, current_locale())
    return name, value
