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


def is_signed(query: str, fields: Mapping[str, str], secrets: Sequence[str]) -> bool:
    """Return whether the query of a return or an IPN bears a hash of its fields.

    VNPay hashes the form-encoded text and sends that very text. Encoders write some characters
    in two ways (`*`, `~`), so the text as it came counts as well as the one we would write.
    """
    received = fields.get("vnp_SecureHash", "")
    texts = {hash_data(fields), _as_sent(query, fields)}
    return any(matches(text, received, secrets) for text in texts)


def _as_sent(query: str, fields: Mapping[str, str]) -> str:
    """Return the text that is hashed, of the pairs of a query exactly as they were encoded.

    Names are plain letters: where one is encoded, nothing is taken as it came, lest a field be
    read that was not hashed.
    """
    pairs = [pair.partition("=") for pair in query.split("&")]
    sent = {name: value for name, _, value in pairs if name.startswith("vnp_")}
    if sent.keys() != fields.keys():
        return hash_data(fields)
    return "&".join(
        f"{name}={value}"
        for name, value in sorted(sent.items())
        if name not in _UNSIGNED and value
    )
