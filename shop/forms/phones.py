"""Vietnamese phone numbers: read into E.164, and told apart by kind.

Mobiles are judged by shape (ten digits from 03, 05, 07, 08 or 09), so that prefixes given out
after this was written work too; landlines by the numbering plan in `phonenumbers`.
"""

import re

from shop.forms.characters import plain
from shop.forms.values import ValueRefused

MOBILE_DIGITS, LANDLINE_DIGITS = 10, 11

# The mobiles of eleven digits were renumbered in autumn 2018; old beginning -> new beginning.
_RENUMBERED = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035",
    "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


def read_phone(text: str) -> str:
    """Return the Vietnamese number in `text` as E.164, for example `+84912345678`.

    Raises `ValueRefused`: `phone_empty`, `phone_unreadable`, `phone_foreign`,
    `phone_more_than_one` and `phone_missing_zero` (with `proposed_phone`), `phone_too_short`
    (with `missing` and `digits`), `phone_too_long`, `phone_old_eleven_digits` (with
    `proposed_phone` where the new number is known), `phone_landline_invalid`,
    `phone_unknown_prefix`, `number_mangled_by_excel`.
    """
    digits = _national_digits(text)
    if digits.startswith("01") and len(digits) == LANDLINE_DIGITS:
        _refuse_renumbered(digits)
    if digits.startswith("02"):
        _refuse_length(digits, LANDLINE_DIGITS)
        _refuse_unassigned(digits)
    elif re.match("0[35789]", digits):
        _refuse_length(digits, MOBILE_DIGITS)
    else:
        raise ValueRefused("phone_unknown_prefix")
    return "+84" + digits[1:]


def national(number: str) -> str:
    """Return the E.164 `number` as it is dialled in Việt Nam: `+84912345678` -> `0912345678`."""
    return "0" + number.removeprefix("+84")


def is_mobile(number: str) -> bool:
    """Return whether the E.164 `number` is a Vietnamese mobile, which can take messages."""
    return re.fullmatch(r"\+84[35789]\d{8}", number, re.ASCII) is not None


def _national_digits(text: str) -> str:
    """Return the digits from the leading 0 on."""
    typed = plain(text)
    if not typed:
        raise ValueRefused("phone_empty")
    if re.fullmatch(r"\d[.,]\d+e\+?\d+", typed):
        raise ValueRefused("number_mangled_by_excel", typed=text)
    _refuse_several(typed)
    compact = re.sub(r"[ .()/-]", "", typed)
    if re.fullmatch(r"00[1-9]\d*", compact):
        compact = "+" + compact[2:]
    if not re.fullmatch(r"\+?\d{1,40}", compact, re.ASCII):
        raise ValueRefused("phone_unreadable")
    if compact.startswith("+"):
        if not compact.startswith("+84"):
            raise ValueRefused("phone_foreign")
        return "0" + compact[3:].removeprefix("0")
    if compact.startswith("0"):
        return compact
    if re.fullmatch(r"[35789]\d{8}|2\d{9}", compact):
        raise ValueRefused("phone_missing_zero", proposed_phone="+84" + compact)
    if compact.startswith("84"):
        return "0" + compact[2:].removeprefix("0")
    raise ValueRefused("phone_unreadable")


def _refuse_several(typed: str) -> None:
    """Refuse two numbers in one field, with the first of them."""
    parts = [re.sub(r"\D", "", part) for part in re.split(r"[/,;&+-]|hoặc|hoac", typed)]
    numbers = [part for part in parts if re.fullmatch(r"0\d{9,10}", part)]
    if len(numbers) > 1:
        raise ValueRefused("phone_more_than_one", proposed_phone="+84" + numbers[0][1:])


def _refuse_length(number: str, digits: int) -> None:
    if len(number) < digits:
        raise ValueRefused("phone_too_short", missing=digits - len(number), digits=digits)
    if len(number) > digits:
        raise ValueRefused("phone_too_long", surplus=len(number) - digits, digits=digits)


def _refuse_renumbered(number: str) -> None:
    new = _RENUMBERED.get(number[:4])
    if new is None:
        raise ValueRefused("phone_unknown_prefix")
    raise ValueRefused("phone_old_eleven_digits", proposed_phone="+84" + new[1:] + number[4:])


def _refuse_unassigned(number: str) -> None:
    import phonenumbers

    parsed = phonenumbers.parse(number, "VN")
    if not phonenumbers.is_valid_number(parsed):
        raise ValueRefused("phone_landline_invalid")
