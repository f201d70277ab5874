"""VNPay gateway, protocol 2.1.0. Wire format and codes: README.md beside this file."""

import secrets
import string
from collections.abc import Mapping
from typing import Any

from integrations.payments.protocol import Capability, PaymentProvider, Simulate
from integrations.payments.vnpay.client import VNPay
from integrations.payments.vnpay.codes import answer
from integrations.payments.vnpay.settings import FIELDS, Settings

__all__ = ["Settings", "VNPay", "provider"]

_LETTERS = string.ascii_uppercase + string.digits


def _connect(settings: Mapping[str, str], **parts: Any) -> VNPay:
    return VNPay(Settings.read(settings), **parts)


def _simulate() -> Simulate:
    from integrations.payments.vnpay.simulator import simulate

    return simulate


def _simulator_settings(mounted_at: str) -> dict[str, str]:
    return {
        "tmn_code": "".join(secrets.choice(_LETTERS) for _ in range(8)),
        "hash_secret": "".join(secrets.choice(_LETTERS) for _ in range(32)),
        "payment_url": f"{mounted_at}/paymentv2/vpcpay.html",
        "api_url": f"{mounted_at}/merchant_webapi/api/transaction",
    }


provider = PaymentProvider(
    name="vnpay",
    title="VNPay",
    capabilities=frozenset(
        {
            Capability.REDIRECT,
            Capability.QUERY,
            Capability.REFUND_FULL,
            Capability.REFUND_PART,
            Capability.PUSH_NOTICE,
        }
    ),
    fields=FIELDS,
    connect=_connect,
    answer=answer,
    simulate=_simulate,
    merchant_field="tmn_code",
    simulator_settings=_simulator_settings,
    hold_minutes=30,
    choice={"vi": "Thẻ hoặc ví qua VNPay", "en": "Card or wallet through VNPay"},
    consequence={
        "vi": "Trả trên trang của VNPay rồi tự quay lại. Giữ hàng 30 phút.",
        "en": "You pay on VNPay's page and come back. We keep the goods for 30 minutes.",
    },
)
