"""What a seller's contract with VNPay consists of, and how a settings page asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from integrations.errors import Rejected
from integrations.payments.protocol import Field

__all__ = ["FIELDS", "SANDBOX_API", "SANDBOX_PAGE", "Settings"]

SANDBOX_PAGE = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html"
SANDBOX_API = "https://sandbox.vnpayment.vn/merchant_webapi/api/transaction"

_TERMINAL = re.compile("[0-9A-Za-z]{8}")

FIELDS = (
    Field(
        "tmn_code",
        {"vi": "Mã website (vnp_TmnCode)", "en": "Site code (vnp_TmnCode)"},
        {"vi": "8 chữ và số, có trong thư của VNPay.", "en": "8 letters and digits."},
        pattern="[0-9A-Za-z]{8}",
    ),
    Field(
        "hash_secret",
        {"vi": "Chuỗi bí mật (vnp_HashSecret)", "en": "Secret (vnp_HashSecret)"},
        {
            "vi": "Chép nguyên từ thư của VNPay. Đổi khóa thì ghi khóa mới trước, khóa cũ sau.",
            "en": "As in VNPay's letter. When it changes: the new one first, the old one below.",
        },
        is_secret=True,
    ),
    Field(
        "payment_url",
        {"vi": "Địa chỉ trang thanh toán", "en": "Address of the payment page"},
        {"vi": "VNPay đưa khi ký hợp đồng.", "en": "VNPay gives it with the contract."},
        default=SANDBOX_PAGE,
    ),
    Field(
        "api_url",
        {"vi": "Địa chỉ truy vấn và hoàn tiền", "en": "Address for queries and refunds"},
        {"vi": "VNPay đưa khi ký hợp đồng.", "en": "VNPay gives it with the contract."},
        default=SANDBOX_API,
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One contract: `hash_secrets` has the secret in force first, then those still accepted.

    `server_address` is the IP address that our own calls name as theirs.
    """

    tmn_code: str
    hash_secrets: tuple[str, ...] = field(repr=False)
    payment_url: str = SANDBOX_PAGE
    api_url: str = SANDBOX_API
    server_address: str = "127.0.0.1"

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "Settings":
        """Return the settings that somebody typed; blanks around them are dropped.

        Raises `Rejected` with the field's name as `code`.
        """
        terminal = typed.get("tmn_code", "").strip()
        if not _TERMINAL.fullmatch(terminal):
            raise _refused("tmn_code", "Mã website gồm đúng 8 chữ hoặc số.")
        secrets = tuple(typed.get("hash_secret", "").split())
        if not secrets:
            raise _refused("hash_secret", "Chép chuỗi bí mật từ thư của VNPay.")
        return cls(
            tmn_code=terminal,
            hash_secrets=secrets,
            payment_url=_address(typed, "payment_url", SANDBOX_PAGE),
            api_url=_address(typed, "api_url", SANDBOX_API),
            server_address=typed.get("server_address", "").strip() or "127.0.0.1",
        )


def _address(typed: Mapping[str, str], name: str, default: str) -> str:
    address = typed.get(name, "").strip() or default
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise _refused(name, "Địa chỉ phải bắt đầu bằng https://.")
    return address


def _refused(name: str, text: str) -> Rejected:
    return Rejected(f"{name} is not usable", provider="vnpay", code=name, text=text)
