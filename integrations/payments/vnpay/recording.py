"""Answers as VNPay gives and signs them: for tests with a `RecordingClient`."""

import json
from collections.abc import Callable, Mapping

from integrations.http import Reply
from integrations.payments.vnpay import signing
from integrations.payments.vnpay.checksums import QUERY_ANSWER, REFUND_ANSWER
from integrations.recording import Asked

__all__ = ["answering"]


def answering(secret: str, fields: Mapping[str, str]) -> Callable[[Asked], Reply]:
    """Return what answers a query or a refund with `fields`, signed with `secret`.

    Site, reference and command are those of the question, the code is `00`, and the amount and
    kind of a refund are as it asked, unless `fields` says otherwise.
    """

    def answer(asked: Asked) -> Reply:
        repeated = ("Command", "TmnCode", "TxnRef", "Amount", "TransactionType")
        names = [f"vnp_{name}" for name in repeated]
        told = {name: asked.json[name] for name in names if name in asked.json}
        told |= {"vnp_ResponseCode": "00"} | dict(fields)
        order = REFUND_ANSWER if told["vnp_Command"] == "refund" else QUERY_ANSWER
        signature = signing.sign(signing.joined(told, order), secret)
        return Reply(200, json.dumps(told | {"vnp_SecureHash": signature}).encode())

    return answer
