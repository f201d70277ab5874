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
    "too_many_open": _l("Đang có %(most)s món chờ. Đợi HTX xem bớt rồi gửi tiếp."),
    "already_decided": _l("%(by)s đã xem món này trước. Xem kết quả ở dưới."),
    "not_allowed": _l("Tài khoản này không được làm việc này."),
    "out_of_stock": _l(
        "%(title)s vừa hết, chỉ còn %(available)s. Xin giảm số lượng hoặc bỏ món này."
    ),
    "wrong_move": _l("Việc này không còn làm được vì trạng thái vừa đổi. Xin tải lại trang."),
    "payment_in_review": _l(
        "%(provider)s đang kiểm tra lần trả của đơn này. Đợi kết quả rồi hãy hủy hay trả lại; "
        "cần gấp thì gọi cửa hàng."
    ),
    "changed_meanwhile": _l("Giá hoặc nội dung vừa đổi. Xin xem lại rồi bấm lần nữa."),
    "incomplete": _l("Lô này còn thiếu thông tin nên chưa được bán."),
    "field_refused": _l("Có chỗ chưa đúng trong biểu mẫu. Xin sửa chỗ được đánh dấu."),
    "wrong_password": _l("Số điện thoại hoặc mật khẩu chưa đúng."),
    "wrong_pin": _l("Mã PIN chưa đúng. Mã PIN của thẻ là 6 số ghi trên mảnh giấy giao cùng thẻ."),
    "card_unusable": _l("Thẻ này không dùng được nữa. Gọi HTX để làm thẻ khác."),
    "wrong_code": _l("Mã chưa đúng. Xem lại ứng dụng tạo mã, gõ mã đang hiện."),
    "synonyms_known": _l("Nhóm từ này đã có rồi."),
    "synonyms_full": _l("Đã đủ %(most)s nhóm. Bỏ bớt nhóm không dùng rồi thêm."),
    "mailed_code_wrong": _l("Mã chưa đúng, đã dùng hoặc quá 10 phút. Xem thư mới nhất."),
    "mailed_codes_exhausted": _l("Đã gửi nhiều mã quá. Đợi một tiếng rồi thử lại."),
    "code_used": _l("Mã này vừa dùng rồi. Đợi ứng dụng hiện mã mới rồi gõ lại."),
    "phone_unreadable": _l(
        "Khóa của máy chủ đã đổi nên không đọc được máy tạo mã. Dùng một mã dự phòng, hoặc nhờ "
        "người giữ máy văn phòng bỏ máy tạo mã."
    ),
    "pin_easy": _l("Mã PIN này ai cũng đoán ra. Chọn 6 số không theo dãy, không lặp lại."),
    "pin_is_phone": _l("Mã PIN này nằm trong số điện thoại của bác. Chọn 6 số khác."),
    "pin_is_birth_year": _l("Mã PIN này có năm sinh của bác. Chọn 6 số khác."),
    "password_same": _l("Đây vẫn là mật khẩu cũ. Chọn mật khẩu khác."),
    "locked_out": _l("Gõ sai nhiều lần. Đợi 2 phút rồi thử lại, hoặc gọi HTX."),
    "image_heic": _l(
        "Ảnh kiểu HEIC của iPhone chưa đọc được. Vào Cài đặt > Camera > Định dạng > "
        "Tương thích nhất, rồi chụp lại."
    ),
    "label_unreadable": _l(
        "Chưa đọc được mã trong ảnh. Chụp gần, thẳng và đủ sáng, thấy trọn hình vuông; hoặc gõ mã."
    ),
    "image_unreadable": _l("Tệp này không phải ảnh đọc được. Chọn ảnh JPEG, PNG hoặc WebP."),
    "image_damaged": _l("Ảnh bị đứt hoặc hỏng, không mở được. Chụp lại, hoặc gửi lại ảnh gốc."),
    "image_too_many_pixels": _l(
        "Ảnh lớn quá, nhiều nhất %(megapixels)s triệu điểm ảnh. Chọn cỡ ảnh nhỏ hơn rồi gửi lại."
    ),
    "image_too_large": _l("Ảnh quá lớn, nhiều nhất 30 MB. Chọn cỡ ảnh nhỏ hơn rồi gửi lại."),
    "image_gone": _l("Ảnh chọn lúc trước để lâu quá nên không còn. Chọn lại ảnh."),
    "gtin_taken": _l("Mã vạch %(gtin)s đã dùng cho loại khác. Xem lại số in trên gói."),
    "pack_in_use": _l(
        "Loại này đã có lô in tem nên không đổi tên, khối lượng, mã vạch được. Thêm một loại mới."
    ),
    "secret_unreadable": _l(
        "Khóa của máy chủ đã đổi nên không đọc được hợp đồng thanh toán. Nhập lại hợp đồng."
    ),
    "gateway_closed": _l(
        "Lúc này chưa nối được với %(provider)s. Đã bị trừ tiền thì tiền không mất: người bán sẽ "
        "ghi nhận. Mở lại trang đơn sau, hoặc gọi người bán."
    ),
    "delivery_unknown": _l("Chọn một cách giao hàng."),
    "delivery_not_chilled": _l("Đơn có món phải giao lạnh. Chọn cách giao lạnh hoặc tự đến lấy."),
    "delivery_too_slow": _l(
        "Món phải giao lạnh cần tới trong 24 giờ, cách này lâu hơn. Chọn cách khác."
    ),
    "delivery_does_not_reach": _l("Cách giao này chưa tới tỉnh đã chọn. Chọn cách khác."),
    "delivery_too_heavy": _l("Cách giao này không nhận đơn nặng như vậy. Chọn cách khác."),
    "payment_way_unknown": _l("Chọn một cách trả tiền."),
    "cod_not_here": _l("Cách giao này chưa nhận tiền tại nhà. Chọn quét mã VietQR."),
    "cod_too_much": _l("Đơn quá %(limit)s nên cần trả trước. Chọn quét mã VietQR."),
    "voucher_unknown": _l("Không có mã giảm giá này. Xem lại chữ và số, hoặc để trống."),
    "voucher_not_yet": _l("Mã này dùng được từ ngày %(starts_on)s."),
    "voucher_over": _l("Mã này đã hết hạn ngày %(ends_on)s."),
    "voucher_other_goods": _l("Mã này không dành cho món nào trong giỏ."),
    "voucher_minimum": _l("Mã này dùng cho tiền hàng từ %(minimum)s. Còn thiếu %(missing)s."),
    "voucher_used_up": _l("Mã này đã hết lượt dùng."),
    "voucher_used_by_you": _l("Số điện thoại này đã dùng hết lượt của mã."),
    "voucher_guessed": _l("Gõ sai mã nhiều lần. Một giờ nữa hãy gõ lại, hoặc đặt không dùng mã."),
    "voucher_gone_meanwhile": _l(
        "Mã giảm giá %(name)s của đơn này đã hết lượt. Nâng giới hạn của mã, hoặc trả lại tiền."
    ),
    "voucher_code_taken": _l("Mã %(value)s đã có rồi. Chọn mã khác."),
    "voucher_uses_below": _l("Đã dùng %(used)s lượt, không đặt giới hạn thấp hơn được."),
    "voucher_budget_below": _l("Đã giảm %(used)s, không đặt ngân sách thấp hơn được."),
    "invoice_number_taken": _l("Số này đã ghi cho đơn %(order_code)s. Xem lại số trên hóa đơn."),
    "waits_for_too_many": _l("Đã chờ %(most)s món rồi. Bỏ bớt một món đang chờ rồi ghi lại."),
    "not_delivered": _l(
        "Hàng chưa tới tay nên chưa đánh giá được. Nhận hàng rồi mở lại trang đơn."
    ),
    "return_too_late": _l("Quá 30 ngày từ ngày nhận. Gọi điện để hỏi."),
    "return_too_many": _l("Chỉ còn trả được %(left)s."),
    "return_nothing": _l("Chưa ghi gói nào về. Ví dụ 1"),
    "problems_wait": _l(
        "Các lời báo trước của đơn này đang chờ trả lời. Cần thêm gì xin gọi thẳng cho nơi bán."
    ),
    "review_decided": _l("Đánh giá này đã hiện cho mọi người nên không sửa được nữa."),
    "under_recall": _l(
        "Lô trong đơn này đang thu hồi. Xin đừng dùng, và gọi HTX. Thu hồi xong sẽ đánh giá được."
    ),
    "secret_not_one": _l("Chép đúng một khóa mới, không có dấu cách ở giữa."),
    "secret_same": _l("Đây vẫn là khóa đang dùng. Chép khóa mới."),
    "address_not_https": _l(
        "Hợp đồng với cổng cần địa chỉ https://. Chép lại từ thư của nhà cung cấp."
    ),
    "address_simulator": _l(
        "Đây là địa chỉ của cổng giả lập, chỉ để tập. Chép địa chỉ từ thư của nhà cung cấp."
    ),
    "addresses_mixed": _l(
        "Địa chỉ này là để thử (sandbox) mà địa chỉ kia là thật. Chép cả hai từ một lá thư."
    ),
    "fact_unknown": _l("Không có chữ tự điền tên %(name)s. Xem danh sách ở dưới biểu mẫu."),
    "slug_taken": _l("Địa chỉ /htx/%(value)s đã có nơi bán khác. Chọn tên khác cho địa chỉ."),
    "lot_prefix_taken": _l("Mã lô bắt đầu bằng %(value)s đã có nơi bán khác. Chọn chữ khác."),
    "order_prefix_taken": _l("Mã đơn bắt đầu bằng %(value)s đã có nơi bán khác. Chọn chữ khác."),
    "order_prefix_is_training": _l("%(prefix)s dành cho đơn tập huấn. Chọn hai chữ khác."),
    "not_helping": _l(
        "Không có giấy nhờ làm hộ bác này, hoặc giấy đã hết hạn. Nhờ HTX ghi lại rồi thử tiếp."
    ),
    "cannot_undo": _l("Việc này không đổi lại bằng một lần bấm được. Gọi HTX sửa giúp."),
    "approved_since": _l("HTX đã duyệt rồi nên không tự đổi lại được. Gọi HTX sửa giúp."),
    "undone_before": _l("Việc này đã đổi lại rồi."),
    "too_late_to_undo": _l("Đã quá 24 giờ nên không tự đổi lại được. Gọi HTX sửa giúp."),
    "signs_in_already": _l("Xã viên này đã có tài khoản."),
    "phone_of_another_member": _l("Số này là của xã viên khác. Mỗi người một số."),
    "plot_code_taken": _l("Mã nương %(value)s đã ghi cho xã viên khác."),
    "member_code_taken": _l("Mã xã viên %(value)s đã có người mang."),
    "helps_themselves": _l("Không ai làm hộ chính mình. Chọn người khác."),
    "consent_for_oneself": _l("Giấy nhờ cho chính mình thì người khác trong văn phòng ghi."),
    "sent_by_oneself": _l("Bác gửi món này hộ %(member)s. Nhờ người khác trong văn phòng duyệt."),
    "is_no_helper": _l("Người này chưa được giao việc làm hộ. Giao vai người làm hộ trước."),
    "date_in_future": _l("Ngày này chưa đến. Ghi ngày đã đồng ý."),
    "consent_until": _l("Hạn phải từ hôm nay và không quá %(days)s ngày sau ngày đồng ý."),
    "no_member": _l("Tài khoản này chưa gắn với xã viên nào. Nhờ văn phòng HTX ghi tên bác."),
    "wrong_person": _l("Chưa rõ đang làm cho ai nên chưa lưu gì. Mở lại trang rồi gửi lần nữa."),
    "rows_refused": _l(
        "Chưa nhập gì: %(count)s chỗ cần sửa. Sửa trong tệp rồi gửi lại, hoặc chỉ nhập dòng đúng."
    ),
    "ticks_missing": _l("Chưa nhập gì: có điều cần xem và đánh dấu trước."),
    "undone_too_late": _l(
        "Quá %(days)s ngày nên không rút lại được. Sửa từng món ở trang của nó."
    ),
    "phone_crowded": _l("Số này đã có nhiều tài khoản. Gọi HTX để được giúp."),
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
