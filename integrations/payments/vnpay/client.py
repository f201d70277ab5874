"""VNPay as a library: make payment pages, read notices, query, refund (protocol 2.1.0)."""

import time
from collections import Counter
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import datetime

from integrations import clock
from integrations.errors import BadSignature, Unauthorized, Words
from integrations.http import Caller, HttpClient, InboundRequest, Limits, Reply, new_call_id
from integrations.payments.protocol import (
    PaymentNotification,
    PaymentQuery,
    PaymentRequest,
    Redirect,
    Verdict,
)
from integrations.payments.vnpay import mapping, signing
from integrations.payments.vnpay.calls import Calls, Transactions
from integrations.payments.vnpay.codes import answer
from integrations.payments.vnpay.refunds import Asked, Refunds
from integrations.payments.vnpay.settings import Settings

__all__ = ["VNPay"]

_CHECK_SECONDS = 8.0
_FORGED = Words(
    "Thông báo không có chữ ký đúng của VNPay nên bỏ qua.",
    "The notice is not signed as VNPay signs, so it is passed over.",
)
_OTHER_SECRET = Words(
    "VNPay trả lời nhưng chữ ký không khớp: kiểm tra lại chuỗi bí mật.",
    "VNPay answers, but its signature does not fit: check the secret.",
)


class VNPay:
    """One contract with VNPay.

    `client` asks as `requests.Session` does, `now` gives the time, `answers` keeps what was
    asked and answered under the key of a refund (a dictionary unless something lasting is given).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        client: HttpClient | None = None,
        limits: Limits | None = None,
        now: Callable[[], datetime] = clock.now,
        sleep: Callable[[float], None] = time.sleep,
        answers: MutableMapping[str, Asked] | None = None,
    ) -> None:
        limits = limits or Limits()

        def caller(within: Limits) -> Caller:
            return Caller(
                "vnpay",
                client=client,
                limits=within,
                sleep=sleep,
                now=now,
                hidden=settings.hash_secrets,
            )

        calls = Calls(settings, caller(limits), now)
        self._settings, self._now = settings, now
        self._tried = Transactions(Calls(settings, caller(_quick(limits)), now))
        self.payments = _Payments(settings)
        self.transactions = Transactions(calls)
        self.refunds = Refunds(calls, self.transactions, {} if answers is None else answers)

    def read_notification(self, inbound: InboundRequest) -> PaymentNotification:
        """Return what a call of VNPay's server or a buyer's return says.

        Raises `BadSignature` when a field comes twice, the hash does not fit, or the message is
        for another site or names none: nothing of it is to be believed.
        """
        pairs = [(name, value) for name, value in inbound.pairs() if name.startswith("vnp_")]
        twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
        fields = dict(pairs)
        if twice or not signing.is_signed(inbound.query, fields, self._settings.hash_secrets):
            raise BadSignature("vnp_SecureHash does not fit", provider="vnpay", words=_FORGED)
        if fields.get("vnp_TmnCode", "").upper() != self._settings.tmn_code:
            raise BadSignature("vnp_TmnCode is another site's", provider="vnpay", words=_FORGED)
        return mapping.notification(fields)

    def answer(self, verdict: Verdict) -> Reply:
        """Return the JSON that answers an IPN; 00 and 02 end VNPay's calls."""
        return answer(verdict)

    def check(self) -> str:
        """Ask VNPay after a payment that there never was, to see that it knows site and secret.

        It is tried once and takes 8 seconds at most: a person waits for it. Raises `Unauthorized`
        when VNPay does not know them, `Unreachable` when no answer came.
        """
        reference = f"DACSAN-THU-{new_call_id()[:12]}"
        try:
            self._tried.query(PaymentQuery(reference, self._now()))
        except BadSignature as error:
            raise Unauthorized(
                "answer is signed with another secret",
                provider="vnpay",
                words=_OTHER_SECRET,
                request_id=error.request_id,
                seen=error.seen,
            ) from error
        return "VNPay nhận đúng mã website và chuỗi bí mật."


def _quick(limits: Limits) -> Limits:
    return replace(limits, total=min(limits.total, _CHECK_SECONDS), tries=1)


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
