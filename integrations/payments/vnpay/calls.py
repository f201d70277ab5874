"""Signed questions to VNPay, and the answers to them: checked, read, sorted by what to do next."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from integrations.errors import (
    BadSignature,
    NextStep,
    Rejected,
    Seen,
    Unauthorized,
    Unreachable,
    Words,
)
from integrations.http import Answer, Caller, new_call_id
from integrations.payments.protocol import Outcome, PaymentQuery, PaymentReport
from integrations.payments.vnpay import mapping, signing
from integrations.payments.vnpay.checksums import QUERY, QUERY_ANSWER
from integrations.payments.vnpay.codes import QUERY_CODES
from integrations.payments.vnpay.settings import Settings

__all__ = ["Calls", "Told", "Transactions", "refused", "unclear"]

log = logging.getLogger("integrations")

_CODE, _MALFORMED = "vnp_ResponseCode", "03"
_WRONG_KEYS = {"02", "97"}
_SLOW = {408, 425}
"""HTTP: the server could not read the question in time (RFC 9110, 15.5.9; RFC 8470, 5.2)."""
_LATER = {"08", "16"}
_TAKEN = {"00", "94"}
_NOT_SIGNED = Words(
    "Câu trả lời không có chữ ký đúng của VNPay nên không dùng được.",
    "The answer is not signed as VNPay signs, so it cannot be used.",
)
_GARBAGE = Words(
    "VNPay trả lời không đọc được. Thử lại sau ít phút.",
    "VNPay's answer cannot be read. Try again in a few minutes.",
)
_OTHER = Words(
    "VNPay trả lời không khớp với yêu cầu. Phải hỏi lại VNPay trước khi làm tiếp.",
    "VNPay's answer is not to this request. Ask VNPay before you go on.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of an answer, and what an error may tell of it."""

    fields: Mapping[str, str]
    seen: Seen

    def get(self, name: str) -> str:
        """Return what a field says; empty where it is not there."""
        return self.fields.get(name, "")


class Calls:
    """Signed questions to VNPay's transaction address, and answers whose signature was checked."""

    def __init__(self, settings: Settings, caller: Caller, now: Callable[[], datetime]) -> None:
        self.settings, self._caller, self._now = settings, caller, now

    def ask(
        self,
        fields: dict[str, str],
        *,
        signed: Sequence[str],
        answered: Sequence[str],
        is_write: bool,
    ) -> Told:
        """Return the answer to `fields`, which are completed and signed first."""
        body = {
            "vnp_Version": "2.1.0",
            "vnp_TmnCode": self.settings.tmn_code,
            "vnp_CreateDate": mapping.wire_time(self._now()),
            "vnp_IpAddr": self.settings.server_address,
            **fields,
        }
        if any("|" in value for value in body.values()):
            raise Rejected("a field holds the separator", provider="vnpay", code="separator")
        text = signing.joined(body, signed)
        body["vnp_SecureHash"] = signing.sign(text, self.settings.hash_secrets[0])
        call_id = body["vnp_RequestId"]
        url, caller = self.settings.api_url, self._caller
        if is_write:
            answer = caller.once("POST", url, call_id=call_id, json=body)
        else:
            answer = caller.read(
                "POST",
                url,
                call_id=call_id,
                check=lambda came: self._read(came, call_id),
                json=body,
            )
        return self._trusted(self._read(answer, call_id), fields, answered, call_id)

    def _read(self, answer: Answer, call_id: str) -> Told:
        """Return the fields of an answer as text; a figure stays as it was written.

        What is no object of VNPay's raises `Unreachable`: a web page, a way elsewhere or a refusal
        of the server itself say that the address is not the one for questions. Of a write it
        stays `unclear` even so: something in between may have answered in VNPay's stead.
        """
        seen = self._caller.seen(answer)
        try:
            came = json.loads(answer.body, parse_int=str, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            came = None
        if not isinstance(came, dict) or not any(name.startswith("vnp_") for name in came):
            raise not_the_interface(answer, self.settings.api_url, call_id, seen)
        texts = {name: value for name, value in came.items() if isinstance(value, str)}
        return Told(texts, seen)

    def _trusted(
        self, came: Told, asked: dict[str, str], answered: Sequence[str], call_id: str
    ) -> Told:
        """Return the answer if VNPay signed it for this very question."""
        text = signing.joined(came.fields, answered)
        secrets = self.settings.hash_secrets
        if not signing.matches(text, came.get("vnp_SecureHash"), secrets):
            code = came.get(_CODE)
            if code in _WRONG_KEYS:  # who does not know our secret cannot sign with it
                raise refused(code, QUERY_CODES, call_id, came.seen)
            raise BadSignature(
                "the answer is not signed",
                provider="vnpay",
                words=_NOT_SIGNED,
                request_id=call_id,
                seen=came.seen,
            )
        is_full = came.get(_CODE) in _TAKEN  # a refusal may name nothing
        wanted = {"vnp_TmnCode": self.settings.tmn_code, **asked}
        for name in ("vnp_TxnRef", "vnp_TmnCode", "vnp_Command"):
            said = came.get(name)
            if said != wanted[name] and (said or (is_full and name != "vnp_Command")):
                detail = f"the answer is to another {name}"
                if asked["vnp_Command"] == "refund":
                    raise unclear(detail, call_id, came.seen)
                raise BadSignature(
                    detail, provider="vnpay", words=_OTHER, request_id=call_id, seen=came.seen
                )
        return came


class Transactions:
    """What VNPay knows of the tries there were."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def query(self, question: PaymentQuery) -> PaymentReport:
        """Return what VNPay knows of a try (`querydr`); of an unknown one the outcome is unknown.

        Raises `Unauthorized`, `RateLimited`, `Rejected` or `Unreachable` by VNPay's code, and
        `BadSignature` for an answer that is not VNPay's.
        """
        call_id = new_call_id()
        fields = {
            "vnp_RequestId": call_id,
            "vnp_Command": "querydr",
            "vnp_TxnRef": question.reference,
            "vnp_OrderInfo": f"Truy van {question.reference}",
            "vnp_TransactionDate": mapping.wire_time(question.created_at),
        }
        if question.provider_reference:
            fields["vnp_TransactionNo"] = question.provider_reference
        came = self._calls.ask(fields, signed=QUERY, answered=QUERY_ANSWER, is_write=False)
        code = came.get(_CODE)
        if code == "91":
            return PaymentReport(
                question.reference,
                None,
                Outcome.UNKNOWN,
                "",
                code,
                QUERY_CODES[code].vi,
                call_id=call_id,
            )
        if code != "00":
            raise refused(code, QUERY_CODES, call_id, came.seen)
        return mapping.report(came.fields, call_id)


def unclear(detail: str, call_id: str, seen: Seen) -> Unreachable:
    """Return the error for an answer that leaves open what a refund came to, and log it."""
    log.warning("unclear answer", extra={"provider": "vnpay", "call_id": call_id, "why": detail})
    return Unreachable(
        detail, provider="vnpay", words=_OTHER, request_id=call_id, unclear=True, seen=seen
    )


def not_the_interface(answer: Answer, address: str, call_id: str, seen: Seen) -> Unreachable:
    """Return the error for what is no answer to a question, sorted by what to do next."""
    host = urlsplit(address).hostname or ""
    is_page = answer.body.lstrip()[:1] == b"<" or "html" in answer.headers.get("content-type", "")
    is_json = answer.body.lstrip()[:1] == b"{" and answer.body.rstrip()[-1:] == b"}"
    detail, words, step = "the answer cannot be read", _GARBAGE, NextStep.TRY_LATER
    if answer.status in {401, 403}:
        detail, step = f"answered {answer.status}", NextStep.CALL_PROVIDER
        words = Words(
            f"Máy chủ {host} từ chối máy này (HTTP {answer.status}). Hỏi VNPay đã mở cho địa chỉ "
            "IP của máy chủ cửa hàng chưa.",
            f"The server {host} refuses this machine (HTTP {answer.status}). Ask VNPay whether "
            "the IP address of the shop's server is let in.",
        )
    elif answer.status not in _SLOW and (is_page or is_json or 300 <= answer.status < 500):
        detail, step = f"not the interface (HTTP {answer.status})", NextStep.FIX_SETTINGS
        words = Words(
            f"Máy chủ {host} có trả lời (HTTP {answer.status}) nhưng không phải cổng của VNPay. "
            "Xem lại “Địa chỉ truy vấn và hoàn tiền” trong thư của VNPay.",
            f"The server {host} answers (HTTP {answer.status}), but it is not VNPay's interface. "
            "Check “Address for queries and refunds” in VNPay's letter.",
        )
    return Unreachable(
        detail,
        provider="vnpay",
        words=words,
        request_id=call_id,
        unclear=True,
        seen=seen,
        next_step=step,
    )


def refused(
    code: str, table: Mapping[str, Words], call_id: str, seen: Seen | None = None
) -> Rejected | Unauthorized | Unreachable:
    """Return the error for VNPay's `code`, sorted by what to do next."""
    unknown = Words(f"VNPay báo mã {code or '(trống)'}.", f"VNPay says code {code or '(none)'}.")
    known: Any = {
        "provider": "vnpay",
        "code": code,
        "words": table.get(code, unknown),
        "request_id": call_id,
        "seen": seen,
    }
    if code in _WRONG_KEYS:
        return Unauthorized("site or secret", **known)
    if code in _LATER:
        return Unreachable("closed for now", **known)
    if code in {"99", "94", ""} or code not in table:
        return Unreachable("no clear answer", unclear=True, **known)
    step = NextStep.CALL_PROVIDER if code == _MALFORMED else None
    return Rejected("refused", next_step=step, **known)
