"""The sentences for what cannot be written down about a batch, its slips, labels and papers.

Values are formatted where the sentence is made (`shop.messages`): those named `..._on` are days,
those named `..._g` weights.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: Mapping[str, Any] = {
    "expiry_before_production": _l(
        "Hạn sử dụng (%(expires_on)s) trước ngày sản xuất (%(made_on)s). Xin xem lại hai ngày"
    ),
    "lot_duplicate": _l("Mã lô %(lot)s đã có. Dùng mã khác hoặc mở lô cũ"),
    "lot_unreadable": _l("Mã lô chỉ gồm chữ cái, chữ số và dấu gạch. Ví dụ LBT-261103-01"),
    "more_than_delivered": _l("Phiếu %(lot)s chỉ còn %(left_g)s. Xin ghi lại số cân"),
    "phi_not_respected": _l(
        "Phun, bón ngày %(applied_on)s, cách ly %(phi_days)s ngày: hái sớm nhất ngày "
        "%(earliest_on)s. Hàng hái ngày %(harvested_on)s chưa đủ ngày"
    ),
    "treated_after_harvest": _l(
        "Ngày phun, bón sau ngày hái (%(harvested_on)s). Xin xem lại ngày"
    ),
    "nothing_grown_there": _l("Lô chưa có hàng nhận từ thửa này. Ghi hàng nhận vào trước"),
    "more_in_than_there": _l(
        "Vào %(in_g)s nhưng chỉ có %(there_g)s. Xin xem lại hàng nhận vào hoặc bước trước"
    ),
    "less_in_than_there": _l(
        "Có %(there_g)s mà bước này chỉ vào %(in_g)s. Nếu đúng thì chọn “Tôi đã cân lại”"
    ),
    "more_out_than_in": _l("Ra %(out_g)s nhưng chỉ có %(in_g)s vào. Xin cân lại"),
    "ends_before_it_starts": _l("Giờ xong trước giờ bắt đầu. Nếu xong hôm sau thì ghi ngày xong"),
    "not_ended_yet": _l("Giờ xong còn chưa tới. Xin ghi khi bước này đã xong"),
    "mass_balance_implausible": _l(
        "%(in_g)s %(goods)s thường được khoảng %(usual_from_g)s đến %(usual_to_g)s; "
        "bác ghi %(out_g)s. Xin cân lại"
    ),
    "yield_unusual": _l(
        "%(in_g)s %(goods)s thường được %(usual_from_g)s đến %(usual_to_g)s, bác ghi %(out_g)s. "
        "Nếu đúng thì chọn “Tôi đã cân lại”"
    ),
    "nothing_packed": _l("Chưa ghi số gói. Ghi ít nhất một loại, ví dụ 136"),
    "packed_already": _l("Lô này đã đóng gói rồi"),
    "no_steps_yet": _l("Lô chưa có bước làm nào. Ghi các bước trước khi đóng gói"),
    "packs_outweigh_batch": _l(
        "Các gói và mẫu lưu nặng %(packs_g)s nhưng chỉ có %(there_g)s. Xin đếm lại"
    ),
    "packed_before_last_step": _l("Ngày đóng gói trước bước cuối (%(last_on)s). Xin xem lại ngày"),
    "much_left_over": _l(
        "Còn dư %(left_g)s trong %(there_g)s. Nếu đúng thì chọn “Tôi đã cân lại”"
    ),
    "label_too_small": _l(
        "Mã của lô này dài nên cỡ tem này nhỏ quá, máy quét không đọc được. Chọn cỡ lớn hơn"
    ),
    "address_not_safe": _l(
        "Địa chỉ %(url)s không mã hoá (http) nên không in tem. Đặt DACSAN_PUBLIC_URL là địa chỉ "
        "https của cửa hàng; trong mạng nội bộ đặt DACSAN_ALLOW_HTTP=1 để in tem MẪU"
    ),
    "lot_unknown": _l("Không có lô mang mã %(lot)s. Xem lại mã, ví dụ LBT-261103-01"),
    "lot_of_several": _l(
        "Mã lô %(lot)s có ở nhiều nơi bán. Ghi thêm số GTIN trước mã lô, một trong: %(gtins)s"
    ),
    "not_packed_yet": _l("Lô %(lot)s chưa đóng gói nên chưa có tem"),
    "code_unreadable": _l("Chưa đọc được “%(typed)s”. Ghi mã lô, hoặc số GTIN rồi mã lô"),
    "cell_off_sheet": _l("Tờ này chỉ có %(cells)s ô. Xin chọn ô nhỏ hơn"),
    "paper_known": _l("Giấy số %(number)s đã có, với nơi cấp hoặc ngày khác. Xin xem lại số"),
    "revoked_before_issue": _l("Ngày thu hồi trước ngày cấp (%(issued_on)s). Xin xem lại ngày"),
    "labels_stopped": _l("Lô đang tạm giữ, thu hồi hoặc đã hết hạn nên không in tem"),
}
"""By the code of the refusal."""
