"""From the text of a code to what it says, refusing whatever could be read in two ways."""

import re

from integrations.vietqr.content import GUID, SERVICE_CODES, TEXTS, Point, VietQR
from integrations.vietqr.errors import InvalidVietQR
from integrations.vietqr.objects import TEMPLATES, Objects, crc16, read

__all__ = ["decode"]

_MOST_CHARACTERS = 7089  # no QR code holds more (ISO/IEC 18004, version 40-L, digits)
_CRC = re.compile(r"6304([0-9A-Fa-f]{4})")
_SERVICES = {code: service for service, code in SERVICE_CODES.items()}
_REQUIRED = ("00", "01", "38", "38.00", "38.01", "38.01.00", "38.01.01", "53", "58")
_NEEDED_BY_TIP = {"02": "56", "03": "57"}  # object 55 says where the tip or fee stands

_AMOUNT = r"(?=.{1,13}$)0*[1-9][0-9]*\.?"  # the point may come last; đồng have no decimals
_PATTERNS = {
    "00": r"01",
    "01": r"11|12",
    "38.01.00": r"[0-9]{6}",
    "38.01.01": r"[!-~]{1,19}",
    "38.02": "|".join(_SERVICES),
    "52": r"[0-9]{4}",
    "53": r"704",
    "54": _AMOUNT,
    "55": r"01|02|03",
    "56": _AMOUNT,
    "57": r"(?=.*[1-9])[0-9]{1,2}(\.[0-9]{1,2})?",
    "58": r"VN",
}
_NAMES = {place.path: name for name, place in TEXTS.items()} | {"52": "mcc"}
_UNDERSTOOD = {"00", "01", "38.00", "38.01.00", "38.01.01", "38.02", "53", "54", "58", "63"}


def decode(text: str) -> VietQR:
    """Return what a VietQR code says.

    Texts may hold any printable character, marks included, although the format wants ASCII. The
    case of the check value does not matter.

    Raises `InvalidVietQR`, the first that applies of `empty`, `malformed`, `crc_missing`,
    `crc_mismatch`, `duplicate_field`, `unsupported_scheme`, `template_malformed`,
    `missing_field`, `bad_value`, and nothing else for any text (NAPAS, VietQR in the
    fast-transfer service, version 1.0).
    """
    objects = _read_checked(text)
    values = dict(objects.pairs)
    _check_scheme(values)
    if objects.broken:
        raise InvalidVietQR("template_malformed", objects.broken[0])
    _check_presence(values)
    _check_values(values)
    service, amount = values.get("38.02"), values.get("54")
    return VietQR(
        bin=values["38.01.00"],
        account=values["38.01.01"],
        service=_SERVICES[service] if service else None,
        point=Point(values["01"]),
        amount_vnd=int(amount.rstrip(".")) if amount else None,
        others=tuple(pair for pair in objects.pairs if _is_other(pair[0])),
        **{name: values[path] for path, name in _NAMES.items() if path in values},
    )


def _read_checked(text: str) -> Objects:
    """Return the objects of a text that splits exactly, is unaltered and says nothing twice."""
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS:
        raise InvalidVietQR("malformed")
    if not text.strip():
        raise InvalidVietQR("empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidVietQR("malformed") from None
    objects = read(text)
    paths = [path for path, _ in objects.pairs]
    if "" in objects.broken or (paths[0] != "00" and "00" in paths):
        raise InvalidVietQR("malformed")
    crc = _CRC.fullmatch(text, len(text) - 8)
    if crc is None or paths[-1] != "63":
        raise InvalidVietQR("crc_missing")
    if crc16(text[:-4]) != crc[1].upper():
        raise InvalidVietQR("crc_mismatch")
    if path := objects.repeated():
        raise InvalidVietQR("duplicate_field", path)
    return objects


def _check_scheme(values: dict[str, str]) -> None:
    if values.get("38.00", GUID) != GUID:
        raise InvalidVietQR("unsupported_scheme", "38.00")
    others = [path for path in values if "02" <= path[:2] <= "51"]
    if others and "38" not in values:  # a card scheme's or another payment system's code
        raise InvalidVietQR("unsupported_scheme", others[0])


def _check_presence(values: dict[str, str]) -> None:
    for path in (*_REQUIRED, _NEEDED_BY_TIP.get(values.get("55", ""))):
        if path and path not in values:
            raise InvalidVietQR("missing_field", path)


def _check_values(values: dict[str, str]) -> None:
    for path, value in values.items():
        pattern = _PATTERNS.get(path)
        if pattern and not re.fullmatch(pattern, value):
            raise InvalidVietQR("bad_value", path)
    for place in TEXTS.values():
        value = values.get(place.path, "")
        if len(value) > place.longest or not value.isprintable():
            raise InvalidVietQR("bad_value", place.path)


def _is_other(path: str) -> bool:
    return path not in _UNDERSTOOD and path not in _NAMES and path not in TEMPLATES
