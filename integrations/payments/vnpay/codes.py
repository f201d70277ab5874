"""What VNPay's codes mean: the tables of its documentation, read for the office in Vietnamese.

Response codes of notices, transaction states, and the codes that answer a query or a refund
(documentation 2.1.0, tables "Bảng mã lỗi" of the PAY, querydr and refund commands). The PDF
edition has 05 and 06 where the web page has 51 and 13; both are read.
"""

from integrations.payments.protocol import Outcome, Verdict

__all__ = ["ANSWERS", "PAYMENT_CODES", "QUERY_CODES", "REFUND_CODES", "STATUS"]

_BUYER = Outcome.FAILED

PAYMENT_CODES: dict[str, tuple[Outcome, str]] = {
    "00": (Outcome.PAID, "Giao dịch thành công."),
    "05": (_BUYER, "Tài khoản không đủ tiền."),
    "06": (_BUYER, "Khách nhập sai mã OTP."),
    "07": (Outcome.REVIEW, "Đã trừ tiền, nhưng VNPay nghi giao dịch gian lận."),
    "09": (_BUYER, "Thẻ hoặc tài khoản chưa đăng ký Internet Banking."),
    "10": (_BUYER, "Khách nhập sai thông tin thẻ quá 3 lần."),
    "11": (Outcome.EXPIRED, "Hết thời gian chờ thanh toán."),
    "12": (_BUYER, "Thẻ hoặc tài khoản bị khóa."),
    "13": (_BUYER, "Khách nhập sai mã OTP."),
    "24": (Outcome.CANCELLED, "Khách hủy giao dịch."),
    "51": (_BUYER, "Tài khoản không đủ tiền."),
    "65": (_BUYER, "Tài khoản vượt hạn mức trong ngày."),
    "75": (_BUYER, "Ngân hàng đang bảo trì, thử lại sau."),
    "79": (_BUYER, "Khách nhập sai mật khẩu thanh toán quá số lần."),
    "99": (_BUYER, "Lỗi khác ở VNPay hoặc ngân hàng."),
}
"""`vnp_ResponseCode` of a return or an IPN."""

STATUS: dict[str, tuple[Outcome, str]] = {
    "00": (Outcome.PAID, "Giao dịch thành công."),
    "01": (Outcome.PENDING, "Giao dịch chưa xong."),
    "02": (Outcome.FAILED, "Giao dịch bị lỗi."),
    "04": (Outcome.REVIEW, "Ngân hàng đã trừ tiền nhưng VNPay chưa ghi nhận thành công."),
    "05": (Outcome.PAID, "VNPay đang xử lý hoàn tiền."),
    "06": (Outcome.PAID, "VNPay đã gửi lệnh hoàn tiền sang ngân hàng."),
    "07": (Outcome.REVIEW, "VNPay nghi giao dịch gian lận."),
    "08": (Outcome.EXPIRED, "Giao dịch hết thời gian chờ."),
    "09": (Outcome.PAID, "Ngân hàng từ chối hoàn tiền."),
    "10": (Outcome.PAID, "Đã giao hàng."),
    "11": (Outcome.CANCELLED, "Giao dịch bị hủy."),
    "20": (Outcome.PAID, "VNPay đã quyết toán cho người bán."),
}
"""`vnp_TransactionStatus`: the state of the payment, or of its refund (05, 06, 09)."""

QUERY_CODES: dict[str, str] = {
    "00": "VNPay trả lời được.",
    "02": "Mã website (TmnCode) không đúng.",
    "03": "Dữ liệu gửi sang VNPay sai định dạng.",
    "08": "VNPay đang bảo trì.",
    "91": "VNPay không có giao dịch này.",
    "94": "VNPay vừa nhận yêu cầu này rồi.",
    "97": "Khóa bí mật không khớp với VNPay.",
    "99": "Lỗi khác ở VNPay.",
}
"""`vnp_ResponseCode` of the answer to `querydr`: whether the question was answered."""

REFUND_CODES: dict[str, str] = {
    "00": "VNPay đã nhận yêu cầu hoàn tiền.",
    "02": "Mã website (TmnCode) không đúng.",
    "03": "Dữ liệu gửi sang VNPay sai định dạng.",
    "08": "VNPay đang bảo trì.",
    "16": "Giờ này VNPay không nhận hoàn tiền.",
    "91": "VNPay không có giao dịch này.",
    "93": "Số tiền hoàn không hợp lệ.",
    "94": "Yêu cầu hoàn này VNPay đã nhận và đang xử lý.",
    "95": "Giao dịch này không thành công ở VNPay nên không hoàn được.",
    "97": "Khóa bí mật không khớp với VNPay.",
    "99": "Lỗi khác ở VNPay.",
}
"""`vnp_ResponseCode` of the answer to `refund`: whether VNPay took the request."""

ANSWERS: dict[Verdict, tuple[str, str]] = {
    Verdict.RECORDED: ("00", "Confirm Success"),
    Verdict.REPEATED: ("02", "Order already confirmed"),
    Verdict.UNKNOWN_REFERENCE: ("01", "Order not found"),
    Verdict.WRONG_AMOUNT: ("04", "Invalid amount"),
    Verdict.NOT_SIGNED: ("97", "Invalid signature"),
    Verdict.TROUBLE: ("99", "Unknown error"),
}
"""`RspCode` and `Message` that answer an IPN; 00 and 02 end VNPay's calls."""
