"""What a seller's contract with VNPay consists of, and how a settings page asks for it."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from integrations.errors import NextStep, Rejected, Words
from integrations.payments.protocol import Field

__all__ = ["FIELDS", "SANDBOX_API", "SANDBOX_PAGE", "Settings"]

SANDBOX_PAGE = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html"
SANDBOX_API = "https://sandbox.vnpayment.vn/merchant_webapi/api/transaction"

_OWN = "127.0.0.1"
_TERMINAL = re.compile("[0-9A-Za-z]{8}")
_LABEL = re.compile("[0-9A-Za-z_]([0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?")
_UNUSABLE = re.compile(r"[\s?#\\]|[^\x21-\x7e]")

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
            "vi": "Chép nguyên từ thư của VNPay.",
            "en": "As in VNPay's letter.",
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
    Field(
        "server_address",
        {"vi": "Địa chỉ IP của máy chủ cửa hàng", "en": "IP address of the shop's server"},
        {
            "vi": "Ghi vào mỗi lần truy vấn và hoàn tiền. Để trống cũng được.",
            "en": "Named in each query and refund. It may be left empty.",
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One contract: `hash_secrets` has the secret in force first, then those still accepted.

    `server_address` is the IP address that our own calls name as theirs. The letters of a site's
    code become capitals, as VNPay has them. Raises `Rejected` with the field's name as `code`:
    a code of other than 8 letters and digits, secrets that are no tuple of texts without blanks,
    addresses to which no call can go.
    """

    tmn_code: str
    hash_secrets: tuple[str, ...] = field(repr=False)
    payment_url: str = SANDBOX_PAGE
    api_url: str = SANDBOX_API
    server_address: str = _OWN

    def __post_init__(self) -> None:
        """Refuse what VNPay cannot know, and what would sign with nothing or letter by letter."""
        if not isinstance(self.tmn_code, str) or not _TERMINAL.fullmatch(self.tmn_code):
            raise _refused(
                "tmn_code",
                Words(
                    "Mã website gồm đúng 8 chữ hoặc số.",
                    "The site code has exactly 8 letters or digits.",
                ),
            )
        object.__setattr__(self, "tmn_code", self.tmn_code.upper())
        are_whole = isinstance(self.hash_secrets, tuple) and all(
            isinstance(one, str) and one and not any(map(str.isspace, one))
            for one in self.hash_secrets
        )
        if not self.hash_secrets or not are_whole:
            raise _refused(
                "hash_secret",
                Words(
                    "Chép chuỗi bí mật từ thư của VNPay.", "Copy the secret from VNPay's letter."
                ),
            )
        _check_address("payment_url", self.payment_url)
        _check_address("api_url", self.api_url)
        object.__setattr__(self, "server_address", _server(self.server_address))

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "Settings":
        """Return the settings that somebody typed; blanks around them are dropped.

        Raises `Rejected` with the field's name as `code`.
        """
        return cls(
            tmn_code=typed.get("tmn_code", "").strip(),
            hash_secrets=tuple(typed.get("hash_secret", "").split()),
            payment_url=typed.get("payment_url", "").strip() or SANDBOX_PAGE,
            api_url=typed.get("api_url", "").strip() or SANDBOX_API,
            server_address=typed.get("server_address", "").strip() or _OWN,
        )


def _check_address(name: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        is_whole = parts.port is None or parts.port > 0
    except ValueError:  # brackets or a port that cannot be
        is_whole = False
    if not is_whole or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise _refused(
            name,
            Words(
                "Địa chỉ phải bắt đầu bằng https:// rồi đến tên máy chủ (http:// chỉ để thử).",
                "An address begins with https:// and the server's name (http:// only for trying).",
            ),
        )
    if not _is_host(parts.hostname):
        raise _refused(
            name,
            Words(
                "Tên máy chủ trong địa chỉ không đúng. Chép lại từ thư của VNPay.",
                "The server's name in the address is not right. Copy it from VNPay's letter.",
            ),
        )
    if _UNUSABLE.search(address) or parts.username is not None:
        raise _refused(
            name,
            Words(
                "Địa chỉ không có khoảng trống và không có các dấu ? # @.",
                "An address has no blanks and none of the signs ? # @.",
            ),
        )


def _server(typed: str) -> str:
    try:
        return str(ipaddress.ip_address(typed))
    except ValueError as error:
        text = Words(
            "Địa chỉ IP của máy chủ không đúng. Ví dụ 203.0.113.7; không biết thì để trống.",
            "The IP address of the server is not right. Example: 203.0.113.7; leave it empty if "
            "you do not know it.",
        )
        raise _refused("server_address", text) from error


def _is_host(name: str) -> bool:
    """Return whether a call can go there: an IP address, or a name as RFC 1123 (2.1) has it."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return len(name) <= 253 and all(_LABEL.fullmatch(one) for one in name.split("."))
    return True


def _refused(name: str, words: Words) -> Rejected:
    return Rejected(
        f"{name} is not usable",
        provider="vnpay",
        code=name,
        words=words,
        next_step=NextStep.FIX_SETTINGS,
    )
