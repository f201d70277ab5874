"""Bank account numbers and holders' names as a bank writes them.

No refusal carries the number: cards and accounts belong in no log.
"""

import re

from shop.forms.characters import plain, without_invisible
from shop.forms.text import refuse_legacy
from shop.forms.values import ValueRefused, refuse_excel_damage
from shop.search.folding import fold, to_ascii

LONGEST_HOLDER = 70


def read_account_number(text: str) -> str:
    """Return the account number in `text` without blanks, 4 to 19 capitals and digits.

    19 is the room in a VietQR payload. Raises `ValueRefused`: `account_empty`,
    `account_unreadable`, `account_too_short`, `account_too_long`, `looks_like_card_number`
    (16 to 19 digits from 9704, the national card prefix), `number_mangled_by_excel`.
    """
    typed = plain(text).upper()
    if not typed:
        raise ValueRefused("account_empty")
    refuse_excel_damage(typed)
    number = re.sub(r"[ .-]", "", typed)
    if re.fullmatch(r"9704\d{12,15}", number, re.ASCII):
        raise ValueRefused("looks_like_card_number")
    if not re.fullmatch(r"[A-Z0-9]+", number):
        raise ValueRefused("account_unreadable")
    if len(number) < 4:
        raise ValueRefused("account_too_short")
    if len(number) > 19:
        raise ValueRefused("account_too_long")
    return number


def read_holder_name(text: str) -> str:
    """Return the account holder's name as banks keep it: `Nguyễn  thị Mận` -> `NGUYEN THI MAN`.

    Raises `ValueRefused`: `holder_empty`, `holder_unreadable`, `holder_too_long`,
    `legacy_encoding`, `letters_broken`.
    """
    refuse_legacy(text)
    seen = without_invisible(text)
    if not seen.strip():
        raise ValueRefused("holder_empty")
    name = to_ascii(seen).upper()
    foreign = any(character.isalnum() and not character.isascii() for character in fold(seen))
    if foreign or not re.fullmatch(r"(?=.*[A-Z])[A-Z0-9 .,&'()/-]+", name):
        raise ValueRefused("holder_unreadable")
    if len(name) > LONGEST_HOLDER:
        raise ValueRefused("holder_too_long", longest=LONGEST_HOLDER)
    return name
