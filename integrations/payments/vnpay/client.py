"""VNPay as a library: make payment pages, read notices, query, refund (protocol 2.1.0)."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime

from integrations import clock
from integrations.errors import BadSignature, Rejected, Unauthorized, Unreachable
from integrations.http import Caller, HttpClient, InboundRequest, Limits, Reply, new_call_id
from integrations.payments.protocol import (
    Outcome,
    PaymentNotification,
    PaymentQuery,
    PaymentReport,
    PaymentRequest,
    Redirect,
    RefundReport,
    RefundRequest,
    RefundState,
    Verdict,
)
from integrations.payments.vnpay import mapping, signing
from integrations.payments.vnpay.checksums import QUERY, QUERY_ANSWER, REFUND, REFUND_ANSWER
from integrations.payments.vnpay.codes import ANSWERS, QUERY_CODES, REFUND_CODES
from integrations.payments.vnpay.settings import Settings

__all__ = ["VNPay"]

_WRONG_KEYS = {"02", "97"}
_LATER = {"08", "16"}


class VNPay:
    """One contract with VNPay.

    `client` asks as `requests.Session` does, `now` gives the time, `answers` keeps what refunds
    were answered by their key (a dictionary unless something lasting is given).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        client: HttpClient | None = None,
        limits: Limits | None = None,
        now: Callable[[], datetime] = clock.now,
        sleep: Callable[[float], None] = time.sleep,
        answers: MutableMapping[str, RefundReport] | None = None,
    ) -> None:
        caller = _Calls(settings, Caller("vnpay", client=client, limits=limits, sleep=sleep), now)
        self._settings = settings
        self.payments = _Payments(settings)
        self.transactions = _Transactions(caller)
        self.refunds = _Refunds(caller, self.transactions, {} if answers is None else answers)

    def read_notification(self, inbound: InboundRequest) -> PaymentNotification:
        """Return what a call of VNPay's server or a buyer's return says.

        Raises `BadSignature` when a field comes twice, the hash does not fit, or the message is
        for another site: nothing of it is to be believed.
        """
        pairs = [(name, value) for name, value in inbound.pairs() if name.startswith("vnp_")]
        twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
        fields = dict(pairs)
        if twice or not signing.is_signed(fields, self._settings.hash_secrets):
            raise BadSignature("vnp_SecureHash does not fit", provider="vnpay")
        if fields.get("vnp_TmnCode", self._settings.tmn_code) != self._settings.tmn_code:
            raise BadSignature("vnp_TmnCode is another site's", provider="vnpay")
        return mapping.notification(fields)

    def answer(self, verdict: Verdict) -> Reply:
        """Return the JSON that answers an IPN; 00 and 02 end VNPay's calls."""
        code, message = ANSWERS[verdict]
        return Reply(200, json.dumps({"RspCode": code, "Message": message}).encode())

    def check(self) -> str:
        """Ask VNPay after a payment that there never was, to see that it knows site and secret.

        Raises `Unauthorized` when it does not, `Unreachable` when no answer came.
        """
        reference = f"DACSAN-THU-{new_call_id()[:12]}"
        try:
            self.transactions.query(PaymentQuery(reference, clock.now()))
        except BadSignature as error:
            text = "VNPay trả lời nhưng chữ ký không khớp: kiểm tra lại chuỗi bí mật."
            raise Unauthorized(
                "answer is signed with another secret",
                provider="vnpay",
                text=text,
                request_id=error.request_id,
            ) from error
        return "VNPay nhận đúng mã website và chuỗi bí mật."


class _Payments:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def create(self, request: PaymentRequest) -> Redirect:
        """Return the signed address of VNPay's payment page; nothing is called.

        The description is freed of marks and special characters. Raises `Rejected` with the
        field as `code` for a request that VNPay would refuse.
        """
        fields = mapping.create_fields(request, self._settings.tmn_code)
        data = signing.hash_data(fields)
        signature = signing.sign(data, self._settings.hash_secrets[0])
        return Redirect(f"{self._settings.payment_url}?{data}&vnp_SecureHash={signature}")


class _Calls:
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
    ) -> dict[str, str]:
        """Return the fields of the answer to `fields`, which are completed and signed first."""
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
        call = self._caller.once if is_write else self._caller.read
        answer = call("POST", self.settings.api_url, call_id=call_id, json=body)
        return self._trusted(_fields(answer.body, call_id), fields, answered, call_id)

    def _trusted(
        self, came: dict[str, str], asked: dict[str, str], answered: Sequence[str], call_id: str
    ) -> dict[str, str]:
        """Return the answer if VNPay signed it for this very question."""
        text = signing.joined(came, answered)
        secrets = self.settings.hash_secrets
        if not signing.matches(text, came.get("vnp_SecureHash", ""), secrets):
            code = came.get("vnp_ResponseCode", "")
            if code in _WRONG_KEYS:  # who does not know our secret cannot sign with it
                raise _refused(code, QUERY_CODES, call_id)
            raise BadSignature("the answer is not signed", provider="vnpay", request_id=call_id)
        for name in ("vnp_TxnRef", "vnp_Command"):
            if came.get(name, "") not in {asked[name], ""}:
                detail = f"the answer is to another {name}"
                raise BadSignature(detail, provider="vnpay", request_id=call_id)
        return came


class _Transactions:
    def __init__(self, calls: _Calls) -> None:
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
        code = came.get("vnp_ResponseCode", "")
        if code == "91":
            return PaymentReport(
                question.reference, None, Outcome.UNKNOWN, "", code, QUERY_CODES[code]
            )
        if code != "00":
            raise _refused(code, QUERY_CODES, call_id)
        return mapping.report(came, call_id)


class _Refunds:
    def __init__(
        self,
        calls: _Calls,
        transactions: _Transactions,
        answers: MutableMapping[str, RefundReport],
    ) -> None:
        self._calls, self._transactions, self._answers = calls, transactions, answers

    def create(self, request: RefundRequest) -> RefundReport:
        """Ask VNPay to give money back; accepted is not settled (`transactions.query` tells).

        The request id is derived from the key, so that VNPay itself takes a repeat for one; a key
        that was answered is answered again without a call. After an unclear outcome set
        `is_repeat`: VNPay is asked first. Raises `Rejected`, `Unauthorized` or `Unreachable` by
        VNPay's code, `BadSignature` for an answer that is not VNPay's.
        """
        identity = self._identity(request)
        if identity in self._answers:
            return self._answers[identity]
        known = self._known(request) if request.is_repeat else None
        report = known or self._ask(request, identity)
        self._answers[identity] = report
        return report

    def _identity(self, request: RefundRequest) -> str:
        terminal = self._calls.settings.tmn_code
        said = f"{terminal}|{request.key}|{request.reference}|{request.amount_vnd}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def _known(self, request: RefundRequest) -> RefundReport | None:
        """Return the refund that VNPay has already, if its last one is of this amount."""
        question = PaymentQuery(
            request.reference, request.paid_created_at, request.provider_reference
        )
        found = self._transactions.query(question)
        if found.refund is None or found.amount_vnd != request.amount_vnd:
            return None
        return RefundReport(
            found.refund, found.code, found.text, found.provider_reference, found.call_id
        )

    def _ask(self, request: RefundRequest, identity: str) -> RefundReport:
        if not 1 <= request.amount_vnd <= request.total_vnd:
            raise _refused("93", REFUND_CODES, identity)
        fields = {
            "vnp_RequestId": identity,
            "vnp_Command": "refund",
            "vnp_TransactionType": "02" if request.amount_vnd == request.total_vnd else "03",
            "vnp_TxnRef": request.reference,
            "vnp_Amount": str(request.amount_vnd * 100),
            "vnp_TransactionNo": request.provider_reference,
            "vnp_TransactionDate": mapping.wire_time(request.paid_created_at),
            "vnp_CreateBy": mapping.plain(request.requested_by),
            "vnp_OrderInfo": mapping.plain(request.reason),
        }
        came = self._calls.ask(fields, signed=REFUND, answered=REFUND_ANSWER, is_write=True)
        code = came.get("vnp_ResponseCode", "")
        if code not in {"00", "94"}:
            raise _refused(code, REFUND_CODES, identity)
        state = mapping.refund_state(came) if code == "00" else None
        return RefundReport(
            state or RefundState.ACCEPTED,
            code,
            REFUND_CODES[code],
            came.get("vnp_TransactionNo", ""),
            identity,
        )


def _fields(body: bytes, call_id: str) -> dict[str, str]:
    """Return the fields of an answer as text; a figure stays as it was written."""
    try:
        came = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Unreachable(
            "the answer is not JSON", provider="vnpay", request_id=call_id, unclear=True
        ) from error
    if not isinstance(came, dict):
        raise Unreachable(
            "the answer is no object", provider="vnpay", request_id=call_id, unclear=True
        )
    return {name: value for name, value in came.items() if isinstance(value, str)}


def _refused(
    code: str, table: Mapping[str, str], call_id: str
) -> Rejected | Unauthorized | Unreachable:
    """Return the error for VNPay's `code`, sorted by what to do next."""
    text = table.get(code, f"VNPay báo mã {code or '(trống)'}.")
    if code in _WRONG_KEYS:
        return Unauthorized(
            "site or secret", provider="vnpay", code=code, text=text, request_id=call_id
        )
    if code in _LATER:
        return Unreachable(
            "closed for now", provider="vnpay", code=code, text=text, request_id=call_id
        )
    if code in {"99", "94", ""} or code not in table:
        return Unreachable(
            "no clear answer",
            provider="vnpay",
            code=code,
            text=text,
            request_id=call_id,
            unclear=True,
        )
    return Rejected("refused", provider="vnpay", code=code, text=text, request_id=call_id)
