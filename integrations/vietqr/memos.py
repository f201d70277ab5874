"""The transfer memo: writing one that every bank takes, and finding an order's code in one.

Banks put numbers and names round what the payer sent, change its case, lose punctuation, push
blanks into it and cut its end. So a code is looked for as a run of letters and digits alone, and
one that lacks even a character is nobody's.
"""

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["find_order_code", "memo"]

# The crossed d does not decompose; the Icelandic letter is what old Vietnamese fonts leave behind.
_CROSSED_D = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def memo(text: str) -> str:
    """Return `text` as a memo: without marks, and only letters, digits, blanks and `- . ,`.

    It is not shortened: `encode` refuses more than 25 characters, since a cut order code is lost.

    >>> memo("Trà La Bằng – đợt hai (2026)")
    'Tra La Bang dot hai 2026'
    """
    return " ".join(re.sub(r"[^0-9A-Za-z .,-]", " ", _without_marks(text)).split())


def find_order_code(memo: str, open_codes: Iterable[str]) -> str | None:
    """Return the one of `open_codes` that a bank's memo holds, or `None` for none or several.

    A code that is part of a longer one also found does not count.

    >>> find_order_code("MBVCB.3278907.lb-7k2q f9.CT tu NGUYEN VAN AN", ["LB7K2QF9", "NK4M8XT2"])
    'LB7K2QF9'
    """
    letters = _letters_and_digits(memo)
    folded = {code: _letters_and_digits(code) for code in open_codes}
    found = [code for code, run in folded.items() if run and run in letters]
    whole = [code for code in found if not _is_part_of_another(folded[code], folded, found)]
    return whole[0] if len(whole) == 1 else None


def _is_part_of_another(run: str, folded: dict[str, str], found: list[str]) -> bool:
    return any(run != folded[other] and run in folded[other] for other in found)


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", _without_marks(text)).upper()


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.translate(_CROSSED_D))
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
