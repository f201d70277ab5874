"""The one error of this package, and the sentence that tells a person what to do about it."""

from typing import Literal

from integrations.errors import IntegrationError

__all__ = ["MESSAGES", "InvalidVietQR", "Kind"]

Kind = Literal[
    "bad_bin",
    "bad_account",
    "bad_amount",
    "bad_memo",
    "memo_too_long",
    "empty",
    "malformed",
    "crc_missing",
    "crc_mismatch",
    "duplicate_field",
    "unsupported_scheme",
    "template_malformed",
    "missing_field",
    "bad_value",
]

MESSAGES: dict[Kind, dict[str, str]] = {
    "bad_bin": {
        "vi": "Mã ngân hàng (BIN) phải gồm đúng 6 chữ số.",
        "en": "The bank number (BIN) must be exactly 6 digits.",
    },
    "bad_account": {
        "vi": "Số tài khoản hoặc số thẻ phải gồm 1 đến 19 chữ số hoặc chữ cái không dấu, "
        "không có khoảng trắng.",
        "en": "The account or card number must be 1 to 19 digits or unaccented letters, "
        "without blanks.",
    },
    "bad_amount": {
        "vi": "Số tiền phải là số nguyên đồng, từ 1 đến 9999999999999, "
        "không có dấu chấm hay dấu phẩy.",
        "en": "The amount must be whole đồng from 1 to 9999999999999, "
        "without full stops or commas.",
    },
    "bad_memo": {
        "vi": "Nội dung chuyển khoản phải viết không dấu: Tra La Bang, không phải Trà La Bằng.",
        "en": "The memo must be written without marks: Tra La Bang, not Trà La Bằng.",
    },
    "memo_too_long": {
        "vi": "Nội dung chuyển khoản dài quá 25 ký tự.",
        "en": "The memo is longer than 25 characters.",
    },
    "empty": {
        "vi": "Không có nội dung nào để đọc.",
        "en": "There is nothing to read.",
    },
    "malformed": {
        "vi": "Đây không phải mã VietQR, hoặc mã đã hỏng.",
        "en": "This is not a VietQR code, or it is damaged.",
    },
    "crc_missing": {
        "vi": "Mã không kết thúc bằng phần kiểm tra (trường 63): mã bị thiếu hoặc bị nối thêm.",
        "en": "The code does not end with its check value (field 63): it is cut or added to.",
    },
    "crc_mismatch": {
        "vi": "Phần kiểm tra không khớp: mã đã bị sửa hoặc đọc sai. Đừng chuyển tiền theo mã này.",
        "en": "The check value does not match: the code was altered or misread. Do not pay to it.",
    },
    "duplicate_field": {
        "vi": "Một trường xuất hiện hai lần nên không biết giá trị nào đúng.",
        "en": "One field stands there twice, so it is unclear which one counts.",
    },
    "unsupported_scheme": {
        "vi": "Đây là mã của dịch vụ thanh toán khác, không phải mã chuyển khoản VietQR.",
        "en": "This code belongs to another payment service; it is not a VietQR transfer code.",
    },
    "template_malformed": {
        "vi": "Độ dài ghi bên trong mã không khớp: số tài khoản có thể bị cụt. "
        "Đừng chuyển tiền theo mã này.",
        "en": "The lengths inside the code do not fit, so the account may be cut. "
        "Do not pay to it.",
    },
    "missing_field": {
        "vi": "Mã thiếu một trường bắt buộc.",
        "en": "A field that must be there is missing.",
    },
    "bad_value": {
        "vi": "Có một giá trị không hợp lệ.",
        "en": "A value is not valid.",
    },
}


class InvalidVietQR(IntegrationError):
    """These values make no VietQR code, or this text is not one that may be paid to.

    `kind` is the reason; `field` is the place, where there is one: the path of an object in the
    code such as `38.01.01`, or the name of a value that the encoder does not know. Neither holds
    anything of the code's content, so the error may be logged.
    """

    def __init__(self, kind: Kind, field: str | None = None) -> None:
        super().__init__(f"{kind}: {field}" if field else kind)
        self.kind, self.field = kind, field

    def message(self, lang: str = "vi") -> str:
        """Return the sentence for people, in Vietnamese (`vi`) or English (`en`)."""
        sentence = MESSAGES[self.kind]["en" if lang == "en" else "vi"]
        if self.field is None:
            return sentence
        return f"{sentence} ({'field' if lang == 'en' else 'trường'} {self.field})"
