"""Between VNPay's fields and the values of the protocol: times, amounts, texts, outcomes."""

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from integrations.errors import Rejected, Words
from integrations.payments.protocol import (
    Cause,
    Outcome,
    PaymentNotification,
    PaymentReport,
    PaymentRequest,
    RefundState,
)
from integrations.payments.vnpay.codes import CAUSES, PAYMENT_CODES, STATUS

__all__ = [
    "amount_vnd",
    "create_fields",
    "is_amount",
    "moment",
    "notification",
    "plain",
    "refund_state",
    "report",
    "wire_time",
]

VIETNAM = timezone(timedelta(hours=7), "GMT+7")
"""A fixed offset: the zone of the server must not matter (no daylight saving since 1975)."""

MOST_VND = 9_999_999_999

_FOR_A_PERSON = frozenset({"04", "05", "06", "07", "09"})
"""States of which no notice means paid: reversed, suspected fraud, or a refund on its way."""

_REFERENCE = re.compile("[A-Za-z0-9_-]{1,100}")
_BANK = re.compile("[A-Za-z0-9]{3,20}")
_AMOUNT = re.compile("[1-9][0-9]{0,11}")
_TIME = re.compile("[0-9]{14}")
_ENCODED_DIFFERENTLY = frozenset("~*!'()")
_UNWANTED = re.compile("[^A-Za-z0-9 .,:_/-]+")


def wire_time(instant: datetime, name: str = "created_at") -> str:
    """Return an aware moment as VNPay writes it: `yyyyMMddHHmmss` in GMT+7.

    Raises `Rejected` with `name` as `code` for one without its time zone.

    >>> from datetime import UTC
    >>> wire_time(datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
    '20270101003000'
    """
    if instant.tzinfo is None:
        raise _refused(name, Words("Thời điểm phải kèm múi giờ.", "A moment needs its time zone."))
    return instant.astimezone(VIETNAM).strftime("%Y%m%d%H%M%S")


def moment(text: str) -> datetime | None:
    """Return the moment that VNPay wrote, or `None` for a text that is none."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return None


def amount_vnd(text: str) -> int | None:
    """Return whole đồng of an amount in hundredths; `None` unless VNPay would write it so.

    Digits of whole đồng without separator, sign, blank or leading zero (Numeric[1,12]).
    """
    if not _AMOUNT.fullmatch(text) or not text.endswith("00"):
        return None
    return int(text) // 100


def is_amount(value: object) -> bool:
    """Return whether `value` is whole đồng that VNPay takes; no float, text or truth is."""
    return type(value) is int and 1 <= value <= MOST_VND


def plain(text: str) -> str:
    """Return a description as VNPay asks for it: no marks, no special characters, 255 at most.

    >>> plain("Trà La Bằng – đơn số 6 (2 gói)")
    'Tra La Bang - don so 6 2 goi'
    """
    text = text.replace("đ", "d").replace("Đ", "D").replace("\u2013", "-").replace("\u2014", "-")
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text)
        if not unicodedata.combining(letter)
    )
    return " ".join(_UNWANTED.sub(" ", bare).split())[:255].rstrip() or "Thanh toan don hang"


def create_fields(request: PaymentRequest, terminal: str) -> dict[str, str]:
    """Return the unsigned fields of a payment page's address (documentation, command `pay`).

    Raises `Rejected` with the field as `code` for what VNPay would refuse, or what encoders write
    in different ways so that its hash might not fit. The documentation asks for an end
    (`vnp_ExpireDate`); a request without one leaves it out, as VNPay's older terminals take it.
    """
    _check(request)
    created = wire_time(request.created_at)
    expires = wire_time(request.expires_at, "expires_at") if request.expires_at else ""
    if expires and expires <= created:
        raise _refused(
            "expires_at",
            Words("Hạn thanh toán phải sau lúc bắt đầu.", "The end must be after the beginning."),
        )
    fields = {
        "vnp_Version": "2.1.0",
        "vnp_Command": "pay",
        "vnp_TmnCode": terminal,
        "vnp_Amount": str(request.amount_vnd * 100),
        "vnp_CurrCode": "VND",
        "vnp_BankCode": request.method,
        "vnp_CreateDate": created,
        "vnp_ExpireDate": expires,
        "vnp_IpAddr": request.payer_address,
        "vnp_Locale": "en" if request.locale == "en" else "vn",
        "vnp_OrderInfo": plain(request.description),
        "vnp_OrderType": "other",
        "vnp_ReturnUrl": request.return_url,
        "vnp_TxnRef": request.reference,
    }
    return {name: value for name, value in fields.items() if value}


def _check(request: PaymentRequest) -> None:
    if not is_amount(request.amount_vnd):
        raise _refused(
            "amount_vnd",
            Words(
                f"Số tiền phải từ 1 đến {MOST_VND:,} đồng.".replace(",", "."),
                f"The amount is 1 to {MOST_VND:,} đồng.",
            ),
        )
    if not _REFERENCE.fullmatch(request.reference):
        raise _refused(
            "reference",
            Words(
                "Mã giao dịch chỉ gồm chữ, số, - và _, nhiều nhất 100.",
                "A reference has letters, digits, - and _ alone, 100 at most.",
            ),
        )
    if words := _wrong_return(request.return_url):
        raise _refused("return_url", words)
    if request.method and not _BANK.fullmatch(request.method):
        raise _refused(
            "method",
            Words(
                "Mã ngân hàng gồm 3 đến 20 chữ hoặc số.",
                "A bank's code has 3 to 20 letters or digits.",
            ),
        )
    try:
        ipaddress.ip_address(request.payer_address)
    except ValueError as error:
        raise _refused(
            "payer_address",
            Words("Địa chỉ IP của khách không đúng.", "The buyer's IP address is not right."),
        ) from error


def _wrong_return(url: str) -> Words | None:
    """Return what is wrong with a return address, `None` for one that VNPay takes."""
    if not url.startswith(("https://", "http://")):
        return Words(
            "Địa chỉ quay về phải bắt đầu bằng https:// (http:// chỉ để thử).",
            "The return address begins with https:// (http:// only for trying).",
        )
    if not url.isascii():
        return Words(
            "Địa chỉ quay về chỉ có chữ không dấu: tên miền viết dạng xn--, phần sau dạng %.",
            "The return address has ASCII letters alone: xn-- for the host's name, % behind it.",
        )
    if not 10 <= len(url) <= 255:
        return Words(
            f"Địa chỉ quay về dài 10 đến 255 chữ, ở đây {len(url)}.",
            f"The return address has 10 to 255 letters, this one {len(url)}.",
        )
    if " " in url or _ENCODED_DIFFERENTLY & set(url):
        return Words(
            "Địa chỉ quay về không có khoảng trống và không có ~ * ! ' ( ).",
            "The return address has no blanks and none of ~ * ! ' ( ).",
        )
    return None


def _refused(name: str, words: Words) -> Rejected:
    return Rejected(f"{name} is not usable", provider="vnpay", code=name, words=words)


def _judged(code: str, status: str) -> tuple[Outcome, str]:
    """Return what a response code and a transaction state mean together.

    Paid means both say so; a doubt of either, or money on its way back, is for a person. Where
    one says paid and the other does not, or neither says anything, nothing is decided (a query
    will): unless the state itself is an end. Else the code names the cause.
    """
    if status in _FOR_A_PERSON:
        return Outcome.REVIEW, STATUS[status][1]
    outcome, text = PAYMENT_CODES.get(code, (Outcome.FAILED, f"VNPay báo mã {code or '(trống)'}."))
    said, state = STATUS.get(status, (Outcome.PENDING, f"VNPay báo trạng thái {status}."))
    if outcome is Outcome.REVIEW or (outcome is Outcome.PAID and status == "00"):
        return outcome, text
    if not status and code in {"", "00"}:
        return Outcome.PENDING, "VNPay chưa nói giao dịch đã xong hay chưa."
    if outcome is Outcome.PAID:
        return (Outcome.PENDING if said is Outcome.PAID else said), state
    if said is Outcome.PAID:
        return Outcome.PENDING, f"VNPay báo mã {code or '(trống)'} nhưng trạng thái {status}."
    return outcome, text


def notification(fields: Mapping[str, str]) -> PaymentNotification:
    """Return what the fields of a return or an IPN say; their signature is checked already."""
    code = fields.get("vnp_ResponseCode", "")
    outcome, text = _judged(code, fields.get("vnp_TransactionStatus", ""))
    return PaymentNotification(
        reference=fields.get("vnp_TxnRef", ""),
        amount_vnd=amount_vnd(fields.get("vnp_Amount", "")),
        outcome=outcome,
        provider_reference=fields.get("vnp_TransactionNo", ""),
        code=code,
        text=text,
        paid_at=moment(fields.get("vnp_PayDate", "")),
        bank=fields.get("vnp_BankCode", ""),
        cause=CAUSES.get(code, Cause.OTHER),
    )


def report(fields: Mapping[str, str], call_id: str) -> PaymentReport:
    """Return what the fields of an answer to `querydr` say; their signature is checked already."""
    status = fields.get("vnp_TransactionStatus", "")
    outcome, text = STATUS.get(status, (Outcome.PENDING, f"VNPay báo trạng thái {status}."))
    refund = refund_state(fields)
    return PaymentReport(
        reference=fields.get("vnp_TxnRef", ""),
        amount_vnd=amount_vnd(fields.get("vnp_Amount", "")),
        outcome=Outcome.PAID if refund else outcome,
        provider_reference=fields.get("vnp_TransactionNo", ""),
        code=status,
        text=text,
        paid_at=moment(fields.get("vnp_PayDate", "")),
        bank=fields.get("vnp_BankCode", ""),
        refund=refund,
        call_id=call_id,
    )


def refund_state(fields: Mapping[str, str]) -> RefundState | None:
    """Return how far the refund is that these fields are about; `None` for a payment's."""
    if fields.get("vnp_TransactionType") not in {"02", "03"}:
        return None
    status = fields.get("vnp_TransactionStatus", "")
    if status in {"00", "06"}:
        return RefundState.SETTLED
    return RefundState.REJECTED if status in {"02", "09"} else RefundState.ACCEPTED
