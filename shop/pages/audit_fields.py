"""What each value that an act can tell is called in the change history, and how it is shown.

A name means the same everywhere unless the act, or what the act is about, says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.pages import audit_choices as choices
from shop.pages import audit_shown as shown
from shop.pages.audit_shown import Shown


@dataclass(frozen=True, slots=True)
class Field:
    """The words for a value, how it is shown, and what its codes mean where it has some."""

    words: Any
    shown: Shown = shown.text
    choices: Mapping[str, Any] | None = None


def _choice(words: Any, codes: Mapping[str, Any]) -> Field:
    return Field(words, shown.one_of(codes), codes)


FIELDS: Mapping[str, Field] = {
    "about": Field(_l("giới thiệu")),
    "about_en": Field(_l("giới thiệu tiếng Anh")),
    "account": Field(_l("số tài khoản")),
    "address": Field(_l("địa chỉ")),
    "action": Field(_l("việc"), shown.act),
    "allergens": Field(_l("chất gây dị ứng"), shown.allergens),
    "allergens_stated": Field(_l("đã ghi chất gây dị ứng")),
    "amount": Field(_l("mức giảm"), shown.plain),
    "budget_vnd": Field(_l("ngân sách"), shown.money),
    "cap_vnd": Field(_l("giảm nhiều nhất"), shown.money),
    "ends_on": Field(_l("đến ngày"), shown.day),
    "is_open": Field(_l("đang mở")),
    "minimum_vnd": Field(_l("tiền hàng ít nhất"), shown.money),
    "products": Field(_l("số món được giảm"), shown.plain),
    "starts_on": Field(_l("từ ngày"), shown.day),
    "uses_most": Field(_l("số lượt")),
    "uses_per_phone": Field(_l("số lượt mỗi người")),
    "amount_vnd": Field(_l("số tiền"), shown.money),
    "answer": Field(_l("câu trả lời")),
    "area_m2": Field(_l("diện tích"), shown.square_metres),
    "bank": Field(_l("ngân hàng")),
    "asked_by": Field(_l("người nhờ")),
    "birth_year": Field(_l("năm sinh"), shown.plain),
    "by_card": Field(_l("làm thẻ")),
    "by_person": Field(_l("người tự quyết")),
    "carrier": Field(_l("hãng")),
    "cautions": Field(_l("lưu ý")),
    "changed": Field(_l("dòng sửa")),
    "code": Field(_l("mã")),
    "commune": Field(_l("xã, phường"), shown.place),
    "confirmed": Field(_l("đã hỏi lại")),
    "crop": Field(_l("cây trồng")),
    "day": Field(_l("ngày"), shown.day),
    "cutoff": Field(_l("giờ chốt đơn")),
    "rest_days": Field(_l("ngày nghỉ")),
    "rest_weekdays": Field(_l("thứ nghỉ")),
    "days": Field(_l("số ngày"), shown.days),
    "description": Field(_l("giới thiệu")),
    "directions": Field(_l("cách dùng")),
    "earliest_on": Field(_l("được hái từ ngày"), shown.day),
    "email": Field(_l("thư điện tử")),
    "error": Field(_l("lỗi"), shown.error),
    "expires_on": Field(_l("ngày hết hạn"), shown.day),
    "fee_vnd": Field(_l("phí"), shown.money),
    "fee_table": Field(_l("bảng phí"), shown.fee_rows),
    "tracking_template": Field(_l("địa chỉ theo dõi bưu kiện")),
    "file": Field(_l("tệp")),
    "full_name": Field(_l("họ và tên")),
    "gender": _choice(_l("giới tính"), choices.GENDERS),
    "given_how": _choice(_l("đồng ý bằng"), choices.GIVEN_HOW),
    "goods": Field(_l("hàng")),
    "gtin": Field(_l("mã GTIN")),
    "gtins": Field(_l("mã GTIN các gói"), shown.by_name(shown.text)),
    "hamlet": Field(_l("thôn, xóm, số nhà"), shown.place),
    "helper": Field(_l("người làm hộ")),
    "holder": Field(_l("chủ tài khoản")),
    "how": _choice(_l("việc đã làm"), choices.DONE_HOW),
    "in_g": Field(_l("cân vào"), shown.grams),
    "ingredients": Field(_l("thành phần")),
    "invoice_buyer": _choice(_l("người mua là"), choices.INVOICE_BUYERS),
    "invoice_parts": Field(_l("đã sửa"), shown.all_of(choices.INVOICE_PARTS)),
    "is_chilled": Field(_l("giữ lạnh")),
    "is_offered": Field(_l("đang chào bán")),
    "kept": Field(_l("món còn giữ")),
    "kind": Field(_l("loại")),
    "label": Field(_l("tên gọi")),
    "english": Field(_l("lời tiếng Anh"), shown.texts),
    "labels_en": Field(_l("tên tiếng Anh các gói"), shown.by_name(shown.text)),
    "labels": Field(_l("tên các gói"), shown.by_name(shown.text)),
    "left": Field(_l("còn lại")),
    "legal_page": _choice(_l("trang"), choices.LEGAL_PAGES),
    "lot": Field(_l("lô")),
    "made_on": Field(_l("ngày làm"), shown.day),
    "mass_g": Field(_l("khối lượng cả gói"), shown.grams),
    "masses": Field(_l("khối lượng các gói"), shown.by_name(shown.grams)),
    "member": Field(_l("xã viên")),
    "mode": _choice(_l("cách chạy"), choices.CONTRACT_MODES),
    "name": Field(_l("tên")),
    "net": Field(_l("khối lượng tịnh"), shown.net),
    "nets": Field(_l("khối lượng tịnh các gói"), shown.by_name(shown.net)),
    "new": Field(_l("dòng mới")),
    "note": Field(_l("ghi chú")),
    "number": Field(_l("số")),
    "offered": Field(_l("gói đang chào bán"), shown.by_name(shown.text)),
    "old_address": Field(_l("địa chỉ cũ")),
    "on_hand": Field(_l("tồn")),
    "out_g": Field(_l("cân ra"), shown.grams),
    "outcome": Field(_l("kết quả")),
    "pack": Field(_l("gói")),
    "packed_on": Field(_l("ngày đóng gói"), shown.day),
    "packs": Field(_l("giá các gói"), shown.by_name(shown.money)),
    "payment_way": _choice(_l("cách trả tiền"), choices.PAYMENT_WAYS),
    "phone": Field(_l("số điện thoại"), shown.phone),
    "photo": Field(_l("tệp ảnh"), shown.file),
    "place": Field(_l("chỗ"), shown.store),
    "plot": Field(_l("thửa")),
    "price_vnd": Field(_l("giá"), shown.money),
    "product": Field(_l("sản phẩm")),
    "provider": Field(_l("bên thanh toán"), shown.provider),
    "provider_reference": Field(_l("số giao dịch bên thanh toán")),
    "province": Field(_l("tỉnh, thành phố"), shown.place),
    "province_codes": Field(_l("các tỉnh giao tới"), shown.provinces),
    "quantity": Field(_l("số gói")),
    "quantity_g": Field(_l("cân nặng"), shown.grams),
    "reason": Field(_l("lý do"), shown.reason),
    "recognised_by": Field(_l("nhận ra bằng")),
    "reference": Field(_l("mã giao dịch")),
    "refund": Field(_l("khoản hoàn")),
    "refund_limit_vnd": Field(_l("mức cần hai người"), shown.money),
    "refused": Field(_l("dòng có lỗi")),
    "registered_by": Field(_l("nơi cấp đăng ký")),
    "registered_on": Field(_l("ngày đăng ký"), shown.day),
    "registration_no": Field(_l("số đăng ký")),
    "responsible": Field(_l("người chịu trách nhiệm")),
    "revoked_on": Field(_l("thu hồi từ ngày"), shown.day),
    "role": _choice(_l("vai trò"), choices.ROLES),
    "shelf_life_days": Field(_l("hạn dùng từ ngày làm"), shown.days),
    "short": Field(_l("còn thiếu hàng")),
    "short_name": Field(_l("tên ngắn")),
    "show_name": Field(_l("cho hiện tên")),
    "sku": Field(_l("mã hàng")),
    "slip": Field(_l("phiếu cân")),
    "slug": Field(_l("địa chỉ trang")),
    "source": _choice(_l("nguồn"), choices.SOURCES),
    "stars": Field(_l("số sao")),
    "state": Field(_l("trạng thái")),
    "step": Field(_l("bước"), shown.step),
    "storage": Field(_l("bảo quản")),
    "storage_max_c": Field(_l("bảo quản nóng nhất"), shown.degrees),
    "storage_min_c": Field(_l("bảo quản lạnh nhất"), shown.degrees),
    "takes_cod": Field(_l("thu tiền khi giao")),
    "tax_class": _choice(_l("thuế"), choices.TAX_CLASSES),
    "tax_code": Field(_l("mã số thuế")),
    "text": Field(_l("lời báo"), shown.told),
    "total_vnd": Field(_l("tổng"), shown.money),
    "treatment": Field(_l("thuốc đã phun")),
    "tries": Field(_l("số lần thử")),
    "try": Field(_l("lần")),
    "unchanged": Field(_l("dòng như cũ")),
    "unit": Field(_l("đóng trong"), shown.container),
    "units": Field(_l("số gói")),
    "until": Field(_l("đến"), shown.day),
    "way": _choice(_l("cách hoàn"), choices.REFUND_WAYS),
    "without_phone": Field(_l("bỏ máy tạo mã")),
    "words": Field(_l("dặn thêm")),
}
"""By the name under which an act tells the value."""

OF_ACT: Mapping[tuple[str, str], Field] = {
    ("attempt_settled", "state"): _choice(_l("kết quả"), choices.ATTEMPT_STATES),
    ("entry_taken_back", "kind"): _choice(_l("loại"), choices.INPUT_KINDS),
    ("input_added", "source"): Field(_l("lô nguồn")),
    ("invoice_corrected", "number"): Field(_l("số hóa đơn")),
    ("invoice_issued", "number"): Field(_l("số hóa đơn")),
    ("money_received", "state"): _choice(_l("đơn"), choices.PAYMENT_STATES),
    ("packs_left", "kind"): _choice(_l("vì sao"), choices.MOVEMENT_KINDS),
    ("refund_accepted", "code"): Field(_l("mã trả lời")),
    ("refund_rejected", "code"): Field(_l("mã trả lời")),
    ("role_revoked", "until"): Field(_l("đến"), shown.end),
    ("submission_approved", "kind"): Field(_l("loại")),
    ("submission_approved", "packs"): Field(_l("giá các gói"), shown.label_prices),
    ("submission_approved", "words"): Field(_l("giới thiệu")),
}
"""Values that mean something else where one act tells them."""

OF_SUBJECT: Mapping[tuple[str, str], Field] = {
    ("batch", "state"): _choice(_l("trạng thái"), choices.BATCH_STATES),
    ("certificate", "kind"): _choice(_l("loại giấy"), choices.PAPER_KINDS),
    ("delivery_method", "kind"): _choice(_l("cách giao"), choices.DELIVERY_KINDS),
    ("import_run", "kind"): _choice(_l("bảng"), choices.IMPORT_KINDS),
    ("legal_text", "number"): Field(_l("bản số")),
    ("member", "code"): Field(_l("mã xã viên")),
    ("member", "kind"): _choice(_l("vai trò"), choices.ROLES),
    ("plot", "code"): Field(_l("mã nương")),
    ("problem_report", "reason"): _choice(_l("lý do"), choices.PROBLEM_REASONS),
    ("goods_return", "state"): _choice(_l("trạng thái"), choices.RETURN_STATES),
    ("problem_report", "state"): _choice(_l("trạng thái"), choices.PROBLEM_STATES),
    ("review", "state"): _choice(_l("trạng thái"), choices.REVIEW_STATES),
    ("product", "state"): _choice(_l("trạng thái"), choices.PRODUCT_STATES),
    ("submission", "kind"): _choice(_l("xin duyệt"), choices.SUBMISSION_KINDS),
    ("voucher", "kind"): _choice(_l("cách giảm"), choices.VOUCHER_KINDS),
    ("submission", "state"): _choice(_l("trạng thái"), choices.SUBMISSION_STATES),
}
"""Values that mean something else where an act is about a row of this table."""

BY_SKU = Field("", shown.packs)
"""What packing tells under the SKU of each pack: how many were made."""


def field(action: str, subject_kind: str, name: str) -> Field | None:
    """Return how a value is told that `action` on a row of `subject_kind` wrote down."""
    if action == "batch_packed" and name not in FIELDS:
        return BY_SKU
    own = OF_ACT.get((action, name)) or OF_SUBJECT.get((subject_kind, name))
    return own or FIELDS.get(name)
