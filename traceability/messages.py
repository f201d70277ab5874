"""What each refusal of the codes says to people, in Vietnamese."""

from traceability.errors import TraceabilityError

__all__ = ["SENTENCES", "sentence"]

SENTENCES = {
    "bad_charset": "Có ký tự không được dùng trong mã",
    "bad_check_digit": "Số kiểm tra ở cuối không khớp, mã có thể bị gõ sai",
    "bad_country": "Không có mã nước này",
    "bad_currency": "Không có mã tiền tệ này",
    "bad_date": "Không có ngày giờ này",
    "bad_leading_digit": "Chữ số đầu phải là 0",
    "bad_length": "Số chữ số không đúng",
    "bad_piece": "Phần thứ mấy trên tổng số mấy ghi không đúng",
    "bad_qualifier_sequence": "Lô, số sê-ri và các phần đi kèm đứng sai thứ tự",
    "bad_request": "Yêu cầu không đúng mẫu",
    "conflicting_duplicate": "Cùng một mục ghi hai giá trị khác nhau",
    "duplicate_query_ai": "Một mục ghi hai lần trong địa chỉ",
    "empty_value": "Thiếu giá trị",
    "illegal_null": "Địa chỉ chứa ký tự rỗng",
    "missing_required_ai": "Thiếu mục bắt buộc đi kèm",
    "mutually_exclusive_ai": "Có hai mục không được đi cùng nhau",
    "no_domain": "Địa chỉ thiếu tên miền hoặc tên miền không hợp lệ",
    "no_epc_urn": "Mã này không có dạng EPC URN",
    "non_digit": "Chỉ được dùng chữ số từ 0 đến 9",
    "not_digital_link": "Không phải địa chỉ GS1 Digital Link",
    "not_epc_urn": "Không phải EPC URN đã biết",
    "qualifier_in_query": "Mục này phải nằm trong đường dẫn, không nằm sau dấu hỏi",
    "too_long": "Dài quá mức cho phép",
    "too_short": "Ngắn hơn mức cho phép",
    "unknown_ai": "Không có mục GS1 này",
    "unknown_key": "Không có loại mã này",
}
"""One sentence per kind of error of the codes, without full stop."""


def sentence(error: TraceabilityError, lang: str) -> str:
    """Return what `error` says in `lang`: `vi`, else the English message, with the piece at fault.

    >>> error = TraceabilityError("unknown_ai", "no such application identifier", subject="9999")
    >>> sentence(error, "vi")
    'Không có mục GS1 này: 9999'
    """
    said = SENTENCES.get(error.kind, error.message) if lang == "vi" else error.message
    return said if error.subject in said else f"{said}: {error.subject}"
