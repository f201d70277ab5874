"""Giving money back through VNPay: each key asks once, whatever becomes of the answer."""

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass

from integrations.errors import Rejected, Unreachable, Words
from integrations.payments.protocol import (
    PaymentQuery,
    RefundReport,
    RefundRequest,
    RefundState,
)
from integrations.payments.vnpay import mapping
from integrations.payments.vnpay.calls import Calls, Transactions, refused, unclear
from integrations.payments.vnpay.checksums import REFUND, REFUND_ANSWER
from integrations.payments.vnpay.codes import REFUND_CODES, STATUS

__all__ = ["Asked", "Refunds"]

_OTHER_VALUES = Words(
    "Yêu cầu hoàn này đã gửi với số tiền hoặc mã giao dịch khác.",
    "This refund was asked before with another amount or reference.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked under a key, and what VNPay answered once it has."""

    said: str
    report: RefundReport | None = None


def _said(request: RefundRequest) -> str:
    return f"{request.reference}|{request.amount_vnd!r}|{request.total_vnd!r}"


class Refunds:
    """Refunds through one contract; `answers` has what was asked under each request id."""

    def __init__(
        self,
        calls: Calls,
        transactions: Transactions,
        answers: MutableMapping[str, Asked],
    ) -> None:
        self._calls, self._transactions, self._answers = calls, transactions, answers

    def create(self, request: RefundRequest) -> RefundReport:
        """Ask VNPay to give money back; accepted is not settled (`transactions.query` tells).

        The request id is derived from the key alone, so that VNPay itself takes a repeat for one;
        a key that was answered is answered again without a call, and one that was asked with
        other values is refused (`Rejected`, code `key`). After an unclear outcome set
        `is_repeat`: VNPay is asked first. Raises `Rejected`, `Unauthorized` or `Unreachable` by
        VNPay's code, `BadSignature` for an answer that is not VNPay's.
        """
        identity = self._identity(request)
        before = self._answers.get(identity)
        if before is not None and before.said != _said(request):
            raise Rejected(
                "the key was used for another refund",
                provider="vnpay",
                code="key",
                words=_OTHER_VALUES,
                request_id=identity,
            )
        if before is not None and before.report is not None:
            return before.report
        if not request.is_repeat or not (report := self._known(request)):
            report = self._ask(request, identity)
        self._answers[identity] = Asked(_said(request), report)
        return report

    def _identity(self, request: RefundRequest) -> str:
        """Return the request id: the same for a key whatever else is asked under it."""
        said = f"{self._calls.settings.tmn_code}|{request.key}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def _known(self, request: RefundRequest) -> RefundReport | None:
        """Return the refund that VNPay has already, if its last one is of this amount.

        A question that VNPay refuses says nothing about the refund: its outcome stays unclear.
        """
        question = PaymentQuery(
            request.reference, request.paid_created_at, request.provider_reference
        )
        try:
            found = self._transactions.query(question)
        except Rejected as refusal:
            raise Unreachable(
                "the question was refused",
                provider="vnpay",
                code=refusal.code,
                words=Words(refusal.text, refusal.english),
                request_id=refusal.request_id,
                seen=refusal.seen,
                unclear=True,
            ) from refusal
        is_earlier = found.provider_reference in request.earlier
        if found.refund is None or is_earlier or found.amount_vnd != request.amount_vnd:
            return None
        return RefundReport(
            found.refund, found.code, found.text, found.provider_reference, found.call_id
        )

    def _ask(self, request: RefundRequest, identity: str) -> RefundReport:
        amounts = (request.amount_vnd, request.total_vnd)
        if not all(map(mapping.is_amount, amounts)) or request.amount_vnd > request.total_vnd:
            raise refused("93", REFUND_CODES, identity)
        fields = {
            "vnp_RequestId": identity,
            "vnp_Command": "refund",
            "vnp_TransactionType": "02" if request.amount_vnd == request.total_vnd else "03",
            "vnp_TxnRef": request.reference,
            "vnp_Amount": str(request.amount_vnd * 100),
            "vnp_TransactionNo": request.provider_reference,
            "vnp_TransactionDate": mapping.wire_time(request.paid_created_at, "paid_created_at"),
            "vnp_CreateBy": mapping.plain(request.requested_by),
            "vnp_OrderInfo": mapping.plain(request.reason),
        }
        self._answers[identity] = Asked(_said(request))
        came = self._calls.ask(fields, signed=REFUND, answered=REFUND_ANSWER, is_write=True)
        code = came.get("vnp_ResponseCode")
        if code not in {"00", "94"}:
            raise refused(code, REFUND_CODES, identity, came.seen)
        if code == "00" and came.get("vnp_Amount") != fields["vnp_Amount"]:
            raise unclear("the answer names another amount", identity, came.seen)
        state = mapping.refund_state(came.fields) if code == "00" else None
        status = came.get("vnp_TransactionStatus")
        is_rejected = state is RefundState.REJECTED
        return RefundReport(
            state or RefundState.ACCEPTED,
            status if is_rejected else code,
            STATUS[status][1] if is_rejected else REFUND_CODES[code].vi,
            came.get("vnp_TransactionNo"),
            identity,
        )
