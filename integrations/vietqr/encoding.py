"""From values to the text of a code."""

import re
from collections.abc import Mapping

from integrations.vietqr.content import GUID, SERVICE_CODES, TEXTS, Point, Service
from integrations.vietqr.errors import InvalidVietQR, Kind
from integrations.vietqr.objects import crc16, join

__all__ = ["encode"]

_POINTS = {
    "11": Point.STATIC,
    "12": Point.DYNAMIC,
    "static": Point.STATIC,
    "dynamic": Point.DYNAMIC,
}
_MOST_VND = 9_999_999_999_999  # object 54 has room for 13 digits


def encode(
    bin: str,  # noqa: A002 - the word that banks and the format use
    account: str,
    *,
    service: str = Service.ACCOUNT,
    amount: int | None = None,
    memo: str | None = None,
    point: str | None = None,
    reference: str | None = None,
    bill_number: str | None = None,
    mobile: str | None = None,
    store: str | None = None,
    loyalty: str | None = None,
    customer: str | None = None,
    terminal: str | None = None,
    name: str | None = None,
    city: str | None = None,
    postal: str | None = None,
    mcc: str | None = None,
) -> str:
    """Return the text of a code that pays `amount` whole đồng to `account` at the bank `bin`.

    Without an amount the payer types it. `service` is `account` or `card`. `point` is `static`
    (`11`, may be paid again) or `dynamic` (`12`, once); left out, a code with an amount is
    dynamic and one without is static. Texts are printable ASCII (see `memo` for names with
    marks), at most 25 characters, `city` 15, `postal` 10; `mcc` is 4 digits; an empty text is
    left out. The bank number is checked for its form alone.

    Raises `InvalidVietQR`: `bad_bin`, `bad_account`, `bad_amount`, `bad_memo`, `memo_too_long`,
    and `bad_value` with the field for all else. Order of the objects: that of the format's own
    examples (NAPAS VietQR 1.0, section 6.1).
    """
    _require(_is(bin, "[0-9]{6}"), "bad_bin")
    _require(_is(account, "[0-9A-Za-z]{1,19}"), "bad_account")
    _require(amount is None or _is_amount(amount), "bad_amount")
    _require(_is(service, "account|card"), "bad_value", "service")
    _require(point is None or _is(point, "|".join(_POINTS)), "bad_value", "point")
    _require(mcc in (None, "") or _is(mcc, "[0-9]{4}"), "bad_value", "mcc")
    texts = {"name": name, "city": city, "postal": postal}
    additional = {
        "bill_number": bill_number,
        "mobile": mobile,
        "store": store,
        "loyalty": loyalty,
        "reference": reference,
        "customer": customer,
        "terminal": terminal,
        "memo": memo,
    }
    _check_texts(texts | additional)
    usual_point = Point.STATIC if amount is None else Point.DYNAMIC
    beneficiary = [("00", bin), ("01", account)]
    transfer = [("00", GUID), ("01", join(beneficiary)), ("02", SERVICE_CODES[Service(service)])]
    content = join(
        [
            ("00", "01"),
            ("01", _POINTS[point] if point else usual_point),
            ("38", join(transfer)),
            ("52", mcc),
            ("53", "704"),
            ("54", None if amount is None else str(amount)),
            ("58", "VN"),
            *_objects(texts),
            ("62", _within_99(join(_objects(additional)))),
        ]
    )
    return f"{content}6304{crc16(content + '6304')}"


def _require(condition: bool, kind: Kind, field: str | None = None) -> None:
    if not condition:
        raise InvalidVietQR(kind, field)


def _is(value: object, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_amount(value: object) -> bool:
    return type(value) is int and 1 <= value <= _MOST_VND  # True and 1.0 are no amounts


def _check_texts(texts: Mapping[str, str | None]) -> None:
    for name, text in texts.items():
        is_memo = name == "memo"
        printable = text is None or _is(text, "[ -~]*")
        _require(printable, "bad_memo" if is_memo else "bad_value", None if is_memo else name)
        short = len(text or "") <= TEXTS[name].longest
        _require(short, "memo_too_long" if is_memo else "bad_value", None if is_memo else name)


def _objects(texts: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    return [(TEXTS[name].path[-2:], text) for name, text in texts.items()]


def _within_99(additional: str) -> str:
    _require(len(additional) <= 99, "bad_value", "62")
    return additional
