"""How payments and refunds go at the simulator, and the messages about them."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from integrations import clock
from integrations.payments.vnpay.simulator import signing
from integrations.payments.vnpay.simulator.records import Records, Transaction

__all__ = [
    "CHOICES",
    "REFUSALS",
    "Refused",
    "answer",
    "choose",
    "notice_query",
    "open_payment",
    "refund_status",
    "refused",
    "wire_now",
]

CHOICES = {
    "00": "00",
    "24": "02",
    "51": "02",
    "13": "02",
    "75": "02",
    "11": "02",
    "09": "02",
    "10": "02",
    "12": "02",
    "65": "02",
    "79": "02",
    "07": "07",
    "99": "02",
}
"""How a person may let a payment end: response code, and the transaction status with it."""

_NEEDED = (
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_Amount",
    "vnp_CurrCode",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_Locale",
    "vnp_OrderInfo",
    "vnp_OrderType",
    "vnp_ReturnUrl",
    "vnp_TxnRef",
)
_GMT7 = timezone(timedelta(hours=7))
_USUAL_TIME = timedelta(minutes=15)
_WIRE = "%Y%m%d%H%M%S"


class Refused(Exception):
    """VNPay shows its own error page, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def wire_now(later: timedelta = timedelta(0)) -> str:
    """Return the time as VNPay writes it."""
    return (clock.now() + later).astimezone(_GMT7).strftime(_WIRE)


def _usual_end(created: str) -> str:
    """Return when a payment ends that names no end: 15 minutes after its beginning."""
    return (_moment(created) + _USUAL_TIME).strftime(_WIRE)


def _moment(text: str) -> datetime:
    """Return a moment as the wire writes it; `Refused` for a text that is none."""
    try:
        return datetime.strptime(text, _WIRE).replace(tzinfo=_GMT7)
    except ValueError:
        raise Refused("03") from None


def is_page_signed(fields: Mapping[str, str], secrets: tuple[str, ...], query: str = "") -> bool:
    """Return whether the address of a payment page has the signature of its site.

    Encoders write `*` and `~` in two ways: the text of `query` as it came counts as well.
    """
    given = fields.get("vnp_SecureHash", "").lower()
    made = {signing.over_query(fields, secret) for secret in secrets}
    return given in made | {signing.over_sent(query, fields, secret) for secret in secrets}


def open_payment(
    records: Records, fields: Mapping[str, str], secrets: tuple[str, ...], query: str = ""
) -> Transaction:
    """Return the payment that an address asks for; raise `Refused` as VNPay's page does."""
    if not is_page_signed(fields, secrets, query):
        raise Refused("70")
    amount = fields.get("vnp_Amount", "")
    if any(not fields.get(name) for name in _NEEDED) or not amount.isdecimal():
        raise Refused("03")
    if fields["vnp_CurrCode"] != "VND":
        raise Refused("03")
    expires = fields.get("vnp_ExpireDate") or _usual_end(fields["vnp_CreateDate"])
    _moment(expires)
    if expires < wire_now():
        raise Refused("15")
    known = records.transaction(fields["vnp_TmnCode"], fields["vnp_TxnRef"])
    if known is not None and (known.code or known.amount != amount):
        raise Refused("01")
    asked = Transaction(
        terminal=fields["vnp_TmnCode"],
        reference=fields["vnp_TxnRef"],
        amount=amount,
        info=fields["vnp_OrderInfo"],
        created=fields["vnp_CreateDate"],
        expires=expires,
        return_url=fields["vnp_ReturnUrl"],
        locale=fields["vnp_Locale"],
    )
    records.keep(asked)
    return asked


def choose(records: Records, transaction: Transaction, code: str) -> Transaction:
    """Let the payment end in this way and return it as it is then."""
    status = CHOICES[code]
    is_charged = code in {"00", "07"}
    ended = replace(
        transaction,
        code=code,
        status=status,
        number=records.next_number() if is_charged else "0",
        bank="NCB" if is_charged else "VNPAY",
        paid=wire_now(),
    )
    records.keep(ended)
    return ended


def notice_query(transaction: Transaction, secret: str, *, amount: str = "") -> str:
    """Return the signed query that tells how a payment ended; `amount` is that of a fault."""
    fields = {
        "vnp_Amount": amount or transaction.amount,
        "vnp_BankCode": transaction.bank,
        "vnp_BankTranNo": f"VNP{transaction.number}" if transaction.number != "0" else "",
        "vnp_CardType": "ATM" if transaction.number != "0" else "QRCODE",
        "vnp_OrderInfo": transaction.info,
        "vnp_PayDate": transaction.paid,
        "vnp_ResponseCode": transaction.code,
        "vnp_TmnCode": transaction.terminal,
        "vnp_TransactionNo": transaction.number,
        "vnp_TransactionStatus": transaction.status,
        "vnp_TxnRef": transaction.reference,
    }
    signature = signing.over_query(fields, secret)
    return f"{signing.query_of(fields)}&vnp_SecureHash={signature}"


_REFUND_ANSWERED = (
    "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate "
    "TransactionNo TransactionType TransactionStatus OrderInfo"
)
_ASKED = {
    "querydr": "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr "
    "OrderInfo",
    "refund": "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo "
    "TransactionDate CreateBy CreateDate IpAddr OrderInfo",
}
_ANSWERED = {
    "querydr": f"{_REFUND_ANSWERED} PromotionCode PromotionAmount",
    "refund": _REFUND_ANSWERED,
}


def _values(fields: Mapping[str, str], names: str) -> list[str]:
    return [fields.get(f"vnp_{name}", "") for name in names.split()]


def is_call_signed(asked: Mapping[str, str], secrets: tuple[str, ...]) -> bool:
    """Return whether a question has the signature of its site."""
    values = _values(asked, _ASKED.get(asked.get("vnp_Command", ""), ""))
    given = asked.get("vnp_SecureHash", "").lower()
    return given in {signing.over_fields(values, secret) for secret in secrets}


def answer(
    records: Records, asked: Mapping[str, str], secrets: tuple[str, ...], settle_after: float
) -> dict[str, str]:
    """Return the signed answer to a question at the transaction address."""
    command = asked.get("vnp_Command", "")
    told = {
        "vnp_ResponseId": uuid.uuid4().hex,
        "vnp_Command": command,
        "vnp_TmnCode": asked.get("vnp_TmnCode", ""),
        "vnp_TxnRef": asked.get("vnp_TxnRef", ""),
    }
    if command not in _ASKED or not asked.get("vnp_RequestId"):
        told |= {"vnp_ResponseCode": "03", "vnp_Message": "Invalid format"}
    elif not is_call_signed(asked, secrets):
        told |= {"vnp_ResponseCode": "97", "vnp_Message": "Invalid checksum"}
    elif command == "querydr":
        told |= _queried(records, asked, settle_after)
    else:
        told |= _refunded(records, asked, settle_after)
    return signed(told, secrets[0])


REFUSALS = {
    "16": "Refund is closed",
    "91": "Transaction not found",
    "93": "Invalid amount",
    "94": "Duplicate request",
    "95": "Transaction was not successful",
}
"""How a refund may be refused on demand: code and message."""


def refused(asked: Mapping[str, str], secret: str, code: str) -> dict[str, str]:
    """Return the answer that refuses a refund with one of `REFUSALS`; nothing happens."""
    told = {
        "vnp_ResponseId": uuid.uuid4().hex,
        "vnp_Command": asked.get("vnp_Command", ""),
        "vnp_ResponseCode": code,
        "vnp_Message": REFUSALS[code],
        "vnp_TmnCode": asked.get("vnp_TmnCode", ""),
        "vnp_TxnRef": asked.get("vnp_TxnRef", ""),
    }
    return signed(told, secret)


def signed(told: Mapping[str, str], secret: str) -> dict[str, str]:
    """Return an answer with its signature."""
    names = _ANSWERED.get(told.get("vnp_Command", ""), _REFUND_ANSWERED)
    signature = signing.over_fields(_values(told, names), secret)
    return {name: value for name, value in told.items() if name != "vnp_SecureHash"} | {
        "vnp_SecureHash": signature
    }


def _queried(records: Records, asked: Mapping[str, str], settle_after: float) -> dict[str, str]:
    found = records.transaction(asked["vnp_TmnCode"], asked.get("vnp_TxnRef", ""))
    if found is None or found.created != asked.get("vnp_TransactionDate", ""):
        return {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}
    told = {
        "vnp_ResponseCode": "00",
        "vnp_Message": "QueryDR Success",
        "vnp_Amount": found.amount,
        "vnp_BankCode": found.bank,
        "vnp_PayDate": found.paid,
        "vnp_TransactionNo": found.number,
        "vnp_TransactionType": "01",
        "vnp_TransactionStatus": found.status,
        "vnp_OrderInfo": found.info,
        "vnp_PromotionCode": "",
        "vnp_PromotionAmount": "",
    }
    refunds = records.refunds(found.terminal, found.reference)
    if not refunds:
        return told
    last = refunds[0]
    return told | {
        "vnp_Amount": last["amount"],
        "vnp_TransactionNo": last["number"],
        "vnp_TransactionType": last["type"],
        "vnp_TransactionStatus": refund_status(last, settle_after),
    }


def refund_status(refund: Mapping[str, str], settle_after: float) -> str:
    """Return 05 while VNPay works on a refund, then 06, unless a person said otherwise."""
    if refund["status"] != "05":
        return refund["status"]
    age = clock.now().timestamp() - float(refund["at"])
    return "06" if age >= settle_after else "05"


def _refunded(records: Records, asked: Mapping[str, str], settle_after: float) -> dict[str, str]:
    terminal, reference = asked["vnp_TmnCode"], asked.get("vnp_TxnRef", "")
    found = records.transaction(terminal, reference)
    refusal = _why_not(records, found, asked, settle_after)
    if refusal:
        return refusal
    number = records.next_number()
    facts = {
        "amount": asked["vnp_Amount"],
        "type": asked["vnp_TransactionType"],
        "status": "05",
        "number": number,
        "at": str(clock.now().timestamp()),
    }
    if not records.keep_refund(terminal, asked["vnp_RequestId"], reference, facts):
        return {"vnp_ResponseCode": "94", "vnp_Message": "Duplicate request"}
    return {
        "vnp_ResponseCode": "00",
        "vnp_Message": "Refund success",
        "vnp_Amount": asked["vnp_Amount"],
        "vnp_BankCode": found.bank if found else "",
        "vnp_PayDate": wire_now(),
        "vnp_TransactionNo": number,
        "vnp_TransactionType": asked["vnp_TransactionType"],
        "vnp_TransactionStatus": "05",
        "vnp_OrderInfo": asked.get("vnp_OrderInfo", ""),
    }


def _why_not(
    records: Records, found: Transaction | None, asked: Mapping[str, str], settle_after: float
) -> dict[str, str]:
    if found is None or found.created != asked.get("vnp_TransactionDate", ""):
        return {"vnp_ResponseCode": "91", "vnp_Message": "Transaction not found"}
    if found.status != "00":
        return {"vnp_ResponseCode": "95", "vnp_Message": "Transaction was not successful"}
    before = records.refunds(found.terminal, found.reference)
    if any(one["request_id"] == asked["vnp_RequestId"] for one in before):
        return {"vnp_ResponseCode": "94", "vnp_Message": "Duplicate request"}
    amount = asked.get("vnp_Amount", "")
    gone = sum(int(one["amount"]) for one in before if one["status"] != "09")
    is_whole = asked.get("vnp_TransactionType") == "02"
    fits = amount.isdecimal() and 0 < int(amount) <= int(found.amount) - gone
    if not fits or (is_whole and amount != found.amount):
        return {"vnp_ResponseCode": "93", "vnp_Message": "Invalid amount"}
    return {}
