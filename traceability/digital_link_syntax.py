"""The letters of a GS1 Digital Link: taking an address apart into pairs and writing it again.

What the pairs mean is decided in `digital_link`. Source: GS1 Digital Link Standard, URI Syntax
1.6, sections 4 and 5; RFC 3986, section 2 (percent-encoding).
"""

import re
from collections.abc import Iterable

from traceability.application_identifiers import PRIMARY_KEYS, Element, is_known, require_bearable
from traceability.errors import TraceabilityError

__all__ = ["CANONICAL_HOST", "read", "require_host", "write", "write_for_hash"]

CANONICAL_HOST = "id.gs1.org"

_URI = re.compile(
    r"https?://(?P<host>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_BASE = re.compile(r"(?P<address>https?://(?P<host>[^/]*)(?:/[A-Za-z0-9._~%-]+)*)/?")
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_NUMERIC_NAME = re.compile("[0-9]{2,4}")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"[^A-Za-z0-9._~-]")
_ESCAPED_FOR_HASH = re.compile(r"[^A-Za-z0-9._~';=-]")
_WORDS = {
    "sscc": "00",
    "gtin": "01",
    "lot": "10",
    "ser": "21",
    "cpv": "22",
    "gdti": "253",
    "glnx": "254",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "gln": "414",
    "party": "417",
    "grai": "8003",
    "giai": "8004",
    "itip": "8006",
    "cpid": "8010",
    "cpsn": "8011",
    "gmn": "8013",
    "gsrnp": "8017",
    "gsrn": "8018",
    "srin": "8019",
}
"""Words that stood for AIs until URI syntax 1.2."""


def read(uri: str, *, lenient: bool) -> tuple[str, list[Element], list[Element]]:
    """Return host, path elements (key first) and query elements, percent-decoded once.

    `TraceabilityError` of kind `too_long`, `not_digital_link`, `no_domain` or `illegal_null`.

    >>> read("https://A.example/t/01/123/10/L%2F1?17=271112&lang=vi", lenient=False)
    ('a.example', [('01', '123'), ('10', 'L/1')], [('17', '271112')])
    """
    require_bearable(uri)
    match = _URI.fullmatch(uri)
    if match is None:
        raise TraceabilityError("not_digital_link", "no http or https address", subject=uri)
    host = match["host"].lower()
    require_host(host)
    segments = match["path"].split("/")
    path = _read_path(_modernise(segments) if lenient else segments)
    return host, path, list(_read_query(match["query"] or ""))


def write(base: str, path: Iterable[Element], query: Iterable[Element] = ()) -> str:
    """Return the address, all but unreserved characters percent-encoded.

    `base` is a host, or an address that begins with http or https. `TraceabilityError` of kind
    `no_domain`.

    >>> write("a.example", [("01", "123"), ("10", "L/1")], [("17", "271112")])
    'https://a.example/01/123/10/L%2F1?17=271112'
    """
    match = _BASE.fullmatch(base if "://" in base else f"https://{base}")
    if match is None:
        raise TraceabilityError("no_domain", "this is no host", subject=base)
    require_host(match["host"])
    pairs = "".join(f"/{ai}/{_encode(value)}" for ai, value in path)
    attributes = "&".join(f"{ai}={_encode(value)}" for ai, value in query)
    return f"{match['address']}{pairs}{'?' if attributes else ''}{attributes}"


def write_for_hash(path: Iterable[Element]) -> str:
    """Return the address on `id.gs1.org` as EPCIS event hashes spell it: `'`, `;`, `=` stay.

    Source: the published hash generator for EPCIS 2.0, which events are exchanged with.

    >>> write_for_hash([("01", "09521321100015"), ("21", "A'B")])
    "https://id.gs1.org/01/09521321100015/21/A'B"
    """
    pairs = (f"/{ai}/{_encode(value, _ESCAPED_FOR_HASH)}" for ai, value in path)
    return f"https://{CANONICAL_HOST}{''.join(pairs)}"


def require_host(host: str) -> None:
    """Refuse what is no host with or without port: `TraceabilityError` of kind `no_domain`."""
    if not _HOST.fullmatch(host):
        raise TraceabilityError("no_domain", "the address has no valid host", subject=host)


def _modernise(segments: list[str]) -> list[str]:
    if segments[-1] == "":
        segments = segments[:-1]
    return [_WORDS.get(segment.lower(), segment) for segment in segments]


def _read_path(segments: list[str]) -> list[Element]:
    """Pair segments from the right until a key is found: what precedes it is the server's own."""
    for start in range(len(segments) - 2, 0, -2):
        ai = segments[start]
        if ai in PRIMARY_KEYS:
            pairs = zip(segments[start::2], segments[start + 1 :: 2], strict=True)
            return [(name, _decode(value)) for name, value in pairs]
        if not is_known(ai):
            break
    raise TraceabilityError(
        "not_digital_link", "no key and value at the end of the path", subject="/".join(segments)
    )


def _read_query(query: str) -> Iterable[Element]:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if _NUMERIC_NAME.fullmatch(name):
            yield name, _decode(value)


def _encode(value: str, escaped: re.Pattern[str] = _ESCAPED) -> str:
    return escaped.sub(lambda match: f"%{ord(match[0]):02X}", value)


def _decode(text: str) -> str:
    if _BROKEN_ESCAPE.search(text):
        raise TraceabilityError("not_digital_link", "a broken percent sign", subject=text)
    encoded = _ESCAPE.sub(
        lambda match: bytes([int(match[1], 16)]), text.encode("utf-8", "surrogatepass")
    )
    if b"\0" in encoded:
        raise TraceabilityError("illegal_null", "the value holds a null byte", subject=text)
    return encoded.decode("utf-8", "replace")
