"""Signatures as VNPay's servers make and check them."""

import hmac
import string
from collections.abc import Iterable, Mapping

__all__ = ["over_fields", "over_query", "over_sent", "query_of"]

_KEPT = frozenset((string.ascii_letters + string.digits + "-_.~").encode())


def _encoded(text: str) -> str:
    """Return `text` as `application/x-www-form-urlencoded` has it."""
    pieces = []
    for byte in text.encode("utf-8", "surrogatepass"):
        if byte in _KEPT:
            pieces.append(chr(byte))
        else:
            pieces.append("+" if byte == 0x20 else f"%{byte:02X}")
    return "".join(pieces)


def _hmac(text: str, secret: str) -> str:
    return hmac.digest(secret.encode(), text.encode("utf-8", "surrogatepass"), "sha512").hex()


def query_of(fields: Mapping[str, str]) -> str:
    """Return the fields that say something, in the order of their names, as a query."""
    names = sorted(name for name in fields if fields[name] != "")
    return "&".join(f"{_encoded(name)}={_encoded(fields[name])}" for name in names)


def over_query(fields: Mapping[str, str], secret: str) -> str:
    """Return the signature of a payment address, a return or a notice."""
    signed = {name: fields[name] for name in fields if not name.startswith("vnp_SecureHash")}
    return _hmac(query_of(signed), secret)


def over_sent(query: str, fields: Mapping[str, str], secret: str) -> str:
    """Return the signature of a query exactly as it was encoded.

    Where a name is encoded too, that of `fields`: what was not hashed is not read.
    """
    pairs = [pair.partition("=") for pair in query.split("&")]
    sent = {name: value for name, _, value in pairs}
    if sent.keys() != fields.keys():
        return over_query(fields, secret)
    kept = sorted(name for name in sent if not name.startswith("vnp_SecureHash") and sent[name])
    return _hmac("&".join(f"{name}={sent[name]}" for name in kept), secret)


def over_fields(values: Iterable[str], secret: str) -> str:
    """Return the signature of a question or an answer: its values with `|` between them."""
    return _hmac("|".join(values), secret)
