"""The grammar under the format: objects of two digits ID, two digits length, and the value.

The length counts characters of the value. Some makers count bytes of UTF-8 instead; such a code
is read by bytes when, and only when, it does not fit by characters and fits by bytes as a whole.
"""

import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Objects", "crc16", "join", "read"]

TEMPLATES = frozenset({"38", "38.01", "62"})

_HEAD = re.compile(r"([0-9]{2})([0-9]{2})")


def crc16(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE of `text` in UTF-8 as four capital hex digits.

    Raises `UnicodeEncodeError` for half a surrogate pair, which UTF-8 cannot hold.

    >>> crc16("123456789")
    '29B1'
    """
    # `crc_hqx` has this very polynomial; the variant differs by its initial value alone.
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def join(pairs: Iterable[tuple[str, str | None]]) -> str:
    """Return the objects (ID, value) as text, leaving out those without a value.

    >>> join([("00", "01"), ("54", None), ("58", "VN")])
    '0002015802VN'
    """
    return "".join(f"{key}{len(value):02d}{value}" for key, value in pairs if value)


@dataclass(slots=True)
class Objects:
    """Every object of a code as (path, value), templates before what they hold.

    `broken` names the templates that do not split exactly; `""` among them is the code itself.
    """

    pairs: list[tuple[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def repeated(self) -> str | None:
        """Return the first path that occurs twice."""
        seen: set[str] = set()
        for path, _ in self.pairs:
            if path in seen:
                return path
            seen.add(path)
        return None


def read(text: str) -> Objects:
    """Split `text`, which UTF-8 must be able to hold, by characters or else by bytes.

    >>> read("62070803LB1").pairs
    [('62', '0803LB1'), ('62.08', 'LB1')]
    >>> read("62070804LB1").broken
    ['62']
    """
    objects = Objects()
    _split(text, "", objects)
    if not objects.broken or text.isascii():
        return objects
    by_bytes = Objects()
    _split(text.encode().decode("latin-1"), "", by_bytes)
    if by_bytes.broken:
        return objects
    try:
        by_bytes.pairs = [
            (path, value.encode("latin-1").decode()) for path, value in by_bytes.pairs
        ]
    except UnicodeDecodeError:  # a length that ends inside a character
        return objects
    return by_bytes


def _split(text: str, within: str, into: Objects) -> None:
    at = 0
    while at < len(text):
        head = _HEAD.match(text, at)
        start = at + 4
        at = start + int(head[2]) if head else start
        if not head or at == start or at > len(text):
            into.broken.append(within)
            return
        path, value = f"{within}.{head[1]}" if within else head[1], text[start:at]
        into.pairs.append((path, value))
        if path in TEMPLATES:
            _split(value, path, into)
