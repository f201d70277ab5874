"""Between VNPay's fields and the values of the protocol: times, amounts, texts, outcomes."""

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from integrations.errors import Rejected
from integrations.payments.protocol import (
    Outcome,
    PaymentNotification,
    PaymentReport,
    PaymentRequest,
    RefundState,
)
from integrations.payments.vnpay.codes import PAYMENT_CODES, STATUS

__all__ = [
    "amount_vnd",
    "create_fields",
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

_REFERENCE = re.compile("[A-Za-z0-9_-]{1,100}")
_BANK = re.compile("[A-Za-z0-9]{3,20}")
_AMOUNT = re.compile("[0-9]{1,12}")
_TIME = re.compile("[0-9]{14}")
_ENCODED_DIFFERENTLY = frozenset("~*!'()")
_UNWANTED = re.compile("[^A-Za-z0-9 .,:_/-]+")


def wire_time(instant: datetime) -> str:
    """Return an aware moment as VNPay writes it: `yyyyMMddHHmmss` in GMT+7.

    >>> from datetime import UTC
    >>> wire_time(datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
    '20270101003000'
    """
    if instant.tzinfo is None:
        raise ValueError("a moment needs its time zone")
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
    """Return whole đồng of an amount in hundredths; `None` unless it is digits of whole đồng."""
    if not _AMOUNT.fullmatch(text) or not text.endswith("00"):
        return None
    return int(text) // 100


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
    in different ways so that its hash might not fit.
    """
    _check(request)
    fields = {
        "vnp_Version": "2.1.0",
        "vnp_Command": "pay",
        "vnp_TmnCode": terminal,
        "vnp_Amount": str(request.amount_vnd * 100),
        "vnp_CurrCode": "VND",
        "vnp_BankCode": request.method,
        "vnp_CreateDate": wire_time(request.created_at),
        "vnp_IpAddr": request.payer_address,
        "vnp_Locale": "en" if request.locale == "en" else "vn",
        "vnp_OrderInfo": plain(request.description),
        "vnp_OrderType": "other",
        "vnp_ReturnUrl": request.return_url,
        "vnp_TxnRef": request.reference,
    }
    if request.expires_at is not None:
        fields["vnp_ExpireDate"] = wire_time(request.expires_at)
    return {name: value for name, value in fields.items() if value}


def _check(request: PaymentRequest) -> None:
    if isinstance(request.amount_vnd, bool) or not 1 <= request.amount_vnd <= MOST_VND:
        raise _refused("amount_vnd", f"Số tiền phải từ 1 đến {MOST_VND} đồng.")
    if not _REFERENCE.fullmatch(request.reference):
        raise _refused("reference", "Mã giao dịch chỉ gồm chữ, số, - và _, nhiều nhất 100.")
    url = request.return_url
    fits = 10 <= len(url) <= 255 and url.isascii() and " " not in url
    if not fits or not url.startswith(("https://", "http://")) or _ENCODED_DIFFERENTLY & set(url):
        raise _refused("return_url", "Địa chỉ quay về dài 10 đến 255 chữ, không có ~ * ! ' ( ).")
    if request.method and not _BANK.fullmatch(request.method):
        raise _refused("method", "Mã ngân hàng gồm 3 đến 20 chữ hoặc số.")
    try:
        ipaddress.ip_address(request.payer_address)
    except ValueError as error:
        raise _refused("payer_address", "Địa chỉ IP của khách không đúng.") from error


def _refused(name: str, text: str) -> Rejected:
    return Rejected(f"{name} is not usable", provider="vnpay", code=name, text=text)


def _judged(code: str, status: str) -> tuple[Outcome, str]:
    """Return what a response code and a transaction state mean together.

    Paid means both say so; a doubt of either is for a person; otherwise the code names the cause.
    """
    by_code = PAYMENT_CODES.get(code, (Outcome.FAILED, f"VNPay báo mã {code or '(trống)'}."))
    by_status = STATUS.get(
        status, (Outcome.FAILED, f"VNPay báo trạng thái {status or '(trống)'}.")
    )
    if by_code[0] is Outcome.PAID:
        return by_status
    if by_status[0] is Outcome.REVIEW:
        return by_status
    return by_code


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
    )


def report(fields: Mapping[str, str], call_id: str) -> PaymentReport:
    """Return what the fields of an answer to `querydr` say; their signature is checked already."""
    status = fields.get("vnp_TransactionStatus", "")
    outcome, text = STATUS.get(status, (Outcome.FAILED, f"VNPay báo trạng thái {status}."))
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
