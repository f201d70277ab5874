"""One way to write an event as bytes, so that stored, signed and logged bytes stay the same.

JSON with sorted members, without blanks, in UTF-8, all text in Unicode form NFC, a whole number
without a point: RFC 8785 but for rare numbers and characters beyond the first plane.
"""

import json
import math
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from traceability.errors import TraceabilityError

__all__ = ["canonical_json"]

_EXACT = 2**53  # up to here a float counts every whole number


def canonical_json(event: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of `event`, which is made of what JSON has and no more.

    `TraceabilityError` with the place as its subject, of kind `not_json` (another type, an
    infinite number), `duplicate_member` (two names that NFC makes one) or `bad_charset` (half a
    character).

    >>> canonical_json({"type": "ObjectEvent", "quantity": 46.0, "epcList": []}).decode()
    '{"epcList":[],"quantity":46,"type":"ObjectEvent"}'
    """
    text = json.dumps(
        _plain(event, "$"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise TraceabilityError(
            "bad_charset", "half a character stands alone", subject="$"
        ) from error


def _plain(value: Any, path: str) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, Mapping):
        return _members(value, path)
    if isinstance(value, list | tuple):
        return [_plain(each, f"{path}[{number}]") for number, each in enumerate(value)]
    raise TraceabilityError(
        "not_json", f"{type(value).__name__} has no place in JSON", subject=path
    )


def _members(members: Mapping[Any, Any], path: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in members.items():
        if not isinstance(name, str):
            raise TraceabilityError("not_json", "a member's name is text", subject=path)
        composed = normalize("NFC", name)
        if composed in plain:
            raise TraceabilityError(
                "duplicate_member", f"{composed} stands there twice", subject=f"{path}.{composed}"
            )
        plain[composed] = _plain(value, f"{path}.{composed}")
    return plain
