"""What VNPay's codes mean: the tables of its documentation, read for the office in Vietnamese.

Response codes of notices, transaction states, and the codes that answer a query or a refund
(documentation 2.1.0, tables "Bảng mã lỗi" of the PAY, querydr and refund commands). The PDF
edition has 05 and 06 where the web page has 51 and 13; both are read.
"""

import json

from integrations.errors import Words
from integrations.http import Reply
from integrations.payments.protocol import Cause, Outcome, Verdict

__all__ = ["ANSWERS", "CAUSES", "PAYMENT_CODES", "QUERY_CODES", "REFUND_CODES", "STATUS", "answer"]

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

CAUSES: dict[str, Cause] = {
    "05": Cause.NOT_ENOUGH_MONEY,
    "06": Cause.WRONG_CODE,
    "09": Cause.NOT_REGISTERED,
    "10": Cause.WRONG_DETAILS,
    "12": Cause.LOCKED,
    "13": Cause.WRONG_CODE,
    "51": Cause.NOT_ENOUGH_MONEY,
    "65": Cause.OVER_LIMIT,
    "75": Cause.BANK_DOWN,
    "79": Cause.WRONG_CODE,
}
"""What the failures among `PAYMENT_CODES` are about; any other code says nothing that helps."""

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

QUERY_CODES: dict[str, Words] = {
    "00": Words("VNPay trả lời được.", "VNPay answered."),
    "02": Words("Mã website (TmnCode) không đúng.", "The site code (TmnCode) is not right."),
    "03": Words(
        "Dữ liệu gửi sang VNPay sai định dạng.",
        "VNPay says that the request is malformed.",
    ),
    "08": Words("VNPay đang bảo trì.", "VNPay is being maintained."),
    "91": Words("VNPay không có giao dịch này.", "VNPay has no such payment."),
    "94": Words("VNPay vừa nhận yêu cầu này rồi.", "VNPay has this request already."),
    "97": Words("Khóa bí mật không khớp với VNPay.", "The secret is not the one that VNPay has."),
    "99": Words("Lỗi khác ở VNPay.", "Another fault at VNPay."),
}
"""`vnp_ResponseCode` of the answer to `querydr`: whether the question was answered."""

REFUND_CODES: dict[str, Words] = {
    "00": Words("VNPay đã nhận yêu cầu hoàn tiền.", "VNPay has taken the refund."),
    "02": Words("Mã website (TmnCode) không đúng.", "The site code (TmnCode) is not right."),
    "03": Words(
        "Dữ liệu gửi sang VNPay sai định dạng.",
        "VNPay says that the request is malformed.",
    ),
    "08": Words("VNPay đang bảo trì.", "VNPay is being maintained."),
    "16": Words("Giờ này VNPay không nhận hoàn tiền.", "VNPay takes no refunds at this hour."),
    "91": Words("VNPay không có giao dịch này.", "VNPay has no such payment."),
    "93": Words("Số tiền hoàn không hợp lệ.", "The amount to refund is not valid."),
    "94": Words(
        "Yêu cầu hoàn này VNPay đã nhận và đang xử lý.",
        "VNPay has this refund already and works on it.",
    ),
    "95": Words(
        "Giao dịch này không thành công ở VNPay nên không hoàn được.",
        "The payment did not succeed at VNPay, so it cannot be refunded.",
    ),
    "97": Words("Khóa bí mật không khớp với VNPay.", "The secret is not the one that VNPay has."),
    "99": Words("Lỗi khác ở VNPay.", "Another fault at VNPay."),
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


def answer(verdict: Verdict) -> Reply:
    """Return the JSON that answers an IPN; it needs no contract and holds no signature."""
    code, message = ANSWERS[verdict]
    return Reply(200, json.dumps({"RspCode": code, "Message": message}).encode())
