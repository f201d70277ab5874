"""The two signatures of VNPay 2.1.0: over a query string, and over fields joined by `|`."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote_plus

__all__ = ["hash_data", "is_signed", "joined", "matches", "sign"]

_UNSIGNED = {"vnp_SecureHash", "vnp_SecureHashType"}
_HASH = re.compile("[0-9A-Fa-f]{128}")


def hash_data(fields: Mapping[str, str]) -> str:
    """Return the text that VNPay hashes: sorted `vnp_` fields that say something, form-encoded.

    >>> hash_data({"vnp_TxnRef": "NK1", "vnp_OrderInfo": "Tra & gio", "utm_source": "zalo"})
    'vnp_OrderInfo=Tra+%26+gio&vnp_TxnRef=NK1'
    """
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value)}"
        for name, value in sorted(fields.items())
        if name.startswith("vnp_") and name not in _UNSIGNED and value
    )


def joined(fields: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the values of `names` with `|` between them; what is absent is empty."""
    return "|".join(fields.get(name, "") for name in names)


def sign(text: str, secret: str) -> str:
    """Return the HMAC-SHA512 of `text` under `secret` in 128 lower-case hexadecimal digits."""
    return hmac.new(
        secret.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha512
    ).hexdigest()


def matches(text: str, received: str, secrets: Sequence[str]) -> bool:
    """Return whether `received` is the hash of `text` under one of `secrets`.

    Each comparison takes the same time whatever is wrong; capitals are read as small letters.
    """
    if not _HASH.fullmatch(received):
        return False
    given = received.lower()
    found = [hmac.compare_digest(sign(text, secret), given) for secret in secrets]
    return any(found)


def is_signed(fields: Mapping[str, str], secrets: Sequence[str]) -> bool:
    """Return whether the fields of a return or an IPN bear a hash of theirs."""
    return matches(hash_data(fields), fields.get("vnp_SecureHash", ""), secrets)
